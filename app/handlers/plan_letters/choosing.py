"""Choosing: which letter is written about which news of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.handlers.plan_letters import agreeing, running
from app.handlers.plan_letters.writing import PlanLetter, Seen
from domain.plans.messages import PlanNews

LETTERS: Final[Mapping[PlanNews, Callable[[Seen], PlanLetter | None]]] = {
    PlanNews.COUNTERED: agreeing.countered,
    PlanNews.OFFERED: agreeing.offered,
    PlanNews.DECLINED: agreeing.declined,
    PlanNews.SIGNED: agreeing.signed,
    PlanNews.EXPIRED: agreeing.expired,
    PlanNews.WITHDRAWN: agreeing.withdrawn,
    PlanNews.STARTED: running.started,
    PlanNews.DUE_SOON: running.due_soon,
    PlanNews.MISSED: running.missed,
    PlanNews.GRACE: running.grace,
    PlanNews.DEFAULTED: running.defaulted,
    PlanNews.CANCELLED: running.cancelled,
    PlanNews.PAUSED: running.paused,
    PlanNews.RESUMED: running.resumed,
    PlanNews.COMPLETED: running.completed,
    PlanNews.REOPENED: running.reopened,
}


def letter(seen: Seen, news: PlanNews) -> PlanLetter | None:
    """What is to be written about this news; None where it is not true any more."""
    return LETTERS[news](seen)
