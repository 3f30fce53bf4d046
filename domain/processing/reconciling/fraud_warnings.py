"""Reconciling early fraud warnings: the card network suspects a payment that nobody has contested yet."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.chargebacks import keeping
from domain.chargebacks.model import FraudWarning
from domain.payments import queries as payments
from domain.payments.snapshots import FraudWarningSnapshot
from domain.shared.actor import PROCESSOR
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle


def reconcile_fraud_warning(session: Session, seen: FraudWarningSnapshot) -> FraudWarning:
    """Keep a warning; while a refund may still spare us the chargeback, somebody is asked to look at the payment."""
    payment = payments.of_processor(session, intent_id=seen.intent_id, charge_id=seen.charge_id)
    if payment is not None:
        accounts.lock(session, payment.account_id)
    warning, is_new = keeping.keep_warning(session, seen, payment)
    subject = ("payment", payment.public_id) if payment is not None else ("charge", seen.charge_id)
    if not warning.actionable:
        settle(session, TaskKind.FRAUD_WARNING, subject=subject)
    elif is_new:
        open_task(
            session,
            TaskKind.FRAUD_WARNING,
            subject=subject,
            account_id=payment.account_id if payment is not None else None,
            worth=payment.amount if payment is not None else None,
            detail={"processor": seen.warning_ref, "found": seen.kind},
        )
    if is_new:
        record(
            session,
            "fraud_warning.received",
            actor=PROCESSOR,
            subject=("fraud_warning", warning.id),
            account_id=payment.account_id if payment is not None else None,
            after={"why": seen.kind, "actionable": seen.actionable},
        )
    return warning
