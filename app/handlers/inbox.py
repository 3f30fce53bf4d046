"""Inbox: what each kind of event makes us look at; the event itself is only the reason to look."""

from __future__ import annotations

import traceback

import structlog

from app.handlers.fetching import TELLS as MAIL_TELLS
from app.handlers.looking import holder
from app.handlers.looks import (
    Look,
    look_at_charge,
    look_at_chargeback,
    look_at_checkout,
    look_at_customer,
    look_at_fraud_warning,
    look_at_intent,
    look_at_mandate,
    look_at_method,
    look_at_payout,
    look_at_refund,
    look_at_setup,
)
from app.handlers.texting import TELLS as TEXT_TELLS
from app.wired import Wired
from domain.inbox import handling, leasing
from domain.notices.incoming.texting import NotSentYet
from domain.payments.processor import ProcessorLacks, ProcessorUnreachable
from domain.shared.db.rows import AnyRow

log = structlog.get_logger("inbox")

BATCH = 3
"""Events taken at once: few enough to be done before the lease runs out, also when the processor is slow."""

LOOKS: dict[str, Look] = {
    "checkout.session.completed": look_at_checkout,
    "checkout.session.async_payment_succeeded": look_at_checkout,
    "checkout.session.async_payment_failed": look_at_checkout,
    "checkout.session.expired": look_at_checkout,
    "payment_intent.succeeded": look_at_intent,
    "payment_intent.processing": look_at_intent,
    "payment_intent.requires_action": look_at_intent,
    "payment_intent.payment_failed": look_at_intent,
    "payment_intent.canceled": look_at_intent,
    "charge.updated": look_at_charge,
    "setup_intent.succeeded": look_at_setup,
    "setup_intent.setup_failed": look_at_setup,
    "payment_method.automatically_updated": look_at_method,
    "payment_method.updated": look_at_method,
    "payment_method.detached": look_at_method,
    "mandate.updated": look_at_mandate,
    "customer.deleted": look_at_customer,
    "refund.created": look_at_refund,
    "refund.updated": look_at_refund,
    "refund.failed": look_at_refund,
    "charge.dispute.created": look_at_chargeback,
    "charge.dispute.updated": look_at_chargeback,
    "charge.dispute.closed": look_at_chargeback,
    "charge.dispute.funds_withdrawn": look_at_chargeback,
    "charge.dispute.funds_reinstated": look_at_chargeback,
    "radar.early_fraud_warning.created": look_at_fraud_warning,
    "radar.early_fraud_warning.updated": look_at_fraud_warning,
    "payout.created": look_at_payout,
    "payout.updated": look_at_payout,
    "payout.paid": look_at_payout,
    "payout.failed": look_at_payout,
    "payout.canceled": look_at_payout,
    "payout.reconciliation_completed": look_at_payout,
}
"""The kinds that the webhook is registered for (docs/stripe.md); whatever else comes is noted and left alone."""

TELLS = {**TEXT_TELLS, **MAIL_TELLS}
"""The kinds of event that bring all there is to know."""
GONE = "The processor does not know the object any more, so there is nothing left to look at."


def handle_due(wired: Wired) -> int:
    """Handle a batch of events that are due; how many there were."""
    ours = holder()
    with wired.database.transaction() as session:
        events = leasing.lease(session, ours, BATCH)
    for event in events:
        _handle(wired, event, ours)
    return len(events)


def _handle(wired: Wired, event: AnyRow, ours: str) -> None:
    look, tell = LOOKS.get(event.kind), TELLS.get(event.kind)
    try:
        apply = look(wired.processor, event.object_ref) if look is not None else tell(event) if tell else None
        with wired.database.transaction() as session:
            if apply is not None:
                apply(session)
            handling.handled(session, event, ours)
    except ProcessorLacks:
        log.warning("event about nothing", event_kind=event.kind, ref=event.object_ref)
        with wired.database.transaction() as session:
            handling.handled(session, event, ours, note=GONE)
        return
    except Exception as problem:
        away = isinstance(problem, (ProcessorUnreachable, NotSentYet))
        log.warning("event failed", event_kind=event.kind, ref=event.object_ref, exc_info=not away)
        words = str(problem) if away else traceback.format_exc()
        with wired.database.transaction() as session:
            handling.failed(session, event, words, ours)
        return
    log.info("event handled", event_kind=event.kind, ref=event.object_ref, known=bool(look or tell))
