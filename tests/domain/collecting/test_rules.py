"""Rules: which version holds, how long before people are told, and when a try is repeated."""

from __future__ import annotations

from datetime import date

import pytest

from domain.collecting.rules import RULES, next_try, rules_of, rules_on
from domain.saved_methods.model import MethodKind

FIRST = date(2026, 4, 15)
RULE = RULES[0]


def test_every_kind_of_method_has_its_lead_and_every_version_its_source() -> None:
    for rules in RULES:
        assert set(rules.lead_days) == set(MethodKind)
        assert rules.source
        assert rules_of(rules.version) is rules


def test_cards_are_told_three_days_before_and_bank_debits_fourteen() -> None:
    assert (RULE.lead_days[MethodKind.CARD], RULE.lead_days[MethodKind.BANK_DEBIT]) == (3, 14)


def test_before_the_first_version_that_one_holds() -> None:
    assert rules_on(date(1999, 1, 1)) is RULES[0]


@pytest.mark.parametrize(
    ("tries", "today", "expected"),
    [
        (1, date(2026, 4, 15), date(2026, 4, 16)),
        (2, date(2026, 4, 16), date(2026, 4, 18)),
        (3, date(2026, 4, 18), date(2026, 4, 20)),
        (4, date(2026, 4, 20), None),
        (2, date(2026, 4, 30), date(2026, 5, 1)),
    ],
    ids=["one day", "three days", "five days", "used up", "we were away"],
)
def test_tries_come_one_three_and_five_days_after_the_first_and_never_twice_a_day(
    tries: int, today: date, expected: date | None
) -> None:
    assert next_try(RULE, first_on=FIRST, tries=tries, today=today) == expected
