"""Allocating credit to invoices, and taking it back."""

from datetime import date

import pytest

from domain.receivables import allocating
from domain.receivables.model import CreditItem
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money

TODAY = date(2026, 3, 16)


def test_an_allocation_settles_the_invoice_and_uses_up_the_credit(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        a_receipt(session, account, "150", TODAY, invoice)

        item = session.query(CreditItem).one()
        assert (invoice.open, item.unapplied) == (money("0"), money("30"))


def test_more_than_is_open_or_left_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        small, large = an_invoice(session, account, "10"), an_invoice(session, account, "500")
        a_receipt(session, account, "50", TODAY)
        item = session.query(CreditItem).one()

        with pytest.raises(Conflict):
            allocating.apply(session, item, small, money("10.01"))
        with pytest.raises(Conflict):
            allocating.apply(session, item, large, money("50.01"))

        assert allocating.apply_upto(session, item, large, money("500")) == money("50")


def test_the_credit_of_one_account_does_not_settle_anothers_invoice(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        a_receipt(session, ours, "50", TODAY)
        invoice = an_invoice(session, theirs, "50")

        with pytest.raises(Conflict):
            allocating.apply(session, session.query(CreditItem).one(), invoice, money("50"))


def test_money_that_came_before_the_invoice_settles_it_on_the_day_it_was_issued(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 10))

        a_receipt(session, account, "120", date(2026, 3, 1), invoice)

        (allocation,) = live_allocations(session, invoice)
        assert allocation.effective_on == date(2026, 3, 10)
