"""Aftermath: what became of payments after they had arrived: refunded, contested, taken back by the bank, returned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.chargebacks.model import Chargeback, ChargebackMovement
from domain.chargebacks.states import OPEN, ChargebackState
from domain.payments.model import Payment, PaymentReturn
from domain.refunds.model import ENDED, Refund, RefundStatus
from domain.shared.money import Money

AT_ISSUE = OPEN - {ChargebackState.INQUIRY}
"""The states of a chargeback in which the money is contested; a bank that only asks contests nothing yet."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What of one payment has gone back or is to, in minor units of its currency.

    `refunded` has reached the customer, `refunding` is on its way, `set_aside` waits for approval; `taken` is what the
    bank has taken back and not given again. `contested` says that the bank has not decided.
    """

    refunded: int = 0
    refunding: int = 0
    set_aside: int = 0
    taken: int = 0
    contested: bool = False
    returned: bool = False

    def left_of(self, amount: int) -> int:
        """What is still there of a payment of `amount`; below zero where more goes back than came."""
        gone = self.refunded + self.refunding + self.set_aside + self.taken
        return amount - gone - (amount if self.returned else 0)


NOTHING = Aftermath()
"""Of a payment of which all is still there."""


def aftermath_of(session: Session, payment_ids: Collection[int]) -> dict[int, Aftermath]:
    """What became of these payments, in four queries however many they are; NOTHING where all is there.

    What a chargeback took counts in full, also where the money had left the account before and is owed a second time.
    """
    if not payment_ids:
        return {}
    refunds = _refunds(session, payment_ids)
    taken = _taken(session, payment_ids)
    contested = set(
        session.scalars(
            select(Chargeback.payment_id).where(Chargeback.payment_id.in_(payment_ids), Chargeback.state.in_(AT_ISSUE))
        )
    )
    returned = set(session.scalars(select(PaymentReturn.payment_id).where(PaymentReturn.payment_id.in_(payment_ids))))
    return {
        number: Aftermath(
            refunded=refunds[number][RefundStatus.SUCCEEDED],
            refunding=sum(refunds[number][status] for status in _GOING),
            set_aside=refunds[number][RefundStatus.AWAITING_APPROVAL],
            taken=taken.get(number, 0),
            contested=number in contested,
            returned=number in returned,
        )
        for number in payment_ids
    }


def refundable(session: Session, payment: Payment) -> Money:
    """What of a payment can still go back: less what is refunded, taken by the bank or returned; never below zero.

    Ask again under the account's lock.
    """
    arrived = payment.recorded_at is not None and payment.voided_at is None
    return Money(max(_left(session, payment), 0) if arrived else 0, payment.currency)


def overdrawn(session: Session, payment: Payment) -> bool:
    """Whether more of a payment is to go back, or has been taken back, than it brought."""
    return _left(session, payment) < 0


_GOING = frozenset({RefundStatus.REQUESTED, RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION})


def _left(session: Session, payment: Payment) -> int:
    return aftermath_of(session, [payment.id])[payment.id].left_of(payment.amount_minor)


def _refunds(session: Session, payment_ids: Collection[int]) -> dict[int, dict[RefundStatus, int]]:
    """What is refunded, or to be, of each payment, by the refunds' states."""
    rows = session.execute(
        select(Refund.payment_id, Refund.status, func.sum(Refund.amount_minor).label("minor"))
        .where(Refund.payment_id.in_(payment_ids), Refund.status.not_in(ENDED))
        .group_by(Refund.payment_id, Refund.status)
    )
    found: dict[int, dict[RefundStatus, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        found[row.payment_id][row.status] = int(row.minor)
    return found


def _taken(session: Session, payment_ids: Collection[int]) -> dict[int, int]:
    rows = session.execute(
        select(Chargeback.payment_id, func.sum(ChargebackMovement.amount_minor).label("minor"))
        .join(ChargebackMovement, ChargebackMovement.chargeback_id == Chargeback.id)
        .where(Chargeback.payment_id.in_(payment_ids))
        .group_by(Chargeback.payment_id)
    )
    return {row.payment_id: -int(row.minor) for row in rows}
