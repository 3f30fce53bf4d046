"""Odd refunds: amounts without words at the processor, payments that came as another amount, and late explanations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.clearing import queries as clearing
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments import ending
from domain.payments import queries as payments
from domain.payments.processor import ProcessorRefused
from domain.payments.snapshots import RefundRequest
from domain.processing.checks import check_books
from domain.processing.reconciling.explaining import take_as_payment
from domain.processing.reconciling.payments import reconcile_intent
from domain.processing.refunds import explaining, sending
from domain.processing.refunds.drawing import Wish
from domain.receivables.ageing import ageing_of
from domain.refunds import queries
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.staff.model import Role
from tests.support.builders import a_receipt, money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.ledgers import owed_on
from tests.support.paying import a_debt, open_minor, open_page
from tests.support.refunding import COLLEAGUE, Paid, again, ask, paid, report, reported


class Picky(FakeProcessor):
    """Has no words for the amount of any refund."""

    def compose_refund(self, request: RefundRequest) -> dict[str, Any]:
        raise ProcessorRefused("{amount} cannot be sent back.", amount=request.amount)


def a_mismatch(db: Database, *, given_up: bool = False) -> tuple[Paid, int]:
    """A payment that was asked for as 100 and came as 90, maybe after we had given it up; and its movement."""
    debt, processor = a_debt(db, "100"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("100")})
    if given_up:
        with db.transaction() as session:
            ending.ended(session, payments.by_public_id(session, started.public_id), actor=WORKER)
    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("90"), now(session)))
        movement = int(clearing.by_ref(session, "ch_1").id)
    return Paid(debt, started.payment_id, started.public_id), movement


def take(db: Database, given: Paid, movement: int) -> str:
    """Staff take what came as a payment of the account; its public id."""
    with db.transaction() as session:
        return take_as_payment(session, movement, given.account_id, reason="It is theirs", actor=COLLEAGUE).public_id


def test_an_amount_that_the_processor_cannot_express_fails_and_the_money_is_there_again(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "50")

    sending.send(db, Picky(), refund.id, actor=WORKER)

    assert again(db, refund).status is RefundStatus.FAILED
    assert open_minor(db, given.debt.invoices[0]) == 0


def test_what_was_taken_as_a_payment_with_another_amount_can_be_refunded(db: Database) -> None:
    given, movement = a_mismatch(db)
    take(db, given, movement)
    refund, processor = ask(db, given, "40"), FakeProcessor()
    processor.answers[refund.name] = reported(refund, "40", db.clock.now())

    sending.send(db, processor, refund.id, actor=WORKER)

    assert again(db, refund).status is RefundStatus.SUCCEEDED
    with db.reading() as session:
        assert balances.balance_of(session, LedgerAccount.FOREIGN_RECEIPTS, "GBP") == money("0")
        assert check_books(session) == []


def test_what_had_gone_back_before_it_was_taken_as_a_payment_stays_where_it_was_booked(db: Database) -> None:
    given, movement = a_mismatch(db)
    report(db, None, "40")
    take(db, given, movement)

    report(db, None, "40")

    with db.reading() as session:
        assert queries.refunds(session) == []
        assert check_books(session) == []


def test_a_payment_that_we_had_given_up_and_that_came_as_another_amount_is_taken_as_itself(db: Database) -> None:
    given, movement = a_mismatch(db, given_up=True)

    taken = take(db, given, movement)

    assert taken == given.public_id
    assert open_minor(db, given.debt.invoices[0]) == 1000


@pytest.mark.parametrize("source", [RefundSource.CREDIT_NOTE, RefundSource.CREDIT])
def test_a_refund_explained_from_credit_that_came_later_leaves_past_ageings_what_the_books_say(
    db: Database, clock: MovableClock, source: RefundSource
) -> None:
    given = paid(db, "120")
    report(db, None, "50")
    gone = clock.now().date()
    clock.advance(days=2)
    with db.transaction() as session:
        a_receipt(session, session.get_one(Account, given.account_id), "50", today(session))
    clock.advance(days=2)

    with db.transaction() as session:
        refund = session.scalars(select(Refund)).one()
        wish = Wish(given.payment_id, money("50"), source, "Short delivery", given.debt.invoices[0])
        explaining.explain(session, refund, wish, role=Role.MANAGER, actor=COLLEAGUE)

    with db.reading() as session:
        days = [gone + timedelta(days=number) for number in range(5)]
        aged = [ageing_of(session, given.account_id, day).total for day in days]
        assert aged == [owed_on(session, given.account_id, day) for day in days]
        assert check_books(session) == []
