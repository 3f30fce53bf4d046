"""Rules: how long a debt can be enforced by each law that the product knows, dated and with their source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from domain.accounts.model import LegalForm
from domain.shared.errors import N_

FILE = Path(__file__).with_name("rules.toml")
PROTECTED = frozenset({LegalForm.NATURAL_PERSON, LegalForm.UNKNOWN})
"""Who is treated as a consumer: where nobody knows what a debtor is, the time that is over first is the safe one."""
USUAL = {"GB": "GB-EAW"}
"""The law that is meant where only a country is known that has several; the others have to be told."""

JURISDICTION_NAMES = {
    "GB-EAW": N_("England and Wales"),
    "GB-SCT": N_("Scotland"),
    "GB-NIR": N_("Northern Ireland"),
    "IE": N_("Ireland"),
    "DE": N_("Germany"),
    "AT": N_("Austria"),
    "FR": N_("France"),
    "ES": N_("Spain"),
    "IT": N_("Italy"),
    "NL": N_("Netherlands"),
    "BE": N_("Belgium"),
    "PT": N_("Portugal"),
    "PL": N_("Poland"),
    "SE": N_("Sweden"),
    "US-NY": N_("New York"),
    "US-CA": N_("California"),
    "US-TX": N_("Texas"),
    "US-FL": N_("Florida"),
    "AU-NSW": N_("New South Wales"),
    "AU-VIC": N_("Victoria"),
    "CA-ON": N_("Ontario"),
    "CA-BC": N_("British Columbia"),
}
"""What each law that the product knows is called on the screen."""


class RunsFrom(StrEnum):
    """Which day of an invoice the time runs from."""

    DUE = "due"
    ISSUED = "issued"


class YearEnd(StrEnum):
    """What the end of a year has to do with it: nothing, the first time starts there, or every time ends there."""

    NEVER = "never"
    FROM = "from"
    TO = "to"


class Restart(StrEnum):
    """What the debtor can do that starts the time anew."""

    PART_PAYMENT = "part_payment"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a debt can be enforced by one law, as `rules.toml` says of each field."""

    jurisdiction: str
    source: str
    as_of: date
    years: int
    judgment_years: int | None = None
    runs_from: RunsFrom = RunsFrom.DUE
    year_end: YearEnd = YearEnd.NEVER
    restarts: frozenset[Restart] = frozenset()
    revived_by: frozenset[Restart] = frozenset()
    extinguishes: bool = False
    court_suspends: bool = False

    @property
    def name(self) -> str:
        """What the law is called, as a message id."""
        return JURISDICTION_NAMES[self.jurisdiction]


@cache
def rules() -> dict[tuple[str, bool], Rule]:
    """Every rule by its jurisdiction and whether the debtor is a consumer."""
    found = {}
    for jurisdiction, values in _written().items():
        consumers = values.pop("consumers", {})
        found[jurisdiction, False] = _rule(jurisdiction, values)
        found[jurisdiction, True] = _rule(jurisdiction, values | consumers)
    return found


def rule_for(jurisdiction: str, form: LegalForm) -> Rule | None:
    """The rule of a law for such a debtor; None where the product knows none."""
    return rules().get((jurisdiction, form in PROTECTED))


@cache
def warn_days() -> tuple[int, ...]:
    """So many days before the last day somebody is warned, the earliest warning first."""
    days: list[int] = tomllib.loads(FILE.read_text("utf-8"))["warnings"]["days"]
    return tuple(sorted(days, reverse=True))


def _written() -> dict[str, dict[str, Any]]:
    written = tomllib.loads(FILE.read_text("utf-8"))
    return {key: values for key, values in written.items() if key != "warnings"}


def _rule(jurisdiction: str, values: dict[str, Any]) -> Rule:
    plain = dict(values)
    return Rule(
        jurisdiction=jurisdiction,
        source=plain.pop("source"),
        as_of=plain.pop("as_of"),
        years=plain.pop("years"),
        judgment_years=plain.pop("judgment_years", None),
        runs_from=RunsFrom(plain.pop("runs_from", RunsFrom.DUE)),
        year_end=YearEnd(plain.pop("year_end", YearEnd.NEVER)),
        restarts=frozenset(Restart(one) for one in plain.pop("restarts")),
        revived_by=frozenset(Restart(one) for one in plain.pop("revived_by", ())),
        **plain,
    )
