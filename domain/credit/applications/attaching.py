"""Attaching: what an applicant sends along with an application, such as accounts of a year."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.credit.applications import queries
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category, Document
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict

MOST_FILES = 10


def attach(session: Session, account_id: int, application_id: int, taken: TakenIn, *, actor: Actor) -> Document:
    """File it under the account, beside its application; Conflict where there are enough."""
    accounts.lock(session, account_id)
    if len(queries.files(session, application_id)) >= MOST_FILES:
        raise Conflict(N_("An application has at most {most} files."), field="file", most=MOST_FILES)
    return filing.enter(
        session,
        taken,
        category=Category.CREDIT_APPLICATION,
        account_id=account_id,
        subject=("credit_application", application_id),
        actor=actor,
    )
