"""The insolvency desk: one press freezes, a claim is filed and sent, dividends come, and it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.documents.model import Document
from domain.insolvencies import queries
from domain.outbox.model import OUTBOX
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.stops import queries as stops
from tests.backoffice.conftest import Office
from tests.backoffice.test_credit import sent_by
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.insolvency import dismissed, insolvent

KNOWN = {
    "kind": "liquidation",
    "practitioner": "Mair & Co",
    "email": "claims@mair.example",
    "number": "CR-2026-001234",
}


def a_debtor(office: Office, amount: str = "1000") -> int:
    """The id of an account with an invoice of two months ago."""
    with office.db.transaction() as session:
        account, day = an_account(session), today(session)
        issued_on = day - timedelta(days=60)
        an_invoice(session, account, amount, issued_on=issued_on, due_on=issued_on + timedelta(days=30))
        return account.id


def days(office: Office, ago: int) -> str:
    """So many days ago, as a date field sends it."""
    with office.db.reading() as session:
        return (today(session) - timedelta(days=ago)).isoformat()


def test_one_press_freezes_and_the_desk_and_the_account_show_it(office: Office) -> None:
    account_id = a_debtor(office)
    manager = office.browser(Role.MANAGER)
    form = manager.get(f"/accounts/{account_id}/insolvencies").follow("The customer is insolvent")

    wrong = form.submit("Open it and stop everything", KNOWN | {"started_on": ""})
    made = wrong.submit(
        "Open it and stop everything", {"started_on": days(office, 10), "proof_due_on": days(office, -20)}
    )
    shown = manager.get(made.location)

    assert wrong.status == 422
    assert "Enter the day on which it began." in wrong.words
    assert wrong.all("input", name="practitioner")[0].get("value") == "Mair & Co"
    assert "claims@mair.example" in shown.words
    assert "Claim to be filed" in manager.get("/insolvencies").words
    account = manager.get(f"/accounts/{account_id}/stops")
    assert "Insolvency proceedings" in account.words
    assert "Let go of it" not in account.words
    assert "insolvent: file our claim in time" in account.words
    again = manager.get(f"/accounts/{account_id}/insolvencies/new")
    assert "A proceeding is open already" in again.words


def test_from_the_claim_to_the_dividend_and_the_end(office: Office) -> None:
    account_id = a_debtor(office)
    with office.db.transaction() as session:
        found = insolvent(session, account_id, today(session) - timedelta(days=10)).id
    desk = office.browser(Role.COLLECTOR)
    path = f"/insolvencies/{found}"

    claim = desk.get(path).follow("File our claim")
    unexplained = claim.submit("File the claim", principal="900")
    unexplained.submit("File the claim", reason="Of one pallet we have no proof")
    desk.get(path).submit("Mail the claim")
    desk.get(path).submit("Keep what was admitted", admitted="800", note="Pallets")
    too_much = desk.get(path).submit("Keep the dividend", {"rate": "10", "amount": "100"})
    desk.get(path).submit("Keep the dividend", {"rate": "12.5"})
    expected = desk.get(path)
    expected.submit("Record it", method="transfer")
    came = desk.get(path)
    ended = came.submit("End it", outcome="distributed")
    after = desk.get(ended.location)

    assert unexplained.status == 422
    assert "Say why you claim another amount" in unexplained.words
    assert too_much.status == 422
    assert "£100.00" in expected.words
    assert "not seen at the bank yet" in came.words
    assert "£900.00 from before the first day is open and stays held" in after.words
    giving_up = office.browser(Role.MANAGER).get(path).follow("Write it off")
    with office.db.reading() as session:
        [owed] = session.scalars(select(Invoice.id).where(Invoice.account_id == account_id))
        ticked = [box.get("value") for box in giving_up.all("input", name="invoice") if box.get("checked") is not None]
        assert ticked == [str(owed)]
        [proof] = queries.proofs(session, found)
        assert proof.total == money("900")
        assert session.get_one(Document, proof.document_id).filename == f"claim-{found}-1.pdf"
        sent = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.kind == "send_proof")).all()
        assert [message["to"] for message in sent] == ["claims@mair.example"]
        [stop] = stops.live(session, account_id)
        assert stop.invoice_id is not None


def test_a_receipt_that_is_there_is_chosen_and_a_mistake_taken_back(office: Office) -> None:
    account_id = a_debtor(office)
    with office.db.transaction() as session:
        found = insolvent(session, account_id, today(session) - timedelta(days=10)).id
    desk, path = office.browser(Role.COLLECTOR), f"/insolvencies/{found}"
    desk.get(path).follow("File our claim").submit("File the claim")
    desk.get(path).submit("Keep what was admitted", admitted="1000")
    desk.get(path).submit("Keep the dividend", {"amount": "70"})
    desk.get(path).submit("It was a mistake")
    desk.get(path).submit("Keep the dividend", {"amount": "50"})
    with office.db.transaction() as session:
        receipt = a_cheque(session, session.get_one(Account, account_id), "50").public_id
    desk.get(path).submit("Record it", receipt=receipt)

    shown = desk.get(path)
    assert "taken back: declared by mistake" in shown.words
    with office.db.reading() as session:
        rows = queries.dividends(session, found)
        assert [(row.amount_minor, bool(row.is_here)) for row in rows] == [(70_00, False), (50_00, True)]


def test_details_are_put_right_and_the_lists_are_kept_apart(office: Office) -> None:
    with office.db.transaction() as session:
        found = insolvent(session, an_account(session, name="Harbour Ltd").id).id
        over = dismissed(session, insolvent(session, an_account(session, name="Quay Ltd").id)).id
    desk = office.browser(Role.COLLECTOR)
    form = desk.get(f"/insolvencies/{found}").follow("Put it right")

    wrong = form.submit("Keep it", email="mair")
    wrong.submit("Keep it", email="new@mair.example", court="High Court")

    assert wrong.status == 422
    assert "High Court" in desk.get(f"/insolvencies/{found}").words
    assert "Quay Ltd" not in desk.get("/insolvencies").words
    ended = desk.get("/insolvencies", params={"show": "ended"})
    assert "Dismissed" in ended.words
    assert "Harbour Ltd" not in ended.words
    assert "File" not in desk.get(f"/insolvencies/{over}").words


@pytest.mark.parametrize(("act", "form"), [("", {}), ("receive", {"dividend": "x"}), ("withdraw", {"dividend": "9"})])
def test_what_the_page_never_sends_is_refused(office: Office, act: str, form: dict[str, str]) -> None:
    with office.db.transaction() as session:
        found = insolvent(session, an_account(session).id).id
    desk = office.browser(Role.COLLECTOR)
    page = desk.get(f"/insolvencies/{found}")

    answer = desk.post(f"/insolvencies/{found}", data={**sent_by(page), "act": act, **form})

    assert answer.status in {404, 422}
