"""Plain words: the words of a text as they are kept and looked for, whatever their accents; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST_WORD = 40
MOST_WORDS = 20_000
"""Different words of a document that are kept: a book has fewer."""
MOST_BYTES = 900_000
"""Bytes of the words of a document that are kept: PostgreSQL takes a little more than a million into its index."""
WORD = re.compile(r"[^\W_]+")


def kept(words: Iterable[str]) -> str:
    """Words as the index has them: each once, with a space between, and no more of them than it takes."""
    left, found = MOST_BYTES, []
    for word in dict.fromkeys(words):
        left -= len(word.encode()) + 1
        if left < 0:
            break
        found.append(word)
    return " ".join(found)


def words_in(pieces: Iterable[str]) -> Sequence[str]:
    """The different words in pieces of text as they are kept and looked for: small letters, without accents."""
    found: dict[str, None] = {}
    for piece in pieces:
        for word in WORD.findall(_plain(piece)):
            found[word[:LONGEST_WORD]] = None
            if len(found) >= MOST_WORDS:
                return list(found)
    return list(found)


def _plain(piece: str) -> str:
    """Small letters without accents or ligatures."""
    apart = unicodedata.normalize("NFKD", piece.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
