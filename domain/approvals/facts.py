"""Facts: how the things that a request is about stand, before it and after it; what must not have changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.approvals import wishes
from domain.approvals.wishes import Wish
from domain.chargebacks import queries as chargebacks
from domain.credit.applications.model import CreditApplication
from domain.credit.standing import standing_of
from domain.disputes.model import Dispute
from domain.plans.model import TALKING, PaymentPlan, PlanInvoice
from domain.promises import queries as promises
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.shared.money import Money

Facts = dict[str, Any]
"""By name: whole numbers (minor units), days and states as text, None for none."""
OPEN, DUE, LIMIT, ON_HOLD, STATUS, CONTESTED = "open", "due_on", "limit", "on_hold", "status", "contested"
PROMISED = "promised_on"
"""What is open of the invoices in question; when it is due; the account's limit; whether new credit is on hold; the
state of the plan (that is talked about), dispute or application; what is contested; for when something is promised."""
ACCOUNT_OPEN, ACCOUNT_CREDIT = "account_open", "account_credit"
"""What is open on the whole account, and its credit: they move for other reasons, too, and are not compared."""
OF_ACCOUNT = frozenset({ACCOUNT_OPEN, ACCOUNT_CREDIT})


def facts(session: Session, account_id: int, wish: Wish) -> Facts:
    """How everything stands now that a wish is about."""
    account = session.get_one(Account, account_id)
    totals = receivables.totals(session, account_id, account.currency)
    return {
        **_of_thing(session, account_id, wish, account.currency),
        ACCOUNT_OPEN: totals.open.minor,
        ACCOUNT_CREDIT: totals.credit.minor,
    }


def changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of the facts that are others now than when a request was made; those of the whole account aside."""
    return [name for name, value in then.items() if name not in OF_ACCOUNT and now.get(name) != value]


def _of_thing(session: Session, account_id: int, wish: Wish, currency: str) -> Facts:
    match wish:
        case wishes.RecordPromise():
            return {OPEN: _open(session, wish.invoice_ids), PROMISED: _promised(session, wish.invoice_ids)}
        case wishes.OfferPlan():
            return {OPEN: _open(session, wish.invoice_ids), STATUS: _talked_about(session, wish.invoice_ids)}
        case wishes.SetLimit() | wishes.EndLimit():
            return {LIMIT: _limit(session, account_id)}
        case wishes.LiftHold() | wishes.EndLifting():
            return {ON_HOLD: standing_of(session, account_id).on_hold}
        case wishes.ApproveApplication():
            application = session.get_one(CreditApplication, wish.application_id, populate_existing=True)
            return {STATUS: application.state.value, LIMIT: _limit(session, account_id)}
        case wishes.AcceptDispute():
            dispute = session.get_one(Dispute, wish.dispute_id, populate_existing=True)
            return {
                STATUS: dispute.status.value,
                CONTESTED: dispute.amount_minor,
                OPEN: _open(session, (dispute.invoice_id,)),
            }
        case wishes.CreditChargeback():
            parts = chargebacks.still_open(session, f"chargeback:{wish.chargeback_ref}", currency)
            return {OPEN: Money.sum((part.amount for part in parts), currency).minor}
        case wishes.AgreePlan() | wishes.CounterPlan() | wishes.PausePlan() | wishes.EndPlan():
            plan = session.get_one(PaymentPlan, wish.plan_id, populate_existing=True)
            on_it = select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == plan.id)
            return {STATUS: plan.status.value, OPEN: _open(session, tuple(session.scalars(on_it)))}
        case _:
            row = receivables.invoice(session, account_id, wish.invoice_id)
            return {OPEN: row.open_minor, DUE: row.due_on.isoformat()}


def _open(session: Session, invoice_ids: tuple[int, ...]) -> int:
    wanted = select(func.coalesce(func.sum(Invoice.open_minor), 0)).where(Invoice.id.in_(invoice_ids))
    return int(session.scalar(wanted) or 0)


def _promised(session: Session, invoice_ids: tuple[int, ...]) -> str | None:
    """The day of the promise over any of these invoices that another one would replace."""
    running = promises.open_entities(session, invoice_ids)
    return max(promise.promised_on for promise in running).isoformat() if running else None


def _talked_about(session: Session, invoice_ids: tuple[int, ...]) -> str | None:
    """The state of the newest plan over any of these invoices that an offer would replace."""
    over = select(PlanInvoice.plan_id).where(PlanInvoice.invoice_id.in_(invoice_ids))
    talked = select(PaymentPlan.status).where(PaymentPlan.id.in_(over), PaymentPlan.status.in_(TALKING))
    status = session.scalar(talked.order_by(PaymentPlan.id.desc()).limit(1))
    return None if status is None else status.value


def _limit(session: Session, account_id: int) -> int | None:
    limit = standing_of(session, account_id).limit
    return None if limit is None else limit.minor
