"""Signing in: whose session a browser brings to the portal; the doors themselves are `web.link_doors`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.sessions.keeping import SessionRow
from domain.sessions.model import Site
from domain.shared.db.session import Database
from portal.access import Customer
from web.link_doors import authenticator
from web.visit import AnyRequest


def authenticate(database: Database) -> Callable[[AnyRequest], Customer | None]:
    """Finds the customer behind a request's session."""
    return authenticator(database, Site.PORTAL, _customer)


def _customer(session: Session, row: SessionRow) -> Customer | None:
    login = accounts.login(session, row.subject_id)
    return None if login is None else Customer(login.id, row.id, login.email, login.name, login.language)
