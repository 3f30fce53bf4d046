"""Dates: by a declared format, with or without a time of day behind them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.importing.dates import date_reader, is_format
from domain.importing.problems import Unfit

DAY = date(2013, 1, 2)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "2013-01-02"),
        ("iso", "2013-01-02 00:00:00"),
        ("iso", "2013-01-02T13:45:59.123Z"),
        ("iso", "2013-01-02T13:45+01:00"),
        ("%m/%d/%Y", "1/2/2013"),
        ("%m/%d/%Y", "01/02/2013 1:45 PM"),
        ("%d.%m.%y", "02.01.13"),
        ("%d %b %Y", " 2 Jan 2013 "),
    ],
)
def test_a_day_is_read_and_its_time_of_day_ignored(form: str, text: str) -> None:
    assert date_reader(form)(text) == DAY


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("iso", "20130102"),
        ("iso", "2013-W01-3"),
        ("iso", "2013-02-30"),
        ("iso", "02/01/2013"),
        ("%m/%d/%Y", "13/01/2013"),
        ("%m/%d/%Y", "2013-01-02"),
        ("%m/%d/%Y", "1/2/0013"),
        ("iso", "1969-12-31"),
        ("iso", "9999-12-31"),
        ("iso", "x" * 1000),
    ],
)
def test_what_is_no_plausible_day_in_the_format_is_refused(form: str, text: str) -> None:
    with pytest.raises(Unfit):
        date_reader(form)(text)


@pytest.mark.parametrize("form", ["iso", "%d/%m/%Y", "%Y%m%d", "%d-%b-%y", "%j %Y"])
def test_a_format_that_tells_a_whole_day_is_one(form: str) -> None:
    assert is_format(form)


@pytest.mark.parametrize("form", ["", "%d/%m", "%Y", "ISO", "dd/mm/yyyy", "%", "%d/%m/%Q", "%Y-%m"])
def test_a_format_that_does_not_tell_a_day_is_none(form: str) -> None:
    assert not is_format(form)


@pytest.mark.parametrize(
    ("form", "shown"),
    [("iso", "2026-03-31"), ("%d/%m/%Y", "31/03/2026"), ("%m-%d-%Y", "03-31-2026"), ("%d %b %Y", "31 Mar 2026")],
)
def test_who_wrote_a_date_otherwise_sees_an_example_and_no_format_of_a_programmer(form: str, shown: str) -> None:
    with pytest.raises(Unfit) as refused:
        date_reader(form)("13.13.13")

    assert refused.value.expected.format(**refused.value.params) == f"a date in the format {shown}"


@given(some.text(max_size=80))
def test_any_text_is_a_day_or_is_refused(text: str) -> None:
    for form in ("iso", "%d/%m/%Y"):
        with suppress(Unfit):
            assert 1970 <= date_reader(form)(text).year < 2200
