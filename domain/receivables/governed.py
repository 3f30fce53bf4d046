"""Governed: which version of the terms an invoice follows, and how many open ones follow which."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus


def version_of(session: Session, invoice_id: int) -> int | None:
    """The id of the version that the invoice follows, or what a debit note is on top of; None where it is none."""
    parent = aliased(Invoice)
    return session.scalar(
        select(func.coalesce(parent.terms_version_id, Invoice.terms_version_id))
        .select_from(Invoice)
        .outerjoin(parent, parent.id == Invoice.parent_id)
        .where(Invoice.id == invoice_id)
    )


def is_governed(session: Session, account_id: int, version_id: int) -> bool:
    """Whether an invoice of the account follows the version."""
    wanted = select(Invoice.id).where(Invoice.account_id == account_id, Invoice.terms_version_id == version_id)
    return session.scalar(wanted.limit(1)) is not None


def open_by_version(session: Session, account_id: int) -> dict[int | None, int]:
    """How many open invoices follow each version (None: none), the newest version first; debit notes not counted."""
    rows = session.execute(
        select(Invoice.terms_version_id, func.count())
        .where(
            Invoice.account_id == account_id,
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.open_minor > 0,
        )
        .group_by(Invoice.terms_version_id)
    )
    counted: dict[int | None, int] = {row[0]: row[1] for row in rows}
    return dict(sorted(counted.items(), key=lambda each: each[0] or 0, reverse=True))
