"""The next step on an account follows from what is known of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from backoffice.account_next import Agreed, Coming, Known, Waiting, steps
from domain.shared.money import Money
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind

DAY = date(2026, 3, 20)
NOTHING, SOME = Money(0, "GBP"), Money(100_00, "GBP")
QUIET = Known("/accounts/1", NOTHING, NOTHING, 0, NOTHING)
LATE = replace(QUIET, open=SOME, late=SOME, late_days=12)
EMAIL = Coming("First reminder", "email", DAY)


@pytest.mark.parametrize(
    ("known", "href"),
    [
        (QUIET, "/accounts/1/timeline"),
        (replace(QUIET, open=SOME), "/accounts/1/timeline"),
        (replace(QUIET, open=SOME, credit=SOME), "/accounts/1/credit"),
        (replace(LATE, coming=EMAIL), "/accounts/1/calls/new"),
        (LATE, "/accounts/1/calls/new"),
        (replace(LATE, has_number=False), "/accounts/1/routes"),
        (replace(LATE, coming=EMAIL, has_number=False), "/accounts/1/promises/new"),
        (replace(LATE, can_be_reached=False, has_number=False), "/accounts/1/details?group=reach"),
        (replace(LATE, promised=("/promises/3", DAY)), "/promises/3"),
        (replace(LATE, is_with_partner=True), "/accounts/1/handoffs"),
        (replace(LATE, stops={StopKind.MANUAL}), "/accounts/1/stops"),
        (replace(LATE, agreed=[Agreed("/plans/4", True, 3, SOME, DAY)], stops={StopKind.PLAN}), "/plans/4"),
        (replace(QUIET, open=SOME, agreed=[Agreed("/plans/4", True, 0, SOME, DAY)]), "/plans/4"),
        (replace(LATE, tasks=[Waiting(9, TaskKind.SURPLUS)]), "/tasks/9"),
    ],
)
def test_the_first_step_is_the_one_that_fits(known: Known, href: str) -> None:
    assert steps(known)[0].href == href


def test_what_has_a_day_by_law_comes_before_what_is_only_wanted() -> None:
    kinds = [TaskKind.MENTIONED, TaskKind.SURPLUS, TaskKind.CALL_DUE, TaskKind.PROMISE_BROKEN, TaskKind.LIMITATION_NEAR]
    known = replace(LATE, tasks=[Waiting(number, kind) for number, kind in enumerate(kinds)])

    assert [one.href for one in steps(known)] == ["/tasks/4", "/tasks/3", "/tasks/2", "/tasks/0"]


def test_while_a_promise_runs_what_comes_to_asking_for_money_waits_behind_it() -> None:
    kinds = [TaskKind.ESCALATION, TaskKind.PROMISE_BROKEN]
    known = replace(LATE, tasks=[Waiting(number, kind) for number, kind in enumerate(kinds)])
    promised = replace(known, promised=("/promises/3", DAY))
    contested = replace(promised, tasks=[*known.tasks, Waiting(7, TaskKind.DISPUTE)])

    assert [one.href for one in steps(known)][:2] == ["/tasks/1", "/tasks/0"]
    assert [one.href for one in steps(promised)] == ["/promises/3", "/tasks/1", "/tasks/0"]
    assert [one.href for one in steps(contested)] == ["/tasks/7", "/tasks/1", "/tasks/0"]


def test_a_late_plan_comes_before_a_call_and_the_call_says_what_goes_by_itself() -> None:
    known = replace(LATE, coming=EMAIL, agreed=[Agreed("/plans/4", True, 3, SOME, DAY)])
    first, second = steps(known)

    assert (str(first.why), second.href) == ("A payment plan is 3 days late", "/accounts/1/calls/new")
    assert "First reminder" in str(second.why)


def test_there_is_always_one_step() -> None:
    for stops in ((), {StopKind.INSOLVENCY}, {StopKind.CEASE}):
        for known in (QUIET, LATE, replace(QUIET, open=SOME)):
            assert len(steps(replace(known, stops=stops))) >= 1
