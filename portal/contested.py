"""Contested: what a customer reads about a payment that a bank asks about, has taken or sent back, or has let stand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.chargebacks import queries as chargebacks
from domain.chargebacks.states import OPEN, ChargebackState
from domain.payments import slips
from domain.payments.model import Payment, PaymentMethod
from domain.processing.receipts.returning import ReturnReason
from domain.receivables.model import WithdrawalKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

GONE_FOR_GOOD = N_(
    "What it had paid is open again. Please pay it another way, or write to us if you do not agree with the invoice."
)
CONTESTED = N_(
    "This happens when somebody tells the bank that they do not recognise a payment, or are not content with it. What "
    "it had paid is open again; while the bank decides, we do not remind you of it. If it was a misunderstanding, tell "
    "your bank. You can also pay another way now: should the money come to us twice, it is yours as credit."
)
ASKED = N_("No money has moved. If nobody meant to ask, tell your bank; otherwise you need do nothing here.")
STANDS = N_(
    "What it had paid is settled again. What you have paid for the same invoices meanwhile is credit on your account."
)
RETURNED = N_(
    "No money of it is with us any more, and what it had paid is open again. Please pay it another way, or write to us "
    "if this surprises you."
)
MISTAKEN = N_("We had noted it, but it never reached us. What it had paid is open again. We are sorry.")
RETURNED_TITLES = {
    PaymentMethod.CHEQUE: N_("This cheque of {amount} came back unpaid"),
    PaymentMethod.TRANSFER: N_("The bank has taken this transfer of {amount} back"),
}


@dataclass(frozen=True, slots=True)
class ContestedView:
    """One thing that the bank did about a payment: what happened, what it means, and which invoices are open by it."""

    tone: str
    title: Words
    text: str
    open: list[tuple[int, str, Money]]


def contested_views(session: Session, account_id: int, payment_id: int) -> list[ContestedView]:
    """What the bank did about a payment of the account, one view for each chargeback that means something to them."""
    rows = [row for row in chargebacks.of_payment(session, payment_id) if row.account_id == account_id]
    moved = chargebacks.movements(session, [row.id for row in rows])
    views = []
    for row in rows:
        amounts = [one.amount_minor for one in moved if one.chargeback_id == row.id]
        view = _view(session, row, Money(-sum(amounts), row.currency), had_moved=bool(amounts))
        if view is not None:
            views.append(view)
    return views


def returned_view(session: Session, payment: Payment) -> list[ContestedView]:
    """What came of a cheque or transfer that was returned; nothing for other payments."""
    back = slips.return_of(session, payment.id)
    if back is None:
        return []
    source = f"return:{payment.public_id}"
    opened = chargebacks.still_open(session, source, payment.currency, kind=WithdrawalKind.RETURN)
    is_mistake = back.reason == ReturnReason.MISTAKE
    words = None if is_mistake else RETURNED_TITLES.get(payment.method)
    title = Words.of(words or N_("This payment of {amount} did not reach us"), amount=payment.amount)
    parts = [(part.invoice_id, part.number, part.amount) for part in opened]
    return [ContestedView("mind", title, MISTAKEN if is_mistake else RETURNED, parts)]


def _view(session: Session, row: AnyRow, gone: Money, *, had_moved: bool) -> ContestedView | None:
    if gone:
        title = Words.of(N_("Your bank has taken {amount} of this payment back"), amount=gone)
        text = CONTESTED if row.state in OPEN else GONE_FOR_GOOD
        return ContestedView("mind", title, text, _open(session, row))
    if had_moved:
        amount = Money(row.amount_minor, row.currency)
        return ContestedView(
            "good", Words.of(N_("Your bank has let {amount} stand after all"), amount=amount), STANDS, []
        )
    if row.state is ChargebackState.INQUIRY:
        return ContestedView("", Words.of(N_("Your bank is asking us about this payment")), ASKED, [])
    return None


def _open(session: Session, row: AnyRow) -> list[tuple[int, str, Money]]:
    opened = chargebacks.still_open(session, f"chargeback:{row.chargeback_ref}", row.currency)
    return [(part.invoice_id, part.number, part.amount) for part in opened]
