"""Marking: the parts of a text that were looked for, whatever their case and accents; pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.shared.spelling import plain


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    is_marked: bool


def pieces(text: str, words: Collection[str]) -> Sequence[Piece]:
    """The text in pieces, in their order; those that are one of `words` (written as by `plain`) are marked."""
    marked = [False] * len(text)
    folded, places = _folded(text)
    for word in words:
        start = folded.find(word) if word else -1
        while start >= 0:
            for place in places[start : start + len(word)]:
                marked[place] = True
            start = folded.find(word, start + 1)
    found: list[Piece] = []
    for letter, is_marked in zip(text, marked, strict=True):
        if found and found[-1].is_marked == is_marked:
            found[-1] = Piece(found[-1].text + letter, is_marked)
        else:
            found.append(Piece(letter, is_marked))
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each letter of that, which of the text's it came from."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for one in plain(letter):
            letters.append(one)
            places.append(place)
    return "".join(letters), places
