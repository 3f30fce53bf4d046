"""Issuing and voiding invoices."""

from datetime import date

import pytest

from domain.invoicing.issuing import NewLine, issue, void
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_books
from domain.receivables.model import InvoiceStatus
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.ledgers import owed_on


def test_an_invoice_is_numbered_due_by_the_terms_and_posted_with_its_tax(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        lines = [NewLine("Beans", money("60"), money("12")), NewLine("Cups", money("40"), money("8"))]

        invoice = issue(session, account, lines, actor=OPERATOR)

        assert invoice.number == "INV-000001"
        assert (invoice.issued_on, invoice.due_on) == (date(2026, 3, 16), date(2026, 4, 15))
        assert (invoice.amount, invoice.tax, invoice.open) == (money("120"), money("20"), money("120"))
        assert balances.receivable(session, account.id) == money("120")
        assert balances.balance_of(session, LedgerAccount.SALES, "GBP") == money("-100")
        assert balances.balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP") == money("-20")


def test_numbers_follow_each_other(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        numbers = [an_invoice(session, account, "10").number for _ in range(3)]

        assert numbers == ["INV-000001", "INV-000002", "INV-000003"]


@pytest.mark.parametrize(
    ("lines", "due_on"),
    [
        ([], None),
        ([NewLine("Nothing", money("0"), money("0"))], None),
        ([NewLine("Odd tax", money("10"), money("-1"))], None),
        ([NewLine("All tax", money("10"), money("10.01"))], None),
        ([NewLine("Due before", money("10"), money("0"))], date(2026, 3, 15)),
    ],
)
def test_an_invoice_without_sense_is_refused(db: Database, lines: list[NewLine], due_on: date | None) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(Invalid):
            issue(session, account, lines, actor=OPERATOR, due_on=due_on)


def test_voiding_leaves_the_books_as_if_it_had_not_been_issued(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20", issued_on=date(2026, 3, 1))

        void(session, invoice, why="sent to the wrong customer", actor=OPERATOR)

        assert invoice.status is InvoiceStatus.VOID
        assert balances.receivable(session, account.id) == money("0")
        assert owed_on(session, account.id, date(2026, 3, 2)) == money("0")


def test_an_invoice_with_something_paid_is_not_voided(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        a_receipt(session, account, "20", date(2026, 3, 16), invoice)

        with pytest.raises(Conflict, match="credit note instead"):
            void(session, invoice, why="mistake", actor=OPERATOR)


def test_a_voided_number_may_come_again(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first = an_invoice(session, account, "10", number="0000611365")
        void(session, first, why="imported twice", actor=OPERATOR)

        second = an_invoice(session, account, "10", number="0000611365")

        assert second.id != first.id


def test_nothing_is_issued_or_voided_in_a_closed_period(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "10", issued_on=date(2026, 2, 27))
        close_books(session, date(2026, 2, 28))

        with pytest.raises(Invalid, match="closed"):
            an_invoice(session, account, "10", issued_on=date(2026, 2, 28))
        with pytest.raises(Invalid, match="closed"):
            void(session, invoice, why="mistake", actor=OPERATOR)


def test_nothing_is_issued_on_a_day_to_come(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(Invalid, match="to come"):
            an_invoice(session, account, "10", issued_on=date(2026, 3, 17))
