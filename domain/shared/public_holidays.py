"""Public holidays: which days are closed in a country, by the library that keeps the world's public holidays."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays


@dataclass(frozen=True, slots=True)
class Closed:
    """The public holidays of a country, and the days on which the business is closed besides."""

    holidays: Container[date]
    own: frozenset[date]

    def __contains__(self, day: object) -> bool:
        return day in self.own or day in self.holidays


@lru_cache(maxsize=64)
def closed_days(country: str | None) -> Container[date]:
    """The public holidays of a country (ISO 3166); of one that nobody keeps, none: only its weekends are closed."""
    if country is None or country not in holidays.list_supported_countries(include_aliases=False):
        return frozenset[date]()
    return holidays.country_holidays(country)
