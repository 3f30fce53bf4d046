"""Uploading: a bank file that staff look at is kept aside, and becomes a document when it is taken in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.banking.model import BankUpload
from domain.documents import filing, removing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound

BLOCK = 1024 * 1024
"""Bytes of a file that are copied at once."""
NO_SUCH_UPLOAD = N_("We could not find that file.")


def keep(session: Session, taken: TakenIn, *, staff_id: int) -> int:
    """Keep a file that can be read until somebody takes it in; the id by which it is found. It is no document yet."""
    removing.keep(session, taken.sha256)
    upload = BankUpload(sha256=taken.sha256, filename=taken.filename, uploaded_at=now(session), staff_id=staff_id)
    session.add(upload)
    session.flush()
    return upload.id


def upload(session: Session, upload_id: int) -> BankUpload:
    """A kept file; NotFound where there is none."""
    found = session.get(BankUpload, upload_id)
    if found is None:
        raise NotFound(NO_SUCH_UPLOAD)
    return found


def file_upload(session: Session, store: Store, upload_id: int, *, actor: Actor) -> int:
    """File a kept file as a document, with whatever is taken in from it: the document's id, the same each time."""
    found = session.get(BankUpload, upload_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NO_SUCH_UPLOAD)
    if found.document_id is None:
        with store.open(found.sha256) as stream:
            document = filing.file(
                session,
                store,
                iter(lambda: stream.read(BLOCK), b""),
                media_type="application/octet-stream",
                category=Category.BANK_FILE,
                filename=found.filename,
                account_id=None,
                subject=("staff", found.staff_id),
                actor=actor,
            )
        found.document_id = document.id
    return found.document_id
