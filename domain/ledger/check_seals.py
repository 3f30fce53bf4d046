"""Checking seals: their chain and roots, every leaf against what it sealed, the checkpoints against the postings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.ledger.merkle import leaf_hash, merkle_root
from domain.ledger.model import CHECKPOINTS, ENTRIES, GENESIS, LEAVES, POSTINGS, SEALS, STREAMS
from domain.ledger.sealing import export_heads, seal_hash
from domain.ledger.unsealed import materialized
from domain.shared.db.sealed import sealed_tables
from domain.shared.errors import N_

BATCH = 2_000
Root: TypeAlias = tuple[int, int, bytes]
"""A seal's number, the count of its leaves, and the Merkle root over them, as they stand now."""


def check_seals(session: Session) -> Iterator[Finding]:
    """Every seal: chained to the one before it, unedited, and its root the one over its leaves."""
    roots = _roots(session)
    root = next(roots, None)
    expected, previous = 1, GENESIS
    for seal in session.execute(select(SEALS).order_by(SEALS.c.number), execution_options={"yield_per": BATCH}):
        place = f"seal {seal.number}"
        if seal.number != expected or seal.prev_hash != previous:
            yield Finding("seal-link", place, N_("A seal before this one is missing."), f"seal {expected}", place)
        if seal_hash(**seal._mapping) != seal.hash:
            yield Finding("seal-hash", place, N_("This seal was edited."), seal.hash.hex()[:16], "another hash")
        while root is not None and root[0] < seal.number:
            yield _lost_seal(root)
            root = next(roots, None)
        of_leaves = (0, b"")
        if root is not None and root[0] == seal.number:
            of_leaves = root[1:]
            root = next(roots, None)
        if (seal.leaf_count, seal.root) != of_leaves:
            yield Finding(
                "seal-root",
                place,
                N_("The leaves of this seal are not the ones that were sealed."),
                f"{seal.leaf_count} leaves, {seal.root.hex()[:16]}",
                f"{of_leaves[0]} leaves, {of_leaves[1].hex()[:16]}",
            )
        expected, previous = seal.number + 1, seal.hash
    while root is not None:
        yield _lost_seal(root)
        root = next(roots, None)


def check_sealed_entries(session: Session) -> Iterator[Finding]:
    """That every sealed head of a stream is still there, with the hash that was sealed."""
    for leaf in session.execute(_sealed_otherwise()):
        place = f"{leaf.stream}, entry {leaf.seq}"
        sealed = leaf.hash.hex()[:16]
        if leaf.stream_id is None:
            yield Finding("lost-stream", place, N_("This stream was sealed and is gone."), sealed, "nothing")
        elif leaf.entry_hash is None:
            yield Finding("lost-tail", place, N_("This entry was sealed and is gone."), sealed, "nothing")
        else:
            words = N_("This entry is not the one that was sealed.")
            yield Finding("sealed-otherwise", place, words, sealed, leaf.entry_hash.hex()[:16])


@cache
def _sealed_otherwise() -> Select[Any]:
    return (
        select(LEAVES, STREAMS.c.id.label("stream_id"), ENTRIES.c.hash.label("entry_hash"))
        .outerjoin(STREAMS, STREAMS.c.key == LEAVES.c.stream)
        .outerjoin(ENTRIES, and_(ENTRIES.c.stream_id == STREAMS.c.id, ENTRIES.c.seq == LEAVES.c.seq))
        .where(
            LEAVES.c.stream.not_in([table.name for table, _, _ in sealed_tables()]),
            or_(ENTRIES.c.hash.is_(None), ENTRIES.c.hash != LEAVES.c.hash),
        )
    )


def check_checkpoints(session: Session) -> Iterator[Finding]:
    """That every checkpoint is the sum of the postings sealed by then."""
    for row in session.execute(_differing_checkpoints()):
        words = N_("This checkpoint is not the sum of the postings sealed by then.")
        where = f"seal {row.seal_number}, {row.ledger_account} {row.currency}"
        expectation = f"{row.expected} in one row"
        yield Finding("checkpoint", where, words, expectation, f"{row.found}" if row.sides == 2 else "no such pair")


@cache
def _differing_checkpoints() -> Select[Any]:
    added = _sealed_sums().cte("added")
    running = select(
        added.c.ledger_account,
        added.c.currency,
        added.c.seal_number,
        func.sum(added.c.amount)
        .over(partition_by=(added.c.ledger_account, added.c.currency), order_by=added.c.seal_number)
        .label("expected"),
        literal(0).label("found"),
    )
    kept = select(
        CHECKPOINTS.c.ledger_account,
        CHECKPOINTS.c.currency,
        CHECKPOINTS.c.seal_number,
        literal(0).label("expected"),
        CHECKPOINTS.c.balance.label("found"),
    )
    both = union_all(running, kept).subquery()
    place = (both.c.seal_number, both.c.ledger_account, both.c.currency)
    expected, found = func.sum(both.c.expected), func.sum(both.c.found)
    differing = select(*place, expected.label("expected"), found.label("found"), func.count().label("sides"))
    return differing.group_by(*place).having(or_(expected != found, func.count() != 2)).order_by(both.c.seal_number)


def against(heads: Mapping[int, str]) -> Callable[[Session], Iterator[Finding]]:
    """A check that the seals are the ones whose `heads` were exported: finds what was rewritten as a whole."""

    def check_exported(session: Session) -> Iterator[Finding]:
        ours = export_heads(session)
        for number, head in heads.items():
            if ours.get(number) != head:
                words = N_("This seal is not the one that was exported.")
                yield Finding("exported", f"seal {number}", words, head, ours.get(number, "nothing"))

    return check_exported


def _lost_seal(root: Root) -> Finding:
    return Finding(
        "lost-seal", f"seal {root[0]}", N_("The seal of these leaves is gone."), "a seal", f"{root[1]} leaves"
    )


def _roots(session: Session) -> Iterator[Root]:
    leaves = session.execute(select(LEAVES).order_by(LEAVES.c.seal_number), execution_options={"yield_per": BATCH})
    for number, group in groupby(leaves, key=attrgetter("seal_number")):
        of_seal = sorted((leaf.stream, leaf.seq, leaf.hash) for leaf in group)
        yield number, len(of_seal), merkle_root(leaf_hash(*leaf) for leaf in of_seal)


def _sealed_sums() -> Select[Any]:
    """By ledger account, currency and seal: the sum of the postings that the seal was the first to cover."""
    ranges = materialized(
        select(
            STREAMS.c.id,
            LEAVES.c.seal_number,
            LEAVES.c.seq,
            func.lag(LEAVES.c.seq, 1, 0).over(partition_by=LEAVES.c.stream, order_by=LEAVES.c.seq).label("sealed"),
        ).join_from(LEAVES, STREAMS, STREAMS.c.key == LEAVES.c.stream),
        "ranges",
    )
    place = (POSTINGS.c.ledger_account, POSTINGS.c.currency, ranges.c.seal_number)
    return (
        select(*place, func.sum(POSTINGS.c.amount).label("amount"))
        .join_from(ranges, ENTRIES, ENTRIES.c.stream_id == ranges.c.id)
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(ENTRIES.c.seq > ranges.c.sealed, ENTRIES.c.seq <= ranges.c.seq)
        .group_by(*place)
    )
