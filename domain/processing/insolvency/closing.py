"""Closing: a proceeding ends. Dismissed, all goes on; otherwise what was owed before stays held, and new debts do not.

After any other end the whole account is free again, and each invoice from before the first day on which something is
open is held for itself: nobody asks for it, takes it or lets it bear interest, until it is written off or paid.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.collecting.model import EndReason
from domain.credit.holding import review
from domain.insolvencies import queries
from domain.insolvencies.details import SUBJECT, check_open, follow_task
from domain.insolvencies.model import OUTCOME_NAMES, Insolvency, InsolvencyOutcome
from domain.placements import following as placements
from domain.plans import changing as plans
from domain.plans import taking
from domain.plans.model import RUNNING, PaymentPlan, PlanStatus
from domain.processing.insolvency.freezing import WHY
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind


def close(
    session: Session, account_id: int, insolvency_id: int, outcome: InsolvencyOutcome, *, on: date, actor: Actor
) -> Insolvency:
    """End a proceeding. NotFound, Invalid beside "closed_on", Conflict where it has ended.

    Dividends that were declared and have not come are still expected: they can be received after the end.
    """
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    check_open(found)
    if not found.started_on <= on <= today(session):
        raise Invalid(N_("Enter a day from {first} to today."), field="closed_on", first=found.started_on)
    found.outcome, found.closed_on, found.ended_at = outcome, on, now(session)
    session.flush()
    stops.lift(session, StopKind.INSOLVENCY, found.source, actor=actor)
    rest = Money.zero(account.currency)
    if outcome is not InsolvencyOutcome.DISMISSED:
        _end_plans(session, found, actor)
        rest = _hold_what_is_left(session, found, account.currency, actor)
    follow_task(session, found)
    audit.record(
        session,
        f"insolvency.{outcome}",
        actor=actor,
        subject=(SUBJECT, found.id),
        account_id=account_id,
        after={"outcome": OUTCOME_NAMES[outcome], "closed_on": on, "amount": rest},
    )
    placements.follow_account(session, account_id, None, actor=actor)
    review(session, account_id, actor=actor)
    return found


def left_over(session: Session, found: Insolvency) -> list[Invoice]:
    """The invoices from before the first day, debit notes for them included, on which something is open."""
    parents = select(Invoice.id).where(Invoice.account_id == found.account_id, Invoice.issued_on < found.started_on)
    wanted = select(Invoice).where(
        Invoice.account_id == found.account_id,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.open_minor > 0,
        (Invoice.issued_on < found.started_on) | Invoice.parent_id.in_(parents),
    )
    return list(session.scalars(wanted.order_by(Invoice.due_on, Invoice.id).execution_options(populate_existing=True)))


def _end_plans(session: Session, found: Insolvency, actor: Actor) -> None:
    wanted = select(PaymentPlan).where(PaymentPlan.account_id == found.account_id, PaymentPlan.status.in_(RUNNING))
    for plan in session.scalars(wanted.order_by(PaymentPlan.id)).all():
        taking.end_collections(session, plan, EndReason.PLAN_CHANGED, actor=actor)
        plans.change(session, plan, PlanStatus.CANCELLED, actor=actor, why=WHY)


def _hold_what_is_left(session: Session, found: Insolvency, currency: str, actor: Actor) -> Money:
    left = left_over(session, found)
    for invoice in left:
        stops.write(
            session,
            found.account_id,
            StopKind.INSOLVENCY,
            found.source,
            actor=actor,
            invoice_id=invoice.id,
            from_on=found.started_on,
        )
    return Money.sum((invoice.open for invoice in left), currency)
