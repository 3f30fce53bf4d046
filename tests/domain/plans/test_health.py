"""The health of a plan: what puts it at risk, what is waited for, which days count; without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.collecting.model import CollectionState
from domain.plans.coverage import Agreed, Part
from domain.plans.health import PATIENCE, Days, Health, Turn, Watched
from domain.plans.messages import PlanNews
from domain.plans.model import PlanGrace
from domain.plans.standing import Standing
from domain.saved_methods.model import SavedMethod
from tests.support.planning import PLANS

FIRST, SECOND = date(2026, 4, 15), date(2026, 5, 15)
DAY = timedelta(days=1)
S = CollectionState


def a_card(*, expires: tuple[int, int] = (2030, 12), lost: bool = False) -> SavedMethod:
    """A saved card that is good through a month."""
    year, month = expires
    lost_at = datetime(2026, 4, 1, tzinfo=UTC) if lost else None
    return SavedMethod(expires_year=year, expires_month=month, removed_at=None, lost_at=lost_at)


def watched(
    day: date,
    *,
    paid: int = 0,
    method: SavedMethod | None = None,
    taking: Mapping[int, CollectionState] | None = None,
    **more: Any,
) -> Watched:
    """Two parts of 50.00, of which the first ones are paid, as they stand on a day."""
    parts = [
        Part(Agreed(number, number, on, 50_00), covered=50_00 if number <= paid else 0)
        for number, on in ((1, FIRST), (2, SECOND))
    ]
    standing = Standing(1, "GBP", day, 14, parts)
    given = {"grace": None, "told": frozenset(), "not_counted": (), "is_awaited": False} | more
    return Watched(standing=standing, rules=PLANS, method=method, taking=taking or {}, **given)


@pytest.mark.parametrize(
    ("method", "taking", "health"),
    [
        (None, {}, Health.KEPT),
        (a_card(), {}, Health.KEPT),
        (a_card(expires=(2026, 4)), {}, Health.KEPT),
        (a_card(expires=(2026, 3)), {}, Health.AT_RISK),
        (a_card(lost=True), {}, Health.AT_RISK),
        (a_card(), {1: S.ANNOUNCED}, Health.KEPT),
        (a_card(), {1: S.RETRYING}, Health.AT_RISK),
        (a_card(), {1: S.ACTION_REQUIRED}, Health.AT_RISK),
        (a_card(), {1: S.EXHAUSTED}, Health.AT_RISK),
    ],
)
def test_a_plan_is_at_risk_where_its_next_money_is_in_doubt(
    method: SavedMethod | None, taking: Mapping[int, CollectionState], health: Health
) -> None:
    assert watched(FIRST, method=method, taking=taking).health is health


def test_what_was_tried_in_vain_and_is_paid_by_now_puts_nothing_at_risk() -> None:
    assert watched(FIRST, paid=1, method=a_card(), taking={1: S.EXHAUSTED}).health is Health.KEPT


def test_a_card_that_expires_before_the_next_part_puts_the_plan_at_risk_already() -> None:
    assert watched(FIRST, paid=1, method=a_card(expires=(2026, 4))).health is Health.AT_RISK


@pytest.mark.parametrize(
    ("taking", "told"),
    [({}, [PlanNews.MISSED]), ({1: S.RETRYING}, []), ({1: S.ANNOUNCED}, []), ({1: S.EXHAUSTED}, [PlanNews.MISSED])],
)
def test_a_miss_is_told_when_nothing_is_tried_any_more(
    taking: Mapping[int, CollectionState], told: list[PlanNews]
) -> None:
    seen = watched(FIRST + DAY, method=a_card(), taking=taking)

    assert [news for news, _ in seen.to_tell] == told


@pytest.mark.parametrize(
    ("method", "taking", "is_told"),
    [
        (None, {}, True),
        (a_card(), {}, False),
        (a_card(), {1: S.ANNOUNCED}, False),
        (a_card(lost=True), {}, True),
        (a_card(expires=(2026, 3)), {}, True),
        (a_card(), {1: S.CANCELLED}, True),
    ],
)
def test_a_part_is_told_of_before_its_day_where_nothing_takes_it_by_itself(
    method: SavedMethod | None, taking: Mapping[int, CollectionState], is_told: bool
) -> None:
    seen = watched(FIRST - 3 * DAY, method=method, taking=taking)

    assert [news for news, _ in seen.to_tell] == ([PlanNews.DUE_SOON] if is_told else [])


def test_money_on_its_way_is_waited_for_and_a_collection_to_come_for_a_while() -> None:
    long_ago = FIRST + 40 * DAY
    planned = {1: S.PLANNED, 2: S.PLANNED}

    assert watched(long_ago, is_awaited=True).turn is None
    assert watched(long_ago, taking={1: S.ACTION_REQUIRED}).turn is None
    assert watched(FIRST + PATIENCE * DAY, taking=planned).turn is None
    assert watched(FIRST + (PATIENCE + 1) * DAY, taking=planned).turn is Turn.GRACE


def test_days_on_which_nobody_may_ask_neither_make_it_late_nor_end_its_grace() -> None:
    held = (Days(FIRST + 3 * DAY, FIRST + 20 * DAY),)
    grace = PlanGrace(plan_id=1, offered_on=FIRST + 2 * DAY, until_on=FIRST + 9 * DAY, missing_minor=50_00)
    day = FIRST + 22 * DAY

    assert watched(day, not_counted=held).late_days == 4
    assert watched(day, not_counted=held, grace=grace).health is Health.IN_GRACE
    assert watched(day, grace=grace).turn is Turn.DEFAULT
    assert watched(FIRST + 10 * DAY, not_counted=held).health is Health.HELD
    assert watched(FIRST + 10 * DAY, not_counted=held).to_tell == []
