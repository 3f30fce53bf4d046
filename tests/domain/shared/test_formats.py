"""Amounts, days and rates, held against Babel and against what people expect to read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.formats import MINUS, Formats
from domain.shared.money import Money

LOCALES = ("en_GB", "en_US", "es_ES", "fr_FR", "de_DE")
FORMATS = {name: Formats(Locale.parse(name), ZoneInfo("Europe/London")) for name in LOCALES}
BRITISH, AMERICAN, SPANISH, *_ = (FORMATS[name] for name in LOCALES)


@given(
    st.sampled_from(LOCALES),
    st.integers(-10_000_000_000_000, 10_000_000_000_000),
    st.sampled_from(("GBP", "EUR", "USD", "JPY", "BHD", "CHF")),
)
def test_money_reads_as_babel_writes_it_but_for_the_real_minus(name: str, minor: int, currency: str) -> None:
    money = Money(minor, currency)

    shown = FORMATS[name].money(money)

    expected = format_currency(abs(money.decimal), currency, locale=name)
    assert shown == (f"{MINUS}{expected}" if minor < 0 else expected)


def test_a_currency_that_does_not_exist_is_not_shown() -> None:
    with pytest.raises(ValueError, match="is not a currency"):
        BRITISH.money(Money(1, "<b>"))


def test_days_cannot_be_mistaken_and_are_never_broken_over_lines() -> None:
    day = date(2026, 11, 2)

    shown = [formats.day(day) for formats in (BRITISH, AMERICAN, SPANISH)]

    assert shown == ["2\xa0Nov\xa02026", "Nov\xa02,\xa02026", "2\xa0nov\xa02026"]


def test_days_can_be_written_with_their_weekday_without_their_year_and_as_a_month() -> None:
    day = date(2026, 11, 20)

    assert BRITISH.weekday(day) == "Fri\xa020\xa0Nov\xa02026"
    assert BRITISH.short_day(day) == "20\xa0Nov"
    assert AMERICAN.short_day(day) == "Nov\xa020"
    assert SPANISH.month(day) == "noviembre\xa02026"


def test_moments_are_told_by_the_clocks_of_the_zone() -> None:
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert BRITISH.moment(summer) == "2\xa0Jul\xa02026, 00:30"
    assert BRITISH.exact_moment(summer) == "2\xa0Jul\xa02026,\xa000:30:00\xa0BST"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=36), ("1 minute", "1 minuto")),
        (timedelta(minutes=95), ("95 minutes", "95 minutos")),
        (timedelta(hours=30), ("30 hours", "30 horas")),
        (timedelta(days=4), ("4 days", "4 días")),
    ],
)
def test_how_long_something_takes_is_said_in_one_unit(span: timedelta, words: tuple[str, str]) -> None:
    assert (BRITISH.duration(span), SPANISH.duration(span)) == words


def test_rates_keep_their_decimals_and_drop_empty_ones() -> None:
    assert BRITISH.percent(Decimal("11.75")) == "11.75%"
    assert BRITISH.percent(Decimal("20.00")) == "20%"
    assert SPANISH.percent(Decimal("-0.5")) == f"{MINUS}0,5\xa0%"
    assert BRITISH.percent(Decimal("57.4"), places=0) == "57%"


def test_numbers_are_grouped() -> None:
    assert BRITISH.number(2466) == "2,466"
    assert SPANISH.number(Decimal("-12345.5")) == f"{MINUS}12.345,5"


@pytest.mark.parametrize(
    ("name", "one", "many", "rate", "listed"),
    [
        ("en_GB", "1 day", "12 days", "3.75%", "A, B and C"),
        ("en_US", "1 day", "12 days", "3.75%", "A, B, and C"),
        ("es_ES", "1 día", "12 días", "3,75 %", "A, B y C"),
        ("fr_FR", "1 jour", "12 jours", "3,75 %", "A, B et C"),
        ("de_DE", "1 Tag", "12 Tage", "3,75 %", "A, B und C"),
    ],
)
def test_days_rates_and_lists_read_as_they_are_written_there(
    name: str, one: str, many: str, rate: str, listed: str
) -> None:
    formats = Formats(Locale.parse(name), ZoneInfo("Europe/London"))

    shown = [formats.days(1), formats.days(12), formats.percent(Decimal("3.75")), formats.listed(["A", "B", "C"])]

    assert [words.replace("\N{NO-BREAK SPACE}", " ") for words in shown] == [one, many, rate, listed]
