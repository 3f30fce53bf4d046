"""Queries: promises for lists and pages, and those that hold an invoice now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Login
from domain.promises.model import PromiseChange, PromisePart, PromiseStatus, PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_PROMISE = N_("We could not find that promise.")


class View(StrEnum):
    """The lists of promises: those that run, those that were broken, and all that ended otherwise."""

    OPEN = "open"
    BROKEN = "broken"
    ENDED = "ended"


_STATUSES: dict[View, frozenset[PromiseStatus]] = {
    View.OPEN: frozenset({PromiseStatus.OPEN}),
    View.BROKEN: frozenset({PromiseStatus.BROKEN}),
    View.ENDED: frozenset({PromiseStatus.KEPT, PromiseStatus.WITHDRAWN, PromiseStatus.REPLACED}),
}

_SHOWN = (
    select(
        PromiseToPay.id,
        PromiseToPay.account_id,
        PromiseToPay.currency,
        PromiseToPay.amount_minor,
        PromiseToPay.promised_on,
        PromiseToPay.status,
        PromiseToPay.words,
        PromiseToPay.made_at,
        PromiseToPay.ended_at,
        Account.name.label("account_name"),
        Login.name.label("made_by_name"),
        select(PromiseChange.actor_id)
        .where(
            PromiseChange.promise_id == PromiseToPay.id,
            PromiseChange.before.is_(None),
            PromiseChange.actor_kind == ActorKind.PAY_LINK,
        )
        .scalar_subquery()
        .label("pay_link_id"),
    )
    .join(Account, Account.id == PromiseToPay.account_id)
    .outerjoin(Login, Login.id == PromiseToPay.made_by)
)


def entity(session: Session, account_id: int, promise_id: int) -> PromiseToPay:
    """A promise of this account, read afresh; NotFound."""
    promise = session.get(PromiseToPay, promise_id, populate_existing=True)
    if promise is None or promise.account_id != account_id:
        raise NotFound(NO_SUCH_PROMISE)
    return promise


def open_entities(session: Session, invoice_ids: Collection[int]) -> Sequence[PromiseToPay]:
    """The promises that run over any of these invoices of a locked account."""
    over = select(PromisePart.promise_id).where(PromisePart.invoice_id.in_(invoice_ids))
    return session.scalars(
        select(PromiseToPay)
        .where(PromiseToPay.id.in_(over), PromiseToPay.status == PromiseStatus.OPEN)
        .order_by(PromiseToPay.id)
        .execution_options(populate_existing=True)
    ).all()


def first_made(session: Session, invoice_ids: Collection[int]) -> datetime | None:
    """When the first was made of the promises over these invoices that have followed each other unjudged."""
    over = select(PromisePart.promise_id).where(PromisePart.invoice_id.in_(invoice_ids))
    first = None
    rows = session.execute(
        select(PromiseToPay.status, PromiseToPay.made_at)
        .where(PromiseToPay.id.in_(over))
        .order_by(PromiseToPay.id.desc())
    )
    for status, made_at in rows:
        if status in (PromiseStatus.KEPT, PromiseStatus.BROKEN):
            break
        first = made_at
    return first


def promise(session: Session, promise_id: int, *, account_id: int | None = None) -> AnyRow:
    """One promise with its account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = _SHOWN.where(PromiseToPay.id == promise_id)
    if account_id is not None:
        wanted = wanted.where(PromiseToPay.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PROMISE)
    return row


def promises(session: Session, view: View, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first."""
    wanted = _SHOWN.where(PromiseToPay.status.in_(_STATUSES[view]))
    if place is not None:
        wanted = wanted.where(PromiseToPay.id < place)
    return session.execute(wanted.order_by(PromiseToPay.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    rows = session.execute(select(PromiseToPay.status, func.count().label("many")).group_by(PromiseToPay.status))
    by_status = {row.status: row.many for row in rows}
    return {view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in _STATUSES.items()}


def open_of_account(session: Session, account_id: int) -> AnyRows:
    """The promises of an account that run, the nearest day first."""
    wanted = _SHOWN.where(PromiseToPay.account_id == account_id, PromiseToPay.status == PromiseStatus.OPEN)
    return session.execute(wanted.order_by(PromiseToPay.promised_on, PromiseToPay.id)).all()


def of_invoice(session: Session, invoice_id: int) -> AnyRows:
    """All promises over an invoice that has been looked up by its account before, newest first."""
    over = select(PromisePart.promise_id).where(PromisePart.invoice_id == invoice_id)
    return session.execute(_SHOWN.where(PromiseToPay.id.in_(over)).order_by(PromiseToPay.id.desc())).all()


def promised_days(session: Session, invoice_ids: Collection[int]) -> dict[int, date]:
    """By which day each of these invoices is promised by a promise that runs; those that are not are left out."""
    rows = session.execute(
        select(PromisePart.invoice_id, func.max(PromiseToPay.promised_on).label("day"))
        .join(PromiseToPay, PromiseToPay.id == PromisePart.promise_id)
        .where(PromisePart.invoice_id.in_(invoice_ids), PromiseToPay.status == PromiseStatus.OPEN)
        .group_by(PromisePart.invoice_id)
    )
    return {row.invoice_id: row.day for row in rows}


def broken_since(session: Session, since: datetime, account_ids: Collection[int]) -> dict[int, int]:
    """How many promises each of these accounts has broken since then; those without one are left out."""
    rows = session.execute(
        select(PromiseToPay.account_id, func.count().label("many"))
        .where(
            PromiseToPay.account_id.in_(account_ids),
            PromiseToPay.status == PromiseStatus.BROKEN,
            PromiseToPay.ended_at >= since,
        )
        .group_by(PromiseToPay.account_id)
    )
    return {row.account_id: row.many for row in rows}


def parts(session: Session, promise_id: int) -> AnyRows:
    """What a promise is about: invoice id, number, due day, how much of it, and how much of it is open."""
    return session.execute(
        select(PromisePart.invoice_id, Invoice.number, Invoice.due_on, PromisePart.amount_minor, Invoice.open_minor)
        .join(Invoice, Invoice.id == PromisePart.invoice_id)
        .where(PromisePart.promise_id == promise_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def changes(session: Session, promise_id: int) -> AnyRows:
    """Every change of a promise's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(
            PromiseChange.after,
            PromiseChange.at,
            PromiseChange.actor_kind,
            PromiseChange.actor_id,
            PromiseChange.why,
        )
        .where(PromiseChange.promise_id == promise_id)
        .order_by(PromiseChange.id)
    ).all()
