"""Message queries: what customers have written to us, for lists and pages."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.incoming.model import Incoming
from domain.notices.incoming.taking_in import NO_SUCH_MESSAGE
from domain.notices.model import Notice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound


class View(StrEnum):
    """The lists of messages: of which nobody knows whose they are, those that wait for an answer, and all."""

    UNMATCHED = "unmatched"
    OPEN = "open"
    ALL = "all"


WAITING_FIRST = frozenset({View.UNMATCHED, View.OPEN})
"""The lists that somebody works through: the longest waiting comes first; in the other the newest."""
_VIEWS: dict[View, ColumnElement[bool]] = {
    View.UNMATCHED: Incoming.account_id.is_(None) & Incoming.settled_at.is_(None),
    View.OPEN: Incoming.account_id.is_not(None) & Incoming.settled_at.is_(None),
    View.ALL: true(),
}
HOW_MANY_WAIT = select(func.count()).select_from(Incoming).where(Incoming.settled_at.is_(None))
"""How many messages wait for somebody, whether we know whose they are or not."""
_SHOWN = (
    select(
        Incoming.id,
        Incoming.channel,
        Incoming.account_id,
        Incoming.notice_id,
        Incoming.matched_by,
        Incoming.sender,
        Incoming.subject,
        Incoming.body,
        Incoming.document_id,
        Incoming.written_at,
        Incoming.taken_in_at,
        Incoming.settled_at,
        Incoming.settled_by,
        Account.name.label("account_name"),
        Account.number.label("account_number"),
        Notice.wording,
    )
    .outerjoin(Account, Account.id == Incoming.account_id)
    .outerjoin(Notice, Notice.id == Incoming.notice_id)
)


def messages(
    session: Session, view: View, *, account_id: int | None = None, place: int | None = None, limit: int
) -> AnyRows:
    """A page of a list, of one account or all, after `place`."""
    found = _SHOWN.where(_VIEWS[view])
    if account_id is not None:
        found = found.where(Incoming.account_id == account_id)
    if view in WAITING_FIRST:
        found = found.where(Incoming.id > place) if place is not None else found
        return session.execute(found.order_by(Incoming.id).limit(limit)).all()
    found = found.where(Incoming.id < place) if place is not None else found
    return session.execute(found.order_by(Incoming.id.desc()).limit(limit)).all()


def counts(session: Session, *, account_id: int | None = None) -> dict[View, int]:
    """How many wait in each list that somebody works through."""
    unmatched = func.count().filter(Incoming.account_id.is_(None))
    waiting = select(func.count(), unmatched).where(Incoming.settled_at.is_(None))
    if account_id is not None:
        waiting = waiting.where(Incoming.account_id == account_id)
    together, nobodys = session.execute(waiting).one()
    return {View.UNMATCHED: nobodys, View.OPEN: together - nobodys}


def message(session: Session, incoming_id: int) -> AnyRow:
    """One message; NotFound where there is none."""
    row = session.execute(_SHOWN.where(Incoming.id == incoming_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_MESSAGE)
    return row
