"""Papers: invoices and credit notes by number, order, payment reference and amount, and documents by their words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, or_, select
from sqlalchemy.orm import Session

from domain.documents.listing import Wanted, listed
from domain.documents.names import CATEGORY_NAMES
from domain.finding.asking import EXACT, HOLDS, LOOKED_AT, VOID_ELSE, VOID_NUMBER, Hit, Kind, Question
from domain.invoicing.model import CreditNote
from domain.receivables.model import Invoice, InvoiceStatus
from domain.receivables.references import invoices_in
from domain.shared.clock import day_in
from domain.shared.db.base import Base
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.db.trigrams import INDEXED, may_hold
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

INVOICES: Table = Base.metadata.tables[Invoice.__tablename__]
CREDIT_NOTES: Table = Base.metadata.tables[CreditNote.__tablename__]
DOCUMENTS_SHOWN = 20
OPEN = (INVOICES.c.open_minor > 0, INVOICES.c.status == InvoiceStatus.ISSUED)


def holding(session: Session, where: Table, asked: Question) -> ColumnElement[bool] | None:
    """Whether every word asked for occurs in what is indexed of a row; None where the words are too short."""
    indexed = may_hold(session, where, asked.words)
    if indexed is None:
        return None
    columns = [cast(where.c[name], Text) for name in INDEXED[where.name].columns]
    return and_(indexed, *(or_(*(one.icontains(word, autoescape=True) for one in columns)) for word in asked.words))


def invoices(session: Session, asked: Question) -> list[Hit]:
    """Invoices whose number or order has it in it, that bear the payment reference, or that are about the amount."""
    ways: list[ColumnElement[bool]] = [INVOICES.c.number.in_(asked.numbers)]
    if bearing := invoices_in(asked.text):
        ways.append(INVOICES.c.id.in_(bearing))
    if minors := asked.minors:
        ways += [INVOICES.c.amount_minor.in_(minors), and_(INVOICES.c.open_minor.in_(minors), *OPEN)]
    if (held := holding(session, INVOICES, asked)) is not None:
        ways.append(held)
    issued = INVOICES.c.status != InvoiceStatus.DRAFT
    rows = [row for way in ways for row in session.execute(select(INVOICES).where(way, issued).limit(LOOKED_AT))]
    found = [_invoice(asked, row, row.id in bearing) for row in rows]
    return sorted((hit for hit in found if hit.degree), key=lambda hit: (hit.on or 0, hit.key), reverse=True)


def credit_notes(session: Session, asked: Question) -> list[Hit]:
    """Credit notes by number."""
    ways: list[ColumnElement[bool]] = [CREDIT_NOTES.c.number.in_(asked.numbers)]
    if (held := holding(session, CREDIT_NOTES, asked)) is not None:
        ways.append(held)
    return [
        Hit(
            Kind.CREDIT_NOTE,
            row.id,
            row.number,
            asked.degree(row.number),
            row.account_id,
            said=CREDIT_NOTE,
            amount=Money(row.amount_minor, row.currency),
            on=row.issued_on,
            of=row.invoice_id,
        )
        for way in ways
        for row in session.execute(select(CREDIT_NOTES).where(way).limit(LOOKED_AT))
    ]


def documents(session: Session, asked: Question) -> list[Hit]:
    """Documents by the words in them and in their names, as the documents' own page finds them."""
    zone = business(session).time_zone
    return [
        Hit(
            Kind.DOCUMENT,
            row.id,
            row.filename,
            asked.degree(row.filename) or HOLDS,
            row.account_id,
            said=Words.of(CATEGORY_NAMES[row.category]),
            on=day_in(row.filed_at, zone),
        )
        for row in listed(session, Wanted(words=asked.text), limit=DOCUMENTS_SHOWN).rows
    ]


CREDIT_NOTE = Words.of(N_("Credit note"))
VOID, PAID, STILL_OPEN = Words.of(N_("Void")), Words.of(N_("Paid")), N_("{amount} open")


def _invoice(asked: Question, row: AnyRow, is_borne: bool) -> Hit:
    amount, still = Money(row.amount_minor, row.currency), Money(row.open_minor, row.currency)
    by_amount = asked.means(row.amount_minor, row.currency) or asked.means(row.open_minor, row.currency)
    degree = EXACT if is_borne or by_amount else asked.degree(row.number, row.purchase_order)
    if row.status is InvoiceStatus.VOID and degree:
        degree = VOID_NUMBER if asked.degree(row.number) == EXACT else VOID_ELSE
    return Hit(
        Kind.INVOICE,
        row.id,
        row.number,
        degree,
        row.account_id,
        more=row.purchase_order or "",
        said=_standing(row, still),
        amount=amount,
        on=row.issued_on,
        is_amount=asked.means(row.amount_minor, row.currency),
    )


def _standing(row: Any, still: Money) -> Words:
    if row.status is InvoiceStatus.VOID:
        return VOID
    return Words.of(STILL_OPEN, amount=still) if still else PAID
