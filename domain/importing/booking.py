"""Booking: turn a previewed file into accounts, invoices, payments and ledger entries, all of it or nothing."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.audit import recording as audit
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.importing import validating
from domain.importing.governing import keep_terms
from domain.importing.inserting import insert_invoices, insert_payments
from domain.importing.mapping import FileMapping
from domain.importing.model import ROWS, BatchState, ImportBatch
from domain.importing.opening import open_new_accounts
from domain.importing.posting import post_rows
from domain.importing.progress import Progress, Step, silent
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.filenames import safe_name

CSV = "text/csv"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportRefused(Conflict):
    """The file has errors, or has got some since it was previewed: nothing was booked."""


def lock_batch(session: Session, batch_id: int) -> ImportBatch:
    """The batch, locked against a second booking of it; NotFound where there is none."""
    batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NotFound
    return batch


def book(
    session: Session, batch_id: int, *, actor: Actor, is_kept: bool = False, progress: Progress = silent
) -> ImportBatch:
    """Book a previewed batch in the session's one transaction; its counts and totals then say what was added.

    The file itself is filed as a document where it `is_kept`, that is, was prepared with a store. Safe to repeat: a
    batch that is done comes back unchanged. Raises ImportRefused when the file has errors, Conflict when it is undone.
    """
    batch = lock_batch(session, batch_id)
    if batch.state is BatchState.DONE:
        return batch
    if batch.state is not BatchState.PREVIEWED:
        raise Conflict(N_("This file is not ready to be imported."))
    mapping = FileMapping.from_values(batch.mapping)
    progress(Step.BOOKING, 0, None)
    opened = open_new_accounts(session, batch_id, invite=mapping.invite, actor=actor)
    _lock_accounts(session, batch_id)
    validating.validate(session, batch_id)
    if batch.counts["errors"]:
        raise ImportRefused(N_("The file has {count} errors; nothing was imported."), count=batch.counts["errors"])
    insert_invoices(session, batch_id)
    keep_terms(session, batch_id)
    insert_payments(session, batch_id, actor)
    post_rows(session, batch_id, mapping.booked_as, progress)
    if is_kept:
        _file(session, batch, actor)
    return _finish(session, batch, opened, actor)


def _file(session: Session, batch: ImportBatch, actor: Actor) -> None:
    """Make a document of the file, which lies in the store since it was prepared."""
    media_type = WORKBOOK if "sheet" in batch.read_as else CSV
    taken = TakenIn(batch.sha256, batch.size, media_type, safe_name(batch.file_name))
    about = ("import", batch.id)
    filing.enter(session, taken, category=Category.IMPORT, account_id=None, subject=about, actor=actor)


def _finish(session: Session, batch: ImportBatch, opened: int, actor: Actor) -> ImportBatch:
    session.execute(delete(ROWS).where(ROWS.c.batch_id == batch.id))
    batch.state = BatchState.DONE
    batch.booked_at = now(session)
    batch.counts = {**batch.counts, "accounts": opened}
    audit.record(
        session,
        "import.booked",
        actor=actor,
        subject=("import", batch.id),
        after={"file": batch.file_name, "sha256": batch.sha256, **batch.counts},
    )
    session.flush()
    return batch


def _lock_accounts(session: Session, batch_id: int) -> None:
    """Every account that the file touches, in ascending id, as everybody locks them."""
    touched = select(ROWS.c.account_number).where(ROWS.c.batch_id == batch_id)
    session.execute(
        select(ACCOUNTS.c.id).where(ACCOUNTS.c.number.in_(touched)).order_by(ACCOUNTS.c.id).with_for_update()
    ).all()
