"""Inner sentences: what the sections say that only staff read, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.policies.acts import ACT_NAMES, UNITS, Act, Unit, deciding
from domain.policies.authority import limits
from domain.policies.handoff_sentences import HANDOFF_PHRASES
from domain.policies.phrases import As, Phrase, listed, number, yes_no
from domain.policies.sections import (
    Acceptance,
    Authority,
    Outcome,
    Scorecard,
    Trait,
    Weighed,
)
from domain.policies.settlement_sentences import SETTLEMENT_PHRASES
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import ROLE_NAMES

STEPS = {
    Trait.CHECK_SCORE: N_("Score of the credit check: {steps}; without one, {unknown} points."),
    Trait.PAYMENT_DELAY: N_("Weighted days late: {steps}; where nothing is known, {unknown} points."),
    Trait.YEARS_TRADING: N_("Years of trading: {steps}; where nothing is known, {unknown} points."),
    Trait.REFERENCES: N_("Good trade references: {steps}; where nothing is known, {unknown} points."),
}

UP_TO = {
    Unit.MONEY: N_("up to {n}"),
    Unit.DAYS: N_("up to {n} days"),
    Unit.MONTHS: N_("up to {n} months"),
    Unit.PERCENT: N_("up to {n} per cent"),
}
"""How far a limit reaches, by the unit of its act."""


def _steps(section: Scorecard, weighed: Weighed, currency: str) -> Words:
    steps = tuple(Words.of(N_("from {n}, {points} points"), n=each.least, points=each.points) for each in weighed.steps)
    return Words.of(STEPS[weighed.trait], steps=steps, unknown=weighed.unknown)


def _outcome(section: Scorecard, outcome: Outcome, currency: str) -> Words:
    return Words.of(
        N_("From {least} points: {share} per cent of what was asked for, at most {most}, due within {days} days."),
        least=outcome.least,
        share=outcome.share,
        most=Money(outcome.most_minor, currency),
        days=outcome.terms_days,
    )


def _told(section: Acceptance, currency: str) -> list[Words]:
    """Nothing where nobody is asked: then the terms hold from their first day."""
    if not section.asked:
        return []
    if section.told_is_enough:
        return [
            Words.of(N_("What an account accepted before goes on until it accepts these.")),
            Words.of(N_("For an account that has accepted none, the terms hold once it was told of them.")),
        ]
    return [Words.of(N_("The terms hold for an account only once it has accepted them."))]


def _reminders(section: Acceptance, currency: str) -> list[Words]:
    if not section.asked:
        return []
    reminders = [
        Words.of(N_("Whoever has not accepted is reminded after {n} days."), n=days)
        for days in section.remind_after_days
    ]
    return reminders or [Words.of(N_("Nobody is reminded to accept."))]


def extent(act: Act, limit: int | None, currency: str) -> Words:
    """How far a limit lets somebody go alone, in words."""
    if not limit:
        return Words.of(N_("without limit") if limit is None else N_("not at all"))
    shown = Money(limit, currency) if UNITS[act] is Unit.MONEY else limit
    return Words.of(UP_TO[UNITS[act]], n=shown)


def _authority(section: Authority, currency: str) -> list[Words]:
    return [
        Words.of(
            N_("{act}, alone: {who}."),
            act=Words.of(ACT_NAMES[act]),
            who=tuple(
                Words.of(
                    N_("{role} {extent}"),
                    role=Words.of(ROLE_NAMES[role]),
                    extent=extent(act, section.limits[act].get(role, 0), currency),
                )
                for role in deciding(act)
            ),
        )
        for act in Act
        if act in section.limits
    ]


def _authority_changes(before: Authority, after: Authority, currency: str) -> list[Words]:
    """Only who may go further or less far than before, act by act; an act that is not named is as usual."""
    old, new = limits(before), limits(after)
    changed = []
    for act in Act:
        who = tuple(
            Words.of(
                N_("{role} {extent} instead of {before}"),
                role=Words.of(ROLE_NAMES[role]),
                extent=extent(act, new[act][role], currency),
                before=extent(act, old[act][role], currency),
            )
            for role in deciding(act)
            if new[act][role] != old[act][role]
        )
        if who:
            changed.append(Words.of(N_("{act}, alone: {who}."), act=Words.of(ACT_NAMES[act]), who=who))
    if changed:
        return changed
    if len(after.limits) < len(before.limits):
        return [Words.of(N_("Fewer acts are named; how far staff go alone stays as it was."))]
    return [Words.of(N_("How far staff go alone is written down as it was."))]


INNER_PHRASES: Mapping[str, Sequence[Phrase]] = {
    "settlements": SETTLEMENT_PHRASES,
    "handoff": HANDOFF_PHRASES,
    "limits": (
        number(
            "limit_minor",
            N_("An account without a limit of its own has {n} of credit."),
            N_("An account without a limit of its own has {n} of credit instead of {before}."),
            none=N_("An account without a limit of its own has credit without limit."),
            shown_as=As.MONEY,
        ),
        yes_no(
            "hold_above_limit",
            N_("Above its limit an account's credit is on hold."),
            N_("Above its limit an account's credit goes on."),
        ),
        number(
            "hold_overdue_days",
            N_("Credit is on hold where something is more than {n} days overdue."),
            N_("Credit is on hold where something is more than {n} days overdue, instead of {before}."),
            none=N_("Being overdue does not put credit on hold."),
        ),
        number(
            "hold_overdue_least_minor",
            N_("Overdue amounts below {n} do not put credit on hold."),
            N_("Overdue amounts below {n} do not put credit on hold; until now those below {before} did not."),
            special={0: N_("Any overdue amount counts for a hold.")},
            shown_as=As.MONEY,
        ),
        number(
            "check_months",
            N_("A credit check is good for {n} months; then credit is on hold."),
            N_("A credit check is good for {n} months instead of {before}; then credit is on hold."),
            none=N_("A credit check that has expired does not put credit on hold."),
        ),
    ),
    "scorecard": (
        listed("weighed", _steps, none=N_("Nothing gives points.")),
        listed("outcomes", _outcome, none=N_("No number of points leads to a proposal.")),
    ),
    "grades": (
        number(
            "best",
            N_("Grade A: up to {n} weighted days late."),
            N_("Grade A: up to {n} weighted days late instead of {before}."),
        ),
        number(
            "good",
            N_("Grade B: up to {n} weighted days late."),
            N_("Grade B: up to {n} weighted days late instead of {before}."),
        ),
        number(
            "fair",
            N_("Grade C: up to {n} weighted days late; above that, grade D."),
            N_("Grade C: up to {n} weighted days late instead of {before}; above that, grade D."),
        ),
        number(
            "warn_days",
            N_("Paying {n} days later than in the quarter before is worth a warning."),
            N_("Paying {n} days later than in the quarter before is worth a warning, instead of {before}."),
        ),
    ),
    "acceptance": (
        yes_no(
            "asked",
            N_("Customers are asked to accept the terms."),
            N_("Customers are not asked to accept: the terms hold from their first day."),
        ),
        Phrase(("told_is_enough",), _told),
        Phrase(("remind_after_days",), _reminders),
    ),
    "authority": (Phrase(("limits",), _authority, _authority_changes),),
}
"""The phrases of each section that only staff read, in the order in which they are read."""
