"""Schemes: changes by somebody who knows how the books are kept, and who sets right what would give them away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.ledger.chain import HASHED_LEG, entry_hash
from domain.ledger.merkle import leaf_hash, merkle_root
from domain.ledger.model import CHECKPOINTS, CLOSES, ENTRIES, GENESIS, LEAVES, POSTINGS, SEALS, STREAMS
from domain.ledger.sealing import seal_hash
from tests.support.tampering import Edit, entry_places


def schemes(connection: Connection) -> Iterator[Edit]:
    """Each scheme, on books of four accounts with three seals and two closes, eight entries an account, six sealed."""
    invoice = _entry(connection, "account:2", 3)
    two_acts = {"audit_entry 5", "audit_entry 6"}
    in_last_seal = connection.execute(
        select(LEAVES.c.seq).where(LEAVES.c.seal_number == 3, LEAVES.c.stream == AUDIT_ENTRIES.name)
    ).scalars()

    yield Edit("swap two entries", _swap(ENTRIES, invoice, invoice + 1), entry_places(connection, invoice))
    yield Edit("swap two acts", _swap(AUDIT_ENTRIES, 5, 6), two_acts)
    yield Edit("swap the payloads of two acts", _swap(AUDIT_PAYLOADS, 5, 6), two_acts)
    yield Edit("lose a sealed tail", lambda c: cut(c, "account:3", 5), {"account:3, entry 6"})
    yield Edit("lose what no seal covers yet", lambda c: cut(c, "account:3", 7, mend=False), {"account:3"})
    yield Edit("lose a whole stream", lambda c: cut(c, "account:4", 1, stream=True), {"account:4, entry 6"})
    yield Edit("lose all entries of a stream", lambda c: cut(c, "account:4", 1, mend=False), {"account:4"})
    yield Edit(
        "lose a stream's row", _does(delete(STREAMS).where(STREAMS.c.key == "account:1")), {"account:1, entry 6"}
    )
    yield Edit("lose a leg on each side", lambda c: _lose_legs(c, invoice), {"account:2, entry 3"})
    yield Edit("edit and hash again", lambda c: rewrite(c, "account:2", 3, pence=700), {"account:2, entry 4"})
    yield Edit(
        "edit and hash the whole chain again",
        lambda c: rewrite(c, "account:2", 3, pence=700, chain=True),
        {"account:2, entry 4", "account:2, entry 6"},
    )
    yield Edit("slip in an entry", lambda c: _slip_in(c, "account:2"), {"account:2"})
    yield Edit("owe less", _does(update(STREAMS).where(STREAMS.c.account_id == 1).values(balance=1)), {"account:1"})
    yield Edit("lose a seal, its leaves and checkpoints", lambda c: _lose_seal(c, 2), {"seal 3"})
    yield Edit(
        "lose the last seal, its leaves and checkpoints",
        lambda c: _lose_seal(c, 3),
        {f"audit_entry {audit_id}" for audit_id in in_last_seal},
    )
    yield Edit("forget the last close", _does(delete(CLOSES).where(CLOSES.c.number == 2)), {"account:1"})
    yield Edit("lose an act and its payload", lambda c: _lose_act(c, 5), {"audit_entry 5"})
    yield Edit("erase on no record", lambda c: _erase(c, 5), {"audit_entry 5"})


def cut(connection: Connection, key: str, seq: int, *, mend: bool = True, stream: bool = False) -> None:
    """Delete the end of a stream from `seq` on, set its head and its balance back (`mend`), or lose it too."""
    stream_id = connection.execute(select(STREAMS.c.id).where(STREAMS.c.key == key)).scalar_one()
    gone = select(ENTRIES.c.id).where(ENTRIES.c.stream_id == stream_id, ENTRIES.c.seq >= seq)
    connection.execute(delete(POSTINGS).where(POSTINGS.c.entry_id.in_(gone)))
    connection.execute(delete(ENTRIES).where(ENTRIES.c.stream_id == stream_id, ENTRIES.c.seq >= seq))
    if stream:
        connection.execute(delete(STREAMS).where(STREAMS.c.id == stream_id))
    elif mend:
        _mend_head(connection, stream_id)


def rewrite(connection: Connection, key: str, seq: int, *, pence: int, chain: bool = False) -> None:
    """Change an entry's source and amounts and hash it again; with `chain` all that follows, head and balance too."""
    stream_id = connection.execute(select(STREAMS.c.id).where(STREAMS.c.key == key)).scalar_one()
    of_entry = POSTINGS.c.entry_id == _entry(connection, key, seq)
    for line, change in ((1, pence), (2, -pence)):
        changed = update(POSTINGS).where(of_entry, POSTINGS.c.line == line)
        connection.execute(changed.values(amount=POSTINGS.c.amount + change))
    this = (ENTRIES.c.stream_id == stream_id) & (ENTRIES.c.seq == seq)
    connection.execute(update(ENTRIES).where(this).values(source="rewritten"))
    _hash_again(connection, stream_id, key, seq)
    if not chain:
        return
    for later in range(seq + 1, 9):
        _hash_again(connection, stream_id, key, later)
    _mend_head(connection, stream_id)


def rewrite_and_seal_again(connection: Connection, key: str, seq: int) -> None:
    """Rewrite an entry, its chain, the leaves that sealed it, and every seal from there on: nothing is left to tell."""
    rewrite(connection, key, seq, pence=0, chain=True)
    for leaf in connection.execute(select(LEAVES).where(LEAVES.c.stream == key)).all():
        found = select(ENTRIES.c.hash).where(ENTRIES.c.id == _entry(connection, key, leaf.seq)).scalar_subquery()
        this = (LEAVES.c.stream == key) & (LEAVES.c.seq == leaf.seq)
        connection.execute(update(LEAVES).where(this).values(hash=found))
    previous = GENESIS
    for row in connection.execute(select(SEALS).order_by(SEALS.c.number)).mappings().all():
        sealed = connection.execute(select(LEAVES).where(LEAVES.c.seal_number == row["number"]))
        of_seal = sorted((leaf.stream, leaf.seq, leaf.hash) for leaf in sealed)
        made: dict[str, Any] = {
            **row,
            "root": merkle_root(leaf_hash(*leaf) for leaf in of_seal),
            "prev_hash": previous,
        }
        previous = made["hash"] = seal_hash(**made)
        connection.execute(update(SEALS).where(SEALS.c.number == row["number"]).values(made))


def _does(statement: Any) -> Callable[[Connection], Any]:
    return lambda connection: connection.execute(statement)


def _entry(connection: Connection, key: str, seq: int) -> int:
    entry = select(ENTRIES.c.id).join(STREAMS, STREAMS.c.id == ENTRIES.c.stream_id)
    entry_id: int = connection.execute(entry.where(STREAMS.c.key == key, ENTRIES.c.seq == seq)).scalar_one()
    return entry_id


def _swap(table: Table, one: int, other: int) -> Callable[[Connection], None]:
    """Give two rows each other's content: all but their ids."""

    def swap(connection: Connection) -> None:
        two = table.c.id.in_([one, other])
        rows = connection.execute(select(table).where(two).order_by(table.c.id)).mappings().all()
        connection.execute(delete(table).where(two))
        connection.execute(insert(table), [{**rows[0], "id": rows[1]["id"]}, {**rows[1], "id": rows[0]["id"]}])

    return swap


def _mend_head(connection: Connection, stream_id: int) -> None:
    last = select(ENTRIES).where(ENTRIES.c.stream_id == stream_id).order_by(ENTRIES.c.seq.desc()).limit(1)
    entry = connection.execute(last).one()
    owed = connection.execute(
        select(func.sum(POSTINGS.c.amount))
        .join_from(POSTINGS, ENTRIES)
        .where(ENTRIES.c.stream_id == stream_id, POSTINGS.c.ledger_account == "receivable")
    ).scalar_one()
    mended = {"head_seq": entry.seq, "head_hash": entry.hash, "balance": owed}
    connection.execute(update(STREAMS).where(STREAMS.c.id == stream_id).values(mended))


def _hash_again(connection: Connection, stream_id: int, key: str, seq: int) -> None:
    this = (ENTRIES.c.stream_id == stream_id) & (ENTRIES.c.seq == seq)
    before = (ENTRIES.c.stream_id == stream_id) & (ENTRIES.c.seq == seq - 1)
    entry = connection.execute(select(ENTRIES).where(this)).one()
    prev_hash = connection.execute(select(ENTRIES.c.hash).where(before)).scalar_one()
    legs = connection.execute(
        select(*(POSTINGS.c[name] for name in HASHED_LEG))
        .where(POSTINGS.c.entry_id == entry.id)
        .order_by(POSTINGS.c.line)
    ).all()
    content = {
        name: entry._mapping[name]
        for name in (
            "seq",
            "kind",
            "source",
            "effective_on",
            "occurred_on",
            "recorded_at",
            "account_id",
            "reverses_id",
        )
    }
    computed = entry_hash(prev_hash, stream=key, legs=[tuple(leg) for leg in legs], **content)
    connection.execute(update(ENTRIES).where(this).values(prev_hash=prev_hash, hash=computed))


def _lose_legs(connection: Connection, entry_id: int) -> None:
    connection.execute(delete(POSTINGS).where(POSTINGS.c.entry_id == entry_id, POSTINGS.c.line == 3))
    mended = update(POSTINGS).where(POSTINGS.c.entry_id == entry_id, POSTINGS.c.line == 2)
    owed = select(POSTINGS.c.amount).where(POSTINGS.c.entry_id == entry_id, POSTINGS.c.line == 1)
    connection.execute(mended.values(amount=-connection.execute(owed).scalar_one()))


def _slip_in(connection: Connection, key: str) -> None:
    last = connection.execute(select(ENTRIES).where(ENTRIES.c.id == _entry(connection, key, 8))).mappings().one()
    row = {**last, "id": 10_000, "seq": 9, "source": "slipped in", "prev_hash": last["hash"]}
    connection.execute(insert(ENTRIES), [row])
    legs = connection.execute(select(POSTINGS).where(POSTINGS.c.entry_id == last["id"])).mappings().all()
    connection.execute(insert(POSTINGS), [{**leg, "entry_id": 10_000} for leg in legs])
    _hash_again(connection, row["stream_id"], key, 9)


def _lose_seal(connection: Connection, number: int) -> None:
    connection.execute(delete(LEAVES).where(LEAVES.c.seal_number == number))
    connection.execute(delete(CHECKPOINTS).where(CHECKPOINTS.c.seal_number == number))
    connection.execute(delete(SEALS).where(SEALS.c.number == number))


def _lose_act(connection: Connection, audit_id: int) -> None:
    connection.execute(delete(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == audit_id))
    connection.execute(delete(AUDIT_ENTRIES).where(AUDIT_ENTRIES.c.id == audit_id))


def _erase(connection: Connection, audit_id: int) -> None:
    at = connection.execute(select(AUDIT_ENTRIES.c.at).where(AUDIT_ENTRIES.c.id == audit_id)).scalar_one()
    gone = {"salt": None, "payload": None, "erased_at": at, "ground": "because"}
    connection.execute(update(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == audit_id).values(gone))
