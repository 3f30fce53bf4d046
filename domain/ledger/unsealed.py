"""Unsealed: which entries and postings no seal covers yet, told from the streams' heads and the seals' leaves."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, func, literal, select

from domain.ledger.model import CHECKPOINTS, ENTRIES, LEAVES, POSTINGS, STREAMS


def sealed_through() -> ScalarSelect[int]:
    """The seq up to which seals cover the stream of the enclosing query, 0 for none."""
    return (
        select(func.coalesce(func.max(LEAVES.c.seq), 0))
        .where(LEAVES.c.stream == STREAMS.c.key)
        .correlate(STREAMS)
        .scalar_subquery()
    )


def has_grown() -> ColumnElement[bool]:
    """Whether no seal covers the head of the stream of the enclosing query: one look into an index for each stream."""
    covered = select(literal(1)).where(LEAVES.c.stream == STREAMS.c.key, LEAVES.c.seq == STREAMS.c.head_seq)
    return (STREAMS.c.head_seq > 0) & ~covered.correlate(STREAMS).exists()


def materialized(rows: Select[Any], name: str) -> CTE:
    """`rows` worked out once: PostgreSQL would put their subqueries into a join and work them out for each entry."""
    return rows.cte(name).prefix_with("MATERIALIZED", dialect="postgresql")


def unsealed_postings() -> Select[Any]:
    """Ledger account, currency and amount of each posting whose entry no seal covers yet."""
    grown = materialized(select(STREAMS.c.id, sealed_through().label("sealed")).where(has_grown()), "grown")
    return (
        select(POSTINGS.c.ledger_account, POSTINGS.c.currency, POSTINGS.c.amount)
        .join_from(grown, ENTRIES, (ENTRIES.c.stream_id == grown.c.id) & (ENTRIES.c.seq > grown.c.sealed))
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    )


def newest_checkpoints() -> Select[Any]:
    """Ledger account, currency and amount of the newest checkpoint of each: the sum of all sealed postings."""
    newer = CHECKPOINTS.alias("newer")
    newest = (
        select(func.max(newer.c.seal_number))
        .where(newer.c.ledger_account == CHECKPOINTS.c.ledger_account, newer.c.currency == CHECKPOINTS.c.currency)
        .scalar_subquery()
    )
    return select(CHECKPOINTS.c.ledger_account, CHECKPOINTS.c.currency, CHECKPOINTS.c.balance.label("amount")).where(
        CHECKPOINTS.c.seal_number == newest
    )
