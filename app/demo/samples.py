"""Samples: files to try in the browser: the bank's next statement, and a remittance advice of Harbour Café's."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from app.demo.bank import iban_of
from app.demo.bank_file import camt053
from app.demo.cast import CHEQUE_NEW, HARBOUR, Habit
from app.demo.story import Story
from domain.receivables import queries as receivables
from domain.receivables.references import printed, reference_of
from domain.shared.money import Money

FOLDER = "to-try"
STATEMENT = "bank-statement.xml"
ADVICE = "remittance-advice.csv"
PAYERS = 5
"""How many customers pay with their payment reference in the sample."""


def write_samples(story: Story, home: Path, today: date) -> None:
    """Write the files from how things stand at the end of the story."""
    (home / FOLDER).mkdir(parents=True, exist_ok=True)
    (home / FOLDER / STATEMENT).write_bytes(_statement(story, today))
    (home / FOLDER / ADVICE).write_bytes(_advice(story))


def _statement(story: Story, today: date) -> bytes:
    """It repeats the last lines of the one before, and brings some of each sort: sure, likely, split, unknown."""
    bank = story.bank
    payers = [known for known in story.acts.known.values() if known.customer.habit in (Habit.BANK, Habit.BANK_LATE)]
    invoices = [(known, *found) for known in payers if (found := _oldest(story, known.account_id))]
    for known, invoice_id, number, amount in invoices[:PAYERS]:
        bank.comes(amount, today, known.customer.name, f"{number} {printed(reference_of(invoice_id))}", iban_of(known))
    for known, _, _, amount in invoices[PAYERS : PAYERS + 2]:
        bank.comes(amount, today, known.customer.name, "With thanks", iban_of(known))
    if len(both := invoices[PAYERS + 2 : PAYERS + 4]) > 1:
        words = " and ".join(number for _, _, number, _ in both)
        bank.comes(Money.sum((amount for *_, amount in both), "GBP"), today, "Ledger & Lane", f"For {words}")
    bank.comes(story.cheques[CHEQUE_NEW], today, "", "CHEQUE 000871 PAID IN")
    bank.comes(Money(8_640, "GBP"), today, "T OKONKWO", "Thank you")
    bank.comes(Money(-1_250, "GBP"), today, "Our bank", "Charges")
    return camt053(*bank.next_lines(), today)


def _advice(story: Story) -> bytes:
    """What Harbour Café's transfer is for: the two invoices that are due longest."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("Invoice", "Amount"))
    with story.acts.database.reading() as session:
        rows = receivables.open_invoices(session, story.known(HARBOUR).account_id)
    for row in rows[:2]:
        writer.writerow((row.number, Money(row.open_minor, row.currency).decimal))
    return out.getvalue().encode()


def _oldest(story: Story, account_id: int) -> tuple[int, str, Money] | None:
    """The invoice of an account in pounds that is open longest, and that no line of the bank names yet."""
    with story.acts.database.reading() as session:
        rows = receivables.open_invoices(session, account_id)
    free = [row for row in rows if row.currency == "GBP" and not story.bank.names(row.id)]
    return (free[0].id, free[0].number, Money(free[0].open_minor, "GBP")) if free else None
