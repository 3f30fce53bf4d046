"""Attaching: what an applicant sends along with an application, such as accounts of a year."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.credit.applications import queries
from domain.documents import filing
from domain.documents.kinds import kind_of
from domain.documents.model import Category, Document
from domain.documents.storage import Store
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict

MOST_FILES = 10


def attach(
    session: Session, store: Store, account_id: int, application_id: int, content: bytes, filename: str, *, actor: Actor
) -> Document:
    """File it under the account, beside its application, as it is.

    Invalid where it is empty, too large or of a kind that is not kept; Conflict where there are enough.
    """
    media_type = kind_of(content, field="file")
    accounts.lock(session, account_id)
    if len(queries.files(session, application_id)) >= MOST_FILES:
        raise Conflict(N_("An application has at most {most} files."), field="file", most=MOST_FILES)
    return filing.file(
        session,
        store,
        content,
        media_type=media_type,
        category=Category.CREDIT_APPLICATION,
        filename=filename,
        account_id=account_id,
        subject=("credit_application", application_id),
        actor=actor,
    )
