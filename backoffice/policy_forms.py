"""Policy forms: a section as its form starts, and what was typed read back into a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from backoffice.policy_fields import FIELDS, ORDER_SEPARATOR, order_key
from backoffice.policy_kinds import Field, Kind
from backoffice.policy_rows import ROWS
from backoffice.policy_values import decimal, decimal_typed, typed_minor
from domain.policies.checking import BOUNDS, problems
from domain.policies.problems import Bounds
from domain.policies.sections import (
    Acceptance,
    Allocation,
    Authority,
    Courtesies,
    DueRule,
    Dunning,
    EarlyDiscount,
    Extensions,
    Frequency,
    Grades,
    Handoff,
    LateInterest,
    Limits,
    Part,
    Plans,
    Promises,
    RecoveryCost,
    Scorecard,
    Section,
    Settlements,
    Terms,
)
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.errors import N_, NotFound
from web.forms import Form
from web.localisation import Localisation

SECTIONS: Mapping[str, type[Section]] = {
    "terms": Terms,
    "early_discount": EarlyDiscount,
    "late_interest": LateInterest,
    "recovery_cost": RecoveryCost,
    "extensions": Extensions,
    "promises": Promises,
    "dunning": Dunning,
    "courtesies": Courtesies,
    "plans": Plans,
    "settlements": Settlements,
    "handoff": Handoff,
    "limits": Limits,
    "scorecard": Scorecard,
    "grades": Grades,
    "allocation": Allocation,
    "acceptance": Acceptance,
    "authority": Authority,
}
"""Every section by the name that its address has."""

STARTS: Mapping[type[Section], Callable[[str], Section]] = {
    EarlyDiscount: lambda currency: EarlyDiscount(percent=Decimal(2), days=10),
    LateInterest: lambda currency: LateInterest(margin=Decimal(8)),
    RecoveryCost: lambda currency: RecoveryCost(currency=currency, bands=()),
    Extensions: lambda currency: Extensions(most_days=14),
    Promises: lambda currency: Promises(most_days=14),
    Dunning: lambda currency: USUAL_SEQUENCE,
    Plans: lambda currency: Plans(most_months=12),
    Settlements: lambda currency: Settlements(brackets=()),
    Scorecard: lambda currency: Scorecard(weighed=(), outcomes=()),
    Authority: lambda currency: Authority(limits={}),
}
"""What a section that is off starts with on its form, where its fields have no defaults."""
WITH_DAYS = frozenset({DueRule.NET, DueRule.AFTER_END_OF_MONTH})


def kind_of(key: str) -> type[Section]:
    """The section of that name; NotFound where there is none."""
    if key not in SECTIONS:
        raise NotFound
    return SECTIONS[key]


def started(kind: type[Section], section: Section | None, speaking: Localisation, currency: str) -> Form:
    """The form of a section as it stands, or as one begins that is off."""
    if section is None:
        section = STARTS[kind](currency) if kind in STARTS else kind()
    typed = {each.name: _typed(each, getattr(section, each.name), speaking, currency) for each in FIELDS.get(kind, ())}
    if kind in ROWS:
        typed |= ROWS[kind].fill(section, speaking, currency)
    return Form(speaking, typed)


def arranged(form: Form, kind: type[Section]) -> Form:
    """What was sent, with its rows in order."""
    return ROWS[kind].arrange(form) if kind in ROWS else form


def read(form: Form, kind: type[Section], currency: str) -> Section:
    """What was typed and is `arranged`, inside `form.reading()`; everything that cannot stand is noted at its field."""
    values: dict[str, Any] = {
        each.name: _read(form, each, BOUNDS[kind].get(each.name), currency) for each in _asked(form, kind)
    }
    if kind in ROWS:
        values |= ROWS[kind].read(form, currency)
    section = kind(**values)
    if not form.errors:
        for problem in problems(section):
            form.refuse(problem.name, problem.text, **problem.params)
    return section


def _asked(form: Form, kind: type[Section]) -> list[Field]:
    """The fields that count: days of payment terms only where the rule has days."""
    has_no_days = kind is Terms and form.value("rule") not in WITH_DAYS
    return [each for each in FIELDS.get(kind, ()) if not (has_no_days and each.name == "days")]


def _typed(field: Field, value: Any, speaking: Localisation, currency: str) -> list[str]:
    """The value as somebody would type it, or tick it."""
    return list(value) if field.kind is Kind.BOXES else [_one_typed(field, value, speaking, currency)]


def _one_typed(field: Field, value: Any, speaking: Localisation, currency: str) -> str:
    match field.kind:
        case Kind.YES:
            return "yes" if value else ""
        case _ if value is None:
            return ""
        case Kind.MONEY:
            return typed_minor(value, currency, speaking) if value or not _empty_is_zero(field) else ""
        case Kind.PERCENT:
            return decimal_typed(value, speaking)
        case Kind.DAYS:
            return ", ".join(map(str, value))
        case Kind.CHOICE if field.name == "order":
            return order_key(value)
        case _:
            return str(value)


def _read(form: Form, field: Field, bounds: Bounds | None, currency: str) -> Any:
    is_empty = not form.value(field.name).strip()
    match field.kind:
        case Kind.YES:
            return form.ticked(field.name)
        case Kind.CHOICE:
            chosen = form.choice(field.name, {str(option): option for option in field.options})
            return tuple(Part(part) for part in chosen.split(ORDER_SEPARATOR)) if field.name == "order" else chosen
        case Kind.DAYS:
            return _days(form, field.name)
        case Kind.BOXES:
            return _boxes(form, field.name)
        case Kind.CODE:
            return form.text(field.name, missing=N_("Enter a currency, such as GBP."), longest=3).upper()
        case _ if is_empty and field.is_optional:
            return 0 if _empty_is_zero(field) else None
        case Kind.MONEY:
            return form.amount(field.name, currency, or_zero=True).minor
        case Kind.PERCENT:
            return decimal(form, field.name, bounds)
        case _:
            assert bounds is not None
            return form.number(field.name, least=int(bounds.least), most=int(bounds.most))


def _empty_is_zero(field: Field) -> bool:
    """Whether nothing typed means nothing at all, rather than no bound."""
    return field.name in {"least_minor", "hold_overdue_least_minor", "interest_cap_minor"}


def _days(form: Form, name: str) -> tuple[int, ...]:
    parts = form.value(name).replace(",", " ").split()
    if all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return tuple(int(part) for part in parts)
    form.refuse(name, N_("Enter days from 1 to 365 in ascending order, such as 7, 21."))
    return ()


def _boxes(form: Form, name: str) -> tuple[Frequency, ...]:
    """What is ticked, in the order in which it is offered."""
    ticked = form.values(name)
    if ticked and set(ticked) <= set(Frequency):
        return tuple(each for each in Frequency if each in ticked)
    form.refuse(name, N_("Choose at least one."))
    return ()
