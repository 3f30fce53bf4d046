"""Refund views: plain values for the templates about refunds, and what their states, sources and ways are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.views import PaymentView, payment_view
from domain.payments import queries as payments
from domain.processing.aftermath import aftermath_of
from domain.processing.refunds.payees import NOT_PAID_YET
from domain.receivables import credits
from domain.refunds.model import ENDED, RefundSource, RefundStatus, RefundWay
from domain.refunds.queries import View
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff import queries as staff

REFUND_BADGES = {
    RefundStatus.REQUESTED: ("waiting", N_("Asked for")),
    RefundStatus.AWAITING_APPROVAL: ("waiting", N_("Waits for approval")),
    RefundStatus.PENDING: ("waiting", N_("On its way")),
    RefundStatus.REQUIRES_ACTION: ("waiting", N_("Waits for the customer")),
    RefundStatus.SUCCEEDED: ("paid", N_("Refunded")),
    RefundStatus.FAILED: ("failed", N_("Failed")),
    RefundStatus.CANCELED: ("void", N_("Not made")),
    RefundStatus.REFUSED: ("void", N_("Refused")),
}
"""How each state of a refund is shown to staff."""
TO_PAY = ("waiting", N_("To pay from the bank"))
"""How one is shown that nobody but we can send on its way."""
SOURCE_NAMES = {
    RefundSource.CREDIT: N_("Credit of the account"),
    RefundSource.CREDIT_NOTE: N_("A credit note"),
    RefundSource.REVERSAL: N_("The payment itself"),
    RefundSource.UNEXPLAINED: N_("Nobody has said yet"),
}
"""What each source is called."""
SOURCE_MEANINGS = {
    RefundSource.CREDIT: N_("Money on the account that settles nothing. What is due stays settled."),
    RefundSource.CREDIT_NOTE: N_("An invoice was too high: it is credited, and what that sets free goes back."),
    RefundSource.REVERSAL: N_("It should never have been taken: what the payment had settled is open again."),
}
"""What each source does, in plain words; the order in which they are offered."""
WAY_NAMES = {
    RefundWay.PROCESSOR: N_("Back to where it came from"),
    RefundWay.BANK: N_("From our bank"),
}
"""What each way is called."""
VIEW_NAMES = {
    View.ALL: N_("All"),
    View.APPROVAL: N_("To approve"),
    View.EXPLAIN: N_("To explain"),
    View.BANK: TO_PAY[1],
    View.FAILED: N_("Failed"),
}
"""What the lists are called."""


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund in a list or on its own page."""

    public_id: str
    account_id: int
    payment: str
    receipt_number: str | None
    amount: Money
    badge: tuple[str, str]
    source: str
    way: str
    reason: str | None
    failure: str | None
    at: datetime
    refund_ref: str | None
    awaits_approval: bool
    to_explain: bool
    to_pay: bool
    wants_payee: bool
    approved: bool
    paid_by_bank: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """What somebody who decides on a refund, or follows it, wants to know of its payment and of who asks.

    `there` is what was still there of the payment before this refund, `credit` what the account has unused now.
    """

    payment: PaymentView
    there: Money
    credit: Money
    asked_by: str | None
    reason: str | None


def grounds_of(session: Session, row: AnyRow) -> Grounds:
    """What a refund (a row of `refunds.queries`) stands on."""
    payment = payments.by_public_id(session, row.payment)
    became = aftermath_of(session, [payment.id])[payment.id]
    own = 0 if row.status in ENDED else row.amount_minor
    names = staff.names(session, {row.requested_by} if row.requested_by is not None else set())
    return Grounds(
        payment=payment_view(payment, became),
        there=Money(became.left_of(payment.amount_minor) + own, payment.currency),
        credit=credits.unapplied(session, row.account_id, row.currency),
        asked_by=names.get(row.requested_by),
        reason=row.reason,
    )


def refund_view(row: AnyRow) -> RefundView:
    """A row of `refunds.queries` as its template wants it."""
    by_bank = row.way is RefundWay.BANK
    to_pay = by_bank and row.status is RefundStatus.PENDING
    return RefundView(
        public_id=row.public_id,
        account_id=row.account_id,
        payment=row.payment,
        receipt_number=row.receipt_number,
        amount=Money(row.amount_minor, row.currency),
        badge=TO_PAY if to_pay else REFUND_BADGES[row.status],
        source=SOURCE_NAMES[row.source],
        way=WAY_NAMES[row.way],
        reason=row.reason,
        failure=row.failure,
        at=row.requested_at,
        refund_ref=row.refund_ref,
        awaits_approval=row.status is RefundStatus.AWAITING_APPROVAL,
        to_explain=row.source is RefundSource.UNEXPLAINED and row.status not in ENDED,
        to_pay=to_pay,
        wants_payee=by_bank and row.status in NOT_PAID_YET,
        approved=row.decided_by is not None,
        paid_by_bank=by_bank and row.status is RefundStatus.SUCCEEDED,
        failed=row.status is RefundStatus.FAILED,
    )
