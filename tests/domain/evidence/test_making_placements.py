"""A pack tells what was handed over to whom, step by step; a customer's has nothing of what is between us and them."""

from __future__ import annotations

from domain.evidence.model import About, Audience
from domain.placements import ending
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_invoice
from tests.support.evidence import a_pack
from tests.support.outside import PlainRenderer
from tests.support.placing import a_late_debt, a_partner, placed, proposed


def test_what_was_handed_over_is_in_it_with_every_step_and_for_customers_without_what_is_between_us(
    db: Database,
) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session, name="Fair Recovery and Sons Ltd"))
        ending.recall(session, account.id, made.id, why="Nothing came of it.", actor=OPERATOR)
        proposed(session, account, a_partner(session, name="Quay Attorneys"))
        account_id, number = account.id, invoice.number

    ours, theirs = (
        a_pack(db, account_id, audience=audience, renderer=PlainRenderer()).told("placements/placements.json")
        for audience in (Audience.STAFF, Audience.CUSTOMER)
    )

    assert [one["partner"] for one in ours] == ["Fair Recovery and Sons Ltd", "Quay Attorneys"]
    assert [step["after"] for step in ours[0]["changes"]] == ["proposed", "approved", "sent", "active", "recalled"]
    assert (ours[0]["rate_bp"], ours[0]["changes"][-1]["why"]) == (3_500, "Nothing came of it.")
    assert [one["partner"] for one in theirs] == ["Fair Recovery and Sons Ltd"]
    assert [step["after"] for step in theirs[0]["changes"]] == ["sent", "active", "recalled"]
    assert theirs[0]["invoices"] == [{"invoice": number, "part": "principal", "placed_minor": 1_200_00}]
    hidden = {"rate_bp", "findings", "reason", "turn", "closing", "returns_on", "proposed_minor", "why"}
    assert hidden.isdisjoint(theirs[0].keys() | {key for step in theirs[0]["changes"] for key in step})


def test_a_pack_of_an_invoice_that_was_never_handed_over_has_no_placements(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        placed(session, account, a_partner(session))
        other = an_invoice(session, account, "60")
        account_id, other_id = account.id, other.id

    pack = a_pack(db, account_id, about=About.INVOICE, subject_id=other_id, renderer=PlainRenderer())

    assert not [path for path in pack.files if path.startswith("placements/")]
