"""Paying: what we owe partners, and what we paid them of it, from the bank or set off."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import partner_stream
from domain.remittances.books import lock_partner, not_after
from domain.remittances.model import PaidFrom, PartnerPayment
from domain.remittances.statement import standing
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money


def pay_partner(
    session: Session,
    partner_id: int,
    amount: Money,
    paid_on: date,
    paid_from: PaidFrom,
    *,
    actor: Actor,
    note: str | None = None,
) -> PartnerPayment:
    """Write down that we paid a partner, or set it off; Invalid above what is payable, or above what it owes us.

    The act stands for the line of our bank.
    """
    lock_partner(session, partner_id)
    not_after(paid_on, today(session), "paid_on")
    stand = standing(session, partner_id).get(amount.currency)
    payable = stand.payable if stand else Money.zero(amount.currency)
    if amount.minor <= 0 or amount > payable:
        raise Invalid(N_("Enter an amount up to what is payable, {payable}."), field="amount", payable=payable)
    if paid_from is PaidFrom.DUE and stand is not None and amount > stand.due:
        raise Invalid(N_("The partner owes us no more than {due}."), field="amount", due=stand.due)
    payment = PartnerPayment(
        partner_id=partner_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        paid_on=paid_on,
        paid_from=paid_from,
        note=(note or "").strip() or None,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(payment)
    session.flush()
    came_from = LedgerAccount.BANK if paid_from is PaidFrom.BANK else LedgerAccount.DUE_FROM_AGENCY
    ledger.post(
        session,
        kind=EntryKind.PARTNER_PAYMENT,
        source=payment.source,
        effective_on=paid_on,
        legs=[debit(LedgerAccount.AGENCY_PAYABLE, amount), credit(came_from, amount)],
        stream=partner_stream(partner_id),
    )
    audit.record(
        session,
        "partner.paid",
        actor=actor,
        subject=("partner", partner_id),
        after={"amount": amount, "on": paid_on, "from": paid_from, "note": payment.note},
    )
    return payment
