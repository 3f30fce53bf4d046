"""Numbers: which invoices' numbers stand in a payer's words, however they are spaced and cut; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PIECE = re.compile(r"[A-Z0-9]+")
TYPED_PIECE = re.compile(r"[A-Za-z0-9]+")
LETTERS_OR_DIGITS = re.compile(r"[A-Z]+|[0-9]+")
MOST_PIECES = 6
"""INV-2026-000042 is three; banks break lines within a piece."""
SHORTEST = 4
"""Shorter numbers stand for anything."""
LONGEST = 64
"""Characters of a number."""
JOINTS = ("", "-", "/", ".")
"""What stands between the pieces of numbers."""
YEAR = re.compile(r"(?:19|20)\d\d")
LAST_DIGITS = re.compile(r"[1-9]\d*$")


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Keys of what is mentioned: in full, and perhaps, by a number that could be something else as well."""

    clearly: tuple[int, ...]
    perhaps: tuple[int, ...]


class Numbers:
    """Numbers by which things can be mentioned, looked up in words."""

    def __init__(self, numbers: Iterable[tuple[int, str]]) -> None:
        self._whole: Mapping[str, list[int]] = defaultdict(list)
        self._short: Mapping[str, list[int]] = defaultdict(list)
        for key, number in numbers:
            plain = "".join(PIECE.findall(number.upper()))
            if not plain:
                continue
            self._whole[plain].append(key)
            digits = LAST_DIGITS.search(plain)
            if digits and digits[0] != plain and len(digits[0]) >= SHORTEST:
                self._short[digits[0]].append(key)

    def mentioned(self, words: str) -> Mentioned:
        """What the words mention, in their order, each once; a number that several things have is only perhaps."""
        clearly: dict[int, None] = {}
        perhaps: dict[int, None] = {}
        pieces = PIECE.findall(words.upper())
        at = 0
        while at < len(pieces):
            length = next((n for n in range(MOST_PIECES, 0, -1) if "".join(pieces[at : at + n]) in self._whole), 0)
            plain = "".join(pieces[at : at + max(length, 1)])
            keys = self._whole.get(plain, self._short.get(plain.lstrip("0"), []))
            sure = length > 0 and len(keys) == 1 and _telling(plain)
            (clearly if sure else perhaps).update(dict.fromkeys(keys))
            at += max(length, 1)
        return Mentioned(tuple(clearly), tuple(key for key in perhaps if key not in clearly))


def spellings(words: str) -> set[str]:
    """The ways in which numbers that the words may mention can be stored: to look them up before they are compared."""
    found: set[str] = set()
    pieces = list(TYPED_PIECE.finditer(words))
    for at, first in enumerate(pieces):
        for last in pieces[at : at + MOST_PIECES]:
            typed = words[first.start() : last.end()]
            if len(typed) > LONGEST or not any(map(str.isdigit, typed)):
                continue
            found.update((typed, typed.upper()))
            for parts in (PIECE.findall(typed.upper()), LETTERS_OR_DIGITS.findall(typed.upper())):
                found.update(joint.join(parts) for joint in JOINTS)
    return found


def _telling(plain: str) -> bool:
    """Whether it can hardly be anything else: long enough, with a digit, and no year."""
    return len(plain) >= SHORTEST and any(map(str.isdigit, plain)) and not YEAR.fullmatch(plain)
