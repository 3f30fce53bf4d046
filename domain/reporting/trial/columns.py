"""Columns: everything that a trial compares, in the order in which it is shown."""

from __future__ import annotations

from domain.reporting.trial.early_discounts import EARLY_DISCOUNTS
from domain.reporting.trial.handoffs import HANDOFFS
from domain.reporting.trial.late_charges import INTEREST, RECOVERY_COSTS
from domain.reporting.trial.limits import ABOVE_LIMIT, CHECK_EXPIRED, OVERDUE_TOO_LONG
from domain.reporting.trial.notices import NOTICES
from domain.reporting.trial.plans import LATE_ON_PLANS, REQUESTS
from domain.reporting.trial.settlements import GIVEN_UP_AT_MOST, IN_BRACKETS
from domain.reporting.trial.values import Column

COLUMNS: tuple[Column, ...] = (
    INTEREST,
    RECOVERY_COSTS,
    EARLY_DISCOUNTS,
    ABOVE_LIMIT,
    OVERDUE_TOO_LONG,
    CHECK_EXPIRED,
    NOTICES,
    LATE_ON_PLANS,
    REQUESTS,
    IN_BRACKETS,
    GIVEN_UP_AT_MOST,
    HANDOFFS,
)
