"""Signing in: whose session a browser brings to the partners' site; the doors themselves are `web.link_doors`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.placements.people import queries as people
from domain.sessions.keeping import SessionRow
from domain.sessions.model import Site
from domain.shared.db.session import Database
from partners.access import Agent
from web.link_doors import authenticator
from web.visit import AnyRequest


def authenticate(database: Database) -> Callable[[AnyRequest], Agent | None]:
    """Finds who is behind a request's session; nobody once they were taken away, or their partner has nothing left."""
    return authenticator(database, {Site.PARTNERS: _agent})


def _agent(session: Session, row: SessionRow) -> Agent | None:
    login = people.may_come_in(session, row.subject_id)
    if login is None:
        return None
    return Agent(login.id, login.partner_id, login.partner_name, login.email, login.name, login.language)
