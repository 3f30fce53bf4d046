"""Inviting: somebody of a partner may sign in from now on, reads in another language, or comes in no more."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.audit.recording import record
from domain.outbox.sending import Message, add
from domain.placements import queries as placements
from domain.placements.people import queries
from domain.placements.people.model import LOGINS, PartnerLogin
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound

NAME_LENGTH = 200


class InvitePartner(Message, frozen=True):
    """Tell somebody of a partner where they sign in from now on."""

    kind: ClassVar[str] = "invite_partner"
    login_id: int


def invite(
    session: Session, partner_id: int, *, email: str, name: str, language: str | None = None, actor: Actor
) -> PartnerLogin:
    """Let somebody sign in for a partner, and tell them by mail; in the partner's language unless another is named.

    Raises Invalid beside the field, also for an address that opens a partner's pages already; Conflict for a partner
    that was let go; NotFound.
    """
    partner = placements.partner(session, partner_id)
    if partner.ended_at is not None:
        raise Conflict(N_("Nothing is handed to {name} any more."), name=partner.name)
    values = {
        "partner_id": partner_id,
        "email": checking.email_address(email),
        "name": checking.text(name, field="name", length=NAME_LENGTH),
        "language": checking.language(language or partner.language),
    }
    made = {**values, "made_at": now(session), "ended_at": None}
    login_id = insert_if_new(session, LOGINS, ("email",), made, where="ended_at IS NULL")
    if login_id is None:
        raise Invalid(N_("Somebody signs in with this address already."), field="email")
    record(session, "partner_login.made", actor=actor, subject=("partner_login", login_id), after=values)
    add(session, InvitePartner(login_id))
    return session.get_one(PartnerLogin, login_id)


def end(session: Session, partner_id: int, login_id: int, *, actor: Actor) -> None:
    """Take away that somebody signs in for a partner; it works at once, wherever they are signed in. NotFound."""
    login = queries.login(session, login_id)
    if login.partner_id != partner_id or login.ended_at is not None:
        raise NotFound(queries.NO_SUCH_LOGIN)
    login.ended_at = now(session)
    session.flush()
    record(session, "partner_login.ended", actor=actor, subject=("partner_login", login_id))
    sessions.end_all(session, Site.PARTNERS, login_id, actor=actor)


def set_language(session: Session, login_id: int, language: str) -> None:
    """Keep the language in which this person reads their pages and their mail."""
    queries.login(session, login_id).language = checking.language(language)
