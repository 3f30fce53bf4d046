"""Payments: what came, by which means, for what, with its receipts, and what was refunded of it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, select

from domain.evidence.layout import safe_part
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, json_file, made_file
from domain.payments.means import means_of
from domain.payments.model import (
    PAYMENT_NAMES,
    Payment,
    PaymentChange,
    PaymentLine,
    PaymentReturn,
    PaymentStatus,
    ReceiptSlip,
)
from domain.receivables.model import Allocation, CreditItem, CreditKind
from domain.refunds.model import Refund, RefundChange
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements import papers

FOLDER = "payments"
PAYMENT = (
    Payment.id,
    Payment.public_id,
    Payment.method,
    Payment.status,
    Payment.currency,
    Payment.amount_minor,
    Payment.created_at,
    Payment.occurred_at,
    Payment.effective_on,
    Payment.recorded_at,
    Payment.receipt_number,
    Payment.means,
    Payment.failure,
    Payment.login_id,
    Payment.voided_at,
)
LINE = (PaymentLine.payment_id, PaymentLine.invoice_id, PaymentLine.amount_minor)
CHANGE = (
    PaymentChange.payment_id,
    PaymentChange.before,
    PaymentChange.after,
    PaymentChange.at,
    PaymentChange.actor_kind,
    PaymentChange.actor_id,
    PaymentChange.why,
)
SLIP = (ReceiptSlip.payment_id, ReceiptSlip.received_on, ReceiptSlip.reference, ReceiptSlip.note, ReceiptSlip.banked_on)
RETURN = (
    PaymentReturn.payment_id,
    PaymentReturn.returned_on,
    PaymentReturn.reason,
    PaymentReturn.recorded_at,
    PaymentReturn.banked_on,
)
SETTLED = (
    Payment.id,
    Allocation.invoice_id,
    Allocation.amount_minor,
    Allocation.effective_on,
    Allocation.recorded_at,
)
REFUND = (
    Refund.id,
    Refund.public_id,
    Refund.payment_id,
    Refund.currency,
    Refund.amount_minor,
    Refund.source,
    Refund.way,
    Refund.status,
    Refund.reason,
    Refund.requested_at,
    Refund.failure,
    Refund.sent_at,
    Refund.moved_at,
    Refund.moved_back_at,
)
REFUND_CHANGE = (
    RefundChange.refund_id,
    RefundChange.before,
    RefundChange.after,
    RefundChange.at,
    RefundChange.actor_kind,
    RefundChange.actor_id,
    RefundChange.why,
)


def section(sources: Sources) -> Section:
    """Payments and refunds, each with all its steps, and a receipt for each payment that arrived."""
    where = wanted(sources)
    ids = select(Payment.id).where(*where)
    rows = sources.rows(*PAYMENT, where=where, order=Payment.id)
    parts = {
        "meant_for": by_owner(sources, LINE, ids),
        "settled": _settled(sources),
        "changes": by_owner(sources, CHANGE, ids),
        "slip": by_owner(sources, SLIP, ids),
        "returned": by_owner(sources, RETURN, ids),
    }
    names = {row.id: row.public_id for row in rows}
    files: list[File] = [
        json_file(f"{FOLDER}/payments.json", put_together(sources, rows, parts)),
        *_refunds(sources, ids, names),
        *(_receipt(sources, row) for row in rows if row.status is PaymentStatus.SUCCEEDED),
    ]
    return Section(files, (_table(rows[-MOST_ROWS:]),))


def wanted(sources: Sources) -> list[ColumnElement[bool]]:
    """All payments of the account, or those that were meant for the pack's invoices or have settled some of them."""
    found: list[ColumnElement[bool]] = [Payment.account_id == sources.account.id]
    if sources.invoice_ids is None:
        return found
    meant = select(PaymentLine.payment_id).where(*sources.about(PaymentLine.invoice_id))
    settled = (
        select(CreditItem.source)
        .join(Allocation, Allocation.credit_item_id == CreditItem.id)
        .where(CreditItem.kind == CreditKind.PAYMENT, *sources.about(Allocation.invoice_id))
    )
    return [*found, Payment.id.in_(meant) | Payment.public_id.in_(settled)]


def _settled(sources: Sources) -> dict[int, list[Record]]:
    """What each payment has settled, and what of that was taken back, by the payment's id."""
    found: dict[int, list[Record]] = {}
    statement = (
        select(*SETTLED)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .join(Payment, Payment.public_id == CreditItem.source)
        .where(CreditItem.kind == CreditKind.PAYMENT, Allocation.account_id == sources.account.id)
        .order_by(Allocation.id)
    )
    for row in sources.session.execute(statement):
        record = sources.record(row)
        record.pop("id")
        found.setdefault(row.id, []).append(record)
    return found


def _refunds(sources: Sources, ids: Select[int], names: dict[int, str]) -> list[File]:
    refunds = select(Refund.id).where(Refund.payment_id.in_(ids))
    rows = sources.rows(*REFUND, where=[Refund.payment_id.in_(ids)], order=Refund.id)
    told = put_together(sources, rows, {"changes": by_owner(sources, REFUND_CHANGE, refunds)})
    return [json_file(f"{FOLDER}/refunds.json", named(told, names))] if told else []


def named(told: list[Record], names: dict[int, str]) -> list[Record]:
    """The same, each with its payment's public id instead of a number of ours."""
    return [{**record, "payment": names[int(str(record.pop("payment_id")))]} for record in told]


def _receipt(sources: Sources, row: AnyRow) -> File:
    session, renderer, account_id, language = sources.session, sources.renderer, sources.account.id, sources.language
    name = safe_part(row.receipt_number or row.public_id)
    return made_file(
        sources.place(f"{FOLDER}/receipt-{name}", ".pdf"),
        lambda: papers.print_receipt(session, renderer, account_id, row.public_id, language=language).content,
    )


def _table(rows: Collection[AnyRow]) -> Table:
    head = (N_("Date"), N_("Means"), N_("Receipt"), N_("State"), N_("Amount"))
    return Table(
        N_("Payments"),
        head,
        4,
        [
            [
                row.effective_on or row.created_at.date(),
                means_of(row.method, row.means) or row.method.value,
                row.receipt_number,
                Words.of(PAYMENT_NAMES[row.status]),
                Money(row.amount_minor, row.currency),
            ]
            for row in rows
        ],
        wide=1,
    )
