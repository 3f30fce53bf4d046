"""Queries: what is held right now, and all that ever was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, ScalarSelect, Select, SQLColumnExpression, exists, or_, select
from sqlalchemy.orm import Session, aliased

from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound
from domain.stops.model import Stop, StopKind, StopLift, StopWhy

NO_SUCH_STOP = N_("We could not find that stop.")
MOST_PAST = 50
SHOWN = (
    Stop.id,
    Stop.kind,
    Stop.source,
    Stop.invoice_id,
    Stop.amount_minor,
    Stop.from_on,
    Stop.until_on,
    Stop.written_at,
    Stop.actor_kind,
    Stop.actor_id,
    StopWhy.why,
)


def live(session: Session, account_id: int) -> AnyRows:
    """The account's stops that hold today, oldest first, with why staff have set them, where they did."""
    return session.execute(
        select(*SHOWN)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .outerjoin(StopWhy, StopWhy.stop_id == Stop.id)
        .where(Stop.account_id == account_id, StopLift.id.is_(None), _lasts(Stop, today(session)))
        .order_by(Stop.id)
    ).all()


def past(session: Session, account_id: int) -> AnyRows:
    """The account's latest stops that are over, newest first, with when, by whom and why they were lifted, if so."""
    return session.execute(
        select(
            *SHOWN,
            StopLift.lifted_at,
            StopLift.actor_kind.label("lifted_by_kind"),
            StopLift.actor_id.label("lifted_by_id"),
            StopLift.why.label("lifted_why"),
        )
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .outerjoin(StopWhy, StopWhy.stop_id == Stop.id)
        .where(Stop.account_id == account_id, or_(StopLift.id.is_not(None), Stop.until_on < today(session)))
        .order_by(Stop.id.desc())
        .limit(MOST_PAST)
    ).all()


def stop(session: Session, account_id: int, stop_id: int) -> AnyRow:
    """One stop of this account with its `lifted_at`; NotFound for anybody else's."""
    row = session.execute(
        select(*SHOWN, StopLift.lifted_at)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .outerjoin(StopWhy, StopWhy.stop_id == Stop.id)
        .where(Stop.id == stop_id, Stop.account_id == account_id)
    ).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_STOP)
    return row


def is_held(
    account_id: SQLColumnExpression[int],
    invoice_id: SQLColumnExpression[int],
    kinds: Collection[StopKind],
    day: date | BindParameter[date],
) -> ColumnElement[bool]:
    """For a query over invoices: that a stop of these kinds is on them, a part of them, or their account that day."""
    held = aliased(Stop)
    of_it = or_(held.invoice_id.is_(None), held.invoice_id == invoice_id)
    return exists().where(*_on(held, account_id, kinds, day), of_it)


def kind_on(
    account_id: SQLColumnExpression[int], kinds: Collection[StopKind], day: date
) -> ScalarSelect[StopKind | None]:
    """For a query over accounts: which of these kinds is on the whole account that day; NULL where none is."""
    held = aliased(Stop)
    on_all = (*_on(held, account_id, kinds, day), held.invoice_id.is_(None))
    return select(held.kind).where(*on_all).order_by(held.id).limit(1).scalar_subquery()


OF_ACCOUNT = Stop.account_id
"""Narrows `accounts_on` to some accounts."""


def accounts_on(kinds: Collection[StopKind], day: date) -> Select[int]:
    """Selects the accounts that such a stop holds as a whole that day, to look through them."""
    lifted = exists().where(StopLift.stop_id == Stop.id)
    return select(Stop.account_id).where(
        Stop.kind.in_(kinds), Stop.invoice_id.is_(None), Stop.from_on <= day, _lasts(Stop, day), ~lifted
    )


def _on(
    held: type[Stop],
    account_id: SQLColumnExpression[int],
    kinds: Collection[StopKind],
    day: date | BindParameter[date],
) -> tuple[ColumnElement[bool], ...]:
    lifted = exists().where(StopLift.stop_id == held.id)
    return held.account_id == account_id, held.kind.in_(kinds), held.from_on <= day, _lasts(held, day), ~lifted


def _lasts(table: type[Stop], day: date | BindParameter[date]) -> ColumnElement[bool]:
    return or_(table.until_on.is_(None), table.until_on >= day)
