"""Ledger files: an account's stream as JSON and as CSV, and how both are recomputed by anybody; pure.

The JSON holds, for each entry, exactly what its hash commits to; the CSV is made of the JSON and of nothing else.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from domain.ledger.chain import entry_hash

RECEIVABLE = "receivable"
"""The line of the chart on which stands what the account owes."""
GENESIS = "00" * 32
"""What the first entry is chained to."""
FORMULA = (
    "hash = SHA-256(previous hash as 32 bytes, then in UTF-8 the JSON array without spaces of: stream, seq, kind, "
    "source, effective_on, occurred_on, recorded_at, account_id, reverses_id, legs); "
    "a leg is [line, ledger_account, account_id, currency, amount in minor units, debit positive]"
)
COLUMNS = (
    "seq",
    "effective_on",
    "occurred_on",
    "recorded_at",
    "kind",
    "source",
    "reverses_id",
    "line",
    "ledger_account",
    "currency",
    "amount",
    "balance",
    "hash",
)
Entry = Mapping[str, Any]
"""One entry: seq, kind, source, effective_on, occurred_on, recorded_at, account_id, reverses_id, hash, legs."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where a stream is broken: the entry's number, and what was expected and found there."""

    seq: int
    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a stream comes to by its own entries: balance in minor units, how many, its head, and every break."""

    balance_minor: int
    entries: int
    head: str
    breaks: Sequence[Break]


def json_pieces(header: Mapping[str, object], entries: Iterable[Entry]) -> Iterator[bytes]:
    """The stream as one JSON object, entry by entry: `header` with `formula`, and behind it `entries`."""
    opening = json.dumps({**header, "genesis": GENESIS, "formula": FORMULA}, ensure_ascii=False, indent=1)
    yield opening.removesuffix("\n}").encode() + b',\n "entries": ['
    between = b"\n  "
    for entry in entries:
        yield between + json.dumps(entry, ensure_ascii=False).encode()
        between = b",\n  "
    yield b"\n ]\n}\n"


def csv_pieces(minor_digits: int, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The stream leg by leg; `balance` is what the account owed after the entry, on its receivable leg."""
    yield _row(COLUMNS)
    balance = 0
    for entry in entries:
        for line, account, _, currency, minor in entry["legs"]:
            owes = account == RECEIVABLE
            balance += minor if owes else 0
            told = ["" if entry[name] is None else entry[name] for name in COLUMNS[:7]]
            amounts = [_decimal(minor, minor_digits), _decimal(balance, minor_digits) if owes else ""]
            yield _row([*told, line, account, currency, *amounts, entry["hash"]])


def recompute(ledger: Mapping[str, Any]) -> Recomputed:
    """Walk a stream as read from its JSON; KeyError, TypeError or ValueError where it is none."""
    stream, previous, balance, seq = str(ledger["stream"]), GENESIS, 0, 0
    breaks = []
    for entry in ledger["entries"]:
        number = int(entry["seq"])
        if number != seq + 1:
            breaks.append(Break(number, "number", str(seq + 1), str(number)))
        computed = computed_hash(stream, previous, entry)
        if computed != entry["hash"]:
            breaks.append(Break(number, "hash", str(entry["hash"]), computed))
        sums: dict[str, int] = {}
        for _, account, _, currency, minor in entry["legs"]:
            sums[currency] = sums.get(currency, 0) + int(minor)
            balance += int(minor) if account == RECEIVABLE else 0
        if any(sums.values()):
            breaks.append(Break(number, "sum", "0", str(sums)))
        previous, seq = str(entry["hash"]), number
    return Recomputed(balance, len(ledger["entries"]), previous, breaks)


def computed_hash(stream: str, previous: str, entry: Entry) -> str:
    """The hash that an entry must have behind the one whose hash is `previous`."""
    occurred = entry["occurred_on"]
    return entry_hash(
        bytes.fromhex(previous),
        stream=stream,
        seq=entry["seq"],
        kind=entry["kind"],
        source=entry["source"],
        effective_on=date.fromisoformat(entry["effective_on"]),
        occurred_on=None if occurred is None else date.fromisoformat(occurred),
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
        account_id=entry["account_id"],
        reverses_id=entry["reverses_id"],
        legs=[tuple(leg) for leg in entry["legs"]],
    ).hex()


def _decimal(minor: int, digits: int) -> str:
    return str(Decimal(minor).scaleb(-digits))


def _row(cells: Sequence[object]) -> bytes:
    line = StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode()
