"""Saved methods as the sites read them, and which of them somebody may pay with."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Login
from domain.saved_methods.model import SavedMethod
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_METHOD = N_("We could not find that saved card or bank account.")

SHOWN = (
    SavedMethod.id,
    SavedMethod.login_id,
    SavedMethod.kind,
    SavedMethod.label,
    SavedMethod.expires_year,
    SavedMethod.expires_month,
    SavedMethod.shared,
    SavedMethod.saved_at,
    SavedMethod.lost_at,
    Login.name.label("owner"),
)


def _usable_by(login_id: int) -> ColumnElement[bool]:
    """A saved method is usable by its owner, and by others on the account only where the owner shares it."""
    return or_(SavedMethod.login_id == login_id, SavedMethod.shared.is_(True))


def of_login(session: Session, account_id: int, login_id: int) -> AnyRows:
    """What this login sees of the account's methods, lost ones too: their own, and what others share."""
    return session.execute(
        select(*SHOWN)
        .join(Login, Login.id == SavedMethod.login_id)
        .where(SavedMethod.account_id == account_id, SavedMethod.removed_at.is_(None), _usable_by(login_id))
        .order_by(SavedMethod.id)
    ).all()


def usable(session: Session, account_id: int, login_id: int, day: date) -> AnyRows:
    """What this login may pay with on `day`: their own before what others share, the newest first."""
    there = [row for row in of_login(session, account_id, login_id) if row.lost_at is None]
    good = [row for row in reversed(there) if not is_past(row.expires_year, row.expires_month, day)]
    return sorted(good, key=lambda row: row.login_id != login_id)


def is_past(year: int | None, month: int | None, day: date) -> bool:
    """Whether a card of which this is the last month has expired on `day`."""
    return year is not None and month is not None and (year, month) < (day.year, day.month)


def method_of(session: Session, account_id: int, method_id: int, *, login_id: int | None = None) -> SavedMethod:
    """A method of this account that has not been removed; NotFound otherwise, and where this login may not use it."""
    query = select(SavedMethod).where(
        SavedMethod.id == method_id, SavedMethod.account_id == account_id, SavedMethod.removed_at.is_(None)
    )
    if login_id is not None:
        query = query.where(_usable_by(login_id))
    method = session.scalars(query).one_or_none()
    if method is None:
        raise NotFound(NO_SUCH_METHOD)
    return method


def by_ref(session: Session, method_ref: str) -> SavedMethod | None:
    """The method of that name at the processor, removed ones too."""
    return session.scalars(select(SavedMethod).where(SavedMethod.method_ref == method_ref)).one_or_none()
