"""Accepting: whoever opens an invitation's link chooses a password, proves the phone's code, and works here."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.tokens import token_hash
from domain.staff import codes, passwords
from domain.staff.adding import insert
from domain.staff.credentials import elsewhere, passkeys, recovery
from domain.staff.credentials.inviting import is_open
from domain.staff.credentials.model import Invitation
from domain.staff.model import StaffMember

GONE = N_("This link no longer works: it was used, withdrawn, or is too old. Ask for a new one.")


@dataclass(frozen=True, slots=True)
class Welcome:
    """What the page behind the link may say: who is meant, and whether they join or choose new secrets."""

    email: str
    name: str
    language: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Who works here now, and their recovery codes, shown once."""

    staff_id: int
    recovery_codes: list[str]


def peek(session: Session, token: str) -> Welcome | None:
    """Whom a link is for, without using it; None where it no longer works."""
    invitation = _with_token(session, token)
    return None if invitation is None else _welcome(invitation)


def begin(session: Session, token: str) -> tuple[Welcome, str]:
    """Make the secret that their phone will keep, the same until the link is used; the `otpauth:` address of it.

    Raises Conflict where the link no longer works.
    """
    invitation = _usable(session, token)
    invitation.totp_secret = invitation.totp_secret or codes.new_secret()
    issuer = f"Quittance {business(session).name}"
    return _welcome(invitation), codes.provisioning_uri(invitation.totp_secret, email=invitation.email, issuer=issuer)


def accept(session: Session, token: str, *, password: str, code: str, address: str | None = None) -> Joined:
    """Join, or take new secrets, with this password and the secret that the code proves; the link is used up.

    Raises Conflict where the link no longer works or the address was taken, Invalid with the field otherwise. Whoever
    takes new secrets loses all former ones, passkeys and links to the identity provider too; the caller ends their
    sessions.
    """
    invitation = _usable(session, token)
    words = (invitation.name, invitation.email, business(session).name)
    passwords.check_new(password, words=words)
    secret = invitation.totp_secret or codes.new_secret()
    step = codes.step_of(secret, code, at=now(session), after=0)
    if step is None:
        raise Invalid(
            N_("That code did not match. Scan the picture again, and type what your phone shows now."), field="code"
        )
    kept = {"password_hash": passwords.hashed(password), "totp_secret": secret, "totp_last_step": step}
    if invitation.staff_id is None:
        person = {"email": invitation.email, "name": invitation.name, "role": invitation.role}
        invitation.staff_id = insert(session, {**person, "language": invitation.language, **kept})
        act, told = "staff.added", {**person, "invitation": invitation.id}
    else:
        _replace(session, invitation.staff_id, kept)
        act, told = "staff.secrets_renewed", {"invitation": invitation.id}
    staff_id, who = invitation.staff_id, Actor.staff(invitation.staff_id, address)
    record(session, act, actor=who, subject=("staff", staff_id), after=told)
    invitation.accepted_at, invitation.token_hash, invitation.totp_secret = now(session), None, None
    return Joined(staff_id, recovery.make(session, staff_id, actor=who))


def _replace(session: Session, staff_id: int, kept: dict[str, object]) -> None:
    member = session.get_one(StaffMember, staff_id, with_for_update=True)
    if member.disabled_at is not None:
        raise Conflict(GONE)
    for name, value in kept.items():
        setattr(member, name, value)
    member.failed_tries, member.locked_until = 0, None
    passkeys.remove_all(session, staff_id)
    elsewhere.unlink_all(session, staff_id)


def _welcome(invitation: Invitation) -> Welcome:
    return Welcome(invitation.email, invitation.name, invitation.language, invitation.staff_id is None)


def _with_token(session: Session, token: str, *, for_update: bool = False) -> Invitation | None:
    statement = select(Invitation).where(Invitation.token_hash == token_hash(token))
    found = session.scalars(
        statement.with_for_update() if for_update else statement, execution_options={"populate_existing": True}
    ).one_or_none()
    return found if found is not None and is_open(session, found) else None


def _usable(session: Session, token: str) -> Invitation:
    found = _with_token(session, token, for_update=True)
    if found is None:
        raise Conflict(GONE)
    return found
