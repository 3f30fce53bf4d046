"""Bank columns: which column of a bank's table is which, in a form that starts as it was last, or is likely."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.banking import queries
from domain.banking.columns import ISO, BankColumns, Column
from domain.banking.files import TableLook
from domain.importing import dates
from domain.importing.guessing import FORMATS
from domain.importing.problems import visible
from domain.shared.errors import N_, Invalid
from web.forms import Form
from web.visit import AnyRequest

COLUMN_WORDS = {
    Column.BOOKED_ON: N_("Day of booking"),
    Column.AMOUNT: N_("Amount, with its sign"),
    Column.DEBIT: N_("Paid out (debit)"),
    Column.CREDIT: N_("Paid in (credit)"),
    Column.BALANCE: N_("Balance"),
    Column.VALUE_ON: N_("Value date"),
    Column.CURRENCY: N_("Currency"),
    Column.TEXT: N_("Remittance information"),
    Column.NAME: N_("Name of the payer or payee"),
    Column.COUNTERPARTY: N_("Their bank account"),
    Column.REFERENCE: N_("Reference"),
    Column.BANK_REF: N_("The bank's reference"),
    Column.CODE: N_("Type"),
}
"""What each column is called in the form."""
REQUIRED = (Column.BOOKED_ON, Column.AMOUNT, Column.DEBIT, Column.CREDIT, Column.BALANCE)
"""Those that are asked first: the day, and the amount or its two sides; the balance proves that nothing is missing."""
FILE_FIELDS = ("account", "currency", "date", "decimal", "encoding", "separator")
TAB = "tab"
"""How a tab is written in a form."""
EXAMPLE = date(2026, 11, 21)
SHOWN = 30
"""Characters of a cell that are shown."""


def remembered(session: Session, look: TableLook) -> BankColumns | None:
    """How a table with these columns was read last; None where there was none."""
    for row in queries.bank_accounts(session):
        known = BankColumns.from_values(row.columns) if row.columns else None
        if known is not None and set(known.columns.values()) <= set(look.headers):
            return known
    return None


def starting_form(request: AnyRequest, look: TableLook, known: BankColumns | None, currency: str) -> Form:
    """The form as it is shown first: as such a table was read last time, or else guessed."""
    if known is not None:
        values = known.as_values()
    else:
        guessed = {ours.value: theirs for ours, theirs in look.columns.items()}
        values = {"currency": currency, "columns": guessed, "date": look.date, "decimal": look.decimal}
    typed = {name: str(values.get(name) or "") for name in FILE_FIELDS}
    typed["separator"] = TAB if typed["separator"] == "\t" else typed["separator"]
    typed |= {f"column-{ours}": theirs for ours, theirs in values["columns"].items()}
    return Form.starting(request, **typed)


def read_columns(form: Form) -> BankColumns:
    """The columns that the form says; Invalid with the form's own field otherwise."""
    values = {name: typed for name in FILE_FIELDS if (typed := form.value(name).strip())}
    if values.get("separator") == TAB:
        values["separator"] = "\t"
    with form.reading():
        values["account"] = "".join(
            form.text("account", longest=40, missing=N_("Enter the number of our bank account.")).split()
        ).upper()
        if not values.get("date"):
            form.refuse("date", N_("Choose how the file writes its dates."))
    columns = {ours.value: theirs for ours in Column if (theirs := form.value(f"column-{ours}").strip())}
    try:
        return BankColumns.from_values({**values, "columns": columns})
    except Invalid as refused:
        if refused.field in set(Column) and refused.field != "currency":
            refused.field = f"column-{refused.field}"
        raise


def date_choices(form: Form) -> list[tuple[str, str]]:
    """The ways to write a date, each by an example."""
    chosen = form.value("date")
    known = [*FORMATS, *([chosen] if chosen and chosen not in FORMATS and dates.is_format(chosen) else [])]
    return [(one, EXAMPLE.isoformat() if one == ISO else EXAMPLE.strftime(one)) for one in known]


def column_choices(look: TableLook) -> list[tuple[str, str]]:
    """Their columns, each once, each with what stands in it first."""
    choices: dict[str, str] = {}
    for place, header in enumerate(look.headers):
        sample = next((row[place] for row in look.rows if place < len(row) and row[place].strip()), "")
        if header.isprintable() and header and header not in choices:
            choices[header] = f"{header} ({visible(sample[:SHOWN])})" if sample else header
    return list(choices.items())
