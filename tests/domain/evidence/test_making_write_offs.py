"""A pack for staff has what was written off and what came in for it; a customer's what stands given up for good."""

from __future__ import annotations

from domain.evidence.model import Audience
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice
from tests.support.credit import a_cheque
from tests.support.evidence import a_pack
from tests.support.outside import PlainRenderer
from tests.support.writing_off import released, written_off


def test_staff_have_all_of_it_and_customers_what_was_given_up(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        written_off(session, account, an_invoice(session, account, "120", tax="20"))
        a_cheque(session, account, "30")
        given_up = an_invoice(session, account, "60")
        released(session, account, given_up)
        account_id, number = account.id, given_up.number

    ours, theirs = (
        a_pack(db, account_id, audience=audience, renderer=PlainRenderer()).told("write_offs/write_offs.json")
        for audience in (Audience.STAFF, Audience.CUSTOMER)
    )

    assert [(one["status"], one["left_minor"]) for one in ours] == [("standing", 90_00), ("released", 60_00)]
    assert [one["amount_minor"] for one in ours[0]["recoveries"]] == [30_00]
    assert [step["after"] for step in ours[0]["changes"]] == ["proposed", "standing"]
    assert [(one["invoice"], one["status"]) for one in theirs] == [(number, "released")]
    assert {"reason", "kind", "tax_minor", "changes", "recoveries"}.isdisjoint(theirs[0])


def test_a_customers_pack_says_nothing_of_what_is_in_our_books_alone(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        written_off(session, account, an_invoice(session, account, "120", tax="20"))
        account_id = account.id

    pack = a_pack(db, account_id, audience=Audience.CUSTOMER, renderer=PlainRenderer())

    assert not [path for path in pack.files if path.startswith("write_offs/")]
    assert not [path for path, content in pack.files.items() if b"write_off" in content or b"bad_debt" in content]
