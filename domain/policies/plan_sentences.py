"""Plan sentences: what the section on payment plans says, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from domain.policies.phrases import As, Phrase, number, yes_no
from domain.policies.sections import Frequency, PlanInterest, Plans
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

FREQUENCY_NAMES = {
    Frequency.WEEKLY: N_("every week"),
    Frequency.FORTNIGHTLY: N_("every two weeks"),
    Frequency.TWICE_A_MONTH: N_("twice a month"),
    Frequency.MONTHLY: N_("every month"),
}
"""How often instalments fall due, as it stands in a sentence."""
INTEREST = {
    PlanInterest.STOPPED: N_("While a plan is kept, its invoices bear no interest."),
    PlanInterest.CONTINUED: N_(
        "Interest for the time of a plan is worked out when it is signed, and is part of its instalments."
    ),
    PlanInterest.CAPPED: N_(
        "Interest for the time of a plan is worked out when it is signed, at most {n}, and is part of its instalments."
    ),
}
CAP_CHANGED = N_("The interest for the time of a plan is at most {n} instead of {before}.")


def _months(section: Plans, currency: str) -> list[Words]:
    found = [
        Words.of(N_("Customers may agree to a payment plan over up to {n} months themselves."), n=section.most_months)
    ]
    if section.persons_months < section.most_months:
        found.append(Words.of(N_("For natural persons it is up to {n} months."), n=section.persons_months))
    return found


def _frequencies(section: Plans, currency: str) -> list[Words]:
    names = tuple(Words.of(FREQUENCY_NAMES[each]) for each in section.frequencies)
    return [Words.of(N_("How often instalments may fall due: {names}."), names=names)]


def _interest(section: Plans, currency: str) -> list[Words]:
    if section.interest is not PlanInterest.CAPPED:
        return [Words.of(INTEREST[section.interest])]
    return [Words.of(INTEREST[section.interest], n=Money(section.interest_cap_minor, currency))]


def _interest_changed(before: Plans, after: Plans, currency: str) -> list[Words]:
    if not before.interest is after.interest is PlanInterest.CAPPED:
        return []
    old, new = (Money(each.interest_cap_minor, currency) for each in (before, after))
    return [Words.of(CAP_CHANGED, n=new, before=old)]


PLAN_PHRASES: Sequence[Phrase] = (
    Phrase(("most_months", "persons_months"), _months),
    number(
        "most_instalments",
        N_("A plan has up to {n} instalments."),
        N_("A plan has up to {n} instalments instead of {before}."),
    ),
    number(
        "least_minor",
        N_("Each instalment is at least {n}."),
        N_("Each instalment is at least {n} instead of {before}."),
        special={0: N_("An instalment may be of any amount.")},
        shown_as=As.MONEY,
    ),
    number(
        "least_down_percent",
        N_("At least {n} per cent of the debt is paid at once."),
        N_("At least {n} per cent of the debt is paid at once, instead of {before}."),
        special={0: N_("Nothing has to be paid at once.")},
    ),
    number(
        "most_minor",
        N_("A plan over more than {n} is agreed with us."),
        N_("A plan over more than {n} instead of {before} is agreed with us."),
        none=N_("A plan may be over any amount."),
        shown_as=As.MONEY,
    ),
    number(
        "first_days",
        N_("The first instalment is due within {n} days."),
        N_("The first instalment is due within {n} days instead of {before}."),
    ),
    Phrase(("frequencies",), _frequencies),
    yes_no(
        "on_business_days",
        N_("An instalment that would be due on a weekend or a holiday is due on the next working day."),
        N_("Instalments are due on weekends and holidays too."),
    ),
    Phrase(("interest", "interest_cap_minor"), _interest, _interest_changed),
    yes_no(
        "asks_capacity",
        N_("Customers are asked what they can pay and when money comes in."),
        N_("Customers are not asked what they can pay."),
    ),
    yes_no(
        "needs_method",
        N_("A plan starts once a card or bank account is saved that its instalments are collected from."),
        N_("A plan starts once it is signed, with or without a saved card or bank account."),
    ),
    number(
        "offer_days",
        N_("What was proposed lapses {n} days after the last word on it."),
        N_("What was proposed lapses {n} days after the last word on it, instead of {before}."),
    ),
    number(
        "missed_days",
        N_("An instalment that is {n} days late brings one offer of more time."),
        N_("An instalment that is {n} days late, instead of {before}, brings one offer of more time."),
        special={1: N_("An instalment that is a day late brings one offer of more time.")},
    ),
    number(
        "grace_days",
        N_("That offer is for {n} days more. Then the plan ends and all that is open is due."),
        N_("That offer is for {n} days more instead of {before}. Then the plan ends and all that is open is due."),
        special={1: N_("That offer is for one day more. Then the plan ends and all that is open is due.")},
    ),
    number(
        "reopened_days",
        N_("What a payment that goes back had paid is due again {n} days later."),
        N_("What a payment that goes back had paid is due again {n} days later, instead of {before}."),
        special={1: N_("What a payment that goes back had paid is due again a day later.")},
    ),
)
"""The phrases of payment plans, of which customers are told."""
