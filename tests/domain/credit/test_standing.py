"""What an account may still have, what uses it up, and what holds new credit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.credit.limits import set_limit
from domain.credit.model import HoldReason
from domain.credit.standing import Exposure, causes, standing_of, standing_of_number, standings
from domain.credit.unbilled import put
from domain.policies.sections import Limits
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops.model import HOLDS, Held, StopKind
from domain.stops.writing import lift, write
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.counting import counted
from tests.support.crediting import ruled

DAY = date(2026, 3, 16)


def test_exposure_is_open_and_unbilled_less_unapplied_credit(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        an_invoice(session, account, "30")
        a_receipt(session, account, "120", today(session), invoice)
        put(session, account.id, "SO-1", money("15.50"), actor=OPERATOR)

        found = standing_of(session, account.id)

    assert (found.exposure.open, found.exposure.unbilled, found.exposure.credit) == (
        money("30"),
        money("15.50"),
        money("20"),
    )
    assert found.exposure.total == money("25.50")
    assert (found.limit, found.available, found.on_hold) == (None, None, False)


@pytest.mark.parametrize("kind", StopKind)
def test_a_stop_holds_new_credit_where_the_table_says_so_and_while_it_lasts(db: Database, kind: StopKind) -> None:
    with db.transaction() as session:
        account = an_account(session)
        write(session, account.id, kind, "x:1", actor=OPERATOR, from_on=DAY - timedelta(days=9), until_on=DAY)
        write(session, account.id, kind, "x:2", actor=OPERATOR, from_on=DAY + timedelta(days=1))
        today_on = [(hold.reason, hold.stop) for hold in standing_of(session, account.id).holds]
        lift(session, kind, "x:1", actor=OPERATOR)
        lifted = standing_of(session, account.id).holds

    assert today_on == ([(HoldReason.STOPPED, kind)] if Held.NEW_CREDIT in HOLDS[kind] else [])
    assert lifted == ()


def test_only_insolvency_holds_new_credit() -> None:
    assert {kind for kind in StopKind if Held.NEW_CREDIT in HOLDS[kind]} == {StopKind.INSOLVENCY}


def test_a_limit_that_nobody_can_mean_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_account(session).id

    with pytest.raises(Invalid, match="at most"), db.transaction() as session:
        set_limit(session, account_id, money("99999999999"), why="x", role=Role.MANAGER, actor=OPERATOR)


def test_the_limit_of_the_policy_counts_until_staff_decide_on_an_own_one(db: Database) -> None:
    ruled(db, Limits(limit_minor=100_00))
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "80")
        before = standing_of(session, account.id)

        set_limit(session, account.id, money("60"), why="Slow", role=Role.MANAGER, actor=OPERATOR)
        after = standing_of(session, account.id)

    assert (before.limit, before.is_own, before.available, before.on_hold) == (money("100"), False, money("20"), False)
    assert (after.limit, after.is_own, after.available, after.on_hold) == (money("60"), True, money("0"), True)
    assert [(hold.reason, hold.amount) for hold in after.holds] == [(HoldReason.ABOVE_LIMIT, money("20"))]


def test_the_limit_of_a_policy_holds_no_account_in_another_currency(db: Database) -> None:
    ruled(db, Limits(limit_minor=100_00))
    with db.transaction() as session:
        account = an_account(session, currency="EUR")

        assert standing_of(session, account.id).limit is None


@pytest.mark.parametrize(("late", "held"), [(30, False), (31, True)])
def test_what_is_overdue_for_more_days_than_the_policy_says_holds_new_credit(
    db: Database, late: int, held: bool
) -> None:
    ruled(db, Limits(hold_overdue_days=30, hold_overdue_least_minor=50_00))
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "50", issued_on=DAY - timedelta(days=90), due_on=DAY - timedelta(days=late))

        found = standing_of(session, account.id)

    assert [hold.reason for hold in found.holds] == ([HoldReason.OVERDUE] if held else [])


def test_the_least_overdue_amount_is_in_our_currency_and_lets_nothing_pass_in_another(db: Database) -> None:
    ruled(db, Limits(hold_overdue_days=30, hold_overdue_least_minor=50_00))
    with db.transaction() as session:
        account = an_account(session, currency="USD")
        an_invoice(session, account, "49", issued_on=DAY - timedelta(days=90), due_on=DAY - timedelta(days=60))

        found = standing_of(session, account.id)

    assert [hold.amount for hold in found.holds] == [money("49", "USD")]


def test_what_is_in_dispute_does_not_count_as_overdue(db: Database) -> None:
    ruled(db, Limits(hold_overdue_days=5))
    with db.transaction() as session:
        account = an_account(session)
        old = an_invoice(session, account, "50", issued_on=DAY - timedelta(days=90), due_on=DAY - timedelta(days=40))
        write(
            session,
            account.id,
            StopKind.DISPUTE,
            "dispute:1",
            actor=OPERATOR,
            invoice_id=old.id,
            amount=money("20"),
        )
        part = standing_of(session, account.id)
        write(session, account.id, StopKind.DISPUTE, "dispute:2", actor=OPERATOR, invoice_id=old.id)
        whole = standing_of(session, account.id)

    assert [hold.amount for hold in part.holds] == [money("30")]
    assert whole.holds == ()


def test_one_account_is_found_by_its_number_and_no_other(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, number="C-77")
        an_account(session)

        found = standing_of_number(session, "C-77")

        assert found.account_id == account.id
    with pytest.raises(NotFound), db.reading() as session:
        standing_of_number(session, "C-7")


def test_all_accounts_cost_as_many_queries_as_one(db: Database) -> None:
    ruled(db, Limits(limit_minor=10_00, hold_overdue_days=10))
    with db.transaction() as session:
        for _ in range(5):
            an_invoice(session, an_account(session), "20")
    with db.reading() as session, counted(session.connection()) as sent:
        everybody = standings(session)

    assert len([each for each in everybody if each.on_hold]) >= 5
    assert len(sent) <= 5


@given(
    limit=st.none() | st.integers(0, 1000),
    open_minor=st.integers(0, 1000),
    unbilled=st.integers(0, 1000),
    credit=st.integers(0, 1000),
    more=st.integers(0, 1000),
)
def test_more_exposure_never_takes_the_hold_of_the_limit_away(
    limit: int | None, open_minor: int, unbilled: int, credit: int, more: int
) -> None:
    section, zero = Limits(), money("0")

    def held(further: int) -> bool:
        exposure = Exposure(Money(open_minor, "GBP"), Money(unbilled + further, "GBP"), Money(credit, "GBP"))
        return bool(list(causes(section, None if limit is None else Money(limit, "GBP"), exposure, zero, None, DAY)))

    assert held(0) <= held(more)
    assert held(0) is (limit is not None and open_minor + unbilled - credit > limit)
