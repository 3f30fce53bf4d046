"""Checking streams: every entry balanced and chained, every head, cached balance and closed day as the entries say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from domain.ledger.chain import HashedLeg, entry_hash
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import close_hash
from domain.ledger.findings import Finding
from domain.ledger.model import CLOSES, ENTRIES, GENESIS, POSTINGS, STREAMS
from domain.shared.errors import N_

BATCH = 2_000
RECEIVABLE = LedgerAccount.RECEIVABLE.value
NAMES = frozenset(account.value for account in LedgerAccount)
EMPTIED = select(STREAMS).where(
    ~select(ENTRIES.c.id).where(ENTRIES.c.stream_id == STREAMS.c.id).exists(),
    (STREAMS.c.head_seq != 0) | (STREAMS.c.balance != 0),
)
WITHOUT_STREAM = select(ENTRIES.c.id).where(~select(STREAMS.c.id).where(STREAMS.c.id == ENTRIES.c.stream_id).exists())
WITHOUT_ENTRY = select(POSTINGS).outerjoin(ENTRIES, ENTRIES.c.id == POSTINGS.c.entry_id).where(ENTRIES.c.id.is_(None))
TWICE = (
    select(ENTRIES.c.kind, ENTRIES.c.source, func.count().label("times"))
    .group_by(ENTRIES.c.kind, ENTRIES.c.source)
    .having(func.count() > 1)
)
ALL_CLOSES = select(CLOSES).order_by(CLOSES.c.number)
KNOWS_OTHERWISE = select(STREAMS.c.key, STREAMS.c.closed_through).where(
    STREAMS.c.closed_through.is_distinct_from(bindparam("through", type_=STREAMS.c.closed_through.type))
)


def check_streams(session: Session) -> Iterator[Finding]:
    """Walk every stream from its first entry to its head, in one pass with flat memory."""
    rows = session.execute(_lines(), execution_options={"yield_per": BATCH})
    for _, lines in groupby(rows, key=attrgetter("stream_id")):
        yield from _check_stream(groupby(lines, key=attrgetter("seq")))


def check_strays(session: Session) -> Iterator[Finding]:
    """Streams, entries and postings that the walk over streams would not meet."""
    for stream in session.execute(EMPTIED):
        yield Finding("lost-entries", stream.key, N_("All entries of this stream are gone."), str(stream.head_seq), "0")
    for entry in session.execute(WITHOUT_STREAM):
        yield Finding("lost-stream", f"entry {entry.id}", N_("The stream of this entry is gone."), "a stream", "none")
    for posting in session.execute(WITHOUT_ENTRY):
        place = f"entry {posting.entry_id}, line {posting.line}"
        yield Finding("lost-entry", place, N_("This posting's entry is gone."), "an entry", "none")
    for event in session.execute(TWICE):
        place = f"{event.kind} {event.source}"
        yield Finding("posted-twice", place, N_("One business event was posted more than once."), "1", str(event.times))


def check_closes(session: Session) -> Iterator[Finding]:
    """The chain of period closes, and that every stream knows the last of them."""
    previous, through = GENESIS, None
    for number, close in enumerate(session.execute(ALL_CLOSES), start=1):
        place = f"close {close.number}"
        if close.number != number or close.prev_hash != previous:
            words = N_("The period close that belongs here is missing.")
            yield Finding("close-link", f"close {number}", words, f"close {number}", place)
        if close_hash(**close._mapping) != close.hash:
            yield Finding("close-hash", place, N_("This period close was edited."), _hex(close.hash), "another hash")
        previous, through = close.hash, close.closed_through
    for stream in session.execute(KNOWS_OTHERWISE, {"through": through}):
        words = N_("The books are closed through another day than this stream knows.")
        yield Finding("closed-through", stream.key, words, str(through), str(stream.closed_through))


@cache
def _lines() -> Select[Any]:
    """Every entry in the order of its stream, repeated for each of its legs (once, with no line, where it has none)."""
    return (
        select(
            *(column.label(f"stream_{column.name}") for column in STREAMS.c),
            *(column for column in ENTRIES.c if column.name not in ("stream_id", "account_id")),
            ENTRIES.c.account_id,
            POSTINGS.c.line,
            POSTINGS.c.ledger_account,
            POSTINGS.c.account_id.label("leg_account_id"),
            POSTINGS.c.currency,
            POSTINGS.c.amount,
        )
        .join_from(ENTRIES, STREAMS, STREAMS.c.id == ENTRIES.c.stream_id)
        .outerjoin(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .order_by(ENTRIES.c.stream_id, ENTRIES.c.seq, POSTINGS.c.line)
    )


def _check_stream(entries: Iterator[tuple[int, Iterator[Any]]]) -> Iterator[Finding]:
    seq, head, owed = 0, GENESIS, 0
    entry: Any = None
    for _, group in entries:
        lines = list(group)
        entry = lines[0]
        legs: list[HashedLeg] = [
            (line.line, line.ledger_account, line.leg_account_id, line.currency, line.amount)
            for line in lines
            if line.line is not None
        ]
        yield from _check_link(entry, seq, head)
        yield from _check_hash(entry, legs)
        yield from _check_legs(entry, legs)
        seq, head = entry.seq, entry.hash
        owed += sum(amount for _, account, _, _, amount in legs if account == RECEIVABLE)
    yield from _check_end(entry, seq, head, owed)


def _check_end(stream: Any, seq: int, head: bytes, owed: int) -> Iterator[Finding]:
    if (stream.stream_head_seq, stream.stream_head_hash) != (seq, head):
        words = N_("The stream does not end with the entry that its head names.")
        yield Finding("head", stream.stream_key, words, f"entry {stream.stream_head_seq}", f"entry {seq}")
    if stream.stream_balance != owed:
        words = N_("The balance kept with the stream is not the sum of its postings.")
        yield Finding("cached-balance", stream.stream_key, words, str(owed), str(stream.stream_balance))


def _check_link(entry: Any, seq: int, head: bytes) -> Iterator[Finding]:
    place = f"{entry.stream_key}, entry {entry.seq}"
    if entry.seq != seq + 1:
        yield Finding("chain-gap", place, N_("Entries before this one are missing."), str(seq + 1), str(entry.seq))
    if entry.account_id != entry.stream_account_id:
        words = N_("This entry is another account's than its stream.")
        yield Finding("account", place, words, str(entry.stream_account_id), str(entry.account_id))
    if entry.prev_hash != head:
        words = N_("This entry is chained to another entry than the one before it.")
        yield Finding("chain-link", place, words, _hex(head), _hex(entry.prev_hash))


def _check_hash(entry: Any, legs: list[HashedLeg]) -> Iterator[Finding]:
    computed = entry_hash(
        entry.prev_hash,
        stream=entry.stream_key,
        seq=entry.seq,
        kind=entry.kind,
        source=entry.source,
        effective_on=entry.effective_on,
        occurred_on=entry.occurred_on,
        recorded_at=entry.recorded_at,
        account_id=entry.account_id,
        reverses_id=entry.reverses_id,
        legs=legs,
    )
    if computed != entry.hash:
        place = f"{entry.stream_key}, entry {entry.seq}"
        words = N_("This entry or its postings were edited.")
        yield Finding("chain-hash", place, words, _hex(entry.hash), _hex(computed))


def _check_legs(entry: Any, legs: list[HashedLeg]) -> Iterator[Finding]:
    place = f"{entry.stream_key}, entry {entry.seq}"
    if not legs:
        yield Finding("no-postings", place, N_("This entry has no postings."), "1", "0")
    sums: defaultdict[str, int] = defaultdict(int)
    for _, account, _, currency, amount in legs:
        sums[currency] += amount
        if account not in NAMES:
            yield Finding("unknown-ledger-account", place, N_("The chart has no such line."), "a line", account)
        if account == RECEIVABLE and currency != entry.stream_currency:
            words = N_("This account is kept in another currency.")
            yield Finding("currency", place, words, str(entry.stream_currency), currency)
    for currency, total in sums.items():
        if total:
            yield Finding(
                "unbalanced", place, N_("This entry is out of balance."), f"0 {currency}", f"{total} {currency}"
            )


def _hex(value: bytes) -> str:
    return value.hex()[:16]
