"""The port to a payment processor: what we ask of it, what it tells us, and the three ways in which it can fail us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from domain.payments.snapshots import (
    ChargebackSnapshot,
    ChargeSnapshot,
    CheckoutRequest,
    CheckoutSnapshot,
    CustomerRequest,
    FraudWarningSnapshot,
    IntentSnapshot,
    MandateSnapshot,
    MethodSnapshot,
    Movement,
    ObjectKind,
    ObjectRef,
    PayoutSnapshot,
    RefundRequest,
    RefundSnapshot,
    SavedMethodRequest,
    SetupRequest,
    SetupSnapshot,
)
from domain.shared.errors import Refused


class ProcessorUnreachable(Exception):
    """No answer, or none that can be trusted to be final: what we asked for may or may not have happened."""


class ProcessorConfused(ProcessorUnreachable):
    """An answer that the processor has saved and will repeat (a 500): the same key never helps, only looking does."""


class ProcessorRefused(Refused):
    """The processor said no, and nothing happened."""


class ProcessorLacks(ProcessorRefused):
    """The processor knows no object of that name, or knows it no longer."""


@runtime_checkable
class Processor(Protocol):
    """Whoever moves card money for us. Every call may raise ProcessorUnreachable; those that act, ProcessorRefused.

    Calls are made outside any transaction. A key makes a call repeatable: same key and body, same effect, once.
    """

    def create_customer(self, request: CustomerRequest, *, key: str) -> str:
        """Make our account known; the processor's name for it."""
        ...

    def customer_stands(self, customer_id: str) -> bool:
        """Whether the processor still keeps that customer, and with it what was saved."""
        ...

    def compose_checkout(self, request: CheckoutRequest) -> dict[str, Any]:
        """The exact body that `open_checkout` will send: pure, so that it can be stored before anything is sent."""
        ...

    def open_checkout(self, body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        """Open the page on which the payer types their card."""
        ...

    def checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """One Session now."""
        ...

    def expire_checkout(self, checkout_id: str) -> CheckoutSnapshot:
        """Close the page to the payer; the Session as it stands afterwards, also where it could not be closed."""
        ...

    def find_checkout(self, customer_id: str, payment_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """Look for the Session of our payment among the customer's, by metadata; for outcomes that are unknown."""
        ...

    def find_setup(self, customer_id: str, setup_id: str, *, since: datetime) -> CheckoutSnapshot | None:
        """Look for the Session that was to keep a method among the customer's; for outcomes that are unknown."""
        ...

    def intent(self, intent_id: str) -> IntentSnapshot:
        """One payment now, with its latest charge and that charge's movement."""
        ...

    def charge(self, charge_id: str) -> ChargeSnapshot:
        """One charge now, with its movement."""
        ...

    def compose_setup(self, request: SetupRequest) -> dict[str, Any]:
        """The exact body that `open_checkout` will send to keep a method without a payment: pure."""
        ...

    def compose_saved(self, request: SavedMethodRequest) -> dict[str, Any]:
        """The exact body that `pay_saved` will send: pure."""
        ...

    def pay_saved(self, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """Take money from a saved method; a decline is no refusal but an intent that waits, with its `failure`.

        The intent is answered as it stands now, also where the same key had been answered before.
        """
        ...

    def confirm_intent(self, intent_id: str, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """Try an intent once more, with `payment_method` and `off_session` or `return_url` from `body`; as above.

        One that waits no longer (it has succeeded, or ended) is answered as it stands.
        """
        ...

    def cancel_intent(self, intent_id: str) -> IntentSnapshot:
        """End an intent, so that no money can come of it; the intent as it stands, also where it did not end."""
        ...

    def find_intent(self, customer_id: str, payment_id: str, *, since: datetime) -> IntentSnapshot | None:
        """Look for the intent of our payment among the customer's, by metadata; for outcomes that are unknown."""
        ...

    def setup(self, setup_ref: str) -> SetupSnapshot:
        """The keeping of a method now."""
        ...

    def method(self, method_ref: str) -> MethodSnapshot:
        """One saved method now."""
        ...

    def mandate(self, mandate_ref: str) -> MandateSnapshot:
        """The permission to take money from a bank account, now."""
        ...

    def detach_method(self, method_ref: str) -> None:
        """Have a saved method forgotten; nothing where it was before."""
        ...

    def compose_refund(self, request: RefundRequest) -> dict[str, Any]:
        """The exact body that `open_refund` will send: pure."""
        ...

    def open_refund(self, body: Mapping[str, Any], *, key: str) -> RefundSnapshot:
        """Send money back."""
        ...

    def find_refund(self, refund_id: str, *, intent_id: str | None, charge_id: str | None) -> RefundSnapshot | None:
        """Look for our refund among those of the intent, else of the charge, by metadata; for unknown outcomes."""
        ...

    def refund(self, refund_ref: str) -> RefundSnapshot:
        """One refund now, with its movements."""
        ...

    def chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """One chargeback now, with its movements."""
        ...

    def accept_chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """Give in: the processor closes the case as lost; the case as it stands, also where it was over already."""
        ...

    def upload_evidence(self, content: bytes, filename: str, *, key: str) -> str:
        """Hand over a file (PDF, JPEG or PNG) that an answer can name; the processor's name for it."""
        ...

    def answer_chargeback(
        self, chargeback_ref: str, evidence: Mapping[str, str], *, answer: str, key: str
    ) -> ChargebackSnapshot:
        """Hand in all evidence at once, for good: texts and names of files by field; `answer` is our mark on it."""
        ...

    def fraud_warning(self, warning_ref: str) -> FraudWarningSnapshot:
        """One early fraud warning now."""
        ...

    def payout(self, payout_ref: str) -> PayoutSnapshot:
        """One payout now, with its movements."""
        ...

    def movements_since(self, since: datetime) -> Iterator[Movement]:
        """Every movement of our balance made since then, and some made a little earlier; the newest first."""
        ...

    def movements_of_payout(self, payout_ref: str) -> Iterator[Movement]:
        """Every movement that the processor says is in an automatic payout, the payout's own among them."""
        ...

    def made_since(self, kind: ObjectKind, since: datetime) -> Iterator[ObjectRef]:
        """Intents, checkouts, refunds, chargebacks, fraud warnings or payouts made since then, the newest first.

        Some made a little earlier are among them, for clocks differ.
        """
        ...
