"""Queries: plans for lists and pages, what covers them, and which of them have a turn now."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, Right
from domain.plans.model import (
    SIGNED,
    TALKING,
    PaymentPlan,
    PlanChange,
    PlanGrace,
    PlanInvoice,
    PlanRound,
    PlanStatus,
    Side,
)
from domain.plans.schedule import Shape
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.stops.model import StopKind

NO_SUCH_PLAN = N_("We could not find that payment plan.")
CONTESTED = frozenset({StopKind.DISPUTE, StopKind.CHARGEBACK})
"""What these stops hold is not asked for, and so parked at the end of a plan."""
TAKEN = frozenset({StopKind.PLAN, StopKind.PLAN_BEARING, StopKind.OFFER, StopKind.PLACEMENT})
"""What these stops hold is being paid, or collected, in another way."""


class View(StrEnum):
    """The lists of plans for staff."""

    REQUESTS = "requests"
    WAITING = "waiting"
    RUNNING = "running"
    DEFAULTED = "defaulted"
    ENDED = "ended"


VIEWS: dict[View, frozenset[PlanStatus]] = {
    View.REQUESTS: frozenset({PlanStatus.REQUESTED}),
    View.WAITING: frozenset({PlanStatus.COUNTERED, PlanStatus.OFFERED, PlanStatus.ACCEPTED}),
    View.RUNNING: frozenset({PlanStatus.ACTIVE, PlanStatus.PAUSED}),
    View.DEFAULTED: frozenset({PlanStatus.DEFAULTED}),
    View.ENDED: frozenset(PlanStatus) - TALKING - SIGNED - {PlanStatus.DEFAULTED},
}

HOW_MANY_ASK = select(func.count()).where(PaymentPlan.status == PlanStatus.REQUESTED)
"""How many wait for our answer."""
_SHOWN = select(
    PaymentPlan.id,
    PaymentPlan.account_id,
    PaymentPlan.currency,
    PaymentPlan.status,
    PaymentPlan.made_at,
    PaymentPlan.expires_at,
    PaymentPlan.signed_on,
    PaymentPlan.total_minor,
    PaymentPlan.ended_at,
    PaymentPlan.supersedes_id,
    Account.number.label("account_number"),
    Account.name.label("account_name"),
).join(Account, Account.id == PaymentPlan.account_id)


def plan(session: Session, plan_id: int, *, account_id: int | None = None) -> AnyRow:
    """One plan with its account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = _SHOWN.where(PaymentPlan.id == plan_id)
    if account_id is not None:
        wanted = wanted.where(PaymentPlan.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PLAN)
    return row


def entity(session: Session, account_id: int, plan_id: int) -> PaymentPlan:
    """A plan of this account, read afresh; NotFound."""
    found = session.get(PaymentPlan, plan_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_PLAN)
    return found


def plans(session: Session, view: View, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first."""
    wanted = _SHOWN.where(PaymentPlan.status.in_(VIEWS[view]))
    if place is not None:
        wanted = wanted.where(PaymentPlan.id < place)
    return session.execute(wanted.order_by(PaymentPlan.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    rows = session.execute(select(PaymentPlan.status, func.count().label("many")).group_by(PaymentPlan.status))
    by_status = {row.status: row.many for row in rows}
    return {view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in VIEWS.items()}


def of_account(session: Session, account_id: int, statuses: Collection[PlanStatus] | None = None) -> AnyRows:
    """The account's plans in these states (None: all), newest first."""
    wanted = _SHOWN.where(PaymentPlan.account_id == account_id)
    if statuses is not None:
        wanted = wanted.where(PaymentPlan.status.in_(statuses))
    return session.execute(wanted.order_by(PaymentPlan.id.desc())).all()


def invoices(session: Session, plan_id: int) -> AnyRows:
    """The invoices of a plan, the oldest due first: id, number, kind, due day, amount, what is open, and was then."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
            Invoice.status,
            PlanInvoice.open_minor.label("signed_minor"),
        )
        .join(PlanInvoice, PlanInvoice.invoice_id == Invoice.id)
        .where(PlanInvoice.plan_id == plan_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def on_plan(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """Which of these invoices a signed plan that lives is about: invoice → plan."""
    rows = session.execute(
        select(PlanInvoice.invoice_id, PlanInvoice.plan_id)
        .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
        .where(PlanInvoice.invoice_id.in_(invoice_ids), PaymentPlan.status.in_(SIGNED))
        .order_by(PlanInvoice.plan_id)
    )
    return {row.invoice_id: row.plan_id for row in rows}


def rounds(session: Session, plan_id: int) -> AnyRows:
    """What was proposed for a plan, the first proposal first."""
    return session.execute(
        select(
            PlanRound.id,
            PlanRound.side,
            PlanRound.shape,
            PlanRound.words,
            PlanRound.capacity,
            PlanRound.at,
            PlanRound.actor_kind,
            PlanRound.actor_id,
        )
        .where(PlanRound.plan_id == plan_id)
        .order_by(PlanRound.id)
    ).all()


def latest_shape(session: Session, plan_id: int) -> tuple[Shape, Side]:
    """What was proposed last, and by which side."""
    wanted = select(PlanRound.shape, PlanRound.side).where(PlanRound.plan_id == plan_id)
    row = session.execute(wanted.order_by(PlanRound.id.desc()).limit(1)).one()
    return msgspec.convert(row.shape, Shape, strict=False), row.side


def can_be_signed(session: Session, account_id: int) -> bool:
    """Whether anybody on an account can sign in and sign for it."""
    on = accounts.logins_on(session, account_id)
    return any(Right.BIND in login.rights and login.disabled_at is None for login in on)


def changes(session: Session, plan_id: int) -> AnyRows:
    """Every change of a plan's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(PlanChange.after, PlanChange.at, PlanChange.actor_kind, PlanChange.actor_id, PlanChange.why)
        .where(PlanChange.plan_id == plan_id)
        .order_by(PlanChange.id)
    ).all()


def grace_of(session: Session, plan_id: int) -> PlanGrace | None:
    """The plan's one offer of more time, if it was made."""
    return session.get(PlanGrace, plan_id)


def plannable(session: Session, account_id: int) -> AnyRows:
    """The account's open invoices that a plan can be made over, the oldest due first.

    What is contested or held by insolvency is left out, and so is what is on a plan or may be settled for less.
    """
    held = held_parts(session, [account_id], CONTESTED | TAKEN | {StopKind.INSOLVENCY})
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
        )
        .where(Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .order_by(Invoice.due_on, Invoice.id)
    )
    return [row for row in rows if row.id not in held]
