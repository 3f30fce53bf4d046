"""Names: whether two ways of writing a payer's name are one name; pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from cleanco import basename
from rapidfuzz import fuzz, process

ALIKE = 90.0
"""From this score of 100 on, two folded names are taken for one: a letter or two apart, or words in another order."""
CUT_OFF = 12
"""Banks cut long names: one that begins another is the same from so many letters on."""
SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "æ": "ae", "å": "aa", "&": " "})
OTHER = re.compile(r"[^a-z0-9]+")
KEPT = 50_000


@lru_cache(maxsize=KEPT)
def folded(name: str) -> str:
    """A name in small plain letters, without its legal form: "Müller & Söhne GmbH & Co. KG" is "mueller soehne"."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    bare = basename(plain) or plain
    spelt = unicodedata.normalize("NFKD", bare.translate(SPELT_OUT)).encode("ascii", "ignore").decode()
    return OTHER.sub(" ", spelt).strip()


def alike(name: str, names: Mapping[int, str], most: int = 5) -> list[int]:
    """The keys of the folded `names` that are alike the name as written, the closest first."""
    wanted = folded(name)
    if len(wanted) < 3:
        return []
    close = process.extract(wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=most)
    found = [key for _, _, key in close]
    cut = [key for key, other in names.items() if _begins(wanted, other) and key not in found]
    return (found + cut)[:most]


def _begins(one: str, other: str) -> bool:
    """Whether one of two names, each long enough, is the beginning of the other."""
    if len(one) < CUT_OFF or len(other) < CUT_OFF:
        return False
    return one.startswith(other) or other.startswith(one)
