"""Undoing: take a whole import back by reversals and voids, so that the file can be imported again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, insert, literal, or_, select, union, update
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.audit import recording as audit
from domain.disputes.model import LIVE, Dispute
from domain.importing.booking import lock_batch
from domain.importing.model import (
    ALLOCATIONS,
    CLAIMS,
    CREDIT_ITEMS,
    INVOICES,
    PAYMENTS,
    WITHDRAWALS,
    BatchState,
    ImportBatch,
)
from domain.importing.progress import Progress, Step, silent
from domain.ledger.chart import LedgerAccount
from domain.ledger.closing import books_closed_through
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import Draft, EntryKind, Leg, post_many
from domain.plans.queries import TAKEN
from domain.plans.signed_over import is_signed_over
from domain.receivables.model import InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.stops.queries import is_held

CHUNK = 1_000
NAMED = 20
"""Invoices that a refusal names."""


class CannotUndo(Conflict):
    """Something outside the import stands on what it brought: the words name it."""


def undo(session: Session, batch_id: int, *, actor: Actor, progress: Progress = silent) -> ImportBatch:
    """Take back a booked batch in the session's one transaction: payments, allocations, invoices and their entries.

    Every reversal takes effect on the day of what it reverses. Accounts and contacts stay. Safe to repeat. Raises
    CannotUndo, naming the invoices, when anything outside the import is allocated to them, or somebody is paying or
    disputing them, or they are on a plan or an offer, and naming the accounts when money of its payments has left them.
    """
    batch = lock_batch(session, batch_id)
    if batch.state is BatchState.UNDONE:
        return batch
    if batch.state is not BatchState.DONE:
        raise Conflict(N_("This file has not been imported."))
    progress(Step.UNDOING, 0, None)
    _lock_accounts(session, batch_id)
    _refuse_closed(session, batch_id)
    _refuse_used(session, batch_id)
    _refuse_spent(session, batch_id)
    _take_back_allocations(session, batch_id)
    _void(session, batch_id)
    _reverse_entries(session, batch, progress)
    batch.state = BatchState.UNDONE
    batch.undone_at = now(session)
    audit.record(
        session,
        "import.undone",
        actor=actor,
        subject=("import", batch_id),
        after={"file": batch.file_name, "sha256": batch.sha256, **batch.counts},
    )
    session.flush()
    return batch


def _lock_accounts(session: Session, batch_id: int) -> None:
    touched = union(
        select(INVOICES.c.account_id).where(INVOICES.c.import_id == batch_id),
        select(PAYMENTS.c.account_id).where(PAYMENTS.c.import_id == batch_id),
    )
    session.execute(
        select(ACCOUNTS.c.id).where(ACCOUNTS.c.id.in_(touched)).order_by(ACCOUNTS.c.id).with_for_update()
    ).all()


def _refuse_closed(session: Session, batch_id: int) -> None:
    """What stands in a closed period is put right by papers of today, and never as if it had not been."""
    closed = books_closed_through(session)
    first = session.scalar(
        select(func.min(INVOICES.c.issued_on)).where(
            INVOICES.c.import_id == batch_id, INVOICES.c.status == InvoiceStatus.ISSUED
        )
    )
    paid = session.scalar(select(func.min(PAYMENTS.c.effective_on)).where(PAYMENTS.c.import_id == batch_id))
    days = [day for day in (first, paid) if day is not None]
    if closed is not None and days and min(days) <= closed:
        raise CannotUndo(
            N_("The books have been closed through {closed} since the import, so it can no longer be undone."),
            closed=closed,
        )


def _refuse_used(session: Session, batch_id: int) -> None:
    foreign = (
        select(ALLOCATIONS.c.id)
        .join(CREDIT_ITEMS, CREDIT_ITEMS.c.id == ALLOCATIONS.c.credit_item_id)
        .where(
            ALLOCATIONS.c.invoice_id == INVOICES.c.id,
            CREDIT_ITEMS.c.import_id.is_distinct_from(batch_id),
            _in_force(),
        )
        .exists()
    )
    claimed = select(CLAIMS.c.id).where(CLAIMS.c.invoice_id == INVOICES.c.id, CLAIMS.c.released_at.is_(None)).exists()
    note = INVOICES.alias("note")
    charged = select(note.c.id).where(note.c.parent_id == INVOICES.c.id, note.c.status == InvoiceStatus.ISSUED).exists()
    disputed = select(Dispute.id).where(Dispute.invoice_id == INVOICES.c.id, Dispute.status.in_(LIVE)).exists()
    held = is_held(INVOICES.c.account_id, INVOICES.c.id, TAKEN, today(session))
    taken = or_(held, is_signed_over(INVOICES.c.id))
    used = (
        select(INVOICES.c.number)
        .where(INVOICES.c.import_id == batch_id, or_(foreign, claimed, charged, disputed, taken))
        .order_by(INVOICES.c.number)
    )
    numbers = session.scalars(used.limit(NAMED)).all()
    if numbers:
        count = session.scalar(select(func.count()).select_from(used.order_by(None).subquery())) or 0
        raise CannotUndo(
            N_("Something else has happened to {count} of these invoices since the import: {invoices}"),
            count=count,
            invoices=", ".join(numbers) + ("…" if count > len(numbers) else ""),
        )


def _refuse_spent(session: Session, batch_id: int) -> None:
    """Money that an imported payment brought and that has left the account again cannot be unmade."""
    left = (
        select(ACCOUNTS.c.number)
        .join(CREDIT_ITEMS, CREDIT_ITEMS.c.account_id == ACCOUNTS.c.id)
        .join(WITHDRAWALS, WITHDRAWALS.c.credit_item_id == CREDIT_ITEMS.c.id)
        .where(CREDIT_ITEMS.c.import_id == batch_id)
        .group_by(CREDIT_ITEMS.c.id, ACCOUNTS.c.number)
        .having(func.sum(WITHDRAWALS.c.amount_minor) != 0)
    ).subquery()
    numbers = session.scalars(select(left.c.number).distinct().order_by(left.c.number).limit(NAMED)).all()
    if numbers:
        raise CannotUndo(
            N_("Money of the imported payments has been paid back, returned or moved since, on accounts {accounts}."),
            accounts=", ".join(numbers),
        )


def _in_force() -> ColumnElement[bool]:
    """An allocation that settles something, and has not been taken back."""
    undoing = ALLOCATIONS.alias("undoing")
    return (ALLOCATIONS.c.amount_minor > 0) & ~select(undoing.c.id).where(
        undoing.c.reverses_id == ALLOCATIONS.c.id
    ).exists()


def _take_back_allocations(session: Session, batch_id: int) -> None:
    """What the import's payments settle is open again, also on invoices that were there before it."""
    ours = select(CREDIT_ITEMS.c.id).where(CREDIT_ITEMS.c.import_id == batch_id)
    taken = (
        select(ALLOCATIONS.c.invoice_id, func.sum(ALLOCATIONS.c.amount_minor).label("amount"))
        .where(ALLOCATIONS.c.credit_item_id.in_(ours), _in_force())
        .group_by(ALLOCATIONS.c.invoice_id)
        .cte("taken")
    )
    again = INVOICES.c.open_minor + select(taken.c.amount).where(taken.c.invoice_id == INVOICES.c.id).scalar_subquery()
    session.execute(update(INVOICES).where(INVOICES.c.id.in_(select(taken.c.invoice_id))).values(open_minor=again))
    copied = ("account_id", "credit_item_id", "invoice_id", "effective_on")
    session.execute(
        insert(ALLOCATIONS).from_select(
            [*copied, "amount_minor", "recorded_at", "reverses_id"],
            select(
                *(ALLOCATIONS.c[name] for name in copied),
                -ALLOCATIONS.c.amount_minor,
                literal(now(session), ALLOCATIONS.c.recorded_at.type),
                ALLOCATIONS.c.id,
            )
            .where(ALLOCATIONS.c.credit_item_id.in_(ours), _in_force())
            .order_by(ALLOCATIONS.c.id),
        )
    )


def _void(session: Session, batch_id: int) -> None:
    at = now(session)
    session.execute(
        update(INVOICES)
        .where(INVOICES.c.import_id == batch_id, INVOICES.c.status == InvoiceStatus.ISSUED)
        .values(status=InvoiceStatus.VOID, open_minor=0, voided_at=at)
    )
    session.execute(
        update(CREDIT_ITEMS).where(CREDIT_ITEMS.c.import_id == batch_id).values(unapplied_minor=0, voided_at=at)
    )
    session.execute(update(PAYMENTS).where(PAYMENTS.c.import_id == batch_id).values(voided_at=at))


def _reverse_entries(session: Session, batch: ImportBatch, progress: Progress) -> None:
    total = batch.counts["invoices"] + batch.counts["payments"]
    done = 0
    for chunk in _entries(session, batch.id):
        legs = _mirrored(session, [row.entry_id for row in chunk])
        post_many(
            session,
            [
                Draft(
                    EntryKind.IMPORT_REVERSED if row.kind == EntryKind.IMPORTED_RECEIPT else EntryKind.INVOICE_VOIDED,
                    row.source,
                    row.effective_on,
                    legs[row.entry_id],
                    occurred_on=row.occurred_on,
                    reverses=row.entry_id,
                )
                for row in chunk
            ],
        )
        done += len(chunk)
        progress(Step.UNDOING, done, total)


def _entries(session: Session, batch_id: int) -> Iterator[Sequence[Any]]:
    """The entries that the import posted and nobody has reversed, receipts first, by the thousand."""
    receipts = _posted(PAYMENTS, literal("payment:") + PAYMENTS.c.public_id, (EntryKind.IMPORTED_RECEIPT,), batch_id)
    source = literal("invoice:") + cast(INVOICES.c.id, String)
    invoices = _posted(INVOICES, source, (EntryKind.INVOICE_ISSUED, EntryKind.OPENING_BALANCE), batch_id)
    for table, query in ((PAYMENTS, receipts), (INVOICES, invoices)):
        last = 0
        while chunk := session.execute(query.where(table.c.id > last).order_by(table.c.id).limit(CHUNK)).all():
            last = chunk[-1].id
            yield chunk


def _posted(table: Any, source: ColumnElement[str], kinds: tuple[EntryKind, ...], batch_id: int) -> Select[Any]:
    reversal = ENTRIES.alias("reversal")
    return (
        select(
            table.c.id,
            ENTRIES.c.id.label("entry_id"),
            ENTRIES.c.kind,
            ENTRIES.c.source,
            ENTRIES.c.effective_on,
            ENTRIES.c.occurred_on,
        )
        .join(ENTRIES, (ENTRIES.c.kind.in_([kind.value for kind in kinds])) & (ENTRIES.c.source == source))
        .where(table.c.import_id == batch_id)
        .where(~select(reversal.c.id).where(reversal.c.reverses_id == ENTRIES.c.id).exists())
    )


def _mirrored(session: Session, entries: list[int]) -> dict[int, list[Leg]]:
    legs: dict[int, list[Leg]] = {entry_id: [] for entry_id in entries}
    rows = session.execute(
        select(POSTINGS).where(POSTINGS.c.entry_id.in_(entries)).order_by(POSTINGS.c.entry_id, POSTINGS.c.line)
    )
    for row in rows:
        leg = Leg(LedgerAccount(row.ledger_account), Money(-row.amount, row.currency), row.account_id)
        legs[row.entry_id].append(leg)
    return legs
