"""Comparing: every field of every section has its sentence, and every change is said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.policies.acts import USUAL_LIMITS, Act
from domain.policies.comparing import OFF_IS, difference, in_words
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.profiles import profiles
from domain.policies.sections import (
    Acceptance,
    Allocation,
    Authority,
    Band,
    Basis,
    Bracket,
    Courtesies,
    DayCount,
    DueRule,
    DunningStep,
    EarlyDiscount,
    Extensions,
    Frequency,
    Grades,
    Handoff,
    LateInterest,
    Limits,
    Outcome,
    Part,
    PlanInterest,
    Plans,
    Promises,
    RecoveryCost,
    Reference,
    Scorecard,
    Section,
    Sections,
    Settlements,
    Step,
    Terms,
    Trait,
    Weighed,
)
from domain.policies.sentences import OFF, PHRASES, SECTION_NAMES
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.words import Words
from domain.staff.model import Role
from web.localisation import localisation

SCORED = (Weighed(Trait.YEARS_TRADING, (Step(Decimal(2), 10),)),)
LEADS_TO = (Outcome(10, 50, 1_000_00, 30),)
USUAL: dict[Act, dict[Role, int | None]] = {act: dict(limits) for act, limits in USUAL_LIMITS.items()}
PLANS = Plans(most_months=24, interest=PlanInterest.CAPPED, interest_cap_minor=50_00)
BRACKETS = (Bracket(late_days=60, most_percent=10), Bracket(late_days=180, most_percent=30, below_minor=5_000_00))
FULL = Sections(
    terms=Terms(rule=DueRule.NET, days=30),
    early_discount=EarlyDiscount(percent=Decimal(2), days=10),
    late_interest=LateInterest(reference=Reference.BOE, margin=Decimal(8)),
    recovery_cost=RecoveryCost(currency="GBP", bands=(Band(40_00, 1_000_00), Band(70_00))),
    extensions=Extensions(most_days=14),
    promises=Promises(most_days=14),
    dunning=USUAL_SEQUENCE,
    courtesies=Courtesies(),
    plans=PLANS,
    settlements=Settlements(brackets=BRACKETS),
    handoff=Handoff(least_minor=100_00, most_upheld=1, recall_silent_days=60),
    limits=Limits(),
    scorecard=Scorecard(weighed=SCORED, outcomes=LEADS_TO),
    grades=Grades(),
    allocation=Allocation(),
    acceptance=Acceptance(),
    authority=Authority(limits=USUAL),
)
OTHER: dict[str, dict[str, list[Any]]] = {
    "terms": {"rule": [DueRule.ACCOUNT, DueRule.END_OF_MONTH, DueRule.AFTER_END_OF_MONTH], "days": [14, 0]},
    "early_discount": {
        "percent": [Decimal("2.5")],
        "days": [7],
        "grace_days": [1, 2],
        "tax_in_base": [False],
        "corrects_tax": [False],
        "shares": [True],
        "disputed_in_base": [True],
    },
    "late_interest": {
        "reference": [Reference.FIXED, Reference.ECB_MRO, Reference.DE_BASE],
        "margin": [Decimal("8.5")],
        "basis": [Basis.FIXED_AT_START],
        "floor": [Decimal(0), Decimal(3)],
        "day_count": [DayCount.ACTUAL_360, DayCount.ACTUAL_ACTUAL],
        "grace_days": [5],
        "charge_day": [15],
        "least_minor": [10_00],
        "businesses_only": [True],
        "on_disputed": [True],
    },
    "recovery_cost": {
        "currency": ["EUR"],
        "bands": [(Band(40_00),), (Band(50_00, 1_000_00), Band(70_00))],
        "grace_days": [7],
        "businesses_only": [False],
    },
    "extensions": {"most_days": [7], "most_minor": [1_000_00]},
    "promises": {"most_days": [21], "least_percent": [50], "most_broken": [2, 0]},
    "dunning": {
        "steps": [
            USUAL_SEQUENCE.steps[1:],
            USUAL_SEQUENCE.steps[:-1],
            (*USUAL_SEQUENCE.steps, DunningStep(day=50, channel=Channel.SMS, wording=Wording.FINAL_NOTICE)),
            *(
                (*USUAL_SEQUENCE.steps[:-1], msgspec.structs.replace(USUAL_SEQUENCE.steps[-1], **change))
                for change in (
                    {"day": 50},
                    {"channel": Channel.EMAIL},
                    {"wording": Wording.DEMAND},
                    {"recipient": Recipient.ABOVE},
                    {"approve": False},
                    {"gap_days": 3},
                    {"act_days": 14},
                    {"sender": "A. Okafor"},
                )
            ),
        ],
        "least_minor": [10_00],
        "escalate_day": [90, None],
    },
    "courtesies": {
        "invoices": [False],
        "statements": [True],
        "late_charges": [False],
        "card_expiring": [False],
        "thanks": [False],
    },
    "plans": {
        "most_months": [6, 36],
        "most_instalments": [6],
        "persons_months": [6, 24],
        "least_minor": [25_00],
        "least_down_percent": [10],
        "most_minor": [5_000_00],
        "first_days": [14],
        "frequencies": [(Frequency.MONTHLY,), (Frequency.WEEKLY, Frequency.FORTNIGHTLY)],
        "on_business_days": [False],
        "interest": [PlanInterest.CONTINUED, PlanInterest.STOPPED],
        "interest_cap_minor": [100_00],
        "asks_capacity": [True],
        "needs_method": [False],
        "offer_days": [7],
        "missed_days": [1, 10],
        "grace_days": [1, 14],
        "reopened_days": [1, 7],
    },
    "settlements": {
        "brackets": [
            BRACKETS[:1],
            (*BRACKETS, Bracket(late_days=360, most_percent=40, most_parts=3)),
            (*BRACKETS, Bracket(late_days=360, most_percent=40, most_parts=3, below_minor=1_000_00)),
        ],
        "offer_days": [1, 21],
        "patience_days": [0, 1, 10],
        "reopened_days": [1, 7],
        "corrects_tax": [False],
        "letter_days_card": [3],
        "letter_days_debit": [0, 21],
        "letter_days_other": [0, 7],
    },
    "handoff": {
        "late_days": [1, 90],
        "least_minor": [0, 250_00],
        "least_notices": [0, 1, 5],
        "after_final_notice": [False],
        "abroad": [False],
        "most_upheld": [0, 2, None],
        "recall_silent_days": [30, None],
    },
    "limits": {
        "limit_minor": [0, 5_000_00],
        "hold_above_limit": [False],
        "hold_overdue_days": [0, 30],
        "hold_overdue_least_minor": [50_00],
        "check_months": [12],
    },
    "scorecard": {
        "weighed": [(), (Weighed(Trait.YEARS_TRADING, (Step(Decimal(2), 11),)),)],
        "outcomes": [(), (Outcome(10, 60, 1_000_00, 30),)],
    },
    "grades": {"best": [4], "good": [14], "fair": [29], "warn_days": [7]},
    "allocation": {"order": [(Part.PRINCIPAL, Part.INTEREST, Part.COSTS)], "use_credit": [True]},
    "acceptance": {"asked": [False], "told_is_enough": [False], "remind_after_days": [(), (7,), (7, 14)]},
    "authority": {"limits": [{}, {**USUAL, Act.EXTENSION: {Role.MANAGER: None}}]},
}
"""For every field, values other than those of FULL."""

CHANGES = [(key, field, value) for key, fields in OTHER.items() for field, values in fields.items() for value in values]


def section(sections: Sections, key: str) -> Section:
    """One of its sections."""
    found: Section = getattr(sections, key)
    return found


def with_section(key: str, value: Section | None) -> Sections:
    """FULL with another section."""
    return msgspec.structs.replace(FULL, **{key: value})


def said(words: Words) -> str:
    """The sentence in English, with nothing left unfilled."""
    text = localisation("en", "Europe/London").translate(words.text, **words.params)
    assert "{" not in text
    assert "Words" not in text
    return text


def test_every_field_of_every_section_has_a_phrase_and_a_change_to_try() -> None:
    assert set(SECTION_NAMES) == set(OFF) == set(PHRASES) == set(OTHER) == set(Sections.__struct_fields__)
    for key in SECTION_NAMES:
        fields = set(type(section(FULL, key)).__struct_fields__) - {"schema"}
        assert {field for phrase in PHRASES[key] for field in phrase.fields} == fields
        assert set(OTHER[key]) == fields


@pytest.mark.parametrize(("key", "field", "value"), CHANGES)
def test_every_change_is_said_both_ways(key: str, field: str, value: object) -> None:
    changed = with_section(key, msgspec.structs.replace(section(FULL, key), **{field: value}))

    there, back = difference(FULL, changed, "GBP"), difference(changed, FULL, "GBP")

    assert [each.key for each in there] == [each.key for each in back] == [key]
    forth, again = [
        ([said(words) for words in each.now], [said(words) for words in each.before]) for each in (*there, *back)
    ]
    assert any(forth)
    assert forth != again


@pytest.mark.parametrize("key", [key for key in SECTION_NAMES if key not in OFF_IS])
def test_a_section_that_goes_on_or_off_is_said(key: str) -> None:
    without = with_section(key, None)

    gone, come = difference(FULL, without, "GBP"), difference(without, FULL, "GBP")

    assert [said(words) for words in gone[0].now] == [OFF[key]]
    assert [said(words) for words in come[0].now] == [
        said(words) for each in in_words(FULL, "GBP") if each.key == key for words in each.sentences
    ]


def test_a_change_of_authority_names_only_what_changes_and_what_it_was() -> None:
    less = {**USUAL, Act.WAIVE_LATE_CHARGE: {**USUAL[Act.WAIVE_LATE_CHARGE], Role.COLLECTOR: 50_00}}
    changed = Sections(authority=Authority(limits=less))

    for before in (Sections(), Sections(authority=Authority(limits=USUAL))):
        (found,) = difference(before, changed, "GBP")
        assert [said(words) for words in found.now] == [
            "Waive a late charge, alone: Credit controller up to £50.00 instead of up to £100.00."
        ]
        assert not found.before
    (off,) = difference(changed, Sections(), "GBP")
    (same,) = difference(Sections(), Sections(authority=Authority(limits=USUAL)), "GBP")

    assert [said(words) for words in off.now] == [
        OFF["authority"],
        "Waive a late charge, alone: Credit controller up to £100.00 instead of up to £50.00.",
    ]
    assert [said(words) for words in same.now] == ["How far staff go alone is written down as it was."]


def test_a_change_of_days_reads_as_one_sentence() -> None:
    (found,) = difference(FULL, with_section("terms", Terms(rule=DueRule.NET, days=14)), "GBP")

    assert [said(words) for words in found.now] == ["Payment is due within 14 days instead of 30."]
    assert not found.before


def test_what_is_no_longer_said_stands_beside_what_is() -> None:
    (found,) = difference(FULL, with_section("allocation", Allocation(use_credit=True)), "GBP")

    assert [said(words) for words in found.now] == ["Unapplied credit is used for the next invoice by itself."]
    assert [said(words) for words in found.before] == ["Unapplied credit stays credit until somebody uses it."]


def test_the_same_says_nothing() -> None:
    assert difference(FULL, FULL, "GBP") == []


def test_customers_are_told_what_concerns_them() -> None:
    graceful = with_section("early_discount", EarlyDiscount(percent=Decimal(2), days=10, grace_days=2))

    told = in_words(graceful, "GBP", for_customer=True)

    assert "authority" not in {each.key for each in told}
    assert not any("grace after that" in said(words) for each in told for words in each.sentences)
    assert difference(FULL, graceful, "GBP", for_customer=True) == []


@pytest.mark.parametrize("key", [profile.key for profile in profiles()])
def test_every_profile_can_be_read(key: str) -> None:
    sections = next(profile.sections for profile in profiles() if profile.key == key)

    assert all(said(words) for each in in_words(sections, "GBP") for words in each.sentences)
