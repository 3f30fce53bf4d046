"""Delays, weighted by amount: vectors, what counts, and the same sums as a plain calculation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.invoicing.credit_notes import issue_credit_note
from domain.processing.extending import extend
from domain.receivables.delays import Delay, delays
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.money import half_even
from domain.staff.model import Role
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back

DUE = date(2026, 1, 31)
FIRST, SECOND, LAST = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 31)


def test_late_days_are_weighted_by_amount_and_early_ones_count_as_punctual(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        for amount, late in (("100", 20), ("300", 0), ("50", -10)):
            invoice = an_invoice(session, account, amount, issued_on=date(2026, 1, 5), due_on=DUE)
            a_receipt(session, account, amount, DUE + timedelta(days=late), invoice)

        found = delays(session, [FIRST], LAST)[account.id][FIRST]

    assert (found.settled_minor, found.days) == (45000, Fraction(2000, 450))


def test_each_period_has_what_was_paid_in_it(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        for customer, paid_on in ((account, DUE), (account, DUE + timedelta(days=7)), (other, LAST)):
            invoice = an_invoice(session, customer, "10", issued_on=date(2026, 1, 5), due_on=DUE)
            a_receipt(session, customer, "10", paid_on, invoice)

        found, one = delays(session, [FIRST, SECOND], LAST), delays(session, [FIRST, SECOND], LAST, [other.id])

    assert found == {
        account.id: {FIRST: Delay(1000, 0), SECOND: Delay(1000, 7000)},
        other.id: {SECOND: Delay(1000, 59000)},
    }
    assert one == {other.id: found[other.id]}


def test_what_was_taken_back_or_credited_does_not_count(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        back, noted = (an_invoice(session, account, "10", issued_on=date(2026, 1, 5), due_on=DUE) for _ in "ab")
        a_receipt(session, account, "10", date(2026, 2, 10), back)
        take_back(session, live_allocations(session, back)[0], effective_on=date(2026, 2, 20))
        issue_credit_note(session, account, noted, money("10"), reason="x", actor=OPERATOR)

        assert delays(session, [FIRST], LAST) == {}
        assert delays(session, [FIRST], date(2026, 2, 19))[account.id][FIRST] == Delay(1000, 10000)


def test_a_later_due_day_that_was_granted_changes_no_delay(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        day = today(session)
        due_on = day - timedelta(days=9)
        invoice = an_invoice(session, account, "10", issued_on=due_on, due_on=due_on)
        later = day + timedelta(days=5)
        extend(session, account.id, invoice.id, later, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)
        a_receipt(session, account, "10", day, invoice)

        assert delays(session, [due_on], day)[account.id][due_on].days == 9


PAID = st.tuples(st.integers(1, 10**9), st.integers(-40, 200))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(paid=st.lists(PAID, min_size=1, max_size=6))
def test_any_payments_come_to_what_a_plain_sum_says(db: Database, paid: list[tuple[int, int]]) -> None:
    with db.transaction() as session:
        account = an_account(session)
        for minor, late in paid:
            amount = str(Decimal(minor).scaleb(-2))
            invoice = an_invoice(session, account, amount, issued_on=date(2025, 1, 1), due_on=date(2025, 6, 1))
            a_receipt(session, account, amount, date(2025, 6, 1) + timedelta(days=late), invoice)

        found = delays(session, [date(2025, 1, 1)], date(2026, 1, 1), [account.id])[account.id][date(2025, 1, 1)]

    expected = Fraction(sum(minor * max(0, late) for minor, late in paid), sum(minor for minor, _ in paid))
    assert found.days == expected


@pytest.mark.parametrize(("late", "settled", "tenths"), [(5, 100, 0), (15, 100, 2), (25, 100, 2)])
def test_halves_go_to_the_even_digit(late: int, settled: int, tenths: int) -> None:
    assert half_even(Delay(settled, late).days * 10) == tenths
