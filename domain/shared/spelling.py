"""Spelling: the threes of letters by which texts are found, and how near one way of writing a name is to another; pure.

A text has the threes of its letters with a space before and after it, so that how it begins and ends counts too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from unicodedata import combining, normalize

from rapidfuzz.distance import OSA

LONG_ENOUGH = 3
"""Letters that a word must have to be looked for by its threes."""
SHORT = 8
"""Letters of a word in which two that changed places leave few threes as they were: those of exchanges count too."""
MOST_ALIKE, LEAST_ALIKE = 1.0, 0.7
"""How alike two words are that are the same, and that may still be the same name."""


def plain(text: str) -> str:
    """A text as it is compared: without accents, in the case that has no case."""
    return "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))


def threes(text: str) -> list[str]:
    """All threes of letters of a text with a space around it, in small letters, each once and in their order."""
    padded = f" {text.lower()} "
    return list(dict.fromkeys(padded[start : start + 3] for start in range(len(text))))


def inner_threes(word: str) -> list[str]:
    """The threes that every text has in which `word` occurs somewhere; none for a word of one or two letters."""
    small = word.lower()
    return list(dict.fromkeys(small[start : start + 3] for start in range(len(small) - 2)))


def likely_threes(word: str) -> list[str]:
    """The threes of which a text has some that has `word` in it, perhaps with a slip of the pen."""
    found = dict.fromkeys(threes(word))
    if len(word) <= SHORT:
        for place in range(len(word) - 1):
            exchanged = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            found.update(dict.fromkeys(threes(exchanged)))
    return list(found)


def alike(asked: Collection[str], text: str) -> float:
    """How alike the words asked for are to those that a text has: 1 where each is there, 0 where one is nowhere near.

    A word may be wrong in one letter for each three or so that it has; two that changed places are one mistake.
    """
    words = plain(text).split()
    each = [_nearest(plain(one), words) for one in asked]
    return sum(each) / len(each) if each and all(each) else 0.0


def _nearest(asked: str, words: Sequence[str]) -> float:
    best = 0.0
    for word in words:
        if asked in word:
            return MOST_ALIKE
        near = OSA.normalized_similarity(asked, word, score_cutoff=LEAST_ALIKE)
        best = max(best, near)
    return best
