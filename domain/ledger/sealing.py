"""Sealing: a chained Merkle root over all that was added since the last seal, and the balances as of that moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.ledger.merkle import leaf_hash, merkle_root
from domain.ledger.model import CHECKPOINTS, ENTRIES, GENESIS, LEAVES, POSTINGS, SEALS, STREAMS, Seal
from domain.ledger.unsealed import has_grown, materialized, newest_checkpoints
from domain.shared.db.inserting import insert_all, insert_new
from domain.shared.db.sealed import sealed_tables
from domain.shared.db.session import now
from domain.shared.hashing import row_hash

CHUNK = 1_000
Leaf: TypeAlias = tuple[str, int, bytes]
"""A stream's key, its head's seq and hash; or a sealed table's name, a row's id and hash."""


def seal(session: Session) -> Seal | None:
    """Seal every stream that has grown and every row of a sealed table that no seal covers; None if there is nothing.

    None also when another worker seals at this moment: what it leaves over is for the next time.
    """
    # The last seal is read before the leaves: a seal that another worker makes in between takes the number, not a leaf.
    last = session.execute(select(SEALS.c.number, SEALS.c.hash).order_by(SEALS.c.number.desc()).limit(1)).one_or_none()
    leaves = sorted([*_grown_heads(session), *_unsealed_rows(session)])
    if not leaves:
        return None
    made: dict[str, Any] = {
        "number": 1 if last is None else last.number + 1,
        "at": now(session),
        "leaf_count": len(leaves),
        "root": merkle_root(leaf_hash(*leaf) for leaf in leaves),
        "prev_hash": GENESIS if last is None else last.hash,
    }
    made["hash"] = seal_hash(**made)
    if not insert_new(session, SEALS, ("number",), [made], returning=("number",)):
        return None
    number = made["number"]
    insert_all(
        session,
        LEAVES,
        [{"stream": stream, "seq": seq, "hash": head, "seal_number": number} for stream, seq, head in leaves],
    )
    _mark_sealed(session, leaves)
    _write_checkpoints(session, number)
    return Seal(**made)


def seal_hash(**made: Any) -> bytes:
    """What a seal commits to: its number, instant, count of leaves, root, and the seal before it."""
    return row_hash(SEALS.name, [made[name] for name in ("number", "at", "leaf_count", "root", "prev_hash")])


def export_heads(session: Session) -> dict[int, str]:
    """Each seal's hash (hexadecimal) by its number, to be kept where the database's owner cannot reach.

    Whoever keeps a seal's hash can prove that nothing under it was rewritten.
    """
    rows = session.execute(select(SEALS.c.number, SEALS.c.hash).order_by(SEALS.c.number))
    return {row.number: row.hash.hex() for row in rows}


def _grown_heads(session: Session) -> Iterator[Leaf]:
    grown = select(STREAMS.c.key, STREAMS.c.head_seq, STREAMS.c.head_hash).where(has_grown())
    for row in session.execute(grown):
        yield row.key, row.head_seq, row.head_hash


def _unsealed_rows(session: Session) -> Iterator[Leaf]:
    for table, payloads, _ in sealed_tables():
        unsealed = select(table.c.id, table.c.hash).join(payloads, payloads.c.id == table.c.id)
        for row_id, row in session.execute(unsealed.where(~payloads.c.sealed)):
            yield table.name, row_id, row


def _mark_sealed(session: Session, leaves: Sequence[Leaf]) -> None:
    for table, payloads, _ in sealed_tables():
        ids = [row_id for stream, row_id, _ in leaves if stream == table.name]
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            session.execute(update(payloads).where(payloads.c.id.in_(chunk)).values(sealed=True))


def _write_checkpoints(session: Session, number: int) -> None:
    """Carry the sums of the newly sealed postings on to the newest checkpoints; untouched ones are not repeated."""
    before = {(row.ledger_account, row.currency): row.amount for row in session.execute(newest_checkpoints()).all()}
    earlier = LEAVES.alias("earlier")
    sealed_before = (
        select(func.coalesce(func.max(earlier.c.seq), 0))
        .where(earlier.c.stream == LEAVES.c.stream, earlier.c.seq < LEAVES.c.seq)
        .scalar_subquery()
    )
    grown = materialized(
        select(STREAMS.c.id, LEAVES.c.seq, sealed_before.label("sealed"))
        .join_from(LEAVES, STREAMS, STREAMS.c.key == LEAVES.c.stream)
        .where(LEAVES.c.seal_number == number),
        "grown",
    )
    added = (
        select(POSTINGS.c.ledger_account, POSTINGS.c.currency, func.sum(POSTINGS.c.amount).label("amount"))
        .join_from(grown, ENTRIES, ENTRIES.c.stream_id == grown.c.id)
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(ENTRIES.c.seq > grown.c.sealed, ENTRIES.c.seq <= grown.c.seq)
        .group_by(POSTINGS.c.ledger_account, POSTINGS.c.currency)
    )
    rows = [
        {
            "ledger_account": ledger_account,
            "currency": currency,
            "seal_number": number,
            "balance": before.get((ledger_account, currency), 0) + int(amount),
        }
        for ledger_account, currency, amount in session.execute(added)
    ]
    insert_all(session, CHECKPOINTS, rows)
