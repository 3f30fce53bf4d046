"""Uploading: a bank file that staff look at is kept aside, and becomes a document when it is taken in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.banking.model import BankUpload
from domain.documents import filing, removing
from domain.documents.intake import ANY_DATA, TakenIn
from domain.documents.model import Category
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound
from domain.shared.filenames import safe_name

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


def file_upload(session: Session, upload_id: int, *, size: int, actor: Actor) -> int:
    """Make a document of a kept file of `size` bytes, with what is taken in from it: its id, the same each time."""
    found = session.get(BankUpload, upload_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NO_SUCH_UPLOAD)
    if found.document_id is None:
        taken = TakenIn(found.sha256, size, ANY_DATA, safe_name(found.filename))
        about = ("staff", found.staff_id)
        document = filing.enter(
            session, taken, category=Category.BANK_FILE, account_id=None, subject=about, actor=actor
        )
        found.document_id = document.id
    return found.document_id
