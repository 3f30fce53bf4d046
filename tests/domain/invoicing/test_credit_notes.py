"""Credit notes and their share of the tax."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.invoicing.credit_notes import issue_credit_note
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
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


@settings(max_examples=25)
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
