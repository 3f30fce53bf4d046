"""Places of tasks: where each is done, and what is known of it in words."""

from __future__ import annotations

from datetime import date

from domain.chargebacks.states import OTHER_WARNING, WARNING_NAMES
from domain.policies.reference_rates import REFERENCE_NAMES
from domain.policies.sections import Reference
from domain.shared.errors import N_
from domain.shared.words import Words
from domain.tasks.model import TaskKind
from domain.tasks.queries import TaskRow
from domain.worklist.queue import Item

SUBJECT_PAGES = {
    "payment": ("/payments/{}", N_("Go to the payment")),
    "chargeback": ("/chargebacks/{}", N_("Go to the chargeback")),
    "dispute": ("/disputes/{}", N_("Go to the dispute")),
    "offer": ("/settlements/{}", N_("Go to the settlement")),
    "insolvency": ("/insolvencies/{}", N_("Go to the proceeding")),
    "placement": ("/handoffs/{}", N_("Go to the handoff")),
    "placement_cost": ("/partner-costs/{}", N_("Go to the cost")),
    "remittance": ("/remittances/{}", N_("Go to the remittance")),
    "commission_invoice": ("/commission-invoices/{}", N_("Go to the invoice")),
    "partner": ("/partners/{}/money", N_("Go to the partner's money")),
    "plan": ("/plans/{}", N_("Go to the payment plan")),
    "promise": ("/promises/{}", N_("Go to the promise")),
    "write_off": ("/write-offs/{}", N_("Go to the write-off")),
    "refund": ("/refunds/{}", N_("Go to the refund")),
    "limitation": ("/accounts/{}/limitations", N_("See how long it can be enforced")),
    "payout": ("/clearing/payouts/{}", N_("Go to the payout")),
    "movement": ("/clearing/movements/{}", N_("Go to the movement")),
    "charge": ("/clearing/movements/{}", N_("Go to the movement")),
    "tie_out": ("/clearing", N_("See what does not add up")),
    "bank_line": ("/bank/lines/{}", N_("Go to the bank line")),
    "event": ("/inbox/{}", N_("Go to the message")),
    "credit_application": ("/credit-applications/{}", N_("Go to the application")),
    "reference_rate": ("/rates", N_("Enter the rate")),
    "autopay": ("/accounts/{}/autopay", N_("Go to automatic payment")),
    "notice": ("/notices/{}", N_("Go to the notice")),
    "account": ("/accounts/{}", N_("Go to the account")),
    "incoming": ("/messages/{}", N_("Go to the message")),
    "approval": ("/approvals/{}", N_("See what is asked for")),
    "note": ("/notes/{}", N_("Read the note")),
    "letters": ("/letters", N_("Print the letters")),
}
"""Where the subject of a task has its page, and what leads there."""
DETAIL_WORDS = {
    "rate": N_("Rate"),
    "due_on": N_("Last day"),
    "receipt": N_("Receipt"),
    "found": N_("What was found"),
    "processor": N_("Its name at the processor"),
    "event": N_("Event"),
    "message": N_("Message"),
    "method": N_("Card or bank account"),
    "last_on": N_("The first of them ends on"),
    "what": N_("What is to be done"),
    "why": N_("Why"),
    "from": N_("From"),
    "text": N_("Its words"),
    "note": N_("How it ended"),
}
"""What the details of a task are called."""


def place_of(task: TaskRow | Item, *, may_call: bool = True) -> tuple[str, str] | None:
    """Where it can be done, or read by whoever may not call, and what leads there; None for what has no page."""
    if task.kind is TaskKind.CALL_DUE and may_call:
        return f"/notices/{task.subject_id}/call", N_("Make the call")
    if task.kind is TaskKind.LEGAL_DEADLINE:
        return f"/cases/{task.detail['case']}", N_("Go to the legal case")
    if task.kind is TaskKind.TRACE:
        return f"/accounts/{task.account_id}/people", N_("See their addresses and add one")
    path, words = SUBJECT_PAGES.get(task.subject_kind, ("", ""))
    return (path.format(task.subject_id), words) if path else None


def details_of(task: TaskRow | Item) -> list[tuple[str, object]]:
    """What is known of it beyond its subject; the processor's codes in words, or not at all."""
    known: dict[str, object] = {name: value for name, value in task.detail.items() if value and name in DETAIL_WORDS}
    if task.subject_kind == "chargeback":
        known.pop("found", None)
    if task.kind is TaskKind.REFUND_APPROVAL:
        known.pop("why", None)
    if task.kind is TaskKind.FRAUD_WARNING:
        known["found"] = WARNING_NAMES.get(task.detail.get("found", ""), OTHER_WARNING)
    if task.kind is TaskKind.RATE_MISSING:
        name = Words.of(REFERENCE_NAMES[Reference(task.detail["rate"])])
        known["rate"] = Words.of("{rate}, {day}", rate=name, day=date.fromisoformat(task.detail["day"]))
    if task.kind is TaskKind.LIMITATION_NEAR:
        known["last_on"] = Words.of("{day}", day=date.fromisoformat(task.detail["last_on"]))
    if "due_on" in known:
        known["due_on"] = Words.of("{day}", day=date.fromisoformat(task.detail["due_on"]))
    return [(DETAIL_WORDS[name], value) for name, value in known.items()]
