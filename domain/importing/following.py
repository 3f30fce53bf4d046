"""Following: how far a file has come that the worker has in hand, for the page that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.documents import queries as documents
from domain.importing.messages import BookFile, ReadFile
from domain.importing.model import BATCHES, ROWS, BatchState
from domain.outbox import queries as outbox
from domain.shared.db.rows import AnyRow
from domain.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class InHand:
    """What the worker does with a file: `batch_id` once there is one, `rows` read so far; `failed` where it gave up."""

    batch_id: int | None
    is_booking: bool
    is_done: bool
    failed: bool
    rows: int


def in_hand(session: Session, message_id: int) -> InHand:
    """How the work stands that this message asked for; NotFound where it asked for something else."""
    message = outbox.message(session, message_id)
    if message.kind == ReadFile.kind:
        sha256 = documents.any_document(session, message.payload["document_id"]).sha256
        batch = _newest(session, sha256, message.created_at)
    elif message.kind == BookFile.kind:
        batch = _batch(session, BATCHES.c.id == message.payload["batch_id"])
    else:
        raise NotFound
    is_done = message.done_at is not None
    is_booking = message.kind == BookFile.kind
    return InHand(
        batch_id=batch.id if batch else None,
        is_booking=is_booking,
        is_done=is_done and batch is not None,
        failed=message.given_up_at is not None or (is_done and batch is None),
        rows=_rows(session, batch.id) if batch is not None and batch.state is BatchState.READING else 0,
    )


def _newest(session: Session, sha256: str, since: datetime) -> AnyRow | None:
    return _batch(session, (BATCHES.c.sha256 == sha256) & (BATCHES.c.prepared_at >= since))


def _batch(session: Session, which: ColumnElement[bool]) -> AnyRow | None:
    wanted = select(BATCHES.c.id, BATCHES.c.state).where(which).order_by(BATCHES.c.id.desc()).limit(1)
    return session.execute(wanted).one_or_none()


def _rows(session: Session, batch_id: int) -> int:
    return session.scalar(select(func.count()).select_from(ROWS).where(ROWS.c.batch_id == batch_id)) or 0
