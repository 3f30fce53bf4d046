"""Debit notes: charged on top of an invoice, outside credit sales."""

from datetime import date

import pytest

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.debit_notes import issue_debit_note
from domain.invoicing.issuing import void
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.receivables.model import Invoice
from domain.reporting.figures import figures
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from tests.support.builders import a_receipt, an_account, an_invoice, money


def test_a_debit_note_is_owed_numbered_apart_and_no_sale(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 1))

        note = issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)

        assert (note.number, note.parent_id, note.open) == ("DN-000001", invoice.id, money("40"))
        assert balances.receivable(session, account.id) == money("160")
        assert balances.balance_of(session, LedgerAccount.LATE_CHARGE_INCOME, "GBP") == money("-40")
        assert figures(session, date(2026, 3, 1), date(2026, 3, 31))["GBP"].credit_sales == money("120")


@pytest.mark.parametrize(("amount", "reason"), [("0", "why"), ("-1", "why"), ("40", " ")])
def test_nothing_or_no_reason_is_refused(db: Database, amount: str, reason: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        with pytest.raises(Invalid):
            issue_debit_note(session, account, invoice, money(amount), reason=reason, actor=OPERATOR)


def test_nothing_is_charged_on_top_of_a_debit_note(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        note = issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)

        with pytest.raises(Conflict):
            issue_debit_note(session, account, note, money("1"), reason="Again", actor=OPERATOR)


def test_a_debit_note_is_waived_by_voiding_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        note = issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)

        void(session, note, why="agreed on the telephone", actor=OPERATOR)

        assert balances.receivable(session, account.id) == money("120")
        assert balances.balance_of(session, LedgerAccount.LATE_CHARGE_INCOME, "GBP") == money("0")


def test_crediting_a_debit_note_takes_back_late_charge_income_and_no_sale(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 1))
        note = issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)

        issue_credit_note(session, account, note, money("40"), reason="goodwill", actor=OPERATOR)

        assert balances.balance_of(session, LedgerAccount.LATE_CHARGE_INCOME, "GBP") == money("0")
        assert figures(session, date(2026, 3, 1), date(2026, 3, 31))["GBP"].credit_sales == money("120")


def test_an_invoice_is_not_voided_while_a_debit_note_stands_on_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)

        with pytest.raises(Conflict, match="DN-000001"):
            void(session, invoice, why="mistake", actor=OPERATOR)


@pytest.mark.parametrize("is_paid", [False, True])
def test_an_invoice_can_be_voided_once_nothing_is_left_of_what_was_charged_on_top(db: Database, is_paid: bool) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        note = issue_debit_note(session, account, invoice, money("40"), reason="Recovery cost", actor=OPERATOR)
        if is_paid:
            a_receipt(session, account, "40", date(2026, 3, 16), note)
        issue_credit_note(session, account, note, money("30"), reason="goodwill", actor=OPERATOR)
        account_id, invoice_id, note_id = account.id, invoice.id, note.id

    with pytest.raises(Conflict, match="DN-000001"), db.transaction() as session:
        void(session, session.get_one(Invoice, invoice_id), why="mistake", actor=OPERATOR)
    with db.transaction() as session:
        account, note = session.get_one(Account, account_id), session.get_one(Invoice, note_id)
        issue_credit_note(session, account, note, money("10"), reason="goodwill", actor=OPERATOR)
        void(session, session.get_one(Invoice, invoice_id), why="mistake", actor=OPERATOR)

        assert balances.receivable(session, account_id) == money("-40" if is_paid else "0")
