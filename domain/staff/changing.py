"""Changing: another role, a new password or second factor, and leaving."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, NotFound
from domain.staff import codes, passwords
from domain.staff.credentials import elsewhere, passkeys, recovery
from domain.staff.model import STAFF, Role, StaffMember


def change_role(session: Session, staff_id: int, role: Role, *, actor: Actor) -> None:
    """Give somebody another role; it works from their next click. Conflict for the last administrator."""
    administrators = _administrators(session)
    member = _get(session, staff_id)
    if member.role is role:
        return
    _refuse_last(member, administrators)
    before, member.role = member.role, role
    record(
        session,
        "staff.role_changed",
        actor=actor,
        subject=("staff", staff_id),
        before={"role": before},
        after={"role": role},
    )


def set_password(session: Session, staff_id: int, password: str, *, actor: Actor) -> None:
    """Set a new password, and open the door again where wrong tries closed it."""
    member = _get(session, staff_id)
    passwords.check_new(password, words=(member.name, member.email, business(session).name))
    member.password_hash, member.failed_tries, member.locked_until = passwords.hashed(password), 0, None
    record(session, "staff.password_changed", actor=actor, subject=("staff", staff_id))


def renew_second_factor(session: Session, staff_id: int, *, actor: Actor) -> str:
    """Make a new second factor for a lost phone.

    The old one, passkeys, recovery codes and links to the identity provider stop at once.

    Returns the `otpauth:` address.
    """
    member = _get(session, staff_id)
    passkeys.remove_all(session, staff_id)
    recovery.withdraw(session, staff_id)
    elsewhere.unlink_all(session, staff_id)
    member.totp_secret, member.totp_last_step = codes.new_secret(), 0
    record(session, "staff.second_factor_renewed", actor=actor, subject=("staff", staff_id))
    return codes.provisioning_uri(member.totp_secret, email=member.email, issuer=f"Quittance {business(session).name}")


def set_language(session: Session, staff_id: int, language: str) -> None:
    """Keep the language in which this member of staff reads the back office."""
    _get(session, staff_id).language = language


def disable(session: Session, staff_id: int, *, actor: Actor) -> None:
    """Somebody leaves; the caller ends their sessions. Conflict for the last administrator."""
    administrators = _administrators(session)
    member = _get(session, staff_id)
    if member.disabled_at is not None:
        return
    _refuse_last(member, administrators)
    member.disabled_at = now(session)
    record(session, "staff.disabled", actor=actor, subject=("staff", staff_id))


def enable(session: Session, staff_id: int, *, actor: Actor) -> None:
    """Somebody comes back."""
    member = _get(session, staff_id)
    if member.disabled_at is None:
        return
    member.disabled_at, member.failed_tries, member.locked_until = None, 0, None
    record(session, "staff.enabled", actor=actor, subject=("staff", staff_id))


def _get(session: Session, staff_id: int) -> StaffMember:
    member = session.get(StaffMember, staff_id, with_for_update=True)
    if member is None:
        raise NotFound
    return member


def _administrators(session: Session) -> set[int]:
    """Who administers now, held in one order before anybody else: two do not take the last one from each other."""
    here = select(STAFF.c.id).where(STAFF.c.role == Role.ADMINISTRATOR, STAFF.c.disabled_at.is_(None))
    return set(session.scalars(here.order_by(STAFF.c.id).with_for_update()))


def _refuse_last(member: StaffMember, administrators: set[int]) -> None:
    if administrators == {member.id}:
        raise Conflict(N_("This is the only administrator: make somebody else one first."))
