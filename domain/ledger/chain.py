"""The chain: the exact bytes that an entry's hash commits to, so that anybody can compute it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import TypeAlias

from domain.shared.hashing import canonical, instant_text

HashedLeg: TypeAlias = tuple[int, str, int | None, str, int]
HASHED_LEG = ("line", "ledger_account", "account_id", "currency", "amount")
"""A leg as it is hashed, and the columns that it stands in; the amount is in minor units, debit positive."""


def entry_hash(
    prev_hash: bytes,
    *,
    stream: str,
    seq: int,
    kind: str,
    source: str,
    effective_on: date,
    occurred_on: date | None,
    recorded_at: datetime,
    account_id: int | None,
    reverses_id: int | None,
    legs: Sequence[HashedLeg],
) -> bytes:
    """SHA-256 over the previous entry's hash (32 bytes), then the entry as a JSON array without spaces, in UTF-8.

    The array: stream, seq, kind, source, effective_on, occurred_on, recorded_at (UTC, six places), account id, the
    reversed entry's id, and the legs in line order, each as [line, ledger account, account id, currency, amount].
    """
    content = [
        stream,
        seq,
        kind,
        source,
        effective_on.isoformat(),
        None if occurred_on is None else occurred_on.isoformat(),
        instant_text(recorded_at),
        account_id,
        reverses_id,
        legs,
    ]
    return sha256(prev_hash + canonical(content).encode()).digest()
