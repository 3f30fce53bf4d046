"""Reference rates: entered and imported with their source, complete through a day, and missing after it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.policies.profiles import profile
from domain.policies.rates import RateMissing
from domain.policies.reference_rates import (
    COLUMNS,
    PUBLISHED,
    Imported,
    NewRate,
    enter,
    entered,
    import_rates,
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

EXAMPLE = Path("docs/examples/reference-rates.csv")
GERMAN = NewRate(Reference.DE_BASE, date(2026, 1, 1), Decimal("1.27"), "Deutsche Bundesbank")


def test_the_published_history_is_imported_once(db: Database) -> None:
    with db.transaction() as session:
        first = import_rates(session, EXAMPLE.read_text("utf-8"), actor=OPERATOR)
        again = import_rates(session, EXAMPLE.read_text("utf-8"), actor=OPERATOR)

    rows = len(EXAMPLE.read_text("utf-8").splitlines()) - 1
    assert (first, again) == (Imported(rows, 0), Imported(0, rows))
    with db.reading() as session:
        table = rate_table(session)
        assert set(looked_up(session)) == set(PUBLISHED)
    assert table.at(Reference.BOE, date(2012, 12, 31)) == Decimal("0.5")
    assert table.at(Reference.ECB_MRO, date(2013, 1, 1)) == Decimal("0.75")
    assert table.at(Reference.DE_BASE, date(2013, 1, 1)) == Decimal("-0.13")
    with pytest.raises(RateMissing):
        table.at(Reference.BOE, date(2026, 6, 30))


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


@pytest.mark.parametrize(
    "row",
    [
        "boe,2026-01-01,viel,BoE,",
        "boe,gestern,1,BoE,",
        "libor,2026-01-01,1,x,",
        "boe,2026-01-01,1",
        "boe,2026-01-01,99,BoE,",
        "boe,2026-01-01,1,BoE,2030-01-01",
    ],
)
def test_a_file_with_one_bad_row_is_refused_whole_and_says_which(db: Database, row: str) -> None:
    text = "\n".join((",".join(COLUMNS), "boe,2025-12-18,3.75,BoE,", row))

    with pytest.raises(Invalid, match="Row 3"), db.transaction() as session:
        import_rates(session, text, actor=OPERATOR)

    with db.reading() as session:
        assert entered(session) == []


def test_a_file_without_its_columns_is_refused(db: Database) -> None:
    with pytest.raises(Invalid, match="complete_through"), db.transaction() as session:
        import_rates(session, "a,b\n1,2\n", actor=OPERATOR)
