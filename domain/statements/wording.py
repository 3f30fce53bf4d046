"""Wording: what each movement of the ledger is called on a statement, from the paper that it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from domain.clearing.model import BalanceTransaction
from domain.invoicing.model import CreditNote, EarlyDiscount
from domain.ledger.posting import EntryKind
from domain.payments.means import booked_by_mistake, means_of, returned_words
from domain.payments.model import BY_HAND, Payment
from domain.receivables.model import Invoice, InvoiceKind
from domain.refunds.model import Refund
from domain.refunds.wording import given_again_words, taken_words
from domain.settlements.model import Concession
from domain.shared.db.base import Base
from domain.shared.errors import N_
from domain.shared.words import Words
from domain.write_offs.model import WriteOff

KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
PAPERS = Base.metadata.tables
INVOICE, CREDIT_NOTE, PAYMENT = (PAPERS[paper.__tablename__].c for paper in (Invoice, CreditNote, Payment))
INVOICES = select(INVOICE.id.label("key"), INVOICE.number, INVOICE.kind, INVOICE.due_on).where(INVOICE.id.in_(KEYS))
CREDIT_NOTES = select(CREDIT_NOTE.id.label("key"), CREDIT_NOTE.number, INVOICE.number.label("invoice")).where(
    INVOICE.id == CREDIT_NOTE.invoice_id, CREDIT_NOTE.id.in_(KEYS)
)
DISCOUNT = PAPERS[EarlyDiscount.__tablename__].c
DISCOUNTS = select(
    DISCOUNT.id.label("key"), DISCOUNT.number, DISCOUNT.invoice_id, INVOICE.number.label("invoice")
).where(INVOICE.id == DISCOUNT.invoice_id, DISCOUNT.id.in_(KEYS))
CONCESSION = PAPERS[Concession.__tablename__].c
CONCESSIONS = select(
    CONCESSION.id.label("key"), CONCESSION.number, CONCESSION.invoice_id, INVOICE.number.label("invoice")
).where(INVOICE.id == CONCESSION.invoice_id, CONCESSION.id.in_(KEYS))
WRITE_OFF = PAPERS[WriteOff.__tablename__].c
RELEASES = select(WRITE_OFF.id.label("key"), WRITE_OFF.invoice_id, INVOICE.number.label("invoice")).where(
    INVOICE.id == WRITE_OFF.invoice_id, WRITE_OFF.id.in_(KEYS)
)
PAYMENTS = select(PAYMENT.public_id.label("key"), PAYMENT.receipt_number, PAYMENT.means, PAYMENT.method).where(
    PAYMENT.public_id.in_(KEYS)
)
MOVEMENT = PAPERS[BalanceTransaction.__tablename__].c
MOVEMENTS = select(MOVEMENT.external_id.label("key"), PAYMENT.public_id, PAYMENT.receipt_number).where(
    PAYMENT.id == MOVEMENT.payment_id, MOVEMENT.external_id.in_(KEYS)
)
REFUND = PAPERS[Refund.__tablename__].c
REFUNDS = select(
    REFUND.public_id.label("key"), REFUND.status, REFUND.sent_at, PAYMENT.public_id, PAYMENT.receipt_number
).where(PAYMENT.id == REFUND.payment_id, REFUND.public_id.in_(KEYS))

RETURN = "return"
"""How the sources of returned receipts begin; the payment's public id follows."""
REFUNDED = "refund"
"""How the sources of refunds begin; the refund's public id follows."""
MOVED_WORDS = {
    EntryKind.CREDIT_MOVED_OUT: N_("Credit moved to another account"),
    EntryKind.CREDIT_MOVED_IN: N_("Credit moved from another account"),
}
"""What moved credit is called; neither side is told the name of the other."""
DISCOUNTED = "discount"
"""How the sources of early discounts begin; the discount's id follows, and what it fell or came back by."""
DISCOUNT_WORDS = {
    EntryKind.EARLY_DISCOUNT: N_("Early-payment discount on {invoice}"),
    EntryKind.DISCOUNT_REVOKED: N_("Early-payment discount on {invoice} taken back"),
    EntryKind.DISCOUNT_RESTORED: N_("Early-payment discount on {invoice} granted again"),
}
"""What a discount is called, and what becomes of it: its payment goes back and comes again, its invoice is credited."""
CONCEDED = "concession"
"""How the sources of what was given up to settle debts begin; the concession's id follows."""
CONCESSION_WORDS = {
    EntryKind.CONCESSION: N_("Given up on {invoice} to settle it"),
    EntryKind.CONCESSION_REVOKED: N_("Given up on {invoice} to settle it: taken back"),
}
"""What that is called, and what becomes of it where a payment of the settlement goes back."""
RELEASED = "write_off"
"""How the sources of what was given up for good begin; the write-off's id follows."""
RELEASE_WORDS = {
    EntryKind.WRITE_OFF_RELEASED: N_("Nothing more is owed on {invoice}: we have given it up"),
    EntryKind.WRITE_OFF_UNDONE: N_("{invoice} is owed again: we no longer give it up"),
}
"""What that is called; a write-off in the books alone moves no account, and so nobody outside reads of it."""
NUMBERED_CONCESSION = N_("Given up on {invoice} to settle it, credit note {number}")
"""What one is called that corrects tax."""
NUMBERED_DISCOUNT = N_("Early-payment discount on {invoice}, credit note {number}")
"""What one is called that corrects tax."""
AT_PROCESSOR = "balance_transaction"
"""How the sources of what the processor moved begin; the movement's name there follows."""
CHARGEBACK_WORDS = {
    EntryKind.CHARGEBACK: N_("Taken back by the bank (chargeback)"),
    EntryKind.CHARGEBACK_REINSTATED: N_("Came back: chargeback won"),
}
"""What a chargeback does to an account is called."""
MOST_AT_ONCE = 900
"""How many keys are asked for in one query: databases limit the values that a statement may bring."""


class SubjectKind(StrEnum):
    """What a movement came from; also how the ledger's sources begin."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Subject:
    """The paper behind a movement: its kind, the key by which pages find it, and the number that people know it by."""

    kind: SubjectKind
    key: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a movement is called, and the paper behind it where there is one."""

    words: Words
    subject: Subject | None


def say(session: Session, movements: Sequence[Any]) -> list[Said]:
    """What each ledger movement is called, in nine queries at most, however many there are."""
    keys: dict[str, set[str]] = {}
    for row in movements:
        kind, _, key = row.source.partition(":")
        keys.setdefault(kind, set()).add(key)
    invoices = _by_key(session, INVOICES, map(int, keys.get(SubjectKind.INVOICE, ())))
    notes = _by_key(session, CREDIT_NOTES, map(int, keys.get(SubjectKind.CREDIT_NOTE, ())))
    payments = _by_key(session, PAYMENTS, keys.get(SubjectKind.PAYMENT, set()) | keys.get(RETURN, set()))
    movers = _by_key(session, MOVEMENTS, keys.get(AT_PROCESSOR, ()))
    refunds = _by_key(session, REFUNDS, keys.get(REFUNDED, ()))
    discounts = _by_key(session, DISCOUNTS, {_discount_id(key) for key in keys.get(DISCOUNTED, ())})
    concessions = _by_key(session, CONCESSIONS, map(int, keys.get(CONCEDED, ())))
    releases = _by_key(session, RELEASES, map(int, keys.get(RELEASED, ())))
    return [
        _of_chargeback(row, movers)
        if row.kind in CHARGEBACK_WORDS
        else _of_refund(row, refunds)
        or _of_discount(row, discounts)
        or _of_concession(row, concessions)
        or _of_release(row, releases)
        or _said(row, invoices, notes, payments)
        for row in movements
    ]


def _of_chargeback(row: Any, movers: Mapping[str, Any]) -> Said:
    payment = movers.get(row.source.partition(":")[2])
    subject = Subject(SubjectKind.PAYMENT, payment.public_id, payment.receipt_number) if payment else None
    return Said(Words.of(CHARGEBACK_WORDS[row.kind]), subject)


def _of_refund(row: Any, refunds: Mapping[str, Any]) -> Said | None:
    kind, _, key = row.source.partition(":")
    if kind != REFUNDED or key not in refunds:
        return None
    refund = refunds[key]
    subject = Subject(SubjectKind.PAYMENT, refund.public_id, refund.receipt_number)
    if row.kind == EntryKind.REFUND_UNDONE:
        return Said(given_again_words(refund.status), subject)
    return Said(taken_words(refund.status, refund.sent_at, refund.receipt_number), subject)


def _of_discount(row: Any, discounts: Mapping[str, Any]) -> Said | None:
    kind, _, key = row.source.partition(":")
    if kind != DISCOUNTED or row.kind not in DISCOUNT_WORDS:
        return None
    discount = discounts[str(_discount_id(key))]
    subject = Subject(SubjectKind.INVOICE, str(discount.invoice_id), discount.number or discount.invoice)
    if row.kind == EntryKind.EARLY_DISCOUNT and discount.number:
        return Said(Words.of(NUMBERED_DISCOUNT, invoice=discount.invoice, number=discount.number), subject)
    return Said(Words.of(DISCOUNT_WORDS[row.kind], invoice=discount.invoice), subject)


def _of_concession(row: Any, concessions: Mapping[str, Any]) -> Said | None:
    kind, _, key = row.source.partition(":")
    if kind != CONCEDED or row.kind not in CONCESSION_WORDS:
        return None
    concession = concessions[key]
    subject = Subject(SubjectKind.INVOICE, str(concession.invoice_id), concession.number or concession.invoice)
    if row.kind == EntryKind.CONCESSION and concession.number:
        return Said(Words.of(NUMBERED_CONCESSION, invoice=concession.invoice, number=concession.number), subject)
    return Said(Words.of(CONCESSION_WORDS[row.kind], invoice=concession.invoice), subject)


def _of_release(row: Any, releases: Mapping[str, Any]) -> Said | None:
    kind, _, key = row.source.partition(":")
    if kind != RELEASED or row.kind not in RELEASE_WORDS:
        return None
    released = releases[key]
    subject = Subject(SubjectKind.INVOICE, str(released.invoice_id), released.invoice)
    return Said(Words.of(RELEASE_WORDS[row.kind], invoice=released.invoice), subject)


def _discount_id(key: str) -> int:
    return int(key.partition(":")[0])


def _said(row: Any, invoices: Mapping[str, Any], notes: Mapping[str, Any], payments: Mapping[str, Any]) -> Said:
    kind, _, key = row.source.partition(":")
    if kind == SubjectKind.INVOICE and key in invoices:
        invoice = invoices[key]
        return Said(_of_invoice(row.kind, invoice), Subject(SubjectKind.INVOICE, key, invoice.number))
    if kind == SubjectKind.CREDIT_NOTE and key in notes:
        note = notes[key]
        words = Words.of(N_("Credit note {number} on invoice {invoice}"), number=note.number, invoice=note.invoice)
        return Said(words, Subject(SubjectKind.CREDIT_NOTE, key, note.number))
    if kind == SubjectKind.PAYMENT and key in payments:
        payment = payments[key]
        return Said(_of_payment(row.kind, payment), Subject(SubjectKind.PAYMENT, key, payment.receipt_number))
    if kind == RETURN and key in payments:
        payment = payments[key]
        words = returned_words(payment.method, payment.means)
        return Said(words, Subject(SubjectKind.PAYMENT, key, payment.receipt_number))
    if row.kind in MOVED_WORDS:
        return Said(Words.of(MOVED_WORDS[row.kind]), None)
    return Said(Words.of(N_("Correction")), None)


def _of_invoice(kind: str, invoice: Any) -> Words:
    if kind in (EntryKind.INVOICE_VOIDED, EntryKind.IMPORT_REVERSED):
        return Words.of(N_("Invoice {number} withdrawn"), number=invoice.number)
    if invoice.kind == InvoiceKind.DEBIT_NOTE:
        return Words.of(N_("Late charge {number}, due {due_on}"), number=invoice.number, due_on=invoice.due_on)
    return Words.of(N_("Invoice {number}, due {due_on}"), number=invoice.number, due_on=invoice.due_on)


def _of_payment(kind: str, payment: Any) -> Words:
    if kind == EntryKind.IMPORT_REVERSED:
        return Words.of(N_("Payment withdrawn"))
    if kind == EntryKind.BOOKING_UNDONE:
        return booked_by_mistake(payment.method, payment.means)
    words = means_of(payment.method, payment.means)
    if payment.method in BY_HAND and words is not None:
        return words
    if payment.means:
        return Words.of(N_("Payment, {means}"), means=payment.means)
    return Words.of(N_("Payment"))


def _by_key(session: Session, query: Any, keys: Iterable[object]) -> dict[str, Any]:
    wanted = sorted(keys)  # type: ignore[type-var]
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), MOST_AT_ONCE):
        rows = session.execute(query, {"keys": wanted[start : start + MOST_AT_ONCE]})
        found.update((str(row.key), row) for row in rows)
    return found
