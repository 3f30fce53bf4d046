"""Names: whether two ways of writing a payer's name are one name; pure."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from cleanco import basename
from rapidfuzz import fuzz, process

ALIKE = 90.0
"""From this score of 100 on, two folded names are taken for one: a letter or two apart, or words in another order."""
CUT_OFF = 12
"""Banks cut long names: one that begins another is the same from so many letters on."""
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "&": " "})
SPELT_OUT_BY_BANKS = (("ae", "a", "æ"), ("oe", "o", "ø"), ("ue", "u", "ue"), ("aa", "a", "aa"))
"""What banks write for a letter with marks, and what our search has of it: the letter without them, or itself."""
SHORTEST = 3
"""Letters of a name that says who somebody is."""
OTHER = re.compile(r"[^a-z0-9]+")
KEPT = 50_000


@lru_cache(maxsize=KEPT)
def folded(name: str) -> str:
    """A name in small plain letters, without its legal form: "Müller & Söhne GmbH & Co. KG" is "mueller soehne"."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = basename(plain) or plain
    spelt = unicodedata.normalize("NFKD", bare.translate(SPELT_OUT)).encode("ascii", "ignore").decode()
    return OTHER.sub(" ", spelt).strip()


def ways_to_write(plain: str) -> list[str]:
    """How a folded name may stand in the text by which an account is found: "mueller" is "muller" there as well."""
    bare = marked = plain
    for spelt, letter, itself in SPELT_OUT_BY_BANKS:
        bare, marked = bare.replace(spelt, letter), marked.replace(spelt, itself)
    return list(dict.fromkeys((plain, bare, marked)))


class KnownNames:
    """Names by their keys, among which those that are alike are found."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._folded = {key: folded(name) for key, name in names.items()}
        self._beginning: dict[str, list[int]] = defaultdict(list)
        for key, name in self._folded.items():
            if len(name) >= CUT_OFF:
                self._beginning[name[:CUT_OFF]].append(key)

    def alike(self, name: str, most: int = 5) -> list[int]:
        """The keys of the names that are alike the name as written, the closest first."""
        wanted = folded(name)
        if len(wanted) < SHORTEST:
            return []
        close = process.extract(wanted, self._folded, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=most)
        found = [key for _, _, key in close]
        cut = [key for key in self._beginning.get(wanted[:CUT_OFF], ()) if _begins(wanted, self._folded[key])]
        return (found + [key for key in cut if key not in found])[:most]


def _begins(one: str, other: str) -> bool:
    """Whether one of two names, which begin alike, is the beginning of the other."""
    return one.startswith(other) or other.startswith(one)
