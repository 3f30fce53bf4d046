"""Paying: how money for a plan is spread over its invoices, and what it was meant for."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.plans import queries
from domain.plans.coverage import Extra
from domain.plans.model import PaymentPlan, PlanPayment
from domain.receivables.held import held_parts
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


def free_of(session: Session, plan: PaymentPlan) -> dict[int, Money]:
    """What can be paid on each of a plan's invoices, the oldest due first: what is open and not contested."""
    held = held_parts(session, [plan.account_id], queries.CONTESTED)
    nothing = Money.zero(plan.currency)
    free = {
        row.id: Money(row.open_minor, plan.currency) - held.get(row.id, nothing)
        for row in queries.invoices(session, plan.id)
    }
    return {invoice_id: amount for invoice_id, amount in free.items() if amount}


def spread(session: Session, plan: PaymentPlan, amount: Money) -> dict[int, Money]:
    """Which invoices an amount for a plan pays, the oldest due first.

    Raises Invalid beside "amount" for nothing and for more than there is to pay; Conflict where nothing is left.
    """
    free = free_of(session, plan)
    most = Money.sum(free.values(), plan.currency)
    if not most:
        raise Conflict(N_("Nothing of this plan is left to pay."))
    if amount.minor <= 0 or amount > most:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=most)
    rest, found = amount, {}
    for invoice_id, there in free.items():
        part = min(rest, there)
        if part:
            found[invoice_id] = part
            rest -= part
    return found


def mark(
    session: Session, payment_id: int, plan_id: int, *, part_id: int | None = None, extra: Extra | None = None
) -> None:
    """Write down for which plan, and for which part of it, a payment is; the first word on a payment stays."""
    if session.get(PlanPayment, payment_id) is None:
        session.add(PlanPayment(payment_id=payment_id, plan_id=plan_id, instalment_id=part_id, extra=extra))
        session.flush()
