"""Policy rows: the parts of sections that are tables: bands, brackets, the scorecard, and act by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backoffice.policy_steps import arranged, fill_steps, read_steps
from backoffice.policy_values import decimal, decimal_typed, typed_minor
from domain.policies.acts import MOST_OF, UNITS, Act, Unit, deciding
from domain.policies.authority import limits
from domain.policies.checking_agreed import BRACKET_BOUNDS
from domain.policies.problems import Bounds
from domain.policies.sections import (
    Authority,
    Band,
    Bracket,
    Dunning,
    Outcome,
    RecoveryCost,
    Scorecard,
    Section,
    Settlements,
    Step,
    Trait,
    Weighed,
)
from domain.shared.errors import N_
from domain.shared.money import is_currency
from domain.staff.model import Role
from web.forms import Form
from web.localisation import Localisation

Typed = dict[str, list[str]]
SPARE = 2
"""Empty rows that stand below the others."""
MOST_ROWS = 30
MOST_POINTS = 10_000
TRAIT_NAMES = {
    Trait.CHECK_SCORE: N_("Score of the credit check"),
    Trait.PAYMENT_DELAY: N_("Weighted days late"),
    Trait.YEARS_TRADING: N_("Years of trading"),
    Trait.REFERENCES: N_("Good trade references"),
}
"""What each trait of the scorecard is called."""
NOT_AT_ALL, UP_TO, WITHOUT_LIMIT = "none", "up_to", "any"


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a section get into its form, and out of it; `arrange` puts a form that was sent in order."""

    fill: Callable[[Any, Localisation, str], Typed]
    read: Callable[[Form, str], dict[str, Any]]
    arrange: Callable[[Form], Form] = lambda form: form


def shown(form: Form, stem: str, spare: int = SPARE) -> range:
    """The numbers of the rows of a table that the form shows: those with something in them, and some to spare."""
    filled = [index for index in range(MOST_ROWS) if _stands(form, stem, index)]
    more = spare + SPARE if form.value("act") == "more" else spare
    return range(min(MOST_ROWS, (filled[-1] + 1 if filled else 0) + more))


def _stands(form: Form, stem: str, index: int) -> bool:
    return any(form.value(name).strip() for name in form.names() if name.startswith(f"{stem}-{index}-"))


def filled_rows(form: Form, stem: str) -> list[str]:
    """The stems of the rows with something in them."""
    return [f"{stem}-{index}" for index in range(MOST_ROWS) if _stands(form, stem, index)]


def _fill_bands(section: RecoveryCost, speaking: Localisation, currency: str) -> Typed:
    typed: Typed = {}
    for index, band in enumerate(section.bands):
        below = band.below_minor
        typed[f"band-{index}-below"] = ["" if below is None else typed_minor(below, section.currency, speaking)]
        typed[f"band-{index}-amount"] = [typed_minor(band.amount_minor, section.currency, speaking)]
    return typed


def _read_bands(form: Form, currency: str) -> dict[str, Any]:
    named = form.value("currency").strip().upper()
    counted_in = named if is_currency(named) else currency
    return {
        "bands": tuple(
            Band(
                form.amount(f"{row}-amount", counted_in, or_zero=True).minor,
                form.amount(f"{row}-below", counted_in, or_zero=True).minor
                if form.value(f"{row}-below").strip()
                else None,
            )
            for row in filled_rows(form, "band")
        )
    }


def _fill_brackets(section: Settlements, speaking: Localisation, currency: str) -> Typed:
    typed: Typed = {}
    for index, bracket in enumerate(section.brackets):
        below = bracket.below_minor
        typed |= {
            f"bracket-{index}-late_days": [str(bracket.late_days)],
            f"bracket-{index}-below_minor": ["" if below is None else typed_minor(below, currency, speaking)],
            f"bracket-{index}-most_percent": [str(bracket.most_percent)],
            f"bracket-{index}-most_parts": [str(bracket.most_parts)],
        }
    return typed


def _read_brackets(form: Form, currency: str) -> dict[str, Any]:
    return {"brackets": tuple(_bracket(form, row, currency) for row in filled_rows(form, "bracket"))}


def _bracket(form: Form, row: str, currency: str) -> Bracket:
    def number(name: str) -> int:
        bounds = BRACKET_BOUNDS[name]
        return form.number(f"{row}-{name}", least=int(bounds.least), most=int(bounds.most))

    has_size = bool(form.value(f"{row}-below_minor").strip())
    return Bracket(
        late_days=number("late_days"),
        below_minor=form.amount(f"{row}-below_minor", currency).minor if has_size else None,
        most_percent=number("most_percent"),
        most_parts=number("most_parts") if form.value(f"{row}-most_parts").strip() else 1,
    )


def _fill_scorecard(section: Scorecard, speaking: Localisation, currency: str) -> Typed:
    typed: Typed = {}
    for weighed in section.weighed:
        typed[f"{weighed.trait}-unknown"] = [str(weighed.unknown)]
        for index, step in enumerate(weighed.steps):
            typed[f"{weighed.trait}-{index}-least"] = [decimal_typed(step.least, speaking)]
            typed[f"{weighed.trait}-{index}-points"] = [str(step.points)]
    for index, outcome in enumerate(section.outcomes):
        typed |= {
            f"outcome-{index}-least": [str(outcome.least)],
            f"outcome-{index}-share": [str(outcome.share)],
            f"outcome-{index}-most": [typed_minor(outcome.most_minor, currency, speaking)],
            f"outcome-{index}-days": [str(outcome.terms_days)],
        }
    return typed


def _read_scorecard(form: Form, currency: str) -> dict[str, Any]:
    weighed = []
    for trait in Trait:
        steps = tuple(
            Step(
                decimal(form, f"{row}-least", Bounds(Decimal(0), Decimal(1_000_000))),
                form.number(f"{row}-points", least=0, most=MOST_POINTS),
            )
            for row in filled_rows(form, trait)
        )
        if steps:
            unknown = f"{trait}-unknown"
            points = form.number(unknown, least=0, most=MOST_POINTS) if form.value(unknown).strip() else 0
            weighed.append(Weighed(trait, steps, points))
    outcomes = tuple(
        Outcome(
            form.number(f"{row}-least", least=0, most=MOST_POINTS * len(Trait)),
            form.number(f"{row}-share", least=0, most=100),
            form.amount(f"{row}-most", currency, or_zero=True).minor,
            form.number(f"{row}-days", least=0, most=365),
        )
        for row in filled_rows(form, "outcome")
    )
    return {"weighed": tuple(weighed), "outcomes": outcomes}


def _fill_authority(section: Authority, speaking: Localisation, currency: str) -> Typed:
    typed: Typed = {}
    for act, by_role in limits(section).items():
        for role in deciding(act):
            limit, cell = by_role[role], f"limits-{act}-{role}"
            typed[cell] = [WITHOUT_LIMIT if limit is None else UP_TO if limit else NOT_AT_ALL]
            if limit:
                typed[f"{cell}-most"] = [
                    typed_minor(limit, currency, speaking) if UNITS[act] is Unit.MONEY else str(limit)
                ]
    return typed


def _read_authority(form: Form, currency: str) -> dict[str, Any]:
    return {
        "limits": {
            act: {role: _limit(form, act, f"limits-{act}-{role}", currency) for role in deciding(act)} for act in Act
        }
    }


def _limit(form: Form, act: Act, cell: str, currency: str) -> int | None:
    choices = {NOT_AT_ALL: 0, WITHOUT_LIMIT: None}
    if UNITS[act] is Unit.ALL_OR_NOTHING or form.value(cell) != UP_TO:
        return form.choice(cell, choices)
    if UNITS[act] is Unit.MONEY:
        return form.amount(f"{cell}-most", currency, or_zero=True).minor
    return form.number(f"{cell}-most", least=1, most=MOST_OF[UNITS[act]])


ROWS: Mapping[type[Section], Rows] = {
    RecoveryCost: Rows(_fill_bands, _read_bands),
    Settlements: Rows(_fill_brackets, _read_brackets),
    Scorecard: Rows(_fill_scorecard, _read_scorecard),
    Dunning: Rows(fill_steps, read_steps, arranged),
    Authority: Rows(_fill_authority, _read_authority),
}
"""The sections with rows."""

AUTHORITY_ROLES = tuple(role for role in Role if any(role in deciding(act) for act in Act))
"""The columns of the table of authority."""
