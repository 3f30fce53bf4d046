"""Streams: opening them, and locking their heads, to which the next entry is chained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from domain.ledger.closing import books_closed_through
from domain.ledger.model import GENESIS, STREAMS
from domain.shared.db.inserting import insert_if_new


@dataclass(slots=True)
class Head:
    """A stream's end, locked: what the next entry is chained to, and what the account owes."""

    id: int
    key: str
    currency: str | None
    seq: int
    hash: bytes
    balance: int
    closed_through: date | None


HEADS = select(
    STREAMS.c.id,
    STREAMS.c.key,
    STREAMS.c.currency,
    STREAMS.c.head_seq,
    STREAMS.c.head_hash,
    STREAMS.c.balance,
    STREAMS.c.closed_through,
).with_for_update()
ONE_HEAD = HEADS.where(STREAMS.c.key == bindparam("key"))
MANY_HEADS = HEADS.where(STREAMS.c.key.in_(bindparam("keys", expanding=True))).order_by(
    STREAMS.c.account_id, STREAMS.c.key
)
MOVE_HEAD = (
    update(STREAMS)
    .where(STREAMS.c.id == bindparam("stream"))
    .values(head_seq=bindparam("seq"), head_hash=bindparam("head"), balance=bindparam("owed"))
)


def account_stream(account_id: int) -> str:
    """The key of an account's stream."""
    return f"account:{account_id}"


def bank_stream(currency: str) -> str:
    """The stream of what happens at the bank in one currency."""
    return f"bank:{currency.lower()}"


def partner_stream(partner_id: int) -> str:
    """The stream of what stands between us and an agency or attorney."""
    return f"partner:{partner_id}"


def open_account_stream(session: Session, account_id: int, currency: str) -> None:
    """Give an account its stream, before anything is posted for it; an account has one currency for good."""
    if _open(session, account_stream(account_id), account_id, currency) is None:
        raise ValueError(f"account {account_id} has its stream already")


def open_account_streams(session: Session, currencies: Mapping[int, str]) -> None:
    """Give many new accounts their streams at once; account ids and their currencies."""
    closed = books_closed_through(session)
    if currencies:
        session.execute(
            insert(STREAMS),
            [_new(account_stream(account_id), account_id, code, closed) for account_id, code in currencies.items()],
        )


def lock_head(session: Session, key: str) -> Head:
    """The head of one stream, locked; a stream that is no account's is opened on first use."""
    row = session.execute(ONE_HEAD, {"key": key}).one_or_none()
    if row is None:
        _open_on_first_use(session, key)
        row = session.execute(ONE_HEAD, {"key": key}).one()
    return Head(*row)


def lock_heads(session: Session, keys: Collection[str]) -> dict[str, Head]:
    """The heads of many streams by key, locked in the house's order: accounts by ascending id, then the others."""
    heads = {row.key: Head(*row) for row in session.execute(MANY_HEADS, {"keys": list(keys)})}
    for key in keys:
        if key not in heads:
            heads[key] = lock_head(session, key)
    return heads


def move_heads(session: Session, heads: Iterable[Head]) -> None:
    """Write down where the streams now end."""
    session.execute(
        MOVE_HEAD,
        [{"stream": head.id, "seq": head.seq, "head": head.hash, "owed": head.balance} for head in heads],
    )


def _open_on_first_use(session: Session, key: str) -> None:
    if key.startswith("account:"):
        raise ValueError(f"{key} has no stream: open it first")
    if ":" not in key:
        raise ValueError(f"{key!r} does not say whose stream it is, as in processor:usd")
    _open(session, key, None, None)


def _open(session: Session, key: str, account_id: int | None, currency: str | None) -> int | None:
    return insert_if_new(session, STREAMS, ("key",), _new(key, account_id, currency, books_closed_through(session)))


def _new(key: str, account_id: int | None, currency: str | None, closed_through: date | None) -> dict[str, Any]:
    return {
        "key": key,
        "account_id": account_id,
        "currency": currency,
        "head_seq": 0,
        "head_hash": GENESIS,
        "balance": 0,
        "closed_through": closed_through,
    }
