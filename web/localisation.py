"""Localisation: which languages there are, which one a request is answered in, and how a refusal is put into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.support import Translations

from domain.shared.errors import Refused
from domain.shared.formats import Formats
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Words

CATALOGS: Final = Path(__file__).parent / "locale"
SOURCE: Final = "en"
"""The language that the words in the code and the templates are written in."""

FORMATS: Final = {"en": "en_GB", "en-us": "en_US", "es": "es_ES"}
"""Each supported tag and the conventions by which it writes amounts and days."""

LANGUAGES: Final = {"en": "English", "es": "Español"}
"""The languages to choose from, each in its own words."""


class CatalogMissing(RuntimeError):
    """A language has no compiled catalogue: the message says how to make it."""


@dataclass(frozen=True, slots=True)
class Localisation:
    """One way of speaking: the words of a language, and the formats of a locale and a time zone."""

    tag: str
    language: str
    words: NullTranslations
    formats: Formats

    def translate(self, text: str, **params: object) -> str:
        """`text` in this language, its `{placeholders}` filled with values written the local way."""
        said = self.words.gettext(text)
        return said.format(**{name: self.show(value) for name, value in params.items()}) if params else said

    def refusal(self, refused: Refused) -> str:
        """What a refusal tells the person."""
        return self.translate(refused.text, **refused.params)

    def show(self, value: object) -> str:
        """A value inside a sentence: money, days, moments and numbers by locale, words and lists of them in turn."""
        match value:
            case Money():
                return self.formats.money(value)
            case datetime():
                return self.formats.moment(value)
            case date():
                return self.formats.day(value)
            case Percent():
                return self.formats.percent(value.value)
            case Words():
                return self.translate(value.text, **value.params)
            case tuple():
                return ", ".join(map(self.show, value))
            case bool() | str():
                return str(value)
            case int() | Decimal():
                return self.formats.number(value)
            case _:
                return str(value)


@cache
def localisation(tag: str, time_zone: str) -> Localisation:
    """The way of speaking for a supported tag (`en`, `en-us`, `es`), its moments told in `time_zone`."""
    language = tag.partition("-")[0]
    locale = Locale.parse(FORMATS[tag])
    return Localisation(tag, language, catalogue(language), Formats(locale, ZoneInfo(time_zone)))


@cache
def catalogue(language: str) -> NullTranslations:
    """The words of a language; `CatalogMissing` when its catalogue was not compiled."""
    if language == SOURCE:
        return NullTranslations()
    path = CATALOGS / language / "LC_MESSAGES" / "quittance.mo"
    if not path.exists():
        raise CatalogMissing(f"the words for {language!r} are not compiled: run `make assets` first")
    with path.open("rb") as compiled:
        return Translations(compiled, domain="quittance")


def supported(wanted: str | None) -> str | None:
    """The supported tag nearest to a language tag such as `es-MX` or `en_GB`; None when there is none."""
    if not wanted:
        return None
    tag = wanted.strip().lower().replace("_", "-")
    if tag in FORMATS:
        return tag
    language = tag.partition("-")[0]
    return language if language in FORMATS else None


def negotiate(chosen: Iterable[str | None], accept_language: str) -> str:
    """The tag to answer in: the first supported of `chosen`, else the best of Accept-Language, else English."""
    for wish in chosen:
        if tag := supported(wish):
            return tag
    return _accepted(accept_language[:400])


def _weighed(part: str) -> tuple[float, str | None]:
    tag, _, rest = part.partition(";")
    weight = rest.strip().removeprefix("q=") if rest else "1"
    try:
        return float(weight), supported(tag)
    except ValueError:
        return 0.0, None


def _accepted(header: str) -> str:
    best, chosen = 0.0, SOURCE
    for part in header.split(","):
        weight, tag = _weighed(part)
        if tag and weight > best:
            best, chosen = weight, tag
    return chosen
