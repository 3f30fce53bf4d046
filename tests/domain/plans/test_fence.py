"""Fences: what is proposed is always inside, can be made, and adds up; what is beyond is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.accounts.model import LegalForm
from domain.plans.fence import beyond, least_down_of, longest_months, proposals
from domain.plans.schedule import Shape, days_of, schedule, span_months
from domain.policies.sections import Frequency, Plans
from domain.shared.money import Money
from tests.support.proving import Prove

FORMS = st.sampled_from(LegalForm)
DAYS = st.dates(date(2019, 1, 1), date(2044, 12, 31))
TOTALS = st.builds(Money, st.integers(1, 10**7), st.sampled_from(["GBP", "GBP", "GBP", "EUR", "JPY"]))


@st.composite
def fences(draw: st.DrawFn) -> Plans:
    """Any section that a policy could hold."""
    frequencies = draw(st.lists(st.sampled_from(Frequency), min_size=1, unique=True))
    return Plans(
        most_months=draw(st.integers(1, 36)),
        most_instalments=draw(st.integers(1, 60)),
        persons_months=draw(st.integers(1, 24)),
        least_minor=draw(st.integers(0, 500_00)),
        least_down_percent=draw(st.integers(0, 100)),
        most_minor=draw(st.none() | st.integers(1, 10**7)),
        first_days=draw(st.integers(1, 60)),
        frequencies=tuple(frequencies),
    )


def check(section: Plans, total: Money, form: LegalForm, signed_on: date) -> int:
    """All that must be so of proposals; how many there are."""
    found = proposals(section, total, form=form, signed_on=signed_on, currency="GBP")
    counts = [shape.count for shape in found]
    assert len(found) <= 3
    assert counts == sorted(set(counts))
    for shape in found:
        assert beyond(section, shape, total, form=form, signed_on=signed_on, currency="GBP") == []
        _check_inside(section, shape, total, form, signed_on)
        dues = schedule(total, shape, signed_on=signed_on, closed=None)
        assert Money.sum((due.amount for due in dues), total.currency) == total
        assert all(due.amount.minor > 0 for due in dues)
    return len(found)


def _check_inside(section: Plans, shape: Shape, total: Money, form: LegalForm, signed_on: date) -> None:
    """The fence in words of its own."""
    last = days_of(shape.frequency, shape.first_on, shape.count)[-1]
    assert shape.frequency in section.frequencies
    assert 2 <= shape.count <= section.most_instalments
    assert signed_on < shape.first_on <= signed_on + timedelta(days=section.first_days)
    assert span_months(last, signed_on) <= longest_months(section, form) <= section.most_months
    assert shape.down_minor * 100 >= total.minor * section.least_down_percent
    assert shape.down_minor < total.minor
    if total.currency == "GBP":
        assert (total.minor - shape.down_minor) // shape.count >= section.least_minor
    assert section.most_minor is None or (total.currency == "GBP" and total.minor <= section.most_minor)


@given(section=fences(), total=TOTALS, form=FORMS, signed_on=DAYS)
def test_what_is_proposed_is_inside_and_can_be_made(
    section: Plans, total: Money, form: LegalForm, signed_on: date
) -> None:
    check(section, total, form, signed_on)


@pytest.mark.faults
def test_so_it_is_inside_ten_thousand_fences(prove: Prove) -> None:
    made = 0

    @settings(max_examples=10_000, database=None)
    @given(section=fences(), total=TOTALS, form=FORMS, signed_on=DAYS)
    def many(section: Plans, total: Money, form: LegalForm, signed_on: date) -> None:
        nonlocal made
        made += check(section, total, form, signed_on)

    many()
    prove(8, f"10,000 fences and debts, {made} proposals", "0 beyond the fence, 0 that cannot be made")


@given(section=fences(), total=TOTALS, form=FORMS, signed_on=DAYS, data=st.data())
def test_a_plan_that_nothing_is_said_against_is_inside(
    section: Plans, total: Money, form: LegalForm, signed_on: date, data: st.DataObject
) -> None:
    down = least_down_of(section, total)
    if down >= total:
        return
    shape = Shape(
        count=data.draw(st.integers(2, 40)),
        frequency=data.draw(st.sampled_from(Frequency)),
        first_on=signed_on + timedelta(days=data.draw(st.integers(1, 40))),
        down_minor=data.draw(st.just(0) | st.just(down.minor) | st.integers(0, total.minor - 1)),
    )

    found = beyond(section, shape, total, form=form, signed_on=signed_on, currency="GBP")

    if found:
        with pytest.raises(AssertionError):
            _check_inside(section, shape, total, form, signed_on)
    else:
        _check_inside(section, shape, total, form, signed_on)


@given(section=fences(), total=TOTALS, signed_on=DAYS)
def test_a_person_is_never_offered_longer_than_a_company(section: Plans, total: Money, signed_on: date) -> None:
    of_person, of_company = (
        proposals(section, total, form=form, signed_on=signed_on, currency="GBP")
        for form in (LegalForm.NATURAL_PERSON, LegalForm.COMPANY)
    )

    assert max((shape.count for shape in of_person), default=0) <= max((shape.count for shape in of_company), default=0)


@pytest.mark.parametrize(("form", "fields"), [(LegalForm.NATURAL_PERSON, ["count"]), (LegalForm.COMPANY, [])])
def test_a_persons_last_part_stays_within_the_months_where_a_weekend_moves_it(
    form: LegalForm, fields: list[str]
) -> None:
    saturday, signed_on = date(2027, 5, 1), date(2026, 5, 1)
    shape = Shape(count=12, frequency=Frequency.MONTHLY, first_on=date(2026, 6, 1))
    section, total = Plans(most_months=12), Money(1_200_00, "GBP")

    found = beyond(section, shape, total, form=form, signed_on=signed_on, currency="GBP", closed=frozenset[date]())

    assert saturday.weekday() == 5
    assert [each.field for each in found] == fields
