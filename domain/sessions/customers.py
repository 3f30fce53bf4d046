"""Customers: whoever has a login for the portal, as signing in by link finds them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.accounts.model import LOGINS
from domain.sessions.links import People, Person
from domain.sessions.model import Site


def _with_email(session: Session, email: str) -> Person | None:
    return _open(session, LOGINS.c.email == email)


def _with_id(session: Session, login_id: int) -> Person | None:
    return _open(session, LOGINS.c.id == login_id)


def _open(session: Session, which: ColumnElement[bool]) -> Person | None:
    columns = (LOGINS.c.id, LOGINS.c.email, LOGINS.c.name, LOGINS.c.language)
    row = session.execute(select(*columns).where(which, LOGINS.c.disabled_at.is_(None))).one_or_none()
    return None if row is None else Person(*row)


CUSTOMERS = People(Site.PORTAL, "login", _with_email, _with_id)
