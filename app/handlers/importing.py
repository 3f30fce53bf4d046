"""Importing: read and book files that staff uploaded, while they wait on a page that asks how far it is."""

from __future__ import annotations

from app.wired import Wired
from domain.documents import queries as documents
from domain.importing import booking, preparing, validating
from domain.importing.booking import ImportRefused
from domain.importing.mapping import FileMapping
from domain.importing.messages import BookFile, ReadFile
from domain.importing.model import BatchState, ImportBatch
from domain.shared.actor import Actor


def read_file(wired: Wired, message: ReadFile) -> None:
    """Read the file into a batch that can be previewed; what is wrong with it is in the preview."""
    with wired.database.reading() as session:
        document = documents.any_document(session, message.document_id)
    with wired.store.open(document.sha256) as stream:
        preparing.prepare(
            wired.database,
            stream,
            document.filename,
            FileMapping.from_values(message.mapping),
            actor=Actor.staff(message.staff_id, message.address),
        )


def book_file(wired: Wired, message: BookFile) -> None:
    """Book the batch, all of it or nothing; what has come in the way since the preview is then in the preview."""
    with wired.database.reading() as session:
        batch = session.get(ImportBatch, message.batch_id)
    if batch is None or batch.state is not BatchState.PREVIEWED:
        return
    try:
        with wired.database.transaction() as session:
            actor = Actor.staff(message.staff_id, message.address)
            booking.book(session, message.batch_id, actor=actor, is_kept=True)
    except ImportRefused:
        with wired.database.transaction() as session:
            validating.validate(session, message.batch_id)
