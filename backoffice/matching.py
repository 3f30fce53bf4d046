"""Matching: an uploaded file's columns and ours, in a form that starts with what was used last time or is likely."""

from __future__ import annotations

from datetime import date

from domain.importing import dates
from domain.importing.guessing import FORMATS, Look
from domain.importing.mapping import REQUIRED, BookedAs, FileMapping, Ours
from domain.importing.problems import visible
from domain.shared.errors import N_
from web.forms import Form
from web.visit import AnyRequest

OURS_WORDS = {
    Ours.ACCOUNT_NUMBER: N_("Account number"),
    Ours.INVOICE_NUMBER: N_("Invoice number"),
    Ours.ISSUED_ON: N_("Issued on"),
    Ours.DUE_ON: N_("Due on"),
    Ours.AMOUNT: N_("Amount, tax included"),
    Ours.PAID_ON: N_("Paid in full on"),
    Ours.ACCOUNT_NAME: N_("Account name"),
    Ours.EMAIL: N_("Email"),
    Ours.PHONE: N_("Phone"),
    Ours.COUNTRY: N_("Country"),
    Ours.LANGUAGE: N_("Language"),
    Ours.TIME_ZONE: N_("Time zone"),
    Ours.CURRENCY: N_("Currency"),
    Ours.NET: N_("Net amount"),
    Ours.TAX: N_("Tax"),
    Ours.DESCRIPTION: N_("Description"),
    Ours.PURCHASE_ORDER: N_("Purchase order"),
    Ours.DELIVERED_ON: N_("Delivered on"),
}
"""What each of our columns is called in the form."""
FILE_FIELDS = ("date", "currency", "decimal", "encoding", "separator", "sheet")
TAB = "tab"
"""How a tab is written in a form."""
EXAMPLE = date(2026, 11, 21)
FIRST_ROWS = 5
SHOWN = 30
"""Characters of a cell that are shown."""


def starting_form(request: AnyRequest, look: Look, remembered: FileMapping | None, currency: str) -> Form:
    """The form as it is shown first: as such a file was matched last time, or else guessed."""
    if remembered is not None:
        values = remembered.as_values()
        file, columns, booked = values["file"], values["columns"], values["booking"]
    else:
        guessed = {"date": look.date or "", "decimal": look.decimal or ""}
        file, columns, booked = guessed, {ours.value: theirs for ours, theirs in look.columns.items()}, {}
    if Ours.CURRENCY not in columns:
        file = {"currency": currency, **file}
    typed = {name: str(file.get(name, "")) for name in FILE_FIELDS}
    typed["separator"] = TAB if typed["separator"] == "\t" else typed["separator"]
    typed |= {f"column-{ours}": theirs for ours, theirs in columns.items()}
    typed["as"] = str(booked.get("as", BookedAs.SALES.value))
    if booked.get("invite"):
        typed["invite"] = "yes"
    return Form.starting(request, **typed)


def read_mapping(form: Form) -> FileMapping:
    """The mapping that the form says; Invalid with the form's own field otherwise."""
    columns = {ours.value: theirs for ours in Ours if (theirs := form.value(f"column-{ours}").strip())}
    file = {name: typed for name in FILE_FIELDS if (typed := form.value(name).strip())}
    if file.get("separator") == TAB:
        file["separator"] = "\t"
    if Ours.CURRENCY in columns:
        file.pop("currency", None)
    booked = {"as": form.value("as") or BookedAs.SALES.value, "invite": form.ticked("invite")}
    with form.reading():
        if not file.get("date"):
            form.refuse("date", N_("Choose how the file writes its dates."))
        for ours in REQUIRED:
            if ours not in columns:
                form.refuse(f"column-{ours}", N_("Choose the column that has it."))
    return FileMapping.from_values({"file": file, "columns": columns, "booking": booked})


def date_choices(form: Form) -> list[tuple[str, str]]:
    """The ways to write a date, each by an example."""
    chosen = form.value("date")
    known = [*FORMATS, *([chosen] if chosen and chosen not in FORMATS and dates.is_format(chosen) else [])]
    return [(one, EXAMPLE.isoformat() if one == dates.ISO else EXAMPLE.strftime(one)) for one in known]


def column_choices(look: Look) -> list[tuple[str, str]]:
    """Their columns, each once, each with what stands in it first."""
    choices: dict[str, str] = {}
    for place, header in enumerate(look.headers):
        sample = next((row[place] for row in look.rows if place < len(row) and row[place].strip()), "")
        if header.isprintable() and header and header not in choices:
            choices[header] = f"{header} ({visible(sample[:SHOWN])})" if sample else header
    return list(choices.items())


def beginning(look: Look) -> tuple[list[str], list[list[str]]]:
    """The names of the columns and the first rows, with what has no shape on a screen made visible."""
    rows = [[visible(cell[:SHOWN]) for cell in row] for row in look.rows[:FIRST_ROWS]]
    return [visible(header) for header in look.headers], rows
