"""Received: payments by their numbers and amounts, and lines of the bank by whatever stands in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from domain.banking.model import BANK_LINES
from domain.finding.asking import EXACT, LOOKED_AT, Hit, Kind, Question
from domain.finding.papers import holding
from domain.payments.model import PAYMENT_NAMES, Payment, ReceiptSlip
from domain.shared.clock import day_in
from domain.shared.db.base import Base
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.db.trigrams import sharing
from domain.shared.money import Money
from domain.shared.spelling import LONG_ENOUGH, alike, likely_threes
from domain.shared.words import Words

PAYMENTS: Table = Base.metadata.tables[Payment.__tablename__]
SLIPS: Table = Base.metadata.tables[ReceiptSlip.__tablename__]
NUMBERS = ("receipt_number", "public_id", "intent_id", "charge_id", "checkout_id")
"""What a payment is known by: our receipt, our own id, the processor's."""


def payments(session: Session, asked: Question) -> list[Hit]:
    """Payments by one of their numbers, by what stands on a cheque or transfer that staff recorded, and by amount."""
    columns = (*PAYMENTS.c, SLIPS.c.reference)
    joined = select(*columns).outerjoin(SLIPS, SLIPS.c.payment_id == PAYMENTS.c.id).limit(LOOKED_AT)
    ways: list[ColumnElement[bool]] = [PAYMENTS.c[name].in_(asked.numbers) for name in NUMBERS]
    if minors := asked.minors:
        ways.append(PAYMENTS.c.amount_minor.in_(minors))
    if (held := holding(session, PAYMENTS, asked)) is not None:
        ways.append(held)
    if (held := holding(session, SLIPS, asked)) is not None:
        ways.append(PAYMENTS.c.id.in_(select(SLIPS.c.payment_id).where(held).limit(LOOKED_AT)))
    zone = business(session).time_zone
    found = [_payment(asked, row, zone) for way in ways for row in session.execute(joined.where(way))]
    return _newest_first(found)


def bank_lines(session: Session, asked: Question) -> list[Hit]:
    """Lines of the bank by who paid, from where, with which words, and by amount; who paid may be spelt otherwise."""
    ways: list[ColumnElement[bool]] = []
    if minors := asked.minors:
        ways.append(BANK_LINES.c.amount_minor.in_([*minors, *(-minor for minor in minors)]))
    if (held := holding(session, BANK_LINES, asked)) is not None:
        ways.append(held)
    rows = [row for way in ways for row in session.execute(select(BANK_LINES).where(way).limit(LOOKED_AT))]
    found = [_line(asked, row) for row in rows]
    if asked.is_name and not any(hit.degree for hit in found):
        wanted = [three for word in asked.words if len(word) >= LONG_ENOUGH for three in likely_threes(word)]
        near = select(BANK_LINES).where(BANK_LINES.c.id.in_(sharing(session, BANK_LINES, wanted, limit=LOOKED_AT)))
        found = [_line(asked, row, alike(asked.words, row.counterparty_name)) for row in session.execute(near)]
    return _newest_first(found)


def _payment(asked: Question, row: AnyRow, zone: str) -> Hit:
    by_amount = asked.means(row.amount_minor, row.currency)
    known = [row.reference, *(row._mapping[name] for name in NUMBERS)]
    return Hit(
        Kind.PAYMENT,
        row.public_id,
        row.receipt_number or row.means or row.public_id,
        EXACT if by_amount else asked.degree(*known),
        row.account_id,
        more=row.reference or "",
        said=Words.of(PAYMENT_NAMES[row.status]),
        amount=Money(row.amount_minor, row.currency),
        on=row.effective_on or day_in(row.created_at, zone),
        is_amount=by_amount,
    )


def _line(asked: Question, row: AnyRow, near: float = 0.0) -> Hit:
    by_amount = asked.means(row.amount_minor, row.currency)
    texts = (row.counterparty_name, row.counterparty_account, row.bank_ref, row.text, *row.references)
    return Hit(
        Kind.BANK_LINE,
        row.id,
        row.counterparty_name or row.bank_ref or row.text[:60],
        EXACT if by_amount else asked.degree(*texts) or near,
        more=row.text[:120],
        amount=Money(row.amount_minor, row.currency),
        on=row.booked_on,
        is_amount=by_amount,
    )


def _newest_first(found: list[Hit]) -> list[Hit]:
    return sorted((hit for hit in found if hit.degree), key=lambda hit: hit.on or date.min, reverse=True)
