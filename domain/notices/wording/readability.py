"""Readability: how easily a text reads, from 0 to 100, by the formula published for its language; from words alone.

All are of Flesch's kind: 206.835 − 1.015 × words a sentence − 84.6 × syllables a word (R. Flesch, “A new readability
yardstick”, 1948), with the factors that F. Szigriszt Pazos (1993) found for Spanish, L. Kandel and A. Moles (1958) for
French, and T. Amstad (1978) for German. Syllables are counted as groups of vowels: a hyphenation dictionary misses
those that no line is broken at ("agree", "échéance").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.notices.wording.placeholders import PLACEHOLDER

FEWEST_WORDS: Final = 20
"""Shorter texts are not scored: one word would decide."""
ENDS: Final = re.compile(r"[.!?…:;]+(?=\s|$)|\n\s*\n")
WORD: Final = re.compile(r"[^\W\d_]+")
SHORT_WORD: Final = "it"
"""What stands for a placeholder: an amount or a day is looked at, not spelt out."""


@dataclass(frozen=True, slots=True)
class Formula:
    """base − sentence × words a sentence − word × syllables a word; `least` is what a text of ours has to reach."""

    base: float
    sentence: float
    word: float
    least: int
    syllables: Callable[[str], int]


def score(text: str, language: str) -> int | None:
    """How easily the text reads; 60 is plain, 30 is for scholars. None for too short a text."""
    formula = FORMULAS[language]
    plain = PLACEHOLDER.sub(SHORT_WORD, text)
    words = WORD.findall(plain)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(bool(WORD.search(part)) for part in ENDS.split(plain))
    syllables = sum(formula.syllables(word.lower()) for word in words)
    found = formula.base - formula.sentence * len(words) / sentences - formula.word * syllables / len(words)
    return round(min(100.0, max(0.0, found)))


def least(language: str) -> int:
    """The least score that a text has to reach."""
    return FORMULAS[language].least


def _groups(vowels: str, *, apart: str = "", silent: str = "") -> Callable[[str], int]:
    """Counts groups of vowels; `apart` is where one ends within a group, `silent` an ending that is not spoken.

    A y between vowels begins a syllable: "pay-ing", "ma-yo", "pa-yez".
    """
    group = re.compile(f"[{vowels}]+")
    breaks = re.compile(f"(?<=[{vowels}])y(?=[{vowels}])" + (f"|{apart}" if apart else ""))
    ending = re.compile(f"(?:{silent})$" if silent else r"(?!)")

    def syllables(word: str) -> int:
        return max(1, len(group.findall(breaks.sub("-", ending.sub("", word)))))

    return syllables


_ENGLISH = _groups("aeiouy", silent="(?<=[^aeiouyl])e|(?<=[aeiouyr]l)e|(?<=[^aeiouytdl])ed")
"""A last e or ed is silent, but not in "table", "agree", "waited"."""
_SPANISH = _groups("aeiouyáéíóúü", apart="(?<=[aeoáéó])(?=[aeoáéóíú])|(?<=[íú])(?=[aeoáéó])")
"""Two strong vowels, or a weak one with an accent, are two syllables: "le-er", "dí-a"."""
_FRENCH = _groups(
    "aeiouyàâéèêëîïôùûüœæ", apart="(?<=é)(?=[aeiou])", silent="(?<=[qg])ues?|(?<=[^aeiouyàâéèêëîïôùûüœæ])es?"
)
"""A last e or es is silent after a consonant ("facture", "banques"); é ends a syllable ("é-ché-ance")."""
_GERMAN = _groups("aeiouäöü")

FORMULAS: Final = {
    "en": Formula(206.835, 1.015, 84.6, 60, _ENGLISH),
    "es": Formula(206.835, 1.0, 62.3, 55, _SPANISH),
    "fr": Formula(207.0, 1.015, 73.6, 60, _FRENCH),
    "de": Formula(180.0, 1.0, 58.5, 55, _GERMAN),
}
"""The formula of each language. 60 is plain English by Flesch's scale, 55 ordinary Spanish by the INFLESZ scale."""
