"""Languages: those of notices and of papers for customers, and how each writes amounts and days."""

from __future__ import annotations

from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale

from domain.shared.formats import Formats

SOURCE: Final = "en"
"""The language that somebody reads whose own we do not write."""
LANGUAGE_NAMES: Final = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch"}
"""The languages, each in its own words."""
LOCALES: Final = {"en": "en_GB", "en-us": "en_US", "es": "es_ES", "fr": "fr_FR", "de": "de_DE"}
"""By which conventions amounts and days are written; they hold for letters, whatever the sites speak."""


def spoken(language: str) -> str:
    """The language of notices for a tag such as "en-US" or "fr"; English where we do not write that one."""
    tag = language.lower().replace("_", "-").partition("-")[0]
    return tag if tag in LANGUAGE_NAMES else SOURCE


@cache
def formats(language: str, zone: str) -> Formats:
    """How amounts and days are written for a tag, its moments told in `zone`."""
    tag = language.lower().replace("_", "-")
    return Formats(Locale.parse(LOCALES[tag if tag in LOCALES else spoken(tag)]), ZoneInfo(zone))
