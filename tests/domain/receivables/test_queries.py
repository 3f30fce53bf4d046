"""What the sites read of invoices: always by account."""

from datetime import date

import pytest

from domain.invoicing.issuing import void
from domain.receivables import queries
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.builders import a_receipt, an_account, an_invoice, money

TODAY = date(2026, 3, 16)


def test_totals_tell_open_late_and_credit_apart(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100", issued_on=date(2026, 1, 1))
        an_invoice(session, account, "40", issued_on=date(2026, 2, 14), due_on=TODAY)
        a_receipt(session, account, "15", TODAY)

        totals = queries.totals(session, account.id, "GBP")

        assert (totals.open, totals.late, totals.credit) == (money("140"), money("100"), money("15"))
        assert (totals.owed, totals.open_count, totals.late_count) == (money("125"), 2, 1)


def test_an_account_with_nothing_owes_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        assert queries.totals(session, account.id, "GBP").owed == money("0")
        assert queries.owed_by_account(session, [account.id]) == {}


def test_open_ones_come_longest_due_first_and_settled_ones_newest_first(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        late = an_invoice(session, account, "1", issued_on=date(2026, 1, 1))
        new = an_invoice(session, account, "2", issued_on=date(2026, 3, 1))
        paid = [an_invoice(session, account, "3", issued_on=date(2026, 2, day)) for day in (1, 2, 3)]
        a_receipt(session, account, "9", TODAY, *paid)

        first = queries.settled_invoices(session, account.id, limit=2)
        rest = queries.settled_invoices(session, account.id, before=(first[-1].issued_on, first[-1].id), limit=2)

        assert [row.id for row in queries.open_invoices(session, account.id)] == [late.id, new.id]
        assert [row.id for row in (*first, *rest)] == [invoice.id for invoice in reversed(paid)]


def test_another_accounts_invoice_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        mine, other = an_invoice(session, ours, "1"), an_invoice(session, theirs, "1")

        with pytest.raises(NotFound):
            queries.invoice(session, ours.id, other.id)
        with pytest.raises(NotFound):
            queries.invoices(session, ours.id, [mine.id, other.id])


def test_a_void_invoice_can_be_seen_and_not_be_paid(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "1")
        void(session, invoice, why="wrong customer", actor=OPERATOR)

        assert queries.invoice(session, account.id, invoice.id).id == invoice.id
        with pytest.raises(NotFound):
            queries.invoices(session, account.id, [invoice.id])
