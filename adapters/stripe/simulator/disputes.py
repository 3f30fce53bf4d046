"""Disputes: a bank takes money back, asks first, or gives it back; several of them may befall one charge."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from adapters.stripe.simulator import balance, events, fraud_warnings, listing, ways
from adapters.stripe.simulator.store import copied
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
Kind = Literal["chargeback", "inquiry", "prevented", "final"]
"""A final dispute, as of a bank debit, cannot be answered: it is lost when it begins."""
FEE = 1500
"""What Stripe takes for a chargeback, in minor units of its currency: 15.00."""
_ANSWER_WITHIN = timedelta(days=9)
_INQUIRY_ENDS = 120 * 24 * 3600
"""Seconds after which an inquiry that came to nothing is closed."""
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
_OPENS_AS = {
    "chargeback": "needs_response",
    "final": "lost",
    "inquiry": "warning_needs_response",
    "prevented": "prevented",
}
_CASES = {"chargeback": "chargeback", "inquiry": "inquiry", "prevented": "resolution", "final": "chargeback"}
_FILES_AND_WORDS = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip
_NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}


def make(world: World, charge: Json, *, amount: int, reason: str, kind: Kind) -> Json:
    """A new dispute over `amount` (minor units) of a succeeded charge; a chargeback takes the money at once."""
    dispute: Json = {
        "id": world.new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_FILES_AND_WORDS), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": _due_by(world),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": kind == "inquiry",
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": _OPENS_AS[kind],
    }
    details = _details(charge, reason, kind)
    if details is not None:
        dispute["payment_method_details"] = details
    world.keep(dispute)
    charge["disputed"] = True
    world.keep(charge)
    events.emit(world, "charge.dispute.created", dispute)
    fraud_warnings.answered(world, charge)
    if kind != "inquiry":
        withdraw(world, dispute, fee=0 if kind == "prevented" else FEE)
    if kind in ("prevented", "final"):
        events.emit(world, "charge.dispute.closed", dispute)
        return dispute
    world.schedule("dispute_due", dispute["id"], dispute["evidence_details"]["due_by"])
    if kind == "inquiry":
        world.schedule("inquiry_over", dispute["id"], world.now() + _INQUIRY_ENDS)
    return dispute


def kind_for(charge: Json, kind: Kind) -> Kind:
    """The kind of a dispute over a charge: of a bank debit every chargeback is final."""
    debit = charge["payment_method_details"]["type"] in ways.DEBITS
    return "final" if debit and kind == "chargeback" else kind


def withdraw(world: World, dispute: Json, *, fee: int) -> None:
    """The bank takes the disputed amount out of the balance, and Stripe its fee."""
    entry = _entry(world, dispute, -dispute["amount"], "dispute", fee, "Chargeback withdrawal for")
    _add(world, dispute, entry)
    events.emit(world, "charge.dispute.funds_withdrawn", dispute)


def escalate(world: World, dispute: Json) -> None:
    """An inquiry becomes a chargeback, with a fresh deadline."""
    previous = {"status": dispute["status"]}
    dispute.update(status="needs_response", is_charge_refundable=False)
    dispute["evidence_details"] |= {"due_by": _due_by(world), "submission_count": 0, "past_due": False}
    if "card" in dispute.get("payment_method_details", {}):
        dispute["payment_method_details"]["card"]["case_type"] = "chargeback"
    world.keep(dispute)
    world.schedule("dispute_due", dispute["id"], dispute["evidence_details"]["due_by"])
    events.emit(world, "charge.dispute.updated", dispute, previous=previous)
    withdraw(world, dispute, fee=FEE)


def decide(world: World, dispute: Json, *, won: bool, fee_returned: bool = False) -> None:
    """The end of an open dispute: won, its money comes back; an inquiry is closed, or becomes a chargeback."""
    if dispute["status"] not in OPEN:
        raise ValueError(f"The dispute {dispute['id']} is {dispute['status']}: there is nothing to decide any more.")
    if dispute["status"].startswith("warning_") and not won:
        escalate(world, dispute)
        return
    inquiry = dispute["status"].startswith("warning_")
    previous = {"status": dispute["status"]}
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    dispute["is_charge_refundable"] = won
    world.keep(dispute)
    if won and not inquiry:
        fee = -FEE if fee_returned else 0
        _add(
            world,
            dispute,
            _entry(world, dispute, dispute["amount"], "dispute_reversal", fee, "Chargeback reversal for"),
        )
        events.emit(world, "charge.dispute.funds_reinstated", dispute)
    events.emit(world, "charge.dispute.closed", dispute, previous=previous)


def close_inquiries(world: World, charge: Json) -> None:
    """A charge that is refunded in full gives nobody anything to ask about any more."""
    for dispute in listing.matching(world, "dispute", charge=charge["id"]):
        if dispute["status"].startswith("warning_") and dispute["status"] in OPEN:
            decide(world, copied(dispute), won=True)


def _entry(world: World, dispute: Json, amount: int, category: str, fee: int, words: str) -> Json:
    return balance.book(
        world,
        amount=amount,
        currency=dispute["currency"],
        type_="adjustment",
        category=category,
        source=dispute["id"],
        fee=fee,
        fee_description="Dispute fee",
        description=f"{words} {dispute['charge']}",
    )


def _add(world: World, dispute: Json, entry: Json) -> None:
    dispute["balance_transactions"] = [*dispute["balance_transactions"], entry]
    world.keep(dispute)


def _due_by(world: World) -> int:
    """The last second of the day nine days on, in UTC."""
    last = datetime.fromtimestamp(world.now(), UTC) + _ANSWER_WITHIN
    return int(last.replace(hour=23, minute=59, second=59, microsecond=0).timestamp())


def _details(charge: Json, reason: str, kind: Kind) -> Json | None:
    paid_with = charge["payment_method_details"]
    if paid_with["type"] == "paypal":
        return {"paypal": {"case_id": None, "reason_code": None}, "type": "paypal"}
    if paid_with["type"] != "card":
        return None
    brand = paid_with["card"]["brand"]
    code = _NETWORK_CODES.get(reason, "13.7")
    card = {"brand": brand, "case_type": _CASES[kind], "network": brand, "network_reason_code": code}
    return {"card": card, "type": "card"}
