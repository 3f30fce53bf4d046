"""Due days: what they were before a later one was granted; the invoice itself bears the one that holds today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, case, cast, extract, func, select
from sqlalchemy.orm import Session

from domain.receivables.model import Extension, ExtensionCut, Invoice

SECONDS_OF_A_DAY = 86_400
EXTENSIONS = Extension.__table__.c
CUTS = ExtensionCut.__table__.c
ORIGINAL_DUE_ON: ColumnElement[date] = func.coalesce(Extension.was_due_on, Invoice.due_on)
"""For an outer join of invoices with their extension: the day that the invoice itself named, by which delay goes."""


def due_then(
    invoice_id: ColumnElement[int], due_on: ColumnElement[date], as_of: ColumnElement[date]
) -> ColumnElement[date]:
    """The due day as it stood at the end of `as_of`: without an extension that was granted, or cut, later."""
    granted_since = select(EXTENSIONS.was_due_on).where(
        EXTENSIONS.invoice_id == invoice_id, EXTENSIONS.granted_on > as_of
    )
    cut_since = (
        select(CUTS.was_due_on).where(CUTS.invoice_id == invoice_id, CUTS.cut_on > as_of).order_by(CUTS.id).limit(1)
    )
    return func.coalesce(granted_since.scalar_subquery(), cut_since.scalar_subquery(), due_on)


def extension_of(session: Session, invoice_id: int) -> Extension | None:
    """The later day that was granted for an invoice, if one was."""
    return session.scalars(select(Extension).where(Extension.invoice_id == invoice_id)).one_or_none()


def cuts_of(session: Session, invoice_id: int) -> Sequence[ExtensionCut]:
    """How the later day that was granted for an invoice was taken back or shortened, in turn."""
    cuts = select(ExtensionCut).where(ExtensionCut.invoice_id == invoice_id).order_by(ExtensionCut.id)
    return session.scalars(cuts).all()


def days_after(
    day: SQLColumnExpression[date] | SQLColumnExpression[date | None], later: SQLColumnExpression[date]
) -> ColumnElement[int]:
    """By how many days `later` is after `day`; 0 where it is not.

    Seconds since the epoch are what both databases make of a day in the same words.
    """
    seconds = cast(extract("epoch", later), BigInteger) - cast(extract("epoch", day), BigInteger)
    return case((later > day, seconds // SECONDS_OF_A_DAY), else_=0)
