"""Credited lines: which line of its invoice a credit note is about, to choose from and to read from a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from domain.receivables import queries as receivables
from domain.shared.errors import N_
from domain.shared.money import Money
from web.forms import Form

LINE: Final = "line"
"""The field that names it; left empty, the credit note is about the invoice as a whole."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line that can be chosen, tax included in its `total`."""

    id: int
    description: str
    total: Money
    tax: Money


def lines_of(session: Session, invoice_id: int, currency: str) -> list[LineView]:
    """The lines to choose from; none where an invoice has only one, whose tax is that of the whole."""
    rows = receivables.lines(session, invoice_id)
    if len(rows) < 2:
        return []
    return [
        LineView(
            id=row.id,
            description=row.description,
            total=Money(row.amount_minor + row.tax_minor, currency),
            tax=Money(row.tax_minor, currency),
        )
        for row in rows
    ]


def read_line(form: Form, lines: list[LineView]) -> int | None:
    """The line that was chosen; None for the invoice as a whole. For use inside `form.reading()`."""
    if not form.value(LINE):
        return None
    return form.choice(LINE, {str(line.id): line.id for line in lines}, missing=N_("Choose a line of this invoice."))
