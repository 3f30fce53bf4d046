"""Trail: what happens to an application, in the audit trail."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.credit.applications.model import CreditApplication
from domain.shared.actor import Actor


def note(session: Session, act: str, application: CreditApplication, actor: Actor, **after: object) -> None:
    """Write down that it happened, with what it is about."""
    session.flush()
    audit.record(
        session,
        act,
        actor=actor,
        subject=("credit_application", application.id),
        account_id=application.account_id,
        after=after,
    )
