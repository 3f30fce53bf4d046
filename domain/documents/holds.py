"""Legal holds: while one lies on an account nothing of it is erased, whatever its age and whoever asks."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.documents.model import DOCUMENTS, LEGAL_HOLD_LIFTS, LEGAL_HOLDS, LegalHold, LegalHoldLift
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid

_LIFTED = exists().where(LEGAL_HOLD_LIFTS.c.hold_id == LEGAL_HOLDS.c.id).correlate(LEGAL_HOLDS)
HELD: ColumnElement[bool] = exists(
    select(LEGAL_HOLDS.c.id).where(LEGAL_HOLDS.c.account_id == DOCUMENTS.c.account_id, ~_LIFTED).correlate(DOCUMENTS)
)
"""Whether a document's account is under a legal hold."""


def hold_on(session: Session, account_id: int) -> AnyRow | None:
    """The hold that lies on an account, or None."""
    return session.execute(select(LEGAL_HOLDS).where(LEGAL_HOLDS.c.account_id == account_id, ~_LIFTED)).one_or_none()


def place(session: Session, account_id: int, why: str, *, actor: Actor) -> LegalHold:
    """Keep everything of an account; Invalid without a reason, Conflict where one lies on it already."""
    why = _reason(why)
    accounts.lock(session, account_id)
    if hold_on(session, account_id) is not None:
        raise Conflict(N_("A legal hold lies on this account already."))
    hold = LegalHold(
        account_id=account_id, why=why, placed_at=now(session), actor_kind=actor.kind.value, actor_id=actor.id
    )
    session.add(hold)
    session.flush()
    _record(session, "legal_hold.placed", hold.id, account_id, why, actor)
    return hold


def lift(session: Session, account_id: int, why: str, *, actor: Actor) -> None:
    """Let its papers go their way again; Invalid without a reason, Conflict where no hold lies on it."""
    why = _reason(why)
    accounts.lock(session, account_id)
    hold = hold_on(session, account_id)
    if hold is None:
        raise Conflict(N_("No legal hold lies on this account."))
    lifting = LegalHoldLift(hold_id=hold.id, lifted_at=now(session), actor_kind=actor.kind.value, actor_id=actor.id)
    session.add(lifting)
    session.flush()
    _record(session, "legal_hold.lifted", hold.id, account_id, why, actor)


def _reason(why: str) -> str:
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    return why.strip()


def _record(session: Session, act: str, hold_id: int, account_id: int, why: str, actor: Actor) -> None:
    record(session, act, actor=actor, subject=("legal_hold", hold_id), account_id=account_id, after={"why": why})
