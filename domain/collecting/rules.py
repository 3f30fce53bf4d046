"""Rules: how long before we say so, when a try is repeated, and when it stops; dated data with its sources, pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.saved_methods.model import MethodKind


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for collections that were planned from `valid_from` on; all figures are calendar days.

    `lead_days`: the payer is told at least so long before. `retry_days`: a further try so long after the first one.
    `late_days`: what was announced may be taken so much later where we missed its day. `answer_days`: so long the payer
    has to answer their bank. `failing_days`: on so many days in a row a try may fail before automatic payment stops.
    """

    version: str
    valid_from: date
    lead_days: Mapping[MethodKind, int]
    retry_days: tuple[int, ...]
    late_days: int
    answer_days: int
    failing_days: int
    source: str


RULES = (
    Rules(
        version="2026-01",
        valid_from=date(2026, 1, 1),
        lead_days={MethodKind.CARD: 3, MethodKind.WALLET: 3, MethodKind.BANK_DEBIT: 14},
        retry_days=(1, 3, 5),
        late_days=7,
        answer_days=7,
        failing_days=3,
        source=(
            "Bank debits: the SEPA Direct Debit Core rulebook asks for 14 calendar days of pre-notification unless "
            "something else was agreed, the longest of the schemes (ACH: 10 calendar days for another amount, Nacha "
            "operating rules; Bacs: 10 working days, or what was agreed). Cards have no one figure: 3 days, the "
            "house's choice, like all the others here. No legal advice."
        ),
    ),
)
"""Every version there was, the oldest first: one that has been used is never changed, a new one is added."""


def rules_on(day: date) -> Rules:
    """The rules for what is planned on `day`; before the first version that one holds."""
    return next((rules for rules in reversed(RULES) if rules.valid_from <= day), RULES[0])


def rules_of(version: str) -> Rules:
    """The rules that something was planned under."""
    return next(rules for rules in RULES if rules.version == version)


def next_try(rules: Rules, *, first_on: date, tries: int, today: date) -> date | None:
    """The day of the try after `tries` that failed, never today's; None when they are used up."""
    if tries > len(rules.retry_days):
        return None
    return max(first_on + timedelta(days=rules.retry_days[tries - 1]), today + timedelta(days=1))
