"""Checking sealed rows: each row of a sealed table against its hash, its payload and the seal that covers it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Enum, Select, String, Table, and_, or_, select, type_coerce
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.ledger.model import LEAVES
from domain.shared.db.sealed import SealedRows, sealed_tables
from domain.shared.errors import N_
from domain.shared.hashing import row_hash, salted_digest

BATCH = 2_000


def check_sealed_rows(session: Session) -> Iterator[Finding]:
    """Every row of every sealed table; a payload that was erased on a recorded ground is in order."""
    for table, payloads, rows in sealed_tables():
        yield from _check_rows(session, table, payloads, rows)
        yield from _check_leaves(session, table)
        yield from _check_payloads_without_row(session, table, payloads)


def _check_rows(session: Session, table: Table, payloads: Table, rows: SealedRows) -> Iterator[Finding]:
    erasures = set(session.scalars(rows.erasures()))
    found = rows_of(table, payloads).order_by(table.c.id)
    for row in session.execute(found, execution_options={"yield_per": BATCH}):
        yield from check_row(row, table, rows, erasures)


def check_row(row: Any, table: Table, rows: SealedRows, erasures: Collection[str]) -> Iterator[Finding]:
    """One row of `rows_of`: its own hash and its payload; `erasures` are the ids whose erasure is on record."""
    place = f"{table.name} {row.id}"
    if row_hash(table.name, [row._mapping[name] for name in rows.columns]) != row.hash:
        yield Finding("row-hash", place, N_("This row was edited."), row.hash.hex()[:16], "another hash")
    yield from _check_payload(row, place, erasures)


@cache
def rows_of(table: Table, payloads: Table) -> Select[Any]:
    """Each row with its payload, and the leaf that seals it."""
    return (
        select(
            *(type_coerce(c, String).label(c.name) if isinstance(c.type, Enum) else c for c in table.c),
            payloads.c.id.label("payload_id"),
            payloads.c.salt,
            payloads.c.payload,
            payloads.c.erased_at,
            payloads.c.ground,
            payloads.c.sealed,
            LEAVES.c.seq.label("leaf"),
        )
        .outerjoin(payloads, payloads.c.id == table.c.id)
        .outerjoin(LEAVES, and_(LEAVES.c.stream == table.name, LEAVES.c.seq == table.c.id))
    )


def _check_payload(row: Any, place: str, erasures: Collection[str]) -> Iterator[Finding]:
    if row.payload_id is None:
        yield Finding("payload-lost", place, N_("The payload of this row is gone."), "a payload", "none")
        return
    if row.sealed != (row.leaf is not None):
        words = N_("This row and the seals do not agree on whether it is sealed.")
        yield Finding("row-seal", place, words, "both or neither", "one of them")
    if row.payload is None and row.salt is None and row.erased_at and row.ground and str(row.id) in erasures:
        return
    if row.payload is None or row.salt is None or row.erased_at or row.ground:
        words = N_("The payload of this row is gone or marked as erased, and no such erasure is on record.")
        yield Finding("payload-lost", place, words, "a payload, or its erasure", "neither")
        return
    found = salted_digest(row.salt, row.payload)
    if found != row.digest:
        words = N_("The payload of this row was edited.")
        yield Finding("payload-digest", place, words, row.digest.hex()[:16], found.hex()[:16])


def _check_leaves(session: Session, table: Table) -> Iterator[Finding]:
    for leaf in session.execute(differing_leaves(table)):
        yield leaf_finding(leaf, table)


def leaf_finding(leaf: Any, table: Table) -> Finding:
    """What is wrong with one of `differing_leaves`."""
    place = f"{table.name} {leaf.seq}"
    if leaf.row_hash is None:
        return Finding("row-lost", place, N_("This row was sealed and is gone."), leaf.hash.hex()[:16], "nothing")
    words = N_("This row is not the one that was sealed.")
    return Finding("row-otherwise", place, words, leaf.hash.hex()[:16], leaf.row_hash.hex()[:16])


@cache
def differing_leaves(table: Table) -> Select[Any]:
    """The leaves of seals whose row is gone, or another."""
    return (
        select(LEAVES, table.c.hash.label("row_hash"))
        .outerjoin(table, table.c.id == LEAVES.c.seq)
        .where(LEAVES.c.stream == table.name, or_(table.c.hash.is_(None), table.c.hash != LEAVES.c.hash))
    )


def _check_payloads_without_row(session: Session, table: Table, payloads: Table) -> Iterator[Finding]:
    for payload in session.execute(_left_over(table, payloads)):
        place = f"{table.name} {payload.id}"
        yield Finding("row-lost", place, N_("The row of this payload is gone."), "a row", "nothing")


@cache
def _left_over(table: Table, payloads: Table) -> Select[Any]:
    return select(payloads.c.id).where(~select(table.c.id).where(table.c.id == payloads.c.id).exists())
