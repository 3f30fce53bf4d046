"""Journals: what hledger and beancount make of the journal that we write for them, beside our own balances."""

from __future__ import annotations

import csv
import io
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core.data import Transaction

from domain.ledger.balances import trial_balance
from domain.reporting.journal import JournalFormat, journal
from domain.shared.db.session import Database

Balances = dict[tuple[str, str], Decimal]


def written(db: Database, form: JournalFormat, **bounds: Any) -> str:
    """The journal as one text."""
    with db.reading() as session:
        return "".join(f"{line}\n" for line in journal(session, form, **bounds))


def ours(db: Database) -> Balances:
    """What stands on each of our ledger accounts."""
    with db.reading() as session:
        lines = trial_balance(session)
    return {(line.ledger_account.value, line.balance.currency): line.balance.decimal for line in lines if line.balance}


def added_up(postings: Iterable[tuple[str, str, Decimal]]) -> Balances:
    """The sum of each ledger account and currency, but for those that come to nothing."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for name, currency, amount in postings:
        sums[name, currency] += amount
    return {key: total for key, total in sums.items() if total}


def beancounts(text: str) -> Balances:
    """What beancount makes of it, with customers' accounts added up; nothing may be wrong with it."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    found = []
    for entry in entries:
        for posting in entry.postings if isinstance(entry, Transaction) else ():
            name = posting.account.split(":")[1].lower().replace("-", "_")
            assert posting.units is not None
            assert isinstance(posting.units.number, Decimal)
            found.append((name, posting.units.currency, posting.units.number))
    return added_up(found)


def hledgers(text: str, program: str, folder: Path) -> Balances:
    """What hledger makes of it, with customers' accounts added up; its strict check must find nothing."""
    file = folder / "books.journal"
    file.write_text(text)
    checked = subprocess.run([program, "-f", file, "check", "--strict", "ordereddates"], check=False)
    assert checked.returncode == 0
    asked = [program, "-f", str(file), "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv"]
    table = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    rows = csv.DictReader(io.StringIO(table))
    return added_up((row["account"].split(":")[1], row["commodity"], Decimal(row["balance"])) for row in rows)
