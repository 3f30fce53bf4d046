"""Receiving: a dividend has come. It falls on the invoices that were proved, by what was proved of each.

Within one debt it settles the parts in the order of the account's policy, as money without an instruction does. It
never settles what was bought after the first day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.insolvencies import dividends, queries
from domain.insolvencies.details import SUBJECT
from domain.insolvencies.model import Dividend, Insolvency
from domain.insolvencies.sharing import Proved, share
from domain.payments.model import BY_HAND, Payment, PaymentMethod, PaymentReturn, PaymentStatus, ReceiptSlip
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables import allocating
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Arrival:
    """How the money of a dividend came: by cheque or transfer, when, and what it was marked with."""

    method: PaymentMethod
    received_on: date
    reference: str | None = None


def receive(
    session: Session, account_id: int, insolvency_id: int, dividend_id: int, arrival: Arrival, *, actor: Actor
) -> Payment:
    """Record the money of a dividend as a receipt and share it out. NotFound, Invalid beside the field.

    Conflict where it is here already, was taken back, or nothing that was proved is open any more. No receipt is mailed
    to the customer: somebody else has paid.
    """
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    made = queries.dividend(session, found.id, dividend_id)
    dividends.check_expected(session, made)
    wanted = shares(session, found, made.amount)
    if not wanted:
        raise Conflict(
            N_("Nothing that was claimed is open any more. Record it as a receipt, and choose it here then.")
        )
    slip = Slip(
        method=arrival.method,
        amount=made.amount,
        received_on=arrival.received_on,
        reference=arrival.reference or found.number,
        wanted=wanted,
    )
    payment = record_receipt(session, account_id, slip, actor=actor, mail_receipt=False)
    _link(session, found, made, payment, actor)
    return payment


def choose(
    session: Session, account_id: int, insolvency_id: int, dividend_id: int, public_id: str, *, actor: Actor
) -> Payment:
    """Say that a receipt which is recorded already is the money of a dividend: that is how a bank line becomes one.

    It settles what it settled when it was recorded. NotFound where it is none of `receipts_for`; Conflict as `receive`.
    """
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    made = queries.dividend(session, found.id, dividend_id)
    dividends.check_expected(session, made)
    fitting = receipts_for(session, account_id, {made.amount_minor: made.declared_on})
    chosen = next((row for row in fitting if row.public_id == public_id), None)
    if chosen is None:
        raise NotFound(N_("We could not find that receipt."))
    payment = session.get_one(Payment, chosen.id)
    _link(session, found, made, payment, actor)
    return payment


def receipts_for(session: Session, account_id: int, expected: Mapping[int, date]) -> AnyRows:
    """The receipts of the account that can be the money of a dividend: here, no other's, the newest first.

    `expected` are the amounts of dividends, in minor units, and the day from which each can have come.
    """
    fits = [(Payment.amount_minor == minor) & (Payment.effective_on >= day) for minor, day in expected.items()]
    taken = select(Dividend.payment_id).where(Dividend.payment_id.is_not(None))
    back = select(PaymentReturn.payment_id)
    return session.execute(
        select(Payment.id, Payment.public_id, Payment.receipt_number, Payment.effective_on, ReceiptSlip.banked_on)
        .join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)
        .where(
            Payment.account_id == account_id,
            Payment.method.in_(BY_HAND),
            Payment.status == PaymentStatus.SUCCEEDED,
            or_(false(), *fits),
            Payment.voided_at.is_(None),
            Payment.id.not_in(taken),
            Payment.id.not_in(back),
        )
        .order_by(Payment.effective_on.desc(), Payment.id.desc())
    ).all()


def shares(session: Session, found: Insolvency, amount: Money) -> Mapping[int, Money]:
    """How an amount falls on the invoices of the claim that counts, debit notes for them included."""
    proof = queries.latest_proof(session, found.id)
    rows = queries.proved_invoices(session, proof.id) if proof else []
    parts = _open_parts(session, found.account_id, {row.id for row in rows})
    debts = [Proved(row.principal_minor + row.interest_minor + row.costs_minor, parts[row.id]) for row in rows]
    return {key: Money(minor, amount.currency) for key, minor in share(amount.minor, debts).items()}


def _open_parts(session: Session, account_id: int, ids: set[int]) -> Mapping[int, Sequence[tuple[int, int]]]:
    """What is open of each debt: the invoice and its debit notes, in the order in which money settles them."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for invoice in allocating.open_in_order(session, account_id):
        debt = invoice.id if invoice.id in ids else invoice.parent_id
        if debt in ids and debt is not None:
            found[debt].append((invoice.id, invoice.open_minor))
    return found


def _link(session: Session, found: Insolvency, made: Dividend, payment: Payment, actor: Actor) -> None:
    made.payment_id = payment.id
    session.flush()
    audit.record(
        session,
        "insolvency.dividend_received",
        actor=actor,
        subject=(SUBJECT, found.id),
        account_id=found.account_id,
        after={"amount": made.amount, "receipt": payment.receipt_number, "received_on": payment.effective_on},
    )
