"""Receipts: cheques, cash and transfers, recorded by staff or found at the bank; banked, or returned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.advices import telling as advices
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.payments import changing, slips
from domain.payments.model import (
    BY_HAND,
    Payment,
    PaymentLine,
    PaymentMethod,
    PaymentReturn,
    PaymentStatus,
    ReceiptSlip,
)
from domain.payments.recording import Received
from domain.processing.money import money_arrived
from domain.processing.money_left import take_payment_back
from domain.receivables import queries as receivables
from domain.receivables.model import WithdrawalKind
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.ids import new_public_id
from domain.shared.money import Money

LONGEST_MEANS = 80
"""Characters of a receipt's reference that its payment bears."""


class ReturnReason(StrEnum):
    """Why a receipt came back, where staff say so; the bank's own words may stand in its place."""

    BOUNCED = "bounced"
    STOPPED = "stopped"
    RECALLED = "recalled"
    MISTAKE = "mistake"


RETURN_REASONS = {
    ReturnReason.BOUNCED: N_("The bank did not pay it"),
    ReturnReason.STOPPED: N_("The customer stopped it"),
    ReturnReason.RECALLED: N_("The transfer was recalled"),
    ReturnReason.MISTAKE: N_("Recorded by mistake: it was never received"),
}
"""What each reason is called."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of money that came outside the processor; the amount in the account's currency.

    `wanted` says how much of it is for which invoice, where the payer said so.
    """

    method: PaymentMethod
    amount: Money
    received_on: date
    reference: str | None = None
    note: str | None = None
    wanted: Mapping[int, Money] | None = None


def record_receipt(
    session: Session,
    account_id: int,
    slip: Slip,
    *,
    actor: Actor,
    debited: LedgerAccount = LedgerAccount.RECEIPTS_TO_BANK,
    kind: EntryKind = EntryKind.RECORDED_RECEIPT,
    mail_receipt: bool = True,
) -> Payment:
    """Post money that came by cheque, cash or transfer, and settle what it was meant for, else the oldest due first.

    Money that a bank statement shows goes straight to the bank (`debited`, `kind`). Raises Invalid beside the field.
    """
    account = accounts.lock(session, account_id)
    check_slip(session, account_id, account.currency, slip)
    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        method=slip.method,
        status=PaymentStatus.PENDING,
        currency=account.currency,
        amount_minor=slip.amount.minor,
        created_at=now(session),
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=actor)
    for invoice_id, amount in (slip.wanted or {}).items():
        session.add(PaymentLine(payment_id=payment.id, invoice_id=invoice_id, amount_minor=amount.minor))
    session.add(
        ReceiptSlip(
            payment_id=payment.id,
            received_on=slip.received_on,
            reference=slip.reference,
            note=slip.note,
            banked_on=slip.received_on if debited is not LedgerAccount.RECEIPTS_TO_BANK else None,
        )
    )
    session.flush()
    received = Received(
        amount=slip.amount,
        occurred_at=start_of_day(slip.received_on, business(session).time_zone),
        means=(slip.reference or "")[:LONGEST_MEANS] or None,
        debited=debited,
        kind=kind,
    )
    arrived = money_arrived(session, payment.id, received, actor=actor, mail_receipt=mail_receipt)
    if slip.wanted:
        advices.came(session, account_id, slip.wanted, payment.public_id)
    return arrived


def bank_receipt(session: Session, payment: Payment, on: date, *, actor: Actor) -> None:
    """A recorded receipt was seen at the bank, by its line or on staff's word; Conflict when it was before."""
    accounts.lock(session, payment.account_id)
    slip = session.get(ReceiptSlip, payment.id, populate_existing=True)
    if slip is None or slip.banked_on is not None:
        raise Conflict(N_("This receipt has been banked already."))
    slip.banked_on = on
    ledger.post(
        session,
        kind=EntryKind.RECEIPT_BANKED,
        source=f"payment:{payment.public_id}",
        effective_on=on,
        legs=[debit(LedgerAccount.BANK, payment.amount), credit(LedgerAccount.RECEIPTS_TO_BANK, payment.amount)],
        stream=bank_stream(payment.currency),
    )
    _record(session, "receipt.banked", payment, actor, {"on": on})


def bank_receipts(session: Session, payment_ids: Collection[int], on: date, *, actor: Actor) -> None:
    """Staff's word that the bank has these receipts, all or none; Conflict when it had one before.

    Also for one that came back before the bank had it: only the bank's own line can say that it was there all the same.
    """
    for payment in _locked(session, payment_ids, on):
        if slips.return_of(session, payment.id) is not None:
            raise Conflict(N_("This receipt has been returned already."))
        bank_receipt(session, payment, on, actor=actor)


def bank_returns(session: Session, payment_ids: Collection[int], on: date, *, actor: Actor) -> None:
    """Staff's word that the bank has taken these returned receipts back, all or none."""
    for payment in _locked(session, payment_ids, on):
        bank_return(session, payment, on, actor=actor)


def return_receipt(
    session: Session, payment: Payment, on: date, *, reason: str, actor: Actor, at_bank: bool = False
) -> list[Uncovered]:
    """A cheque bounced, a transfer was recalled, or a receipt was recorded by mistake: all of it is taken back.

    `at_bank` where the bank's own line shows it; else its line is still to come. What it had settled is open again and
    is returned. Conflict for a payment that came otherwise or was returned before, and where what the bank has seen is
    called a mistake.
    """
    account = accounts.lock(session, payment.account_id)
    session.refresh(payment)
    if payment.method not in BY_HAND or payment.recorded_at is None:
        raise Conflict(N_("Only cheques, cash and transfers can be returned."))
    if slips.return_of(session, payment.id) is not None:
        raise Conflict(N_("This receipt has been returned already."))
    if not reason.strip():
        raise Invalid(N_("Say why it came back."), field="reason")
    if on > today(session) and not at_bank:
        raise Invalid(N_("Enter the day on which it came back; that cannot be in the future."), field="on")
    slip = session.get_one(ReceiptSlip, payment.id, populate_existing=True)
    if reason == ReturnReason.MISTAKE and slip.banked_on is not None:
        raise Conflict(N_("The bank has this receipt, so it was no mistake: move its credit, or pay it back."))
    assert payment.effective_on is not None
    source = f"return:{payment.public_id}"
    entry = ledger.post(
        session,
        kind=EntryKind.RECEIPT_RETURNED,
        source=source,
        effective_on=max(on, payment.effective_on),
        legs=[
            debit(LedgerAccount.RECEIVABLE, payment.amount, account_id=account.id),
            credit(LedgerAccount.BANK if at_bank else LedgerAccount.RECEIPTS_TO_BANK, payment.amount),
        ],
    )
    session.add(
        PaymentReturn(
            payment_id=payment.id,
            returned_on=on,
            reason=reason.strip(),
            recorded_at=now(session),
            banked_on=on if at_bank else None,
        )
    )
    uncovered = take_payment_back(
        session,
        account,
        payment,
        payment.amount,
        kind=WithdrawalKind.RETURN,
        source=source,
        effective_on=entry.effective_on,
    )
    _record(session, "receipt.returned", payment, actor, {"why": reason.strip()}, entry_id=entry.id)
    return uncovered


def bank_return(session: Session, payment: Payment, on: date, *, actor: Actor) -> None:
    """The bank's line of a return that was recorded before has come; Conflict where none is awaited.

    None is while the bank has not even had the receipt: its line comes first.
    """
    accounts.lock(session, payment.account_id)
    back = slips.return_of(session, payment.id)
    slip = session.get(ReceiptSlip, payment.id, populate_existing=True)
    if back is None or back.banked_on is not None or slip is None or slip.banked_on is None:
        raise Conflict(N_("No return of this receipt is awaited at the bank."))
    back.banked_on = on
    ledger.post(
        session,
        kind=EntryKind.RETURN_BANKED,
        source=f"return:{payment.public_id}",
        effective_on=on,
        legs=[debit(LedgerAccount.RECEIPTS_TO_BANK, payment.amount), credit(LedgerAccount.BANK, payment.amount)],
        stream=bank_stream(payment.currency),
    )
    _record(session, "return.banked", payment, actor, {"on": on})


def bank_stream(currency: str) -> str:
    """The ledger's stream for what happens at the bank in one currency."""
    return f"bank:{currency.lower()}"


def _locked(session: Session, payment_ids: Collection[int], on: date) -> list[Payment]:
    """These payments, with their accounts locked in ascending order; NotFound where one is not there."""
    if on > today(session):
        raise Invalid(N_("Enter the day on which the bank had it; that cannot be in the future."), field="on")
    wanted = sorted(set(payment_ids))
    payments = [payment for payment in (session.get(Payment, one) for one in wanted) if payment is not None]
    if not payments or len(payments) != len(wanted):
        raise NotFound
    for account_id in sorted({payment.account_id for payment in payments}):
        accounts.lock(session, account_id)
    return payments


def check_slip(session: Session, account_id: int, currency: str, slip: Slip) -> None:
    """Raise Invalid, beside its field, for what cannot have been received on an account in this currency."""
    if slip.method not in BY_HAND:
        raise ValueError(f"{slip.method} is not recorded by hand")
    if slip.amount.currency != currency:
        raise Invalid(N_("This account is kept in {currency}."), field="amount", currency=currency)
    if slip.amount.minor <= 0:
        raise Invalid(N_("Enter how much was received."), field="amount")
    if slip.received_on > today(session):
        raise Invalid(N_("Enter the day on which it was received; that cannot be in the future."), field="received_on")
    wanted = slip.wanted or {}
    if Money.sum(wanted.values(), currency) > slip.amount:
        raise Invalid(N_("The invoices add up to more than was received."), field="amount")
    for invoice in receivables.invoices(session, account_id, wanted):
        if wanted[invoice.id].minor <= 0:
            raise Invalid(
                N_("Enter how much of invoice {number} was paid."), field=f"amount-{invoice.id}", number=invoice.number
            )


def _record(
    session: Session,
    act: str,
    payment: Payment,
    actor: Actor,
    after: Mapping[str, object],
    *,
    entry_id: int | None = None,
) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("payment", payment.id),
        account_id=payment.account_id,
        entry_id=entry_id,
        after={"amount": payment.amount, "receipt": payment.receipt_number, **after},
    )
