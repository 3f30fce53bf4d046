"""Exporting: the tax that can be claimed back today, as CSV for whoever does the tax return."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, csv_row, safe_cell
from domain.write_offs import queries, relief
from domain.write_offs.queries import View

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    N_("Account"),
    N_("Name"),
    N_("Invoice"),
    N_("Issued"),
    N_("Due"),
    N_("Can be claimed from"),
    N_("Until"),
    N_("Written off"),
    N_("Tax"),
    N_("Currency"),
)


def relief_csv(session: Session, speaking: Speaking) -> Iterator[bytes]:
    """A row for each write-off with tax to claim, the newest first; days in ISO 8601, amounts with a decimal point."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in COLUMNS])).encode()
    for row in queries.write_offs(session, View.RELIEF_DUE):
        first, last = relief.days_of(session, row) or ("", None)
        cells = [
            safe_cell(row.account_number),
            safe_cell(row.account_name),
            safe_cell(row.invoice_number),
            str(row.issued_on),
            str(row.due_on),
            str(first),
            str(last or ""),
            str(Money(row.left_minor, row.currency).decimal),
            str(relief.claimable(row).decimal),
            row.currency,
        ]
        yield csv_row(cells).encode()
