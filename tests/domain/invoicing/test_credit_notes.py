"""Credit notes and their share of the tax."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import NewLine, issue
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money


def test_a_credit_note_reduces_the_invoice_and_its_tax_in_proportion(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")

        note = issue_credit_note(session, account, invoice, money("60"), reason="half was damaged", actor=OPERATOR)

        assert (note.number, note.tax_minor) == ("CN-000001", 1000)
        assert invoice.open == money("60")
        assert balances.receivable(session, account.id) == money("60")
        assert balances.balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP") == money("-10")


def test_what_was_paid_already_becomes_credit(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        a_receipt(session, account, "80", date(2026, 3, 16), invoice)

        issue_credit_note(session, account, invoice, money("50"), reason="returned", actor=OPERATOR)

        assert invoice.open == money("0")
        assert balances.receivable(session, account.id) == money("-30")


@pytest.mark.parametrize(("amount", "reason"), [("0", "why"), ("120.01", "why"), ("10", "  ")])
def test_too_much_nothing_or_no_reason_is_refused(db: Database, amount: str, reason: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        with pytest.raises(Invalid):
            issue_credit_note(session, account, invoice, money(amount), reason=reason, actor=OPERATOR)


@given(data=st.data(), amount=st.integers(1, 100_000), rate=st.integers(0, 27))
def test_credit_notes_that_cover_an_invoice_carry_exactly_its_tax(
    db: Database, data: st.DataObject, amount: int, rate: int
) -> None:
    tax = amount * rate // 127
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, str(Money(amount, "GBP").decimal), tax=str(Money(tax, "GBP").decimal))

        notes = []
        left = amount
        while left:
            part = data.draw(st.integers(max(1, left // 3), left))
            notes.append(issue_credit_note(session, account, invoice, Money(part, "GBP"), reason="x", actor=OPERATOR))
            left -= part

        assert sum(note.tax_minor for note in notes) == tax
        assert all(0 <= note.tax_minor <= note.amount_minor for note in notes)
        assert not invoice.open


def mixed(session: Session) -> tuple[Account, Invoice, int, int]:
    """An invoice of 200 at zero and 120 with 20 of tax, and the ids of these lines."""
    account = an_account(session)
    lines = [NewLine("Bread", money("200"), money("0")), NewLine("Cups", money("100"), money("20"))]
    invoice = issue(session, account, lines, actor=OPERATOR)
    bread, cups = (row.id for row in receivables.lines(session, invoice.id))
    return account, invoice, bread, cups


def test_a_credit_note_about_one_line_bears_the_tax_of_that_line(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, bread, cups = mixed(session)

        crushed, stale = (
            issue_credit_note(session, account, invoice, money("30"), reason="x", actor=OPERATOR, line_id=line)
            for line in (cups, bread)
        )
        rest = issue_credit_note(session, account, invoice, money("26"), reason="x", actor=OPERATOR)
        last = issue_credit_note(session, account, invoice, money("234"), reason="x", actor=OPERATOR)

        assert (crushed.tax_minor, stale.tax_minor) == (500, 0)
        assert rest.tax_minor == 1500 * 26 // 260
        assert last.tax_minor == 1500 - rest.tax_minor


def test_no_more_than_a_line_is_credited_of_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, _, cups = mixed(session)
        issue_credit_note(session, account, invoice, money("100"), reason="x", actor=OPERATOR, line_id=cups)

    with pytest.raises(Invalid), db.transaction() as session:
        issue_credit_note(session, account, invoice, money("20.01"), reason="x", actor=OPERATOR, line_id=cups)


def test_a_line_of_another_invoice_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, _, _ = mixed(session)
        _, _, _, elsewhere = mixed(session)

    with pytest.raises(Invalid), db.transaction() as session:
        issue_credit_note(session, account, invoice, money("1"), reason="x", actor=OPERATOR, line_id=elsewhere)


@given(data=st.data())
def test_whatever_lines_are_credited_first_all_of_an_invoice_carries_exactly_its_tax(
    db: Database, data: st.DataObject
) -> None:
    with db.transaction() as session:
        account, invoice, bread, cups = mixed(session)
        of_line = {bread: 20_000, cups: 12_000}

        notes, left = [], invoice.amount_minor
        while left:
            line = data.draw(st.sampled_from([None, *(one for one, open_ in of_line.items() if open_)]))
            most = left if line is None else min(left, of_line[line])
            part = data.draw(st.integers(max(1, most // 3), most))
            notes.append(
                issue_credit_note(
                    session, account, invoice, Money(part, "GBP"), reason="x", actor=OPERATOR, line_id=line
                )
            )
            left -= part
            if line is not None:
                of_line[line] -= part

        assert sum(note.tax_minor for note in notes) == 2_000
        assert all(0 <= note.tax_minor <= note.amount_minor for note in notes)
