"""Inviting: somebody is asked to join, or to choose new secrets; the link is made when the mail is, and works once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.outbox.sending import add
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.tokens import new_token, token_hash
from domain.staff.adding import checked_person
from domain.staff.credentials.messages import SendInvitation
from domain.staff.credentials.model import INVITATIONS, STILL_OPEN, Invitation
from domain.staff.model import STAFF, Role, StaffMember

LIFE = timedelta(days=7)
"""How long a link works, from the moment of inviting or of renewing."""
OPEN = (INVITATIONS.c.accepted_at.is_(None), INVITATIONS.c.withdrawn_at.is_(None))


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that nobody has accepted or withdrawn; whoever has a `staff_id` is asked for new secrets."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    staff_id: int | None
    invited_by: int
    invited_at: datetime
    expires_at: datetime


LISTED = tuple(INVITATIONS.c[name] for name in InvitationRow.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """What the mail says: seen once, here, and nowhere kept."""

    token: str
    email: str
    name: str
    language: str
    until: datetime
    is_new: bool


def invite(session: Session, *, email: str, name: str, role: Role, language: str, by: int, actor: Actor) -> Invitation:
    """Ask somebody to join; a mail with a link goes to them.

    Raises Invalid with the field that cannot be used, Conflict where they work here already or were asked already.
    """
    address, called = checked_person(email, name)
    if session.scalar(select(exists().where(STAFF.c.email == address))):
        raise Conflict(N_("Somebody with this address works here already."), field="email")
    return _ask(session, address, called, role, language, by=by, staff_id=None, actor=actor)


def renew_secrets(session: Session, staff_id: int, *, by: int, actor: Actor) -> Invitation:
    """Ask a member of staff to choose a new password and second factor; what they have works until they do.

    Raises NotFound where there is no such member, Conflict where they were asked already or have left.
    """
    member = session.get(StaffMember, staff_id, with_for_update=True)
    if member is None:
        raise NotFound
    if member.disabled_at is not None:
        raise Conflict(N_("They do not work here at present: let them in again first."))
    return _ask(session, member.email, member.name, member.role, member.language, by=by, staff_id=staff_id, actor=actor)


def send_again(session: Session, invitation_id: int, *, actor: Actor) -> None:
    """Send a new link, good for the whole time again; the one before stops working when the mail is made."""
    invitation = _open(session, Invitation.id == invitation_id)
    invitation.expires_at, invitation.totp_secret = now(session) + LIFE, None
    record(session, "invitation.renewed", actor=actor, subject=("invitation", invitation.id))
    add(session, SendInvitation(invitation.id))


def withdraw(session: Session, invitation_id: int, *, actor: Actor) -> None:
    """Let the link work no longer."""
    invitation = _open(session, Invitation.id == invitation_id)
    invitation.withdrawn_at, invitation.token_hash, invitation.totp_secret = now(session), None, None
    record(session, "invitation.withdrawn", actor=actor, subject=("invitation", invitation.id))


def mint(session: Session, invitation_id: int) -> InvitationMail | None:
    """Make the link and keep its hash; None where nothing is to be sent any more.

    Called when the mail is made; commit before it is sent. Called again, for a mail that failed, it makes a new one.
    """
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or not is_open(session, invitation):
        return None
    token = new_token()
    invitation.token_hash = token_hash(token)
    return InvitationMail(
        token,
        invitation.email,
        invitation.name,
        invitation.language,
        invitation.expires_at,
        invitation.staff_id is None,
    )


def open_ones(session: Session) -> list[InvitationRow]:
    """Those that wait for an answer, also too long, the last asked first."""
    waiting = select(*LISTED).where(*OPEN).order_by(INVITATIONS.c.invited_at.desc(), INVITATIONS.c.id.desc())
    return [InvitationRow(*row) for row in session.execute(waiting)]


def is_open(session: Session, invitation: Invitation) -> bool:
    """Whether its link can be used now."""
    unanswered = invitation.accepted_at is None and invitation.withdrawn_at is None
    return unanswered and invitation.expires_at > now(session)


def _ask(
    session: Session,
    address: str,
    called: str,
    role: Role,
    language: str,
    *,
    by: int,
    staff_id: int | None,
    actor: Actor,
) -> Invitation:
    """Two who ask at once are told apart by the unique index: the second is refused like one who asks later."""
    at = now(session)
    values = {"email": address, "name": called, "role": role, "language": language, "staff_id": staff_id}
    times = {"invited_by": by, "invited_at": at, "expires_at": at + LIFE}
    invitation_id = insert_if_new(session, INVITATIONS, ("email",), {**values, **times}, where=STILL_OPEN.text)
    if invitation_id is None:
        raise Conflict(N_("A link was sent to this address already: send it again, or withdraw it."), field="email")
    told = {"email": address, "name": called, "role": role, "staff": staff_id}
    record(session, "invitation.made", actor=actor, subject=("invitation", invitation_id), after=told)
    add(session, SendInvitation(invitation_id))
    return session.get_one(Invitation, invitation_id)


def _open(session: Session, which: ColumnElement[bool]) -> Invitation:
    statement = select(Invitation).where(which).with_for_update()
    found = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        raise NotFound
    if found.accepted_at is not None or found.withdrawn_at is not None:
        raise Conflict(N_("This invitation was accepted or withdrawn meanwhile."))
    return found
