"""Going back: refunds, disputes and early fraud warnings as snapshots."""

from __future__ import annotations

import stripe
from stripe.radar import EarlyFraudWarning

from adapters.stripe.mapping.amounts import from_stripe
from adapters.stripe.mapping.balance import expanded, movement_of
from adapters.stripe.mapping.reading import (
    ANSWER,
    INSTALLATION,
    REFUND,
    UnknownAnswer,
    id_of,
    instant,
    mark,
    must_be_there,
)
from domain.payments.snapshots import ChargebackSnapshot, FraudWarningSnapshot, RefundSnapshot, RefundState
from domain.shared.errors import N_

REFUND_STATES = {state.value: state for state in RefundState}
"""Stripe's words for where a refund stands are ours."""

DID_NOT_SAY = N_("The bank sent the refund back and did not say why.")
REFUND_FAILURES = {
    "lost_or_stolen_card": DID_NOT_SAY,
    "expired_or_canceled_card": N_("The card that was paid with has expired or was closed."),
    "charge_for_pending_refund_disputed": N_("The payment was contested while the refund was on its way."),
    "insufficient_funds": N_("There was not enough money on our balance at the processor for the refund."),
    "declined": N_("The bank declined the refund."),
    "merchant_request": N_("The refund was stopped at our request."),
    "unknown": DID_NOT_SAY,
}

ANSWERABLE = frozenset({"needs_response", "warning_needs_response", "appeal_needs_response"})
"""In these states of a dispute Stripe still takes evidence."""


def refund_snapshot(refund: stripe.Refund) -> RefundSnapshot:
    """A refund, with its movements where they exist and were expanded; one that did not fail lacks all of failing."""
    if refund.status not in REFUND_STATES:
        raise UnknownAnswer(f"the refund {refund.id} has the unknown status {refund.status}")
    state = REFUND_STATES[refund.status]
    return RefundSnapshot(
        refund_ref=refund.id,
        refund_id=mark(refund.metadata, REFUND),
        installation=mark(refund.metadata, INSTALLATION),
        charge_id=id_of(refund.charge),
        intent_id=id_of(refund.payment_intent),
        amount=from_stripe(refund.amount, refund.currency),
        state=state,
        failure=_why(refund) if state is RefundState.FAILED else None,
        created_at=instant(refund.created),
        movement=expanded(refund.balance_transaction),
        failure_movement=expanded(getattr(refund, "failure_balance_transaction", None)),
    )


def chargeback_snapshot(dispute: stripe.Dispute) -> ChargebackSnapshot:
    """A dispute with its movements, the oldest first; Stripe names no deadline by the time zero."""
    details = dispute.evidence_details
    return ChargebackSnapshot(
        chargeback_ref=dispute.id,
        charge_id=must_be_there(id_of(dispute.charge), f"the charge of the dispute {dispute.id}"),
        intent_id=id_of(dispute.payment_intent),
        amount=from_stripe(dispute.amount, dispute.currency),
        state=dispute.status,
        reason=dispute.reason,
        evidence_by=instant(details.due_by) if details.due_by else None,
        can_answer=dispute.status in ANSWERABLE and bool(details.due_by) and not details.past_due,
        created_at=instant(dispute.created),
        movements=tuple(
            movement_of(moved) for moved in sorted(dispute.balance_transactions, key=lambda moved: moved.created)
        ),
        is_answered=bool(details.submission_count),
        answer=mark(dispute.metadata, ANSWER),
        card=_fingerprint(dispute.charge),
    )


def _fingerprint(charge: str | stripe.Charge) -> str | None:
    """Stripe's fingerprint of what an expanded charge was paid with; None where the means of payment has none."""
    if isinstance(charge, str) or charge.payment_method_details is None:
        return None
    paid_with = charge.payment_method_details.to_dict()
    fingerprint: str | None = paid_with.get(paid_with["type"], {}).get("fingerprint")
    return fingerprint


def fraud_warning_snapshot(warning: EarlyFraudWarning) -> FraudWarningSnapshot:
    """An early fraud warning as it stands."""
    return FraudWarningSnapshot(
        warning_ref=warning.id,
        charge_id=must_be_there(id_of(warning.charge), f"the charge of the warning {warning.id}"),
        intent_id=id_of(warning.payment_intent),
        kind=warning.fraud_type,
        actionable=warning.actionable,
        created_at=instant(warning.created),
    )


def _why(refund: stripe.Refund) -> str:
    reason = getattr(refund, "failure_reason", None)
    return REFUND_FAILURES.get(reason or "", DID_NOT_SAY)
