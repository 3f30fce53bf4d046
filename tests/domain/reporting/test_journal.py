"""Journal: hledger and beancount accept what we write, and arrive at our balances."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Transaction

from domain.ledger.balances import trial_balance
from domain.payments.snapshots import PayoutState
from domain.processing.reconciling_movements import reconcile_movement
from domain.processing.reconciling_payouts import reconcile_payout
from domain.reporting.journal import JournalFormat, journal
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.clearing import a_movement, a_payout
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page, succeed

Balances = dict[tuple[str, str], Decimal]


@pytest.fixture
def books(db: Database) -> Database:
    """Books with something of every kind: three currencies with different places, fees, a payout, odd names."""
    debt, processor = a_debt(db, "120", "30"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"))
    with db.transaction() as session:
        now = db.clock.now()
        for number, currency, amount in (('Y "1" | ;\\', "JPY", "5000"), ("K-1", "KWD", "12.345")):
            account = an_account(session, number=number, currency=currency)
            invoice = an_invoice(session, account, amount, issued_on=date(2026, 2, 3))
            a_receipt(session, account, amount, date(2026, 3, 1), invoice)
        reconcile_movement(session, a_movement(money("-2.50"), now))
        reconcile_movement(session, a_movement(Money(-7, "USD"), now, ref="txn_2", category="something_new"))
        reconcile_payout(session, a_payout(money("100"), now, PayoutState.PAID))
    return db


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


def test_beancount_accepts_it_and_arrives_at_our_balances(books: Database) -> None:
    assert beancounts(written(books, JournalFormat.BEANCOUNT)) == ours(books)


def test_bean_check_finds_nothing(books: Database, tmp_path: Path) -> None:
    file = tmp_path / "books.beancount"
    file.write_text(written(books, JournalFormat.BEANCOUNT))
    program = shutil.which("bean-check", path=str(Path(".venv/bin").resolve()))

    found = subprocess.run([program or "bean-check", file], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout + found.stderr) == (0, "")


def test_hledger_checks_it_strictly_and_arrives_at_our_balances(books: Database, tmp_path: Path) -> None:
    program = shutil.which("hledger")
    if program is None:
        pytest.skip("hledger is not on this machine: its journal is written and not read (apt-get install hledger)")
    file = tmp_path / "books.journal"
    file.write_text(written(books, JournalFormat.HLEDGER))

    checked = subprocess.run([program, "-f", file, "check", "--strict", "ordereddates"], check=False)
    asked = [program, "-f", str(file), "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv"]
    table = subprocess.run(asked, capture_output=True, text=True, check=True).stdout

    assert checked.returncode == 0
    rows = csv.DictReader(io.StringIO(table))
    found = [(row["account"].split(":")[1], row["commodity"], Decimal(row["balance"])) for row in rows]
    assert added_up(found) == ours(books)


@pytest.mark.parametrize("form", JournalFormat)
def test_the_same_books_give_the_same_text(books: Database, form: JournalFormat) -> None:
    assert written(books, form) == written(books, form)


@pytest.mark.parametrize("form", JournalFormat)
def test_a_journal_tells_no_name_and_keeps_to_its_days(books: Database, form: JournalFormat) -> None:
    march = written(books, form, first=date(2026, 3, 1), last=date(2026, 3, 1))

    assert "Harbour" not in written(books, form)
    assert march.count('imported_receipt"' if form is JournalFormat.BEANCOUNT else "imported_receipt  ;") == 2
    assert {line[:10] for line in march.splitlines() if line.startswith("2026")} == {"2026-03-01"}


@pytest.mark.parametrize("form", JournalFormat)
def test_empty_books_have_a_head_and_nothing_else(db: Database, form: JournalFormat) -> None:
    assert len(written(db, form).splitlines()) == 1
