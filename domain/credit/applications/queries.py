"""Queries: applications as their lists and pages show them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.credit.applications.deciding import NO_SUCH_APPLICATION
from domain.credit.applications.model import APPLICATIONS, REFERENCES, ApplicationState, CreditApplication
from domain.documents.model import DOCUMENTS, Category
from domain.shared.db.rows import AnyRows
from domain.shared.errors import NotFound


def of_state(
    session: Session, states: Collection[ApplicationState], *, before: int | None = None, limit: int = 50
) -> AnyRows:
    """Applications that were sent and are in these states, with their accounts, the newest first."""
    wanted = (
        select(APPLICATIONS, ACCOUNTS.c.number, ACCOUNTS.c.name)
        .join(ACCOUNTS, ACCOUNTS.c.id == APPLICATIONS.c.account_id)
        .where(APPLICATIONS.c.state.in_(states), APPLICATIONS.c.submitted_at.is_not(None))
        .order_by(APPLICATIONS.c.id.desc())
        .limit(limit)
    )
    return session.execute(wanted if before is None else wanted.where(APPLICATIONS.c.id < before)).all()


def sent(session: Session, application_id: int) -> CreditApplication:
    """An application that was sent, for staff; NotFound for a draft, which is the customer's own, or none."""
    found = session.get(CreditApplication, application_id)
    if found is None or found.submitted_at is None:
        raise NotFound(NO_SUCH_APPLICATION)
    return found


def latest(session: Session, account_id: int) -> CreditApplication | None:
    """The account's newest application, whatever has become of it."""
    wanted = select(CreditApplication).where(CreditApplication.account_id == account_id)
    return session.scalars(wanted.order_by(CreditApplication.id.desc()).limit(1)).one_or_none()


def references(session: Session, application_id: int) -> AnyRows:
    """The trade references of an application, in the order in which they were named."""
    wanted = select(REFERENCES).where(REFERENCES.c.application_id == application_id)
    return session.execute(wanted.order_by(REFERENCES.c.position)).all()


def files(session: Session, application_id: int) -> AnyRows:
    """The files that came with an application."""
    wanted = select(DOCUMENTS).where(
        DOCUMENTS.c.subject_kind == "credit_application",
        DOCUMENTS.c.subject_id == application_id,
        DOCUMENTS.c.category == Category.CREDIT_APPLICATION,
    )
    return session.execute(wanted.order_by(DOCUMENTS.c.id)).all()
