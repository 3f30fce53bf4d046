"""Early discounts of a trial: when a payment counts as made, what has fallen since, and what an import brought."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.accounts import queries as accounts
from domain.payments.model import Payment
from domain.policies.sections import Sections
from domain.processing.receipts.returning import return_receipt
from domain.processing.reconciling.payments import reconcile_intent
from domain.receivables.model import Invoice
from domain.reporting.trial.scope import ALL, accounts_of
from domain.reporting.trial.trying import try_out
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from tests.domain.reporting.trial.test_trying import TWO_TEN, sums
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import Debt, a_debt, open_page
from tests.support.policies import a_policy

DRAFT = Sections(early_discount=TWO_TEN)


def tried(db: Database) -> tuple[int, int]:
    """The discounts of the last month, tried and happened."""
    with db.reading() as session:
        last = today(session)
        trial = try_out(session, DRAFT, accounts_of(session, 0, ALL), last - timedelta(days=30), last)
    return sums(trial, "early_discount")


@pytest.mark.parametrize(("minutes", "earned"), [(0, 2_40), (1, 0)])
def test_money_by_the_processor_is_in_time_where_the_customer_is(
    db: Database, clock: MovableClock, minutes: int, earned: int
) -> None:
    payer = a_debt(db, "1").ana
    with db.transaction() as session:
        a_policy(session, DRAFT)
        account = an_account(session, time_zone="America/New_York")
        invoice = an_invoice(session, account, "120")
        debt = Debt(account.id, [invoice.id], payer, 0)
    clock.advance(days=10, hours=15, minutes=30)
    started = open_page(db, FakeProcessor(), debt, {invoice.id: money("117.60")})
    clock.advance(minutes=29 + minutes)
    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("117.60"), now(session)))

    assert tried(db) == (earned, earned)


def test_a_discount_that_fell_with_its_payment_is_on_neither_side(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, DRAFT)
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        cheque = a_cheque(session, account, "98", wanted={invoice.id: money("98")})
    before = tried(db)
    with db.transaction() as session:
        return_receipt(session, session.get_one(Payment, cheque.id), today(session), reason="no cover", actor=OPERATOR)

    assert (before, tried(db)) == ((2_00, 2_00), (0, 0))


@pytest.mark.parametrize(("is_governed", "would"), [(True, 0), (False, 2_00)])
def test_imported_money_earns_nothing_by_the_terms_that_ruled_and_is_tried_by_others(
    db: Database, is_governed: bool, would: int
) -> None:
    with db.transaction() as session:
        if is_governed:
            a_policy(session, DRAFT)
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        a_receipt(
            session, accounts.lock(session, account.id), "100", today(session), session.get_one(Invoice, invoice.id)
        )

    assert tried(db) == (would, 0)
