"""Posting: the one way by which money is written down, as balanced entries at the head of a hash-chained stream."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.ledger.chain import HASHED_LEG, HashedLeg, entry_hash
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS, STREAMS
from domain.ledger.streams import Head, account_stream, lock_head, lock_heads, move_heads
from domain.shared.db.inserting import insert_all, insert_if_new, insert_new
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import LARGEST_MINOR, CurrencyMismatch, Money

CHUNK = 2_000
INSERT_POSTINGS = insert(POSTINGS)


class EntryKind(StrEnum):
    """What sort of business event an entry records; with the event's own name it can be posted only once."""

    INVOICE_ISSUED = "invoice_issued"
    INVOICE_VOIDED = "invoice_voided"
    OPENING_BALANCE = "opening_balance"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    IMPORTED_RECEIPT = "imported_receipt"
    IMPORT_REVERSED = "import_reversed"
    CARD_PAYMENT = "card_payment"
    SETTLEMENT = "settlement"
    FOREIGN_RECEIPT = "foreign_receipt"
    PROCESSOR_MOVEMENT = "processor_movement"
    MOVEMENT_EXPLAINED = "movement_explained"
    REFUND = "refund"
    REFUND_UNDONE = "refund_undone"
    REFUND_EXPLAINED = "refund_explained"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REINSTATED = "chargeback_reinstated"
    PAYOUT_ARRIVED = "payout_arrived"
    PAYOUT_ARRIVAL_UNDONE = "payout_arrival_undone"
    RECORDED_RECEIPT = "recorded_receipt"
    RECEIPT_BANKED = "receipt_banked"
    RECEIPT_RETURNED = "receipt_returned"
    RETURN_BANKED = "return_banked"
    BANK_RECEIPT = "bank_receipt"
    UNIDENTIFIED_RECEIPT = "unidentified_receipt"
    RECEIPT_IDENTIFIED = "receipt_identified"
    RECEIPT_SENT_BACK = "receipt_sent_back"
    REFUND_BANKED = "refund_banked"
    BOOKING_UNDONE = "booking_undone"
    CREDIT_MOVED_OUT = "credit_moved_out"
    CREDIT_MOVED_IN = "credit_moved_in"
    EARLY_DISCOUNT = "early_discount"
    DISCOUNT_REVOKED = "discount_revoked"
    DISCOUNT_RESTORED = "discount_restored"
    CONCESSION = "concession"
    CONCESSION_REVOKED = "concession_revoked"
    AGENT_COLLECTION = "agent_collection"
    REMITTANCE = "remittance"
    REMITTANCE_DIFFERENCE = "remittance_difference"
    COMMISSION_ACCRUED = "commission_accrued"
    COMMISSION_INVOICED = "commission_invoiced"
    COMMISSION_DIFFERENCE = "commission_difference"
    PLACEMENT_COST = "placement_cost"
    PARTNER_PAYMENT = "partner_payment"
    COURT_COST = "court_cost"
    WRITE_OFF = "write_off"
    WRITE_OFF_RELEASED = "write_off_released"
    WRITE_OFF_UNDONE = "write_off_undone"
    BAD_DEBT_RECOVERED = "bad_debt_recovered"
    TAX_RELIEF = "tax_relief"
    TAX_RELIEF_REPAID = "tax_relief_repaid"


class AlreadyPosted(Conflict):
    """This business event stands in the books already: nothing was posted a second time."""

    def __init__(self, kind: EntryKind, source: str) -> None:
        super().__init__(N_("This has been posted already."), kind=kind.value, source=source)


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg to be posted: debit positive, credit negative; a receivable names the account that owes."""

    ledger_account: LedgerAccount
    amount: Money
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that is to be posted with many others."""

    kind: EntryKind
    source: str
    effective_on: date
    legs: Sequence[Leg]
    stream: str | None = None
    occurred_on: date | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """An entry as it stands in the books; `effective_on` is the first open day where its own day was closed."""

    id: int
    stream: str
    seq: int
    effective_on: date
    account_id: int | None


def debit(ledger_account: LedgerAccount, amount: Money, *, account_id: int | None = None) -> Leg:
    """A leg that debits `amount` (not negative) to `ledger_account`."""
    return Leg(ledger_account, _not_negative(amount), account_id)


def credit(ledger_account: LedgerAccount, amount: Money, *, account_id: int | None = None) -> Leg:
    """A leg that credits `amount` (not negative) to `ledger_account`."""
    return Leg(ledger_account, -_not_negative(amount), account_id)


def _not_negative(amount: Money) -> Money:
    if amount.minor < 0:
        raise ValueError(f"{amount}: the side says the sign, so the amount of a leg is not negative")
    return amount


def post(
    session: Session,
    *,
    kind: EntryKind,
    source: str,
    effective_on: date,
    legs: Sequence[Leg],
    stream: str | None = None,
    occurred_on: date | None = None,
    reverses: int | None = None,
) -> PostedEntry:
    """Post one balanced entry at the head of its stream: the account's if a leg names one, else `stream`.

    Legs of nothing are left out. On or before the day through which the books are closed, the entry takes effect on
    the first open day and keeps its own day as `occurred_on`. The caller holds the account's lock.

    Raises AlreadyPosted when `(kind, source)` is in the books, ValueError for an entry that no ledger can hold.
    """
    draft = Draft(kind, source, effective_on, legs, stream, occurred_on, reverses)
    key, account_id = _where(draft)
    head = lock_head(session, key)
    row, postings = _next_link(head, draft, account_id, now(session))
    entry_id = insert_if_new(session, ENTRIES, ("kind", "source"), row)
    if entry_id is None:
        raise AlreadyPosted(kind, source)
    session.execute(INSERT_POSTINGS, [{"entry_id": entry_id, **posting} for posting in postings])
    move_heads(session, [head])
    return PostedEntry(entry_id, key, head.seq, row["effective_on"], account_id)


def post_many(session: Session, drafts: Iterable[Draft]) -> list[PostedEntry]:
    """Post many entries, of any accounts, in the order given: all of them, or none and the first refusal is raised.

    Works in chunks, so that what it holds in memory does not grow with the number of streams or legs.
    """
    posted: list[PostedEntry] = []
    remaining = iter(drafts)
    with session.begin_nested():
        while chunk := list(islice(remaining, CHUNK)):
            posted += _post_chunk(session, chunk)
    return posted


def reverse(
    session: Session, entry_id: int, *, kind: EntryKind, source: str, effective_on: date | None = None
) -> PostedEntry:
    """Post the mirror image of an entry in the same stream, effective today unless said otherwise.

    Raises NotFound for no such entry, and AlreadyPosted when it was reversed before.
    """
    entry = session.execute(
        select(ENTRIES.c.id, ENTRIES.c.account_id, STREAMS.c.key)
        .join(STREAMS, STREAMS.c.id == ENTRIES.c.stream_id)
        .where(ENTRIES.c.id == entry_id)
    ).one_or_none()
    if entry is None:
        raise NotFound
    if session.scalar(select(ENTRIES.c.id).where(ENTRIES.c.reverses_id == entry_id)) is not None:
        raise AlreadyPosted(kind, source)
    rows = session.execute(select(POSTINGS).where(POSTINGS.c.entry_id == entry_id).order_by(POSTINGS.c.line))
    legs = [Leg(LedgerAccount(row.ledger_account), Money(-row.amount, row.currency), row.account_id) for row in rows]
    return post(
        session,
        kind=kind,
        source=source,
        effective_on=effective_on or today(session),
        legs=legs,
        stream=entry.key,
        reverses=entry_id,
    )


def _where(draft: Draft) -> tuple[str, int | None]:
    """The stream that an entry belongs to, and its account; ValueError for legs that no one stream can hold."""
    accounts = {leg.account_id for leg in draft.legs if leg.account_id is not None}
    if any(leg.ledger_account is LedgerAccount.RECEIVABLE and leg.account_id is None for leg in draft.legs):
        raise ValueError("a receivable names its account")
    if len(accounts) > 1:
        raise ValueError("no entry touches two accounts: moving credit is two entries")
    if not accounts:
        if draft.stream is None:
            raise ValueError("an entry without an account needs a stream")
        return draft.stream, None
    account_id = accounts.pop()
    key = account_stream(account_id)
    if draft.stream not in (None, key):
        raise ValueError(f"{key} and {draft.stream} are two streams")
    return key, account_id


def _post_chunk(session: Session, drafts: Sequence[Draft]) -> list[PostedEntry]:
    places = [_where(draft) for draft in drafts]
    heads = lock_heads(session, {key for key, _ in places})
    at = now(session)
    rows, legs = [], []
    for draft, (key, account_id) in zip(drafts, places, strict=True):
        row, postings = _next_link(heads[key], draft, account_id, at)
        rows.append(row)
        legs.append(postings)
    ids = {
        (stream_id, seq): entry_id
        for entry_id, stream_id, seq in insert_new(
            session, ENTRIES, ("kind", "source"), rows, returning=("id", "stream_id", "seq")
        )
    }
    posted = []
    for draft, (key, account_id), row in zip(drafts, places, rows, strict=True):
        entry_id = ids.get((row["stream_id"], row["seq"]))
        if entry_id is None:
            raise AlreadyPosted(draft.kind, draft.source)
        posted.append(PostedEntry(entry_id, key, row["seq"], row["effective_on"], account_id))
    insert_all(
        session,
        POSTINGS,
        [
            {"entry_id": entry.id, **posting}
            for entry, postings in zip(posted, legs, strict=True)
            for posting in postings
        ],
    )
    move_heads(session, heads.values())
    return posted


def _next_link(
    head: Head, draft: Draft, account_id: int | None, at: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of the next entry of a stream and of its postings; moves `head` on to it."""
    legs = _balanced(draft)
    head.balance += _owed(head, legs)
    head.seq += 1
    effective_on, occurred_on = draft.effective_on, draft.occurred_on
    if head.closed_through is not None and effective_on <= head.closed_through:
        occurred_on = occurred_on or effective_on
        effective_on = head.closed_through + timedelta(days=1)
    row: dict[str, Any] = {
        "stream_id": head.id,
        "seq": head.seq,
        "kind": draft.kind.value,
        "source": draft.source,
        "effective_on": effective_on,
        "occurred_on": occurred_on,
        "recorded_at": at,
        "account_id": account_id,
        "reverses_id": draft.reverses,
        "prev_hash": head.hash,
    }
    lines: list[HashedLeg] = [
        (line, leg.ledger_account.value, leg.account_id, leg.amount.currency, leg.amount.minor)
        for line, leg in enumerate(legs, start=1)
    ]
    head.hash = row["hash"] = entry_hash(
        head.hash,
        stream=head.key,
        seq=head.seq,
        kind=row["kind"],
        source=draft.source,
        effective_on=effective_on,
        occurred_on=occurred_on,
        recorded_at=at,
        account_id=account_id,
        reverses_id=draft.reverses,
        legs=lines,
    )
    postings = [dict(zip(HASHED_LEG, line, strict=True)) for line in lines]
    return row, postings


def _balanced(draft: Draft) -> list[Leg]:
    """The legs that carry something; ValueError unless there are some and they are zero in each currency."""
    legs = [leg for leg in draft.legs if leg.amount]
    if not legs:
        raise ValueError(f"{draft.kind} {draft.source}: an entry needs legs that carry something")
    sums: defaultdict[str, int] = defaultdict(int)
    for leg in legs:
        if abs(leg.amount.minor) > LARGEST_MINOR:
            raise ValueError(f"{leg.amount} is more than a ledger can hold")
        sums[leg.amount.currency] += leg.amount.minor
    off = [str(Money(minor, currency)) for currency, minor in sums.items() if minor]
    if off:
        raise ValueError(f"{draft.kind} {draft.source} is out of balance by {', '.join(off)}")
    return legs


def _owed(head: Head, legs: Iterable[Leg]) -> int:
    """By how much an entry changes what the stream's account owes."""
    change = 0
    for leg in legs:
        if leg.ledger_account is not LedgerAccount.RECEIVABLE:
            continue
        if leg.amount.currency != head.currency:
            raise CurrencyMismatch(f"{head.key} is kept in {head.currency}, not {leg.amount.currency}")
        change += leg.amount.minor
    return change
