"""Journal: hledger and beancount accept what we write, and arrive at our balances."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from domain.payments.snapshots import PayoutState
from domain.processing.reconciling.movements import reconcile_movement
from domain.processing.reconciling.payouts import reconcile_payout
from domain.reporting.journal import JournalFormat
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.clearing import a_movement, a_payout
from tests.support.fakes import FakeProcessor
from tests.support.journals import beancounts, hledgers, ours, written
from tests.support.paying import a_debt, open_page, succeed


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
    assert hledgers(written(books, JournalFormat.HLEDGER), program, tmp_path) == ours(books)


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
