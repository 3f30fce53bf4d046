"""Checks: whether the books are whole, and the place of everything that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.ledger.check_rows import check_sealed_rows
from domain.ledger.check_seals import check_checkpoints, check_sealed_entries, check_seals
from domain.ledger.check_streams import check_closes, check_strays, check_streams
from domain.ledger.findings import Finding
from domain.shared.errors import N_

Check: TypeAlias = Callable[[Session], Iterable[Finding]]
"""Reads, changes nothing, and says what is wrong."""

CHECKS: Sequence[Check] = (
    check_streams,
    check_strays,
    check_closes,
    check_seals,
    check_sealed_entries,
    check_checkpoints,
    check_sealed_rows,
)


def check_books(session: Session, also: Sequence[Check] = ()) -> list[Finding]:
    """Everything that is wrong with the books; empty when they are whole. `also` adds the checks of other packages.

    Every entry is zero in each currency, the chains and their heads are whole, kept balances and checkpoints equal
    their postings, the seals verify, and sealed rows with their payloads are what they were.
    """
    return [finding for check in (*CHECKS, *also) for finding in _findings(check, session)]


def _findings(check: Check, session: Session) -> Iterator[Finding]:
    """What one check finds; values that no column of ours would hold are themselves a finding, not a crash."""
    last = "the beginning"
    try:
        for finding in check(session):
            last = finding.place
            yield finding
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as problem:
        words = N_("A row holds something that cannot be read.")
        yield Finding("unreadable", f"{check.__name__}, after {last}", words, "readable rows", str(problem))
