"""Reference rates: entered with their source, complete through a day, and missing after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain.policies.profiles import profile
from domain.policies.reference_rates import (
    NewRate,
    enter,
    entered,
    looked_up,
    missing_today,
    rate_table,
    vouch,
)
from domain.policies.sections import Reference
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.audited import acts
from tests.support.policies import a_policy

GERMAN = NewRate(Reference.DE_BASE, date(2026, 1, 1), Decimal("1.27"), "Deutsche Bundesbank")


def test_of_two_rates_for_one_day_the_later_one_counts_and_both_are_kept(db: Database) -> None:
    with db.transaction() as session:
        mistaken = NewRate(GERMAN.reference, GERMAN.from_on, Decimal("12.7"), GERMAN.source)
        assert [enter(session, rate, actor=OPERATOR) for rate in (mistaken, GERMAN, GERMAN)] == [True, True, False]

    with db.reading() as session:
        assert rate_table(session).at(Reference.DE_BASE, GERMAN.from_on) == GERMAN.rate
        assert [row.rate for row in entered(session)] == [GERMAN.rate, Decimal("12.7")]


def test_what_is_complete_never_goes_back_and_is_written_down(db: Database) -> None:
    with db.transaction() as session:
        further = [
            vouch(session, Reference.BOE, day, actor=OPERATOR)
            for day in (date(2026, 1, 31), date(2026, 1, 1), date(2026, 3, 1))
        ]

    with db.reading() as session:
        assert looked_up(session) == {Reference.BOE: date(2026, 3, 1)}
        assert acts(session)[-2:] == ["reference_rate.looked_up"] * 2
    assert further == [True, False, True]


def test_a_half_year_that_a_published_policy_needs_and_nobody_looked_up_is_missing(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, profile("uk_statutory").sections)
        before = missing_today(session)
        enter(session, NewRate(Reference.BOE, date(2025, 12, 18), Decimal("3.75"), "BoE"), actor=OPERATOR)
        typed = missing_today(session)
        vouch(session, Reference.BOE, date(2025, 12, 31), actor=OPERATOR)
        after = missing_today(session)

    assert [(each.reference, each.day) for each in before] == [(Reference.BOE, date(2025, 12, 31))]
    assert (len(typed), after) == (1, [])


@pytest.mark.parametrize(
    ("reference", "from_on", "rate", "source", "field"),
    [
        (Reference.FIXED, "2026-01-01", "1", "x", "reference"),
        (Reference.BOE, "2026-01-01", "51", "x", "rate"),
        (Reference.BOE, "2026-01-01", "NaN", "x", "rate"),
        (Reference.BOE, "2026-01-01", "1.00001", "x", "rate"),
        (Reference.BOE, "2026-07-01", "1", "x", "from_on"),
        (Reference.BOE, "2026-01-01", "1", " ", "source"),
    ],
)
def test_an_unlikely_rate_is_refused_beside_its_field(
    db: Database, reference: Reference, from_on: str, rate: str, source: str, field: str
) -> None:
    new = NewRate(reference, date.fromisoformat(from_on), Decimal(rate), source)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        enter(session, new, actor=OPERATOR)

    assert refused.value.field == field


@pytest.mark.parametrize(("reference", "day"), [(Reference.FIXED, "2026-01-01"), (Reference.BOE, "2026-03-17")])
def test_nobody_vouches_for_the_future(db: Database, reference: Reference, day: str) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        vouch(session, reference, date.fromisoformat(day), actor=OPERATOR)
