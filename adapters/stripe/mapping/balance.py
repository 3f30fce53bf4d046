"""Balance: balance transactions and payouts as snapshots."""

from __future__ import annotations

import stripe

from adapters.stripe.mapping.amounts import from_stripe
from adapters.stripe.mapping.reading import UnknownAnswer, id_of, instant
from domain.payments.snapshots import Movement, PayoutSnapshot, PayoutState
from domain.shared.errors import N_

PAYOUT_STATES = {state.value: state for state in PayoutState}
"""Stripe's words for where a payout stands are ours."""

SENT_BACK = N_("The bank sent the payout back. Check the bank account in the processor's settings.")
PAYOUT_FAILURES = {
    "account_closed": N_("The bank account is closed."),
    "account_frozen": N_("The bank account is frozen."),
    "bank_account_restricted": N_("The bank account does not take such payouts."),
    "bank_ownership_changed": N_("The bank account belongs to another bank now."),
    "could_not_process": N_("The bank could not process the payout."),
    "debit_not_authorized": N_("The bank account does not let the processor take money."),
    "incorrect_account_holder_name": N_("The name of the account holder is not right."),
    "insufficient_funds": N_("There was not enough money on our balance at the processor for the payout."),
    "invalid_account_number": N_("The bank account's number is not right."),
    "invalid_currency": N_("The bank account does not take this currency."),
    "no_account": N_("There is no such bank account."),
}


def movement_of(transaction: stripe.BalanceTransaction) -> Movement:
    """A balance transaction, in the currency in which it settled; some, such as Stripe's fees, have no source."""
    return Movement(
        external_id=transaction.id,
        category=transaction.reporting_category,
        source_ref=id_of(transaction.source) or "",
        amount=from_stripe(transaction.amount, transaction.currency),
        fee=from_stripe(transaction.fee, transaction.currency),
        created_at=instant(transaction.created),
        available_on=instant(transaction.available_on).date(),
    )


def expanded(transaction: str | stripe.BalanceTransaction | None) -> Movement | None:
    """The movement, where it exists and was expanded."""
    return movement_of(transaction) if isinstance(transaction, stripe.BalanceTransaction) else None


def payout_snapshot(payout: stripe.Payout) -> PayoutSnapshot:
    """A payout, with its movements where they exist and were expanded."""
    if payout.status not in PAYOUT_STATES:
        raise UnknownAnswer(f"the payout {payout.id} has the unknown status {payout.status}")
    state = PAYOUT_STATES[payout.status]
    failed = state is PayoutState.FAILED
    return PayoutSnapshot(
        payout_ref=payout.id,
        amount=from_stripe(payout.amount, payout.currency),
        state=state,
        automatic=payout.automatic,
        complete=payout.reconciliation_status == "completed",
        created_at=instant(payout.created),
        arrives_on=instant(payout.arrival_date).date(),
        failure=PAYOUT_FAILURES.get(payout.failure_code or "", SENT_BACK) if failed else None,
        movement=expanded(payout.balance_transaction),
        failure_movement=expanded(payout.failure_balance_transaction),
    )
