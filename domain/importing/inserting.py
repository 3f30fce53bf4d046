"""Inserting: the rows of a checked file as invoices, payments and allocations, by INSERT … SELECT."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, insert, literal, select, update
from sqlalchemy.orm import Session

from domain.importing.model import (
    ALLOCATIONS,
    CREDIT_ITEMS,
    INVOICE_LINES,
    INVOICES,
    PAYMENT_CHANGES,
    PAYMENTS,
    ROWS,
    RowAct,
)
from domain.importing.validating import NOT_VOID
from domain.payments.model import PaymentMethod, PaymentStatus
from domain.receivables.model import CreditKind, InvoiceKind, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now

IS_INVOICE = ROWS.c.act == RowAct.INVOICE
IS_PAID = ROWS.c.pay_minor.is_not(None)


def insert_invoices(session: Session, batch_id: int) -> None:
    """An issued invoice of one line for each new row; the rows then know their invoice."""
    tax = func.coalesce(ROWS.c.tax_minor, 0)
    _insert_selected(
        session,
        INVOICES,
        {
            "account_id": ROWS.c.account_id,
            "kind": InvoiceKind.INVOICE,
            "number": ROWS.c.invoice_number,
            "status": InvoiceStatus.ISSUED,
            "issued_on": ROWS.c.issued_on,
            "due_on": ROWS.c.due_on,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.amount_minor,
            "tax_minor": tax,
            "open_minor": ROWS.c.amount_minor,
            "description": ROWS.c.description,
            "purchase_order": ROWS.c.purchase_order,
            "delivered_on": ROWS.c.delivered_on,
            "import_id": batch_id,
            "recorded_at": now(session),
        },
        select().where(ROWS.c.batch_id == batch_id, IS_INVOICE).order_by(ROWS.c.row),
    )
    known = (
        select(INVOICES.c.id)
        .where(
            INVOICES.c.account_id == ROWS.c.account_id,
            INVOICES.c.number == ROWS.c.invoice_number,
            NOT_VOID,
        )
        .scalar_subquery()
    )
    session.execute(update(ROWS).where(ROWS.c.batch_id == batch_id, IS_INVOICE).values(invoice_id=known))
    _insert_selected(
        session,
        INVOICE_LINES,
        {
            "invoice_id": ROWS.c.invoice_id,
            "position": 1,
            "description": func.coalesce(ROWS.c.description, ROWS.c.invoice_number),
            "amount_minor": ROWS.c.amount_minor - tax,
            "tax_minor": tax,
        },
        select().where(ROWS.c.batch_id == batch_id, IS_INVOICE).order_by(ROWS.c.row),
    )


def insert_payments(session: Session, batch_id: int, actor: Actor) -> None:
    """A succeeded payment for each paid row, its credit, wholly allocated, and the invoice settled."""
    at = now(session)
    paid = select().where(ROWS.c.batch_id == batch_id, IS_PAID).order_by(ROWS.c.row)
    _insert_selected(
        session,
        PAYMENTS,
        {
            "public_id": ROWS.c.payment_public_id,
            "account_id": ROWS.c.account_id,
            "method": PaymentMethod.IMPORTED,
            "status": PaymentStatus.SUCCEEDED,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.pay_minor,
            "created_at": at,
            "effective_on": ROWS.c.paid_on,
            "recorded_at": at,
            "import_id": batch_id,
        },
        paid,
    )
    _insert_selected(
        session,
        PAYMENT_CHANGES,
        {
            "payment_id": PAYMENTS.c.id,
            "after": PaymentStatus.SUCCEEDED,
            "at": at,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
        },
        select().where(PAYMENTS.c.import_id == batch_id).order_by(PAYMENTS.c.id),
    )
    _insert_selected(
        session,
        CREDIT_ITEMS,
        {
            "account_id": ROWS.c.account_id,
            "kind": CreditKind.PAYMENT,
            "source": ROWS.c.payment_public_id,
            "currency": ROWS.c.currency,
            "amount_minor": ROWS.c.pay_minor,
            "unapplied_minor": 0,
            "effective_on": ROWS.c.paid_on,
            "import_id": batch_id,
            "recorded_at": at,
        },
        paid,
    )
    _insert_selected(
        session,
        ALLOCATIONS,
        {
            "account_id": ROWS.c.account_id,
            "credit_item_id": CREDIT_ITEMS.c.id,
            "invoice_id": ROWS.c.invoice_id,
            "amount_minor": ROWS.c.pay_minor,
            "effective_on": ROWS.c.paid_on,
            "recorded_at": at,
        },
        paid.join_from(
            ROWS,
            CREDIT_ITEMS,
            (CREDIT_ITEMS.c.kind == CreditKind.PAYMENT) & (CREDIT_ITEMS.c.source == ROWS.c.payment_public_id),
        ),
    )
    settled = select(ROWS.c.invoice_id).where(ROWS.c.batch_id == batch_id, IS_PAID)
    session.execute(update(INVOICES).where(INVOICES.c.id.in_(settled)).values(open_minor=0))


def _insert_selected(session: Session, table: Any, values: dict[str, Any], where: Select[Any]) -> None:
    """INSERT … SELECT: each column of `values` an expression over the selected rows, or the same value for all."""
    columns = [
        value if hasattr(value, "comparator") else literal(value, table.c[name].type) for name, value in values.items()
    ]
    session.execute(insert(table).from_select(list(values), where.add_columns(*columns)))
