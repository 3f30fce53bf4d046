"""Texts: what an answer says in words, from the case; pure. In English, which every card network's banks read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from domain.audit.queries import Act
from domain.chargebacks.evidence import FIELDS
from domain.payments.model import Payment
from domain.processing.contested.case import Case
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.business import Business
from domain.shared.money import Money

LINK_HOLDER = "somebody with a link from a message that we had sent"


def texts_of(case: Case, ours: Business) -> dict[str, str]:
    """Every text that we can say something in, by field; cut at what a field holds."""
    said = {
        "uncategorized_text": _summary(case, ours),
        "product_description": _sold(case),
        "customer_name": case.account.name,
        "customer_email_address": (case.payer.email if case.payer else case.account.email) or "",
        "customer_purchase_ip": (case.started.address if case.started else None) or "",
        "billing_address": _in_one_line(case.account.address),
        "access_activity_log": "\n".join(_did(case, act) for act in case.acts),
        "shipping_date": _delivered(case),
        "service_date": _delivered(case),
        **_about_a_refund(case),
        **_about_another(case),
    }
    return {name: text[: FIELDS[name].longest] for name, text in said.items() if text}


def _summary(case: Case, ours: Business) -> str:
    payment = case.payment
    means = f" by {payment.means}" if payment.means else ""
    receipt = f" (our receipt {payment.receipt_number})" if payment.receipt_number else ""
    parts = [
        f"{ours.name} supplies {case.account.name}, our customer account {case.account.number}, on invoice.",
        f"On {_moment(payment.occurred_at or payment.created_at)} the customer paid {_money(payment.amount)}{means}"
        f"{receipt} for:",
        *(f"- {_invoice(invoice)}" for invoice in case.invoices),
        _who(case),
        _agreed(case),
        f"The bank contests {_money(case.amount)} of it.",
    ]
    return "\n".join(part for part in parts if part)


def _invoice(invoice: Invoice) -> str:
    order = f", on their order {invoice.purchase_order}" if invoice.purchase_order else ""
    delivered = f", delivered on {_day(invoice.delivered_on)}" if invoice.delivered_on else ""
    return f"invoice {invoice.number} of {_day(invoice.issued_on)} over {_money(invoice.amount)}{order}{delivered}"


def _who(case: Case) -> str:
    started = case.started
    if started is None or started.actor_kind not in (ActorKind.LOGIN, ActorKind.PAY_LINK):
        return ""
    who = f"{case.payer.name} ({case.payer.email})" if case.payer else LINK_HOLDER
    where = f" from the network address {started.address}" if started.address else ""
    how = ", signed in to our customer portal by email" if case.payer else ""
    return f"The payment was begun by {who}{how}, on {_moment(started.at)}{where}."


def _agreed(case: Case) -> str:
    accepted = case.accepted
    if accepted is None:
        return ""
    at = _moment(accepted.accepted_at) if accepted.address else _day(accepted.accepted_on)
    where = f" from the network address {accepted.address}" if accepted.address else ""
    return (
        f"Before that, {accepted.name} ({accepted.job_title}) accepted our terms for this account on {at}{where}; the "
        f"document accepted has the SHA-256 {accepted.sha256}."
    )


def _sold(case: Case) -> str:
    return "\n".join(_line for invoice in case.invoices for _line in _lines(case, invoice))


def _lines(case: Case, invoice: Invoice) -> Iterator[str]:
    lines = case.lines[invoice.id]
    if not lines and invoice.description:
        yield f"Invoice {invoice.number}: {invoice.description}"
    for line in lines:
        quantity = f"{line.quantity} × " if line.quantity else ""
        yield f"Invoice {invoice.number}: {quantity}{line.description}"


def _did(case: Case, act: Act) -> str:
    who = case.names.get(act.actor_id or 0, "") if act.actor_kind == ActorKind.LOGIN else LINK_HOLDER
    what = act.act.replace(".", " ").replace("_", " ")
    return ", ".join(part for part in (_moment(act.at), who, act.address or "", what) if part)


def _delivered(case: Case) -> str:
    days = sorted({invoice.delivered_on for invoice in case.invoices if invoice.delivered_on})
    return ", ".join(_day(day) for day in days)


def _about_a_refund(case: Case) -> dict[str, str]:
    """What was paid back already, where a promised refund is missed; nothing for other reasons."""
    if case.chargeback.reason != "credit_not_processed" or not case.refunds:
        return {}
    made = [
        f"On {_moment(refund.requested_at)} we refunded {_money(Money(refund.amount_minor, refund.currency))} of this "
        f"payment to what it was paid with (our reference {refund.public_id})."
        for refund in case.refunds
    ]
    return {"refund_refusal_explanation": "\n".join(made)}


def _about_another(case: Case) -> dict[str, str]:
    """The payment that the bank may take for this one, where it says that it was charged twice."""
    if case.chargeback.reason != "duplicate" or not case.alike:
        return {}
    other = case.alike[0]
    return {
        "duplicate_charge_id": other.charge_id or "",
        "duplicate_charge_explanation": (
            f"There are two payments of {_money(other.amount)}: the contested one{_named(case.payment)} of "
            f"{_moment(case.payment.occurred_at or case.payment.created_at)}, and another{_named(other)} of "
            f"{_moment(other.occurred_at or other.created_at)}. Each paid other invoices, as their receipts show. The "
            f"contested one paid {', '.join(invoice.number for invoice in case.invoices) or 'none'}."
        ),
    }


def _named(payment: Payment) -> str:
    return f" (receipt {payment.receipt_number})" if payment.receipt_number else ""


def _in_one_line(address: str | None) -> str:
    return ", ".join(line.strip() for line in (address or "").splitlines() if line.strip())


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _moment(at: datetime) -> str:
    return f"{_day(at.date())}, {at:%H:%M} UTC"


def _money(amount: Money) -> str:
    return f"{amount.currency} {amount.decimal}"


MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
