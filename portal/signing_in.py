"""Signing in: whose session a browser brings to the portal; the doors themselves are `web.link_doors`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.sessions.keeping import SessionRow
from domain.sessions.model import Site
from domain.shared.db.session import Database
from domain.staff import queries as staff
from domain.staff.permissions import Permission, may
from portal.access import NOBODY, Customer, Viewer
from web.link_doors import authenticator
from web.visit import AnyRequest


def authenticate(database: Database) -> Callable[[AnyRequest], Customer | None]:
    """Finds the customer behind a request's session, or who of staff looks at the portal in a customer's place."""
    return authenticator(database, {Site.PORTAL: _customer, Site.VIEWING: _viewer})


def _customer(session: Session, row: SessionRow) -> Customer | None:
    login = accounts.login(session, row.subject_id)
    return None if login is None else Customer(login.id, row.id, login.email, login.name, login.language)


def _viewer(session: Session, row: SessionRow) -> Customer | None:
    member = staff.active(session, row.subject_id)
    if member is None or row.account_id is None or not may(member.role, Permission.SEE_AS_CUSTOMER):
        return None
    viewer = Viewer(member.id, member.name, row.account_id)
    return Customer(NOBODY, row.id, member.email, member.name, member.language, viewer)
