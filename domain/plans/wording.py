"""Wording: what the agreement of a plan says in each language; its text has a version, and is no site's to reword."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from domain.shared.formats import Formats
from domain.shared.languages import formats, spoken
from domain.shared.money import Money

FOLDER: Final = Path(__file__).with_name("words")


@dataclass(frozen=True, slots=True)
class AgreementWords:
    """The words of one language, and how amounts and days are written in it."""

    language: str
    formats: Formats
    title: str
    labels: Mapping[str, str]
    headings: Mapping[str, str]
    sentences: Mapping[str, str]

    def label(self, name: str, **values: object) -> str:
        """A label, filled."""
        return self.labels[name].format(**self._shown(values))

    def say(self, name: str, **values: object) -> str:
        """A sentence, filled."""
        return self.sentences[name].format(**self._shown(values))

    def show(self, value: Money | date | int | str) -> str:
        """A value as it is written here."""
        match value:
            case Money():
                return self.formats.money(value)
            case date():
                return self.formats.day(value)
            case int():
                return self.formats.number(value)
        return value

    def _shown(self, values: Mapping[str, object]) -> dict[str, str]:
        return {name: self.show(value) for name, value in values.items() if isinstance(value, Money | date | int | str)}


@cache
def agreement_words(tag: str, zone: str) -> AgreementWords:
    """The words for the language of a tag such as "fr" or "en-US", English where we do not write it."""
    language = spoken(tag)
    written = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return AgreementWords(
        language,
        formats(tag, zone),
        written["title"],
        written["labels"],
        written["headings"],
        written["sentences"],
    )
