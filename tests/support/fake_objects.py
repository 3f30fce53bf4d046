"""Fake objects: the half of the fake processor that keeps what a test lays into it, and answers nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from domain.payments.processor import ProcessorUnreachable
from domain.payments.snapshots import (
    ChargebackSnapshot,
    ChargeSnapshot,
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

T = TypeVar("T")


class FakeObjects:
    """Lay a snapshot under its name and it is answered; whatever is not there is unreachable.

    `answers` holds what each acting call says, by its key (for calls without one, by the object's name): a snapshot,
    or an exception to raise. `trouble` is raised once, by whichever call comes next.
    """

    def __init__(self) -> None:
        self.intents: dict[str, IntentSnapshot] = {}
        self.charges: dict[str, ChargeSnapshot] = {}
        self.setups: dict[str, SetupSnapshot] = {}
        self.methods: dict[str, MethodSnapshot] = {}
        self.mandates: dict[str, MandateSnapshot] = {}
        self.deleted_customers: set[str] = set()
        self.refunds: dict[str, RefundSnapshot] = {}
        self.chargebacks: dict[str, ChargebackSnapshot] = {}
        self.warnings: dict[str, FraudWarningSnapshot] = {}
        self.payouts: dict[str, PayoutSnapshot] = {}
        self.in_payout: dict[str, list[str]] = {}
        self.movements: dict[str, Movement] = {}
        self.made: list[ObjectRef] = []
        self.answers: dict[str, Any] = {}
        self.sent: dict[str, Mapping[str, Any]] = {}
        self.calls: Counter[str] = Counter()
        self.trouble: Exception | None = None

    def customer_stands(self, customer_id: str) -> bool:
        """Whether it was laid into `deleted_customers`."""
        self._called("customer_stands")
        return customer_id not in self.deleted_customers

    def intent(self, intent_id: str) -> IntentSnapshot:
        """What was laid into `intents`."""
        return self._laid(self.intents, intent_id)

    def charge(self, charge_id: str) -> ChargeSnapshot:
        """What was laid into `charges`."""
        return self._laid(self.charges, charge_id)

    def compose_setup(self, request: SetupRequest) -> dict[str, Any]:
        """A body of plain values."""
        return {
            "setup": request.setup_id,
            "installation": request.installation,
            "customer": request.customer_id,
            "currency": request.currency,
            "success_url": request.success_url,
        }

    def compose_saved(self, request: SavedMethodRequest) -> dict[str, Any]:
        """A body of plain values."""
        return {
            "payment": request.payment_id,
            "installation": request.installation,
            "customer": request.customer_id,
            "method": request.method_ref,
            "amount": [request.amount.minor, request.amount.currency],
            "return_url": request.return_url,
        }

    def pay_saved(self, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """The answer under the key, kept in `intents`."""
        return self._act("pay_saved", key, body, self.intents)

    def confirm_intent(self, intent_id: str, body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
        """The answer under the key, kept in `intents`."""
        return self._act("confirm_intent", key, body, self.intents)

    def cancel_intent(self, intent_id: str) -> IntentSnapshot:
        """The answer under the intent's name, kept in `intents`."""
        return self._act("cancel_intent", intent_id, {}, self.intents)

    def find_intent(self, customer_id: str, payment_id: str, *, since: datetime) -> IntentSnapshot | None:
        """Looks through all intents."""
        self._called("find_intent")
        return next((found for found in self.intents.values() if found.payment_id == payment_id), None)

    def setup(self, setup_ref: str) -> SetupSnapshot:
        """What was laid into `setups`."""
        return self._laid(self.setups, setup_ref)

    def method(self, method_ref: str) -> MethodSnapshot:
        """What was laid into `methods`."""
        return self._laid(self.methods, method_ref)

    def mandate(self, mandate_ref: str) -> MandateSnapshot:
        """What was laid into `mandates`."""
        return self._laid(self.mandates, mandate_ref)

    def detach_method(self, method_ref: str) -> None:
        """Forgets it."""
        self._called("detach_method")
        self.methods.pop(method_ref, None)

    def compose_refund(self, request: RefundRequest) -> dict[str, Any]:
        """A body of plain values."""
        return {
            "refund": request.refund_id,
            "payment": request.payment_id,
            "installation": request.installation,
            "refunded": request.intent_id or request.charge_id,
            "amount": [request.amount.minor, request.amount.currency],
        }

    def open_refund(self, body: Mapping[str, Any], *, key: str) -> RefundSnapshot:
        """The answer under the key, kept in `refunds`."""
        return self._act("open_refund", key, body, self.refunds)

    def find_refund(self, refund_id: str, *, intent_id: str | None, charge_id: str | None) -> RefundSnapshot | None:
        """Looks through all refunds."""
        self._called("find_refund")
        return next((found for found in self.refunds.values() if found.refund_id == refund_id), None)

    def refund(self, refund_ref: str) -> RefundSnapshot:
        """What was laid into `refunds`."""
        return self._laid(self.refunds, refund_ref)

    def chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """What was laid into `chargebacks`."""
        return self._laid(self.chargebacks, chargeback_ref)

    def accept_chargeback(self, chargeback_ref: str) -> ChargebackSnapshot:
        """The answer under the chargeback's name, kept in `chargebacks`."""
        return self._act("accept_chargeback", chargeback_ref, {}, self.chargebacks)

    def upload_evidence(self, content: bytes, filename: str, *, key: str) -> str:
        """Always taken; `sent` has it under its key."""
        self._called("upload_evidence")
        self.sent[key] = {"filename": filename, "content": content}
        return f"file_{key}"

    def answer_chargeback(
        self, chargeback_ref: str, evidence: Mapping[str, str], *, answer: str, key: str
    ) -> ChargebackSnapshot:
        """The answer under its key, kept in `chargebacks`; `sent` has what was handed in."""
        return self._act("answer_chargeback", key, evidence, self.chargebacks)

    def fraud_warning(self, warning_ref: str) -> FraudWarningSnapshot:
        """What was laid into `warnings`."""
        return self._laid(self.warnings, warning_ref)

    def payout(self, payout_ref: str) -> PayoutSnapshot:
        """What was laid into `payouts`."""
        return self._laid(self.payouts, payout_ref)

    def movements_since(self, since: datetime) -> Iterator[Movement]:
        """All that was laid into `movements`, the newest first."""
        self._called("movements_since")
        found = [movement for movement in self.movements.values() if movement.created_at >= since]
        return iter(sorted(found, key=lambda movement: movement.created_at, reverse=True))

    def movements_of_payout(self, payout_ref: str) -> Iterator[Movement]:
        """The movements whose names were laid into `in_payout`."""
        self._called("movements_of_payout")
        return iter([self.movements[name] for name in self.in_payout.get(payout_ref, [])])

    def made_since(self, kind: ObjectKind, since: datetime) -> Iterator[ObjectRef]:
        """What was laid into `made`, the newest first."""
        self._called("made_since")
        found = [ref for ref in self.made if ref.kind is kind and ref.created_at >= since]
        return iter(sorted(found, key=lambda ref: ref.created_at, reverse=True))

    def _laid(self, things: dict[str, T], name: str) -> T:
        self._maybe_fail()
        if name not in things:
            raise ProcessorUnreachable
        return things[name]

    def _act(self, call: str, key: str, body: Mapping[str, Any], things: dict[str, T]) -> T:
        """The same key must come with the same body; an answer that is not laid down is none."""
        self._called(call)
        assert self.sent.setdefault(key, dict(body)) == body, "the same key must come with the same body"
        answer = self.answers.get(key, ProcessorUnreachable())
        if isinstance(answer, Exception):
            raise answer
        things[_name_of(answer)] = answer
        kept: T = answer
        return kept

    def _called(self, call: str) -> None:
        self.calls[call] += 1
        self._maybe_fail()

    def _maybe_fail(self) -> None:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble


def _name_of(answer: IntentSnapshot | RefundSnapshot | ChargebackSnapshot) -> str:
    match answer:
        case IntentSnapshot():
            return answer.intent_id
        case RefundSnapshot():
            return answer.refund_ref
        case ChargebackSnapshot():
            return answer.chargeback_ref
