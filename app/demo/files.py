"""Files: the CSV files that the demo's staff import, and which of their columns is which."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.importing.mapping import FileMapping
from domain.shared.money import Money

DAY = "%d/%m/%Y"
COLUMNS = {
    "account_number": "account",
    "invoice_number": "invoice",
    "issued_on": "issued",
    "due_on": "due",
    "amount": "amount",
    "paid_on": "paid",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file that is imported."""

    account: str
    invoice: str
    issued_on: date
    due_on: date
    amount: Money
    paid_on: date | None


def mapping_of(booked_as: str) -> FileMapping:
    """How these files are read."""
    file = {"date": DAY, "currency": "GBP", "decimal": "."}
    return FileMapping.from_values({"file": file, "columns": COLUMNS, "booking": {"as": booked_as}})


def written(rows: Iterable[Row]) -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS.values())
    for row in rows:
        days = [day.strftime(DAY) if day else "" for day in (row.issued_on, row.due_on, row.paid_on)]
        writer.writerow([row.account, row.invoice, days[0], days[1], str(row.amount.decimal), days[2]])
    return text.getvalue().encode()
