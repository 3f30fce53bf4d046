"""Automatic payment of what is disputed in part: the rest is taken, and what was contested once it is free."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.collecting import planning, queries
from domain.collecting.model import CollectionState, EndReason
from domain.disputes.resolving import reject
from domain.payments.model import Payment, PaymentStatus
from domain.processing.checks import check_books
from domain.receivables.model import Invoice
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import OPERATOR
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.collecting import (
    DECLINES,
    Days,
    Payer,
    keep_a_card,
    owes,
    standing,
    subjects,
    turn_on,
)
from tests.support.disputing import contest
from tests.support.paying import open_minor

S = CollectionState
DUE = date(2026, 4, 15)


def dispute(days: Days, payer: Payer, invoice_id: int, amount: str | None = None) -> int:
    """So much of an invoice is contested, or all of it; the dispute."""
    with days.wired.database.transaction() as session:
        account = accounts.lock(session, payer.account_id)
        return contest(session, account, session.get_one(Invoice, invoice_id), amount).id


def say_no(days: Days, payer: Payer, dispute_id: int) -> None:
    """The dispute ends; nothing is credited."""
    with days.wired.database.transaction() as session:
        reject(session, payer.account_id, dispute_id, answer="All of it was delivered.", actor=OPERATOR)


def coming(days: Days, payer: Payer) -> list[Money]:
    """What is said to be taken next."""
    with days.wired.database.reading() as session:
        return [one.amount for one in queries.coming(session, payer.account_id)]


def taken(days: Days) -> list[Money]:
    """What was taken so far, the first one first."""
    with days.wired.database.reading() as session:
        came = select(Payment).where(Payment.status == PaymentStatus.SUCCEEDED).order_by(Payment.id)
        return [payment.amount for payment in session.scalars(came)]


def test_what_is_not_disputed_is_taken_and_the_rest_once_the_dispute_is_over(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    contested = dispute(days, payer, invoice, "50.00")
    method = keep_a_card(days, payer)
    with days.wired.database.reading() as session:
        first = planning.preview(session, payer.account_id, session.get_one(SavedMethod, method))
    turn_on(days, payer, method)
    days.until(DUE)
    at_first = taken(days)
    days.until(date(2026, 4, 25))
    waits = coming(days, payer)

    say_no(days, payer, contested)
    days.settle()
    planned = coming(days, payer)
    days.until(date(2026, 5, 1))

    assert [(one.amount, one.day) for one in first] == [(money("70"), DUE)]
    assert at_first == [money("70")]
    assert (waits, planned) == ([], [money("50")])
    assert taken(days) == [money("70"), money("50")]
    assert open_minor(days.wired.database, invoice) == 0
    assert standing(days.wired, invoice) == [(S.DONE, None), (S.DONE, None)]
    announced = [subject for subject in subjects(days.wired, payer.email) if "will take" in subject]
    assert announced == [
        "Your business will take £70.00 automatically",
        "Your business will take £50.00 automatically",
    ]
    with days.wired.database.reading() as session:
        assert list(check_books(session)) == []


def test_what_is_disputed_after_it_was_announced_is_left_out(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))

    dispute(days, payer, invoice, "50.00")
    shown = coming(days, payer)
    days.until(DUE)

    assert shown == [money("70")]
    assert taken(days) == [money("70")]


def test_an_invoice_that_is_all_disputed_waits(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    dispute(days, payer, invoice)
    method = keep_a_card(days, payer)
    turn_on(days, payer, method)

    days.until(date(2026, 4, 20))

    assert standing(days.wired, invoice) == [(S.PLANNED, None)]
    assert coming(days, payer) == []
    with days.wired.database.reading() as session:
        assert planning.preview(session, payer.account_id, session.get_one(SavedMethod, method)) == []


def test_a_payment_that_asks_for_what_is_disputed_meanwhile_is_not_tried_again(days: Days, payer: Payer) -> None:
    invoice = owes(days.wired, payer, "120.00", DUE)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))
    days.until(DUE)
    failed = standing(days.wired, invoice)

    dispute(days, payer, invoice, "50.00")
    days.until(date(2026, 4, 17))

    assert failed == [(S.RETRYING, None)]
    assert standing(days.wired, invoice)[0] == (S.CANCELLED, EndReason.HELD)
    assert coming(days, payer) == [money("70")]
