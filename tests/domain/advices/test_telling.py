"""Telling of a transfer: kept, expected, taken back, and closed by the money that it announced."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.advices.model import RemittanceAdvice
from domain.advices.queries import WAITED_FOR, open_advices
from domain.advices.telling import take_back, tell
from domain.payments.model import PaymentMethod
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of

TODAY = date(2026, 3, 16)


def test_an_advice_is_expected_with_its_lines_until_just_that_money_comes(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second = an_invoice(session, account, "80"), an_invoice(session, account, "50")
        wanted = {first.id: money("80"), second.id: money("20")}
        advice = tell(session, account.id, wanted, expected_on=TODAY, actor=OPERATOR)
        (expected,) = open_advices(session)

        a_cheque(session, account, "5", method=PaymentMethod.TRANSFER, wanted={second.id: money("5")})
        still = len(open_advices(session, account.id))
        payment = a_cheque(session, account, "100", method=PaymentMethod.TRANSFER, wanted=dict(expected.lines))

        assert (expected.account_id, expected.total) == (account.id, money("100"))
        assert expected.numbers == (first.number, second.number)
        assert (still, open_advices(session)) == (1, [])
        assert session.get_one(RemittanceAdvice, advice.id).payment_id == payment.public_id
        assert open_of(session, first, second) == [money("0"), money("25")]


def test_the_same_twice_is_one_transfer_and_it_can_be_taken_back_once(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        invoice = an_invoice(session, account, "80")
        advice = tell(session, account.id, {invoice.id: money("80")}, expected_on=TODAY, actor=OPERATOR)

        with pytest.raises(Conflict):
            tell(session, account.id, {invoice.id: money("80")}, expected_on=TODAY, actor=OPERATOR)
        with pytest.raises(NotFound):
            take_back(session, other.id, advice.id, actor=OPERATOR)
        take_back(session, account.id, advice.id, actor=OPERATOR)

        assert open_advices(session) == []
        with pytest.raises(Conflict):
            take_back(session, account.id, advice.id, actor=OPERATOR)


@pytest.mark.parametrize(
    ("amount", "on", "field"),
    [("0", TODAY, "amount"), ("80.01", TODAY, "amount"), ("80", TODAY + timedelta(days=61), "expected_on")],
)
def test_what_cannot_be_meant_is_refused(db: Database, amount: str, on: date, field: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80")

        with pytest.raises(Invalid) as refused:
            tell(session, account.id, {invoice.id: money(amount)}, expected_on=on, actor=OPERATOR)

        assert (refused.value.field or "").startswith(field)
        with pytest.raises(Invalid):
            tell(session, account.id, {}, expected_on=TODAY, actor=OPERATOR)


def test_nobody_waits_for_ever(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80")
        tell(session, account.id, {invoice.id: money("80")}, expected_on=TODAY, actor=OPERATOR)
    clock.advance(days=WAITED_FOR.days + 1)

    with db.reading() as session:
        assert open_advices(session) == []
