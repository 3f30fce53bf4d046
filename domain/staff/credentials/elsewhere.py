"""Elsewhere: members of staff who come in by the house's identity provider, once they have linked themselves to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.tokens import new_token
from domain.staff.credentials import ceremonies
from domain.staff.credentials.identity import Identity
from domain.staff.credentials.model import IDENTITIES, CeremonyKind, StaffIdentity
from domain.staff.model import StaffMember

LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Journey:
    """On the way to the provider and back: the secrets of this one way, and for what it was begun.

    `staff_id` is who links themselves; None where somebody comes in. `state` is the ceremony's name.
    """

    state: str
    nonce: str
    verifier: str
    next_path: str
    staff_id: int | None


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody whom the provider has proven and who still owes us the second factor."""

    staff_id: int
    next_path: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Whom a member of staff is at which provider."""

    id: int
    issuer: str
    subject: str
    linked_at: datetime
    used_at: datetime | None


LISTED = tuple(IDENTITIES.c[name] for name in LinkRow.__dataclass_fields__)


def begin(session: Session, *, browser_secret: str, next_path: str, staff_id: int | None = None) -> Journey:
    """Begin a way there and back, bound to this browser; `staff_id` where somebody links themselves."""
    given = {"step": "back", "nonce": new_token(), "verifier": new_token(), "next": next_path}
    state = ceremonies.begin(
        session, CeremonyKind.OPENID, browser_secret=browser_secret, given=given, staff_id=staff_id
    )
    return Journey(state, given["nonce"], given["verifier"], next_path, staff_id)


def come_back(session: Session, *, browser_secret: str, state: str) -> Journey | None:
    """The way that this browser was on, used up; None where it was on none, or it took too long."""
    found = ceremonies.find(session, CeremonyKind.OPENID, browser_secret=browser_secret, name=state)
    if found is None or found.given["step"] != "back":
        return None
    ceremonies.use(session, found)
    return Journey(state, found.given["nonce"], found.given["verifier"], found.given["next"], found.staff_id)


def link(session: Session, staff_id: int, identity: Identity, *, actor: Actor) -> None:
    """Keep who somebody is there; nothing where it is known. Conflict where it is a colleague, or they are another."""
    others = select(IDENTITIES.c.id).where(
        IDENTITIES.c.staff_id == staff_id,
        IDENTITIES.c.issuer == identity.issuer,
        IDENTITIES.c.subject != identity.subject,
    )
    session.get_one(StaffMember, staff_id, with_for_update=True)
    if session.scalars(others).first() is not None:
        raise Conflict(N_("You are linked to somebody else there. End that link first."))
    values = {
        "staff_id": staff_id,
        "issuer": identity.issuer,
        "subject": identity.subject,
        "linked_at": now(session),
    }
    if insert_if_new(session, IDENTITIES, ("issuer", "subject"), values) is None:
        if _owner(session, identity) != staff_id:
            raise Conflict(N_("A colleague is linked to this identity already."))
        return
    told = {"issuer": identity.issuer, "subject": identity.subject}
    record(session, "staff.identity_linked", actor=actor, subject=("staff", staff_id), after=told)


def unlink(session: Session, staff_id: int, identity_id: int, *, actor: Actor) -> None:
    """End a link of one's own; NotFound where it is none."""
    gone = delete(IDENTITIES).where(IDENTITIES.c.id == identity_id, IDENTITIES.c.staff_id == staff_id)
    row = session.execute(gone.returning(IDENTITIES.c.issuer, IDENTITIES.c.subject)).one_or_none()
    if row is None:
        raise NotFound
    told = {"issuer": row.issuer, "subject": row.subject}
    record(session, "staff.identity_unlinked", actor=actor, subject=("staff", staff_id), before=told)


def unlink_all(session: Session, staff_id: int) -> None:
    """End all of somebody's links: none of them brings anybody in any more."""
    session.execute(delete(IDENTITIES).where(IDENTITIES.c.staff_id == staff_id))


def links_of(session: Session, staff_id: int) -> list[LinkRow]:
    """Whom somebody is linked to."""
    theirs = select(*LISTED).where(IDENTITIES.c.staff_id == staff_id).order_by(IDENTITIES.c.id)
    return [LinkRow(*row) for row in session.execute(theirs)]


def recognise(session: Session, identity: Identity, *, address: str | None = None) -> int | None:
    """The member of staff who is linked to this identity and may come in now.

    None where nobody is, or they have left, or wrong tries have closed their door: each refusal is written down.
    """
    linked = session.scalars(
        select(StaffIdentity)
        .where(StaffIdentity.issuer == identity.issuer, StaffIdentity.subject == identity.subject)
        .with_for_update()
    ).one_or_none()
    if linked is None:
        _refused(session, "unknown", "not linked", address)
        return None
    member = session.get_one(StaffMember, linked.staff_id, with_for_update=True)
    is_locked = member.locked_until is not None and member.locked_until > now(session)
    if member.disabled_at is not None or is_locked:
        _refused(session, member.id, "closed", address)
        return None
    linked.used_at = now(session)
    return member.id


def let_in(session: Session, staff_id: int, *, address: str | None = None) -> None:
    """Write down that somebody came in by the provider alone, because it proved them by several factors."""
    actor = Actor.staff(staff_id, address)
    record(session, "staff.signed_in", actor=actor, subject=("staff", staff_id), by="identity_provider")


def owe_second_factor(session: Session, staff_id: int, *, browser_secret: str, next_path: str) -> str:
    """Keep that the provider has proven somebody, in this browser, until they give our second factor; its name."""
    given = {"step": "factor", "next": next_path}
    return ceremonies.begin(session, CeremonyKind.OPENID, browser_secret=browser_secret, given=given, staff_id=staff_id)


def proven(session: Session, *, browser_secret: str, name: str, is_over: bool = False) -> Proven | None:
    """Who owes the second factor in this browser; None where nobody does, or it took too long. `is_over` ends it."""
    found = ceremonies.find(session, CeremonyKind.OPENID, browser_secret=browser_secret, name=name)
    if found is None or found.given["step"] != "factor" or found.staff_id is None:
        return None
    if is_over:
        ceremonies.use(session, found)
    return Proven(found.staff_id, found.given["next"])


def _owner(session: Session, identity: Identity) -> int | None:
    owner = select(IDENTITIES.c.staff_id).where(
        IDENTITIES.c.issuer == identity.issuer, IDENTITIES.c.subject == identity.subject
    )
    return session.scalars(owner).one_or_none()


def _refused(session: Session, whom: int | str, because: str, address: str | None) -> None:
    subject, by = ("staff", whom), "identity_provider"
    record(session, "sign_in.refused", actor=Actor.visitor(address), subject=subject, because=because, by=by)
