"""Signed over: whether a plan was ever signed over an invoice, for queries over invoices."""

from __future__ import annotations

from sqlalchemy import ColumnElement, SQLColumnExpression, exists

from domain.plans.model import PlanInvoice


def is_signed_over(invoice_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether a plan was signed over it, whatever has become of that: what its parts say is what is open of it."""
    return exists().where(PlanInvoice.invoice_id == invoice_id, PlanInvoice.open_minor.is_not(None))
