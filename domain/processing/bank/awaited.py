"""Awaited: what is to be shown by the bank: receipts, their returns, payouts, refunds, remittances of partners."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from domain.banking.candidates import ExpectedPayout, ExpectedRefund, ExpectedRemittance, Receipt
from domain.banking.model import BookedAs, LineBooking
from domain.banking.queries import standing_booking
from domain.clearing.model import PAYOUTS
from domain.payments.model import BY_HAND, Payment, PaymentReturn, ReceiptSlip
from domain.placements.model import Partner
from domain.processing.bank import lines
from domain.processing.receipts.returning import ReturnReason
from domain.processing.reconciling.payouts import BACK
from domain.refunds import queries as refunds
from domain.remittances.model import Remittance, RemittanceStatus
from domain.shared.chunking import chunks
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.money import Money

PROCESSOR_NAMES = ("STRIPE",)
"""What the bank's lines call the processor that pays out."""


def receipts_to_come(session: Session, amounts: Collection[int], currency: str) -> list[Receipt]:
    """Recorded receipts that no line has shown, banked on somebody's word or not; a mistake never comes."""
    came_back = and_(PaymentReturn.payment_id == Payment.id, PaymentReturn.reason == ReturnReason.MISTAKE.value)
    return _slips(session, amounts, currency, ~lines.shown_by_line(), ~exists().where(came_back))


def banked_receipts(session: Session, amounts: Collection[int], currency: str) -> list[Receipt]:
    """Receipts that the bank has shown, and whose return it has not."""
    came_back = and_(PaymentReturn.payment_id == Payment.id, PaymentReturn.banked_on.is_not(None))
    return _slips(session, amounts, currency, ReceiptSlip.banked_on.is_not(None), ~exists().where(came_back))


def _slips(session: Session, amounts: Collection[int], currency: str, *which: ColumnElement[bool]) -> list[Receipt]:
    found: list[Receipt] = []
    for some in chunks(sorted(amounts)):
        rows = session.execute(
            select(
                Payment.id,
                Payment.account_id,
                Payment.amount_minor,
                Payment.currency,
                ReceiptSlip.received_on,
                ReceiptSlip.reference,
            )
            .join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)
            .where(
                Payment.amount_minor.in_(some),
                Payment.currency == currency,
                Payment.method.in_(BY_HAND),
                Payment.recorded_at.is_not(None),
                Payment.voided_at.is_(None),
                *which,
            )
            .order_by(ReceiptSlip.received_on.desc(), Payment.id.desc())
        )
        found.extend(
            Receipt(row.id, row.account_id, Money(row.amount_minor, row.currency), row.received_on, row.reference or "")
            for row in rows
        )
    return found


def payouts_to_come(session: Session, amounts: Collection[int], currency: str) -> list[ExpectedPayout]:
    """Payouts that no line is of yet, whether the processor has told of their arrival or not."""
    seen = and_(
        LineBooking.booked_as == BookedAs.PAYOUT, LineBooking.subject == PAYOUTS.c.external_id, standing_booking()
    )
    found: list[ExpectedPayout] = []
    for some in chunks(sorted(amounts)):
        rows = session.execute(
            select(PAYOUTS).where(
                PAYOUTS.c.amount_minor.in_(some),
                PAYOUTS.c.currency == currency,
                PAYOUTS.c.state.not_in(BACK),
                ~exists().where(seen),
            )
        )
        found.extend(
            ExpectedPayout(
                row.id, Money(row.amount_minor, row.currency), row.arrives_on, row.external_id, PROCESSOR_NAMES
            )
            for row in rows
        )
    return found


def refunds_to_come(session: Session, currency: str) -> list[ExpectedRefund]:
    """Refunds that our bank is to pay, or has paid, and whose line has not come."""
    zone = business(session).time_zone
    return [
        ExpectedRefund(
            row.id,
            row.account_id,
            Money(row.amount_minor, row.currency),
            day_in(_sent(row), zone),
            row.receipt_number or "",
        )
        for row in refunds.awaited_at_bank(session, currency)
    ]


def remittances_to_come(session: Session, amounts: Collection[int], currency: str) -> list[ExpectedRemittance]:
    """Remittances that partners have told of and no line is of, seen at the bank on somebody's word or not."""
    found: list[ExpectedRemittance] = []
    for some in chunks(sorted(amounts)):
        rows = session.execute(
            select(
                Remittance.id,
                Remittance.paid_minor,
                Remittance.currency,
                Remittance.remitted_on,
                Remittance.reference,
                Partner.name,
            )
            .join(Partner, Partner.id == Remittance.partner_id)
            .where(
                Remittance.paid_minor.in_(some),
                Remittance.currency == currency,
                Remittance.status != RemittanceStatus.WITHDRAWN,
                Remittance.bank_line_id.is_(None),
            )
            .order_by(Remittance.id)
        )
        found.extend(
            ExpectedRemittance(row.id, Money(row.paid_minor, row.currency), row.remitted_on, row.reference, row.name)
            for row in rows
        )
    return found


def _sent(row: AnyRow) -> datetime:
    moment: datetime = row.sent_at or row.requested_at
    return moment
