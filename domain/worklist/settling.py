"""Settling: a task about a debt ends by itself once nothing is open any more of what it is about."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, String, and_, case, cast, or_, select, update
from sqlalchemy.orm import Session

from domain.dunning.model import DunningStage
from domain.placements.model import PlacementInvoice
from domain.plans.model import PlanInvoice
from domain.promises.model import PromisePart
from domain.receivables.model import Invoice, InvoiceStatus
from domain.settlements.model import OfferInvoice
from domain.shared.db.session import now
from domain.tasks.model import TASKS, TaskKind

AT_ONCE = 500
"""Tasks that end in one transaction."""
_IS_OPEN = (Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
_OF = {
    TaskKind.PROMISE_BROKEN: (PromisePart.promise_id, PromisePart.invoice_id),
    TaskKind.PLAN_DEFAULTED: (PlanInvoice.plan_id, PlanInvoice.invoice_id),
    TaskKind.SETTLEMENT_BROKEN: (OfferInvoice.offer_id, OfferInvoice.invoice_id),
    TaskKind.PLACEMENT_BACK: (PlacementInvoice.placement_id, PlacementInvoice.invoice_id),
    TaskKind.PLACEMENT_REFUSED: (PlacementInvoice.placement_id, PlacementInvoice.invoice_id),
}
"""Where the invoices stand that the subject of a task is about, by the kind of the task."""
SETTLED_BY_MONEY = frozenset({TaskKind.ESCALATION, TaskKind.TRACE, *_OF})
"""The kinds that end so."""


def is_over(session: Session) -> bool:
    """Whether a task waits about a debt that is no longer open."""
    return session.scalar(_over().limit(1)) is not None


def settle_paid(session: Session, *, limit: int = AT_ONCE) -> int:
    """End the tasks about debts that are no longer open; how many. Safe to repeat, and beside others.

    Where such a debt is open again one day, somebody is asked to decide about it anew.
    """
    rows = session.execute(
        _over().add_columns(TASKS.c.kind, TASKS.c.account_id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not rows:
        return 0
    session.execute(update(TASKS).where(TASKS.c.id.in_([row.id for row in rows])).values(done_at=now(session)))
    paid = select(Invoice.id).where(
        Invoice.account_id.in_([row.account_id for row in rows if row.kind is TaskKind.ESCALATION]),
        Invoice.open_minor == 0,
    )
    stages = update(DunningStage).where(DunningStage.invoice_id.in_(paid), DunningStage.escalated_on.is_not(None))
    session.execute(stages.values(escalated_on=None), execution_options={"synchronize_session": False})
    return len(rows)


def _over() -> Select[int]:
    """Selects the open tasks about debts of which nothing is open."""
    kinds = [and_(TASKS.c.kind == kind, _first_open(kind).is_(None)) for kind in sorted(SETTLED_BY_MONEY)]
    return select(TASKS.c.id).where(TASKS.c.done_at.is_(None), or_(*kinds)).order_by(TASKS.c.id)


def _first_open(kind: TaskKind) -> ScalarSelect[int]:
    """Any open invoice that a task of this kind is about; one index is asked for each task, never all the books."""
    wanted = select(Invoice.id).where(*_IS_OPEN)
    if kind is TaskKind.ESCALATION:
        wanted = wanted.join(DunningStage, DunningStage.invoice_id == Invoice.id).where(
            Invoice.account_id == TASKS.c.account_id, DunningStage.escalated_on.is_not(None)
        )
    elif kind is TaskKind.TRACE:
        wanted = wanted.where(Invoice.account_id == TASKS.c.account_id)
    else:
        about, invoice_id = _OF[kind]
        wanted = wanted.where(about == _subject(kind), invoice_id == Invoice.id)
    return wanted.limit(1).correlate(TASKS).scalar_subquery()


def _subject(kind: TaskKind) -> ColumnElement[int]:
    """The id of the subject of a task of this kind, as a number; that of others may be none."""
    return cast(case((TASKS.c.kind == kind, TASKS.c.subject_id), else_=cast(None, String)), Integer)
