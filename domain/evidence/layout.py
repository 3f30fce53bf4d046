"""Layout: which files a pack has, how its manifest is written, and what is sealed by what; pure.

The seals lie one in another, so that nothing has to bear its own hash: the index prints the fingerprint of all
contents, the manifest lists every file with the index among them, and the manifest's own hash is told outside of the
pack: on the page from which it is downloaded, and in the audit trail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

FORMAT, VERSION = "quittance-evidence-pack", 1
MANIFEST = "manifest.json"
SUMS = "MANIFEST.sha256"
"""The same as the manifest, with its own hash, as `sha256sum -c` reads it."""
INDEX = "index.pdf"
LEDGER_JSON, LEDGER_CSV = "ledger/ledger.json", "ledger/ledger.csv"
INDEXES = re.compile(r"index(\.[a-z]{2})?\.pdf")
"""The index, and what it is called in another language than English."""
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a pack: its path, its length in bytes, the SHA-256 of its content in hexadecimal."""

    path: str
    size: int
    sha256: str


def is_index(path: str) -> bool:
    """Whether it is the index, in any language."""
    return INDEXES.fullmatch(path) is not None


def sums(files: Iterable[Listed]) -> str:
    """The files as `sha256sum` writes them, in the order of their paths."""
    return "".join(f"{each.sha256}  {each.path}\n" for each in sorted(files, key=lambda one: one.path))


def fingerprint(files: Iterable[Listed]) -> str:
    """The one SHA-256 of all contents, which the index prints: over the sums of every file but the indexes."""
    return sha256(sums(each for each in files if not is_index(each.path)).encode()).hexdigest()


def safe_part(name: str) -> str:
    """`name` as a part of a path that no system stumbles over: plain ASCII letters, digits, dots and dashes."""
    return UNSAFE.sub("_", name).strip("._")[:LONGEST_NAME] or "_"


def plain_amount(amount: str, currency: str) -> str:
    """An amount as the first page writes it for machines, whatever its language: "GBP 1240.50"."""
    return f"{currency} {amount}"
