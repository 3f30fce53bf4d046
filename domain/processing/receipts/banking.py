"""Banking receipts: what was recorded, or came back, is seen at the bank: by its line, or on the word of staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import bank_stream
from domain.payments import slips
from domain.payments.model import Payment, ReceiptSlip
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid, NotFound


def bank_receipt(session: Session, payment: Payment, on: date, *, actor: Actor, source: str | None = None) -> None:
    """A recorded receipt was seen at the bank, by its line, which is the `source`, or on staff's word.

    Conflict when it was before.
    """
    accounts.lock(session, payment.account_id)
    slip = session.get(ReceiptSlip, payment.id, populate_existing=True)
    if slip is None or slip.banked_on is not None:
        raise Conflict(N_("This receipt has been banked already."))
    slip.banked_on = on
    ledger.post(
        session,
        kind=EntryKind.RECEIPT_BANKED,
        source=source or f"payment:{payment.public_id}",
        effective_on=on,
        legs=[debit(LedgerAccount.BANK, payment.amount), credit(LedgerAccount.RECEIPTS_TO_BANK, payment.amount)],
        stream=bank_stream(payment.currency),
    )
    _record(session, "receipt.banked", payment, actor, on)


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
    _record(session, "return.banked", payment, actor, on)


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


def _record(session: Session, act: str, payment: Payment, actor: Actor, on: date) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("payment", payment.id),
        account_id=payment.account_id,
        after={"amount": payment.amount, "receipt": payment.receipt_number, "on": on},
    )
