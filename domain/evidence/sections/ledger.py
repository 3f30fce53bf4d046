"""Ledger: the account's stream from its first entry, with the chain, as JSON and CSV, and the seal that covers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from domain.evidence import ledger_files
from domain.evidence.layout import LEDGER_CSV, LEDGER_JSON
from domain.evidence.ledger_files import Entry
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table, json_file
from domain.ledger.model import ENTRIES, LEAVES, POSTINGS, SEALS, STREAMS
from domain.shared.errors import N_
from domain.shared.hashing import instant_text
from domain.shared.money import Money, minor_digits
from domain.statements.latest import latest_movements

BATCH = 500
"""Entries that are in memory at once."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the stream ends: its key, the last entry's number and hash, and what the account owes."""

    stream_id: int
    stream: str
    seq: int
    hash: bytes
    balance: Money


def head_of(sources: Sources) -> Head:
    """The head of the account's stream."""
    row = sources.session.execute(select(STREAMS).where(STREAMS.c.account_id == sources.account.id)).one()
    return Head(row.id, row.key, row.head_seq, row.head_hash, Money(row.balance, sources.account.currency))


def section(sources: Sources) -> Section:
    """The stream twice, the seal over it, and its latest movements for the index."""
    head = head_of(sources)
    digits = minor_digits(sources.account.currency)
    header = {
        "stream": head.stream,
        "account": sources.account.number,
        "currency": sources.account.currency,
        "minor_digits": digits,
    }
    latest = latest_movements(sources.session, sources.account.id, MOST_ROWS)
    rows = [[movement.on, movement.words, movement.amount, movement.balance] for movement in reversed(latest)]
    return Section(
        files=(
            File(LEDGER_JSON, lambda: ledger_files.json_pieces(header, entries(sources, head))),
            File(LEDGER_CSV, lambda: ledger_files.csv_pieces(digits, entries(sources, head))),
            json_file("ledger/seal.json", _seal(sources, head)),
        ),
        tables=(Table(N_("Ledger"), (N_("Date"), N_("What"), N_("Amount"), N_("Balance")), 2, rows, wide=1),),
    )


def entries(sources: Sources, head: Head) -> Iterator[Entry]:
    """Each entry with its legs, in the order of the stream, a batch at a time."""
    columns = (ENTRIES, POSTINGS.c.line, POSTINGS.c.ledger_account, POSTINGS.c.currency, POSTINGS.c.amount)
    of_leg = POSTINGS.c.account_id.label("leg_account_id")
    wanted = select(*columns, of_leg).join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    for first in range(1, head.seq + 1, BATCH):
        rows = sources.session.execute(
            wanted.where(
                ENTRIES.c.stream_id == head.stream_id, ENTRIES.c.seq.between(first, first + BATCH - 1)
            ).order_by(ENTRIES.c.seq, POSTINGS.c.line)
        )
        found: dict[int, dict[str, object]] = {}
        legs: dict[int, list[list[object]]] = {}
        for row in rows:
            if row.seq not in found:
                found[row.seq] = {
                    "seq": row.seq,
                    "kind": row.kind,
                    "source": row.source,
                    "effective_on": row.effective_on.isoformat(),
                    "occurred_on": row.occurred_on and row.occurred_on.isoformat(),
                    "recorded_at": instant_text(row.recorded_at),
                    "account_id": row.account_id,
                    "reverses_id": row.reverses_id,
                    "legs": legs.setdefault(row.seq, []),
                    "hash": row.hash.hex(),
                }
            legs[row.seq].append([row.line, row.ledger_account, row.leg_account_id, row.currency, row.amount])
        yield from found.values()


def _seal(sources: Sources, head: Head) -> dict[str, object]:
    """The newest seal that covers the stream: through which entry, and what the seal commits to."""
    row = sources.session.execute(
        select(LEAVES.c.seq, LEAVES.c.hash, SEALS.c.number, SEALS.c.at, SEALS.c.root, SEALS.c.hash.label("seal_hash"))
        .join(SEALS, SEALS.c.number == LEAVES.c.seal_number)
        .where(LEAVES.c.stream == head.stream)
        .order_by(LEAVES.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return {"sealed_through": 0}
    return {
        "sealed_through": row.seq,
        "head": row.hash.hex(),
        "seal": row.number,
        "sealed_at": instant_text(row.at),
        "root": row.root.hex(),
        "seal_hash": row.seal_hash.hex(),
    }
