"""Messages that plans leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from domain.outbox.sending import Message


class PlanNews(StrEnum):
    """What the customer is told of a plan."""

    COUNTERED = "countered"
    OFFERED = "offered"
    DECLINED = "declined"
    SIGNED = "signed"
    STARTED = "started"
    DUE_SOON = "due_soon"
    MISSED = "missed"
    GRACE = "grace"
    DEFAULTED = "defaulted"
    PAUSED = "paused"
    RESUMED = "resumed"
    COMPLETED = "completed"
    REOPENED = "reopened"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


TO_SIGN = frozenset({PlanNews.OFFERED, PlanNews.COUNTERED})
"""The news that want a signature."""


class TellPlan(Message, frozen=True):
    """Mail the account (and whoever signed) what has become of a plan; `part` is the number of the part."""

    kind: ClassVar[str] = "tell_plan"
    plan_id: int
    news: PlanNews
    part: int | None = None
