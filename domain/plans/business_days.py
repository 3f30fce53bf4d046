"""Business days: which days are closed for plans where a customer is."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from domain.policies.sections import Plans
from domain.shared.public_holidays import closed_days


def calendar_of(section: Plans, country: str | None) -> Container[date] | None:
    """The days that are closed for plans under a section; None where every day is as good."""
    return closed_days(country) if section.on_business_days else None
