"""Undoing: an import is taken back as a whole, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.accounts.model import Account, Login
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.importing import undoing
from domain.importing.model import BatchState
from domain.importing.undoing import CannotUndo, undo
from domain.invoicing.issuing import void
from domain.ledger.balances import receivable
from domain.ledger.closing import close_books
from domain.ledger.model import JournalEntry
from domain.payments.model import Payment
from domain.processing.moving import move_credit
from domain.receivables import allocating
from domain.receivables.ageing import ageing
from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceStatus
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.support.audited import acts
from tests.support.builders import a_receipt, money
from tests.support.fakes import FakeProcessor
from tests.support.importing import a_csv, a_row, booked, prepared
from tests.support.ledgers import owed_on
from tests.support.paying import Debt, start

CONTENT = a_csv(a_row(paid="2026-02-01", tax="20.00"), a_row(invoice="1002"), a_row("C-2", paid="2026-02-10"))


def undone(db: Database, batch_id: int) -> None:
    with db.transaction() as session:
        undo(session, batch_id, actor=OPERATOR)


def test_an_undone_import_leaves_nothing_owed_and_nothing_open(db: Database) -> None:
    seen = booked(db, CONTENT)

    undone(db, seen.id)

    with db.reading() as session:
        assert {(invoice.status, invoice.open_minor) for invoice in session.scalars(select(Invoice))} == {
            (InvoiceStatus.VOID, 0)
        }
        assert all(payment.voided_at for payment in session.scalars(select(Payment)))
        assert sum(session.scalars(select(Allocation.amount_minor))) == 0
        for account_id in session.scalars(select(Account.id)):
            assert receivable(session, account_id) == money("0")
        assert acts(session)[-1] == "import.undone"


def test_past_balances_read_as_if_it_had_not_been_imported(db: Database) -> None:
    seen = booked(db, CONTENT)

    undone(db, seen.id)

    with db.reading() as session:
        for account_id in session.scalars(select(Account.id)):
            assert owed_on(session, account_id, date(2026, 1, 31)) == money("0")
        assert ageing(session, date(2026, 1, 31)) == {}


def test_every_entry_is_reversed_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "CHUNK", 2)
    seen = booked(db, CONTENT)

    undone(db, seen.id)
    undone(db, seen.id)

    with db.reading() as session:
        entries = session.scalars(select(JournalEntry)).all()
        originals = {entry.id: entry for entry in entries if entry.reverses_id is None}
        reversals = [entry for entry in entries if entry.reverses_id is not None]
        assert len(originals) == len(reversals) == 5
        for reversal in reversals:
            assert reversal.reverses_id is not None
            original = originals.pop(reversal.reverses_id)
            assert (reversal.source, reversal.effective_on) == (original.source, original.effective_on)


def test_the_same_file_can_be_imported_again(db: Database) -> None:
    undone(db, booked(db, CONTENT).id)

    again = booked(db, CONTENT)

    assert (again.counts.accounts, again.counts.invoices, again.counts.payments) == (0, 3, 2)
    undone(db, again.id)
    assert booked(db, CONTENT).counts.invoices == 3


def test_a_file_that_only_paid_opens_the_invoices_again(db: Database) -> None:
    booked(db, a_csv(a_row()))
    later = booked(db, a_csv(a_row(paid="2026-02-01")))

    undone(db, later.id)

    with db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        assert (invoice.status, invoice.open) == (InvoiceStatus.ISSUED, money("120.00"))


def test_invoices_that_a_later_file_paid_are_named_and_nothing_is_undone(db: Database) -> None:
    first = booked(db, a_csv(a_row(), a_row(invoice="1002")))
    booked(db, a_csv(a_row(paid="2026-02-01")))

    with pytest.raises(CannotUndo) as refusal:
        undone(db, first.id)

    assert (refusal.value.params["count"], refusal.value.params["invoices"]) == (1, "1001")
    with db.reading() as session:
        assert set(session.scalars(select(Invoice.status))) == {InvoiceStatus.ISSUED}


def test_invoices_that_were_paid_here_are_named(db: Database) -> None:
    first = booked(db, a_csv(a_row(), a_row(invoice="1002")))
    with db.transaction() as session:
        invoice = session.scalars(select(Invoice).where(Invoice.number == "1002")).one()
        a_receipt(session, session.get_one(Account, invoice.account_id), "10.00", date(2026, 2, 1), invoice)

    with pytest.raises(CannotUndo) as refusal:
        undone(db, first.id)

    assert "1002" in str(refusal.value)


def test_of_very_many_invoices_some_are_named(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "NAMED", 2)
    rows = [{"invoice": str(number)} for number in range(1, 5)]
    first = booked(db, a_csv(*(a_row(**row) for row in rows)))
    booked(db, a_csv(*(a_row(**row, paid="2026-02-01") for row in rows)))

    with pytest.raises(CannotUndo) as refusal:
        undone(db, first.id)

    assert refusal.value.params == {"count": 4, "invoices": "1, 2…"}


def test_an_import_is_not_undone_while_somebody_pays(db: Database) -> None:
    first = booked(db, a_csv(a_row(email="ana@example.com")), invite=True)
    with db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        ana = session.scalars(select(Login.id)).one()
    debt = Debt(invoice.account_id, [invoice.id], ana=ana, ben=ana)
    start(db, FakeProcessor(), debt, {invoice.id: money("120.00")})

    with pytest.raises(CannotUndo):
        undone(db, first.id)


def test_an_import_is_not_undone_while_a_customer_waits_for_an_answer(db: Database) -> None:
    seen = booked(db, CONTENT)
    with db.transaction() as session:
        invoice = session.scalars(select(Invoice).where(Invoice.number == "1002")).one()
        complaint = Complaint(Reason.NOT_DELIVERED, "Nothing came.")
        raise_dispute(session, invoice.account_id, invoice.id, complaint, login_id=None, actor=OPERATOR)

    with pytest.raises(CannotUndo) as refused:
        undone(db, seen.id)

    assert refused.value.params["invoices"] == "1002"


def test_an_import_is_not_undone_while_an_invoice_of_it_is_on_a_plan(db: Database) -> None:
    seen = booked(db, CONTENT)
    with db.transaction() as session:
        invoice = session.scalars(select(Invoice).where(Invoice.number == "1002")).one()
        write(session, invoice.account_id, StopKind.PLAN, "plan:1", actor=OPERATOR, invoice_id=invoice.id)

    with pytest.raises(CannotUndo) as refused:
        undone(db, seen.id)

    assert refused.value.params["invoices"] == "1002"


def test_an_invoice_that_was_voided_before_stays_void(db: Database) -> None:
    first = booked(db, a_csv(a_row(), a_row(invoice="1002")))
    with db.transaction() as session:
        void(session, session.scalars(select(Invoice).where(Invoice.number == "1001")).one(), why="x", actor=OPERATOR)

    undone(db, first.id)

    with db.reading() as session:
        assert set(session.scalars(select(Invoice.status))) == {InvoiceStatus.VOID}


def test_a_preview_is_not_undone(db: Database) -> None:
    seen = prepared(db, CONTENT)

    assert seen.state is BatchState.PREVIEWED
    with pytest.raises(Conflict):
        undone(db, seen.id)


def test_an_import_into_a_period_that_was_closed_since_is_not_undone(db: Database) -> None:
    seen = booked(db, CONTENT)
    with db.transaction() as session:
        close_books(session, date(2026, 2, 28))

    with pytest.raises(CannotUndo, match="closed"):
        undone(db, seen.id)


def test_an_import_whose_money_was_moved_away_is_not_undone(db: Database) -> None:
    seen = booked(db, CONTENT)
    with db.transaction() as session:
        account = session.scalars(select(Account).where(Account.number == "C-1")).one()
        other = session.scalars(select(Account).where(Account.number == "C-2")).one()
        item = session.scalars(select(CreditItem).where(CreditItem.account_id == account.id)).one()
        allocating.take_back(session, allocating.standing(session, item)[0])
        move_credit(session, account.id, other.id, money("20"), reason="Same customer", actor=OPERATOR)

    with pytest.raises(CannotUndo, match="C-1"):
        undone(db, seen.id)
