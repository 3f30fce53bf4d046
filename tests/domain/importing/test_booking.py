"""Booking: accounts, invoices, payments and entries of a file, all of it or nothing."""

from __future__ import annotations

import io
import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from domain.accounts import queries as accounts
from domain.accounts.model import Account, AccountAccess, Contact, Right
from domain.documents.model import Document
from domain.importing import posting
from domain.importing.booking import ImportRefused, book
from domain.importing.mapping import BookedAs, FileMapping, Ours
from domain.importing.model import ImportRow
from domain.importing.preparing import prepare
from domain.importing.progress import Step
from domain.importing.queries import preview
from domain.importing.undoing import undo
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import JournalEntry
from domain.payments.model import Payment, PaymentStatus
from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceLine
from domain.receivables.queries import totals
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.audited import last_payload
from tests.support.builders import an_account, money
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.importing import COLUMNS, MAPPING, a_csv, a_row, booked, prepared
from tests.support.outside import MemoryStore


def count(db: Database, table: type) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_invoice_is_booked_with_its_line_and_its_entry(db: Database) -> None:
    booked(db, a_csv(a_row(amount="120.00", tax="20.00", text="Goods", delivered="2026-01-02")))

    with db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        line = session.scalars(select(InvoiceLine)).one()
        entry = session.scalars(select(JournalEntry)).one()
        assert (invoice.number, invoice.issued_on, invoice.due_on) == ("1001", date(2026, 1, 5), date(2026, 2, 4))
        assert invoice.delivered_on == date(2026, 1, 2)
        assert (invoice.amount, invoice.tax, invoice.open) == (money("120.00"), money("20.00"), money("120.00"))
        assert (line.description, line.amount_minor, line.tax_minor) == ("Goods", 10000, 2000)
        assert (entry.kind, entry.source, entry.effective_on) == (
            "invoice_issued",
            f"invoice:{invoice.id}",
            invoice.issued_on,
        )
        assert balance_of(session, LedgerAccount.SALES, "GBP") == money("-100.00")
        assert balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP") == money("-20.00")


def test_a_paid_invoice_is_settled_on_its_day_without_a_receipt(db: Database) -> None:
    booked(db, a_csv(a_row(paid="2026-02-01")))

    with db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
        payment = session.scalars(select(Payment)).one()
        allocation = session.scalars(select(Allocation)).one()
        assert invoice.open_minor == 0
        assert (payment.status, payment.effective_on, payment.receipt_number) == (
            PaymentStatus.SUCCEEDED,
            date(2026, 2, 1),
            None,
        )
        assert (allocation.invoice_id, allocation.amount_minor, allocation.effective_on) == (
            invoice.id,
            12000,
            date(2026, 2, 1),
        )
        assert session.scalars(select(CreditItem)).one().unapplied_minor == 0
        assert balance_of(session, LedgerAccount.IMPORTED_RECEIPTS, "GBP") == money("120.00")
        assert balance_of(session, LedgerAccount.RECEIVABLE, "GBP") == money("0")


def test_an_opening_balance_is_no_sale(db: Database) -> None:
    booked(db, a_csv(a_row(tax="20.00")), booked_as=BookedAs.OPENING_BALANCE)

    with db.reading() as session:
        assert balance_of(session, LedgerAccount.OPENING_BALANCES, "GBP") == money("-120.00")
        assert balance_of(session, LedgerAccount.SALES, "GBP") == money("0")


def test_a_later_file_that_adds_the_day_of_payment_settles_the_invoice(db: Database) -> None:
    booked(db, a_csv(a_row()))

    later = booked(db, a_csv(a_row(paid="2026-02-01")))

    assert (later.counts.invoices, later.counts.payments) == (0, 1)
    with db.reading() as session:
        assert session.scalars(select(Invoice)).one().open_minor == 0
    assert count(db, Payment) == 1


def test_a_new_account_takes_the_first_of_everything(db: Database) -> None:
    mapping = FileMapping({**COLUMNS, Ours.TIME_ZONE: "zone", Ours.COUNTRY: "land"}, currency="EUR")
    content = a_csv(
        [*a_row(invoice="1", email="first@example.com"), "", "ES"],
        [*a_row(invoice="2", name="Acme", email="second@example.com"), "Europe/Madrid", ""],
    ).replace(b",text\r\n", b",text,zone,land\r\n")

    booked(db, content, mapping)

    with db.reading() as session:
        account = session.scalars(select(Account)).one()
        contact = session.scalars(select(Contact)).one()
        assert (account.number, account.name, account.currency) == ("C-1", "Acme", "EUR")
        assert (account.email, account.country, account.time_zone, account.language) == (
            "first@example.com",
            "ES",
            "Europe/Madrid",
            "en",
        )
        assert (contact.account_id, contact.email, contact.login_id) == (account.id, "first@example.com", None)
        assert totals(session, account.id, "EUR").owed == money("240.00", "EUR")


def test_an_account_without_a_name_is_called_by_its_number(db: Database) -> None:
    booked(db, a_csv(a_row()))

    with db.reading() as session:
        assert session.scalars(select(Account)).one().name == "C-1"


def test_an_address_may_sign_in_only_when_it_is_invited_and_then_does_not_bind(db: Database) -> None:
    booked(db, a_csv(a_row(email="a@example.com")))
    booked(db, a_csv(a_row("C-2", email="b@example.com")), invite=True)

    with db.reading() as session:
        access = session.scalars(select(AccountAccess)).one()
        assert access.account_id == session.scalars(select(Account.id).where(Account.number == "C-2")).one()
        assert access.rights == {Right.VIEW, Right.PAY, Right.DISPUTE, Right.PROMISE}


def test_invoices_of_an_account_that_exists_are_added_to_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, number="C-1")

    seen = booked(db, a_csv(a_row()))

    assert (seen.counts.accounts, seen.counts.invoices) == (0, 1)
    with db.reading() as session:
        assert session.scalars(select(Invoice.account_id)).one() == account.id


def test_one_error_and_nothing_is_booked(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(), a_row("C-2", amount="x")))

    with pytest.raises(ImportRefused), db.transaction() as session:
        book(session, seen.id, actor=OPERATOR)

    assert (count(db, Account), count(db, Invoice), count(db, JournalEntry)) == (0, 0, 0)


def test_what_has_changed_since_the_preview_is_found_before_anything_is_booked(db: Database) -> None:
    seen = prepared(db, a_csv(a_row(), a_row("C-2")))
    booked(db, a_csv(a_row(amount="99.00")))

    with pytest.raises(ImportRefused), db.transaction() as session:
        book(session, seen.id, actor=OPERATOR)

    assert count(db, Invoice) == 1


def test_the_same_preview_is_booked_once(db: Database) -> None:
    seen = booked(db, a_csv(a_row(paid="2026-02-01")))

    with db.transaction() as session:
        book(session, seen.id, actor=OPERATOR)

    assert (count(db, Invoice), count(db, Payment), count(db, ImportRow)) == (1, 1, 0)


def test_a_batch_that_is_not_there_or_is_undone_is_not_booked(db: Database) -> None:
    seen = booked(db, a_csv(a_row()))
    with db.transaction() as session:
        undo(session, seen.id, actor=OPERATOR)

    with pytest.raises(NotFound), db.transaction() as session:
        book(session, seen.id + 1, actor=OPERATOR)
    with pytest.raises(Conflict), db.transaction() as session:
        book(session, seen.id, actor=OPERATOR)


def test_the_import_is_audited_and_its_file_kept(db: Database) -> None:
    store, content = MemoryStore(), a_csv(a_row())
    batch_id = prepare(db, io.BytesIO(content), "ledger.csv", MAPPING, actor=OPERATOR, store=store)

    with db.transaction() as session:
        book(session, batch_id, actor=OPERATOR, is_kept=True)
        document = session.scalars(select(Document)).one()
        audited = last_payload(session, "import.booked")

    assert (document.subject_kind, document.subject_id, document.filename) == ("import", batch_id, "ledger.csv")
    assert store.contents[document.sha256] == content
    assert audited["after"]["invoices"] == 1


def test_a_large_file_is_booked_in_chunks_with_progress(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "CHUNK", 40)
    told: list[tuple[Step, int, int | None]] = []
    content = a_csv(*(a_row(f"C-{n % 7}", n, paid="2026-02-01" if n % 2 else "") for n in range(100)))
    seen = prepared(db, content)

    with db.transaction() as session:
        book(session, seen.id, actor=OPERATOR, progress=lambda *step: told.append(step))

    assert told == [
        (Step.BOOKING, 0, None),
        (Step.POSTING, 40, 100),
        (Step.POSTING, 80, 100),
        (Step.POSTING, 100, 100),
    ]
    assert count(db, JournalEntry) == 150


def test_two_imports_of_the_same_accounts_at_once_book_each_invoice_once(committed_db: Database) -> None:
    content = a_csv(*(a_row(f"C-{n}", n, paid="2026-02-01") for n in range(30)))
    seen = [prepared(committed_db, content) for _ in range(4)]
    barrier, refused = threading.Barrier(4), []

    def run(batch_id: int) -> None:
        barrier.wait()
        try:
            with committed_db.transaction() as session:
                book(session, batch_id, actor=OPERATOR)
        except Exception as problem:
            refused.append(problem)

    threads = [threading.Thread(target=run, args=(each.id,)) for each in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    assert (count(committed_db, Account), count(committed_db, Invoice), count(committed_db, Payment)) == (30, 30, 30)


def test_a_booking_waits_for_whoever_holds_an_account(committed_db: Database) -> None:
    booked(committed_db, a_csv(a_row()))
    seen = prepared(committed_db, a_csv(a_row(invoice="1002")))
    holding, done = threading.Event(), threading.Event()

    def run() -> None:
        holding.wait()
        with committed_db.transaction() as session:
            book(session, seen.id, actor=OPERATOR)
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    with committed_db.transaction() as session:
        accounts.lock(session, session.scalars(select(Account.id)).one())
        holding.set()
        waited = not done.wait(0.3)
    thread.join()

    assert waited
    assert done.is_set()


@needs_ibm
def test_ibms_sample_comes_to_what_was_worked_out_by_hand(db: Database) -> None:
    mapping = FileMapping.from_toml(IBM_MAPPING.read_text())

    first = booked(db, IBM.read_bytes(), mapping)
    again = booked(db, IBM.read_bytes(), mapping)

    assert (first.counts.accounts, first.counts.invoices, first.counts.payments) == (100, 2466, 2466)
    assert first.totals["USD"].invoiced == first.totals["USD"].paid == money("147703.18", "USD")
    assert (again.counts.accounts, again.counts.invoices, again.counts.payments, again.counts.skipped) == (
        0,
        0,
        0,
        2466,
    )
    with db.reading() as session:
        assert session.scalar(select(func.sum(Invoice.open_minor))) == 0
        assert preview(session, first.id).rows == []
