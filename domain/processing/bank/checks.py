"""Bank checks: the bank's ledger account is what its lines, and what stands for lines, have brought."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select
from sqlalchemy.orm import Session

from domain.banking.model import BankLine, BookedAs, LineBooking, LineState
from domain.banking.queries import standing_booking
from domain.clearing.model import Payout
from domain.ledger.balances import posted_on
from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.legal_cases.model import CourtCost
from domain.payments.model import Payment, PaymentMethod, PaymentReturn, ReceiptSlip
from domain.refunds.model import Refund, RefundWay
from domain.remittances.model import PaidFrom, PartnerPayment, Remittance


def check_bank(session: Session) -> Iterator[Finding]:
    """Lines that were not booked whole, and currencies in which the bank or the unidentified money does not add up."""
    yield from _lines(session)
    yield from _bank(session)
    yield from _unidentified(session)


def _lines(session: Session) -> Iterator[Finding]:
    """What a line was booked as comes to its amount; parked, and then sent back, it was booked as unidentified."""
    for row in session.execute(_booked()):
        expected = row.amount_minor if row.state in (LineState.BOOKED, LineState.PARKED) else 0
        found = int(row.final or 0) or int(row.parked or 0)
        if found != expected:
            words = f"a bank line that is {row.state} was not booked as a whole"
            yield Finding("bank_line", f"bank_line:{row.id}", words, str(expected), str(found))


def _bank(session: Session) -> Iterator[Finding]:
    expected: dict[str, int] = defaultdict(int)
    for query, sign in _movements():
        for currency, total in session.execute(query):
            expected[currency] += sign * int(total)
    yield from _compared(session, LedgerAccount.BANK, expected, "the bank is not the sum of its lines")


@cache
def _booked() -> Select[int, LineState, int, Any, Any]:
    final = func.sum(case((LineBooking.booked_as != BookedAs.UNIDENTIFIED, LineBooking.amount_minor), else_=0))
    parked = func.sum(case((LineBooking.booked_as == BookedAs.UNIDENTIFIED, LineBooking.amount_minor), else_=0))
    return (
        select(BankLine.id, BankLine.state, BankLine.amount_minor, final.label("final"), parked.label("parked"))
        .outerjoin(LineBooking, and_(LineBooking.line_id == BankLine.id, standing_booking()))
        .group_by(BankLine.id, BankLine.state, BankLine.amount_minor)
        .order_by(BankLine.id)
    )


@cache
def _movements() -> tuple[tuple[Select[Any], int], ...]:
    """Sums by currency of all that moved the bank: lines, and what was banked on somebody's word, without a line."""
    at_ours = Payment.method != PaymentMethod.AGENT
    slips = _sum(
        Payment,
        at_ours,
        ReceiptSlip.banked_on.is_not(None),
        Payment.voided_at.is_(None),
        _lineless(Payment.public_id, BookedAs.RECORDED_RECEIPT, BookedAs.PAYMENT),
    )
    returns = _sum(
        Payment, at_ours, PaymentReturn.banked_on.is_not(None), _lineless(Payment.public_id, BookedAs.RETURN)
    )
    of_bank = Refund.way == RefundWay.BANK
    went, came = (_lineless(Refund.public_id, BookedAs.REFUND, out=out) for out in (True, False))
    return (
        (_sum(BankLine, BankLine.state.in_((LineState.BOOKED, LineState.PARKED))), 1),
        (slips.join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id), 1),
        (returns.join(PaymentReturn, PaymentReturn.payment_id == Payment.id), -1),
        (_sum(Payout, Payout.arrived_on.is_not(None), _lineless(Payout.external_id, BookedAs.PAYOUT)), 1),
        (_sum(Payout, Payout.undone_at.is_not(None)), -1),
        (_sum(Refund, of_bank, Refund.moved_at.is_not(None), went), -1),
        (_sum(Refund, of_bank, Refund.moved_back_at.is_not(None), came), 1),
        (_sum(CourtCost), -1),
        (_sum(Remittance, Remittance.banked_on.is_not(None), Remittance.bank_line_id.is_(None)), 1),
        (_sum(PartnerPayment, PartnerPayment.paid_from == PaidFrom.BANK), -1),
    )


@cache
def _parked() -> Select[Any]:
    return _sum(BankLine, BankLine.state == LineState.PARKED)


def _sum(of: Any, *which: ColumnElement[bool]) -> Select[Any]:
    minor = of.paid_minor if of is Remittance else of.amount_minor
    return select(of.currency, func.sum(minor)).where(*which).group_by(of.currency)


def _lineless(subject: Any, *kinds: BookedAs, out: bool | None = None) -> ColumnElement[bool]:
    """No bank line was booked as this; `out` asks for lines of money that went out, or came in, alone."""
    booked = and_(LineBooking.booked_as.in_(kinds), LineBooking.subject == subject, standing_booking())
    if out is not None:
        booked = and_(booked, LineBooking.amount_minor < 0 if out else LineBooking.amount_minor > 0)
    return ~exists().where(booked)


def _unidentified(session: Session) -> Iterator[Finding]:
    expected = {currency: -int(total) for currency, total in session.execute(_parked())}
    words = "unidentified receipts are not the sum of the parked lines"
    yield from _compared(session, LedgerAccount.UNIDENTIFIED_RECEIPTS, expected, words)


def _compared(session: Session, account: LedgerAccount, expected: dict[str, int], words: str) -> Iterator[Finding]:
    found = posted_on(session, account)
    for currency in sorted(expected.keys() | found.keys()):
        if expected.get(currency, 0) != found.get(currency, 0):
            yield Finding(
                "bank", f"bank:{currency.lower()}", words, str(expected.get(currency, 0)), str(found.get(currency, 0))
            )
