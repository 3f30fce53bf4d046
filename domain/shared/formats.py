"""Formats: amounts, days, moments and rates as a person of one locale writes them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_decimal_symbol, get_group_symbol
from babel.units import format_unit

from domain.shared.money import Money, is_currency, minor_digits

UNBROKEN_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
A_MINUTE = timedelta(minutes=1)


class Formats:
    """The formats of one locale and of the time zone in which its moments are told.

    Amounts are what a page has most of, so each currency's pattern is taken from Babel once and filled in by hand.
    """

    def __init__(self, locale: Locale, zone: ZoneInfo) -> None:
        self.locale = locale
        self.zone = zone
        self.decimal_symbol: str = get_decimal_symbol(locale)
        self.group_symbol: str = get_group_symbol(locale)
        self.day = lru_cache(4096)(self._day)
        self._patterns: dict[str, tuple[str, str, int]] = {}

    def money(self, amount: Money) -> str:
        """The amount with its currency, such as £1,240.50; a negative one with a real minus sign in front."""
        prefix, suffix, digits = self._patterns.get(amount.currency) or self._pattern(amount.currency)
        sign, minor = (MINUS, -amount.minor) if amount.minor < 0 else ("", amount.minor)
        if not digits:
            return f"{sign}{prefix}{self._grouped(minor)}{suffix}"
        whole, part = divmod(minor, 10**digits)
        return f"{sign}{prefix}{self._grouped(whole)}{self.decimal_symbol}{part:0{digits}d}{suffix}"

    def number(self, value: Decimal | int) -> str:
        """A plain number with its groups, such as 2,466."""
        return str(format_decimal(value, locale=self.locale)).replace("-", MINUS)

    def percent(self, value: Decimal, places: int = 2) -> str:
        """A rate that is given in per cent (11.75 is 11.75%), with at most `places` decimals."""
        shown = format_decimal(value, format="#,##0." + "#" * places if places else "#,##0", locale=self.locale)
        space = "" if self.locale.language == "en" else UNBROKEN_SPACE
        return f"{shown.replace('-', MINUS)}{space}%"

    def _day(self, day: date) -> str:
        return _unbroken(format_date(day, "medium", locale=self.locale))

    def days(self, count: int) -> str:
        """So many days, such as 1 day, 12 days."""
        return _unbroken(format_unit(count, "duration-day", "long", locale=self.locale))

    def listed(self, items: Sequence[str]) -> str:
        """The items one after another, such as A, B and C."""
        return format_list(list(items), locale=self.locale)

    def duration(self, span: timedelta) -> str:
        """How long, in the one unit that says it best: 4 minutes, 3 hours, 2 days; never less than a minute."""
        return str(format_timedelta(max(span, A_MINUTE), granularity="minute", threshold=2, locale=self.locale))

    def weekday(self, day: date) -> str:
        """The day with its day of the week, such as Fri 20 Nov 2026."""
        return f"{_unbroken(format_date(day, 'EEE', locale=self.locale))}{UNBROKEN_SPACE}{self.day(day)}"

    def short_day(self, day: date) -> str:
        """Day and month, for where the year is plain: 20 Nov."""
        skeleton = "MMM d" if self.locale.territory == "US" and self.locale.language == "en" else "d MMM"
        return _unbroken(format_date(day, skeleton, locale=self.locale))

    def month(self, day: date) -> str:
        """The month that the day is in, such as November 2026."""
        return _unbroken(format_date(day, "MMMM y", locale=self.locale))

    def moment(self, instant: datetime) -> str:
        """The instant on the clocks of the zone, such as 20 Nov 2026, 09:21."""
        local = instant.astimezone(self.zone)
        return f"{self.day(local.date())}, {_unbroken(format_time(local, 'short', locale=self.locale))}"

    def hour(self, there: datetime) -> str:
        """What a clock in the instant's own zone shows, such as 09:21."""
        return _unbroken(format_time(there, "short", tzinfo=there.tzinfo, locale=self.locale))

    def exact_moment(self, instant: datetime) -> str:
        """The instant with seconds and zone, for what may be evidence."""
        local = instant.astimezone(self.zone)
        return _unbroken(format_datetime(local, "d MMM y, HH:mm:ss z", locale=self.locale))

    def _pattern(self, currency: str) -> tuple[str, str, int]:
        if not is_currency(currency):
            raise ValueError(f"{currency!r} is not a currency")
        shown: str = format_currency(Decimal(0), currency, locale=self.locale)
        first, last = shown.index("0"), shown.rindex("0")
        pattern = shown[:first], shown[last + 1 :], minor_digits(currency)
        self._patterns[currency] = pattern
        return pattern

    def _grouped(self, whole: int) -> str:
        return f"{whole:,}".replace(",", self.group_symbol) if whole > 999 else str(whole)


def _unbroken(text: str) -> str:
    return text.replace(" ", UNBROKEN_SPACE)
