"""Fence: what of a plan a customer may agree alone, what is beyond it, and what to propose inside it; pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.accounts.model import LegalForm
from domain.plans.schedule import Shape, days_of, open_day, span_months
from domain.policies.sections import Frequency, Plans
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.months import months_later
from domain.shared.words import Words

SHORTEST = 3
"""So many instalments has the shortest plan that we propose, where the debt and the fence leave room for it."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """One way in which a plan goes beyond the fence, in words for the customer, and the field that it is about."""

    field: str
    words: Words


def beyond(
    section: Plans,
    shape: Shape,
    total: Money,
    *,
    form: LegalForm,
    signed_on: date,
    currency: str,
    closed: Container[date] | None = None,
) -> list[Beyond]:
    """All that puts a plan over `total` beyond the fence, nothing where it is inside. `currency`: the business's.

    Months are counted by the calendar. For natural persons, whose limit can be the law's, also the day counts to which
    the last part moves because of a weekend or a `closed` day.
    """
    found = []

    def say(field: str, text: str, **params: object) -> None:
        found.append(Beyond(field, Words.of(text, **params)))

    most_months = longest_months(section, form)
    last_on = days_of(shape.frequency, shape.first_on, shape.count)[-1]
    if is_person(form):
        last_on = open_day(last_on, closed)
    if shape.frequency not in section.frequencies:
        say("frequency", N_("Your terms have other rhythms."))
    if shape.count > section.most_instalments:
        say("count", N_("At most {most} instalments can be agreed here."), most=section.most_instalments)
    if span_months(last_on, signed_on) > most_months:
        say("count", N_("The last one has to fall within {months} months."), months=most_months)
    if shape.first_on > signed_on + timedelta(days=section.first_days):
        latest = signed_on + timedelta(days=section.first_days)
        say("first_on", N_("The first one can be on {latest} at the latest."), latest=latest)
    least_down = least_down_of(section, total)
    if shape.down_minor < least_down.minor:
        say("down", N_("At least {least} is to be paid at once."), least=least_down)
    least = (total - Money(shape.down_minor, total.currency)).minor // shape.count
    if total.currency == currency and least < section.least_minor:
        say("count", N_("Each has to be at least {least}."), least=Money(section.least_minor, currency))
    if section.most_minor is not None and (total.currency != currency or total.minor > section.most_minor):
        say("invoices", N_("A plan over {total} needs somebody to look at it."), total=total)
    return found


def longest_months(section: Plans, form: LegalForm) -> int:
    """How many months a plan may take; for natural persons the shorter of two limits (as the UK asks of credit)."""
    return min(section.most_months, section.persons_months) if is_person(form) else section.most_months


def is_person(form: LegalForm) -> bool:
    """Whether it is a natural person, or may be one."""
    return form in (LegalForm.NATURAL_PERSON, LegalForm.UNKNOWN)


def least_down_of(section: Plans, total: Money) -> Money:
    """The least down payment, rounded up to the whole minor unit."""
    return Money(-(-total.minor * section.least_down_percent // 100), total.currency)


def proposals(
    section: Plans,
    total: Money,
    *,
    form: LegalForm,
    signed_on: date,
    currency: str,
    closed: Container[date] | None = None,
) -> list[Shape]:
    """Up to three plans inside the fence: a short one, a middle one, the longest; the longest instalments first.

    Empty where none fits.
    """
    frequency = _usual_frequency(section)
    first_on = min(months_later(signed_on, 1), signed_on + timedelta(days=section.first_days))
    down = least_down_of(section, total).minor

    def shape(count: int) -> Shape:
        return Shape(count=count, frequency=frequency, first_on=first_on, down_minor=down)

    def fits(count: int) -> bool:
        if total.minor - down < count:
            return False
        found = beyond(section, shape(count), total, form=form, signed_on=signed_on, currency=currency, closed=closed)
        return not found

    counts = [count for count in range(2, section.most_instalments + 1) if fits(count)]
    return [shape(count) for count in _three_of(counts)]


def _three_of(counts: Sequence[int]) -> list[int]:
    if not counts:
        return []
    short = min(counts, key=lambda count: abs(count - SHORTEST))
    longer = [count for count in counts if count > short]
    middle = [longer[(len(longer) - 1) // 2]] if longer else []
    return list(dict.fromkeys([short, *middle, counts[-1]]))


def _usual_frequency(section: Plans) -> Frequency:
    return Frequency.MONTHLY if Frequency.MONTHLY in section.frequencies else section.frequencies[0]
