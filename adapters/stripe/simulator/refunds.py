"""Refunds: in part or in full, at once or later, by request."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import balance, cards, disputes, events, fraud_warnings, listing
from adapters.stripe.simulator.errors import bad_parameter, refused
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.money import spoken
from adapters.stripe.simulator.refund_ends import come_back, note_on_charge
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset({"amount", "charge", "expand", "metadata", "payment_intent", "reason"})
_LATER = 24 * 3600
"""Seconds until a refund to one of the test cards fails, or succeeds, after all."""
_BY_BANK = 3 * 24 * 3600
"""Seconds until a refund to a bank account has arrived."""
_DESTINATIONS = {
    "bacs_debit": "gb_bank_transfer",
    "sepa_debit": "eu_bank_transfer",
    "us_bank_account": "us_bank_transfer",
}


def create(world: World, params: Json) -> Json:
    """Refund a charge, named by itself or by its payment intent."""
    charge = _charge_of(world, params)
    left = charge["amount"] - charge["amount_refunded"]
    if charge["disputed"] and not _refundable(world, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise refused(message, code="charge_disputed")
    if left == 0:
        raise refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise bad_parameter("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer")
    if amount > left:
        asked, rest = spoken(amount, charge["currency"]), spoken(left, charge["currency"])
        message = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})"
        raise refused(message, param="amount")
    return _make(world, charge, amount, params)


def retrieve(world: World, params: Json, key: str) -> Json:
    """One refund."""
    return world.find("refund", key)


def list_all(world: World, params: Json) -> Json:
    """Refunds, by charge, payment intent and time."""
    wanted = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing.page(world, "refund", params, "/v1/refunds", **wanted)


def update(world: World, params: Json, key: str) -> Json:
    """Change the metadata."""
    refund = world.find("refund", key)
    refund["metadata"] = merged(refund["metadata"], params.get("metadata", {}))
    world.keep(refund)
    events.emit(world, "refund.updated", refund)
    return refund


def cancel(world: World, params: Json, key: str) -> Json:
    """Take a refund back that is still on its way; any other is refused."""
    refund = world.find("refund", key)
    if refund["status"] not in ("pending", "requires_action"):
        raise refused(f"A refund with a status of {refund['status']} cannot be canceled.")
    come_back(world, refund, "canceled")
    events.emit(world, "refund.updated", refund)
    return refund


def _charge_of(world: World, params: Json) -> Json:
    if "charge" not in params and "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise bad_parameter(message, "charge", "parameter_missing")
    if "payment_intent" in params:
        intent = world.find("payment_intent", params["payment_intent"], param="payment_intent")
        if intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise refused(message, param="payment_intent")
        if params.get("charge", intent["latest_charge"]) != intent["latest_charge"]:
            message = f"The charge {params['charge']} does not belong to the PaymentIntent {intent['id']}."
            raise refused(message, param="charge")
        return world.find("charge", intent["latest_charge"])
    charge = world.find("charge", params["charge"], param="charge")
    if charge["status"] != "succeeded":
        message = f"Charge {charge['id']} has not succeeded, so it cannot be refunded."
        raise refused(message, code="charge_not_refundable", param="charge")
    return charge


def _refundable(world: World, charge: Json) -> bool:
    disputes = listing.matching(world, "dispute", charge=charge["id"])
    return all(dispute["is_charge_refundable"] for dispute in disputes)


def _make(world: World, charge: Json, amount: int, params: Json) -> Json:
    type_ = charge["payment_method_details"]["type"]
    ends = _end_of(world, charge)
    by_card = type_ == "card"
    refund: Json = {
        "id": world.new_id("re" if by_card else "pyr"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "customer": charge["customer"],
        "customer_account": None,
        "destination_details": _destination(type_),
        "metadata": merged({}, params.get("metadata", {})),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if ends == "succeed_later" else None,
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if ends == "succeed_later" else "succeeded",
        "transfer_reversal": None,
    }
    refund["balance_transaction"] = balance.book(
        world,
        amount=-amount,
        currency=charge["currency"],
        type_="refund" if by_card else "payment_refund",
        category="refund",
        source=refund["id"],
        description=f"REFUND FOR CHARGE ({charge['description']})" if charge["description"] else "REFUND FOR CHARGE",
    )["id"]
    world.keep(refund)
    note_on_charge(world, charge, amount)
    events.emit(world, "refund.created", refund)
    events.emit(world, "charge.refunded", charge)
    fraud_warnings.answered(world, charge)
    if charge["refunded"]:
        disputes.close_inquiries(world, charge)
    if ends != "at_once":
        world.schedule(f"refund_{ends}", refund["id"], world.now() + (_LATER if by_card else _BY_BANK))
    return refund


def _end_of(world: World, charge: Json) -> str:
    record = world.store.get("card", charge["payment_method"])
    if record is not None:
        return cards.card_of(record["number"]).refunds
    return "succeed_later" if charge["payment_method_details"]["type"] in _DESTINATIONS else "at_once"


def _destination(type_: str) -> Json:
    to = _DESTINATIONS.get(type_, type_)
    reference: Json = {"reference": None, "reference_status": "pending"}
    more: Json = {"reference_type": "acquirer_reference_number", "type": "refund"} if to == "card" else {}
    if to == "paypal":
        more = {"network_decline_code": None}
    return {to: reference | more, "type": to}
