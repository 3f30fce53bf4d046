"""Manners: what in somebody's own words frightens, and what is hard to read, by what our notices are held to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.notices.wording import readability
from domain.notices.wording.wordbook import wordbook
from domain.shared.languages import spoken

LANGUAGES: Final = ("en", "es")
"""Staff write in these, whatever language their pages are in."""
HARMLESS: Final = ("sin embargo", "or elsewhere")
"""What only looks like a threat."""


def frightening(words: str) -> list[str]:
    """The words in a text that threaten, each once."""
    said = words.lower()
    for each in HARMLESS:
        said = said.replace(each, " ")
    return list(dict.fromkeys(word for language in LANGUAGES for word in wordbook(language).threats if word in said))


def frighten(texts: Sequence[str]) -> bool:
    """Whether any of these texts threatens."""
    return any(frightening(each) for each in texts)


def hard_to_read(words: str, language: str) -> bool:
    """Whether a text is harder to read than our own notices may be; never for a few words."""
    score = readability.score(words, spoken(language))
    return score is not None and score < readability.least(spoken(language))
