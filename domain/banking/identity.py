"""Identity: by what a line is known again when files overlap, so that nothing is booked twice; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

from domain.banking.files import FileLine

SEPARATOR = "\x1f"
"""Stands in no text that a reader lets through."""


def identities(lines: Iterable[FileLine]) -> list[str]:
    """A key of 64 hex digits for each line, the same in every file of this bank account that tells the same line.

    A bank's own reference, the day and the amount make a line; without a reference all that is told does. Lines equal
    in that are numbered, which holds because banks hand out whole days: the third equal line of a day is the third
    wherever that day is told. Give it all lines of one account's file at once.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        told = SEPARATOR.join(_told(line))
        seen[told] += 1
        keys.append(sha256(f"{told}{SEPARATOR}{seen[told]}".encode()).hexdigest())
    return keys


def _told(line: FileLine) -> tuple[str, ...]:
    always = (line.booked_on.isoformat(), str(line.amount))
    if line.bank_ref:
        return (*always, line.bank_ref)
    words = " ".join(line.text.split()).casefold()
    return (
        *always,
        line.value_on.isoformat(),
        words,
        line.counterparty_name.casefold(),
        line.counterparty_account,
        *line.references,
    )
