"""Keeping: a method is saved, shared, refreshed, lost and removed; only its owner says who may use it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit import recording as audit
from domain.outbox import sending as outbox
from domain.saved_methods import queries
from domain.saved_methods.messages import ForgetMethod
from domain.saved_methods.model import MethodConsent, MethodKind, SavedMethod
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, NotAllowed


@dataclass(frozen=True, slots=True)
class Kept:
    """A method as the processor keeps it; `expires` is the last month of a card (year, month)."""

    method_ref: str
    kind: MethodKind
    label: str
    expires: tuple[int, int] | None


def keep(session: Session, consent: MethodConsent, kept: Kept, *, actor: Actor) -> SavedMethod:
    """Save a method for whoever agreed to it; one that is known already comes back as it is, also if removed since."""
    accounts.lock(session, consent.account_id)
    known = queries.by_ref(session, kept.method_ref)
    if known is not None:
        return known
    year, month = kept.expires or (None, None)
    method = SavedMethod(
        account_id=consent.account_id,
        login_id=consent.login_id,
        consent_id=consent.id,
        method_ref=kept.method_ref,
        kind=kept.kind,
        label=kept.label,
        expires_year=year,
        expires_month=month,
        shared=False,
        saved_at=now(session),
    )
    session.add(method)
    session.flush()
    _record(session, "method.saved", method, actor=actor)
    return method


def refresh(session: Session, method: SavedMethod, kept: Kept, *, actor: Actor) -> bool:
    """Take over how the processor calls it now, and its new last month; whether that is news."""
    before = (method.label, method.expires_year, method.expires_month)
    method.label = kept.label
    method.expires_year, method.expires_month = kept.expires or (None, None)
    if before == (method.label, method.expires_year, method.expires_month):
        return False
    _record(session, "method.renewed", method, actor=actor)
    return True


def lose(session: Session, method: SavedMethod, *, actor: Actor) -> bool:
    """The processor no longer has it, so nobody can pay with it; whether that is news."""
    if not method.is_there:
        return False
    method.lost_at = now(session)
    _record(session, "method.lost", method, actor=actor)
    return True


def share(
    session: Session, account_id: int, method_id: int, *, shared: bool, login_id: int, actor: Actor
) -> SavedMethod:
    """Let the others who may pay for the account use it too, or no longer. NotFound, NotAllowed unless it is theirs."""
    accounts.lock(session, account_id)
    method = own(session, account_id, method_id, login_id)
    if method.shared is not shared:
        method.shared = shared
        _record(session, "method.shared" if shared else "method.unshared", method, actor=actor)
    return method


def remove(session: Session, account_id: int, method_id: int, *, login_id: int, actor: Actor) -> SavedMethod:
    """Take it off the account and have the processor forget it. NotFound, NotAllowed unless it is theirs."""
    accounts.lock(session, account_id)
    method = own(session, account_id, method_id, login_id)
    method.removed_at = now(session)
    outbox.add(session, ForgetMethod(saved_method_id=method.id), account_id=account_id)
    _record(session, "method.removed", method, actor=actor)
    return method


def own(session: Session, account_id: int, method_id: int, login_id: int) -> SavedMethod:
    """A method that is this login's own. NotFound; NotAllowed where somebody else only shares it with them."""
    method = queries.method_of(session, account_id, method_id, login_id=login_id)
    if method.login_id != login_id:
        owner = session.get_one(Login, method.login_id)
        raise NotAllowed(N_("{label} is somebody else's."), who_can=[owner.name], label=method.label)
    return method


def _record(session: Session, act: str, method: SavedMethod, *, actor: Actor) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("saved_method", method.id),
        account_id=method.account_id,
        after={"name": method.label},
    )
