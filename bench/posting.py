"""Posting a payment, one per commit: the ledger with its lock, against the same statements in raw SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.databases import new_database, opened
from bench.driver import connect, on_sqlite, written_for
from bench.measuring import Pairs, Side, Turn, in_turns
from domain.accounts import queries as accounts
from domain.accounts.opening import open_account
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.money import Money

ACCOUNTS = 20
A_TURN = 300
"""Payments in one turn of a side."""
DAY = date(2026, 3, 16)
PENCE = 12_000

ACCOUNT = """SELECT id, number, name, legal_form, currency, language, time_zone, country, email, phone, address,
    terms_days, search_text, created_at FROM account WHERE id = ? FOR UPDATE"""
HEAD = """SELECT id, key, currency, head_seq, head_hash, balance, closed_through FROM ledger_stream
    WHERE key = ? FOR UPDATE"""
ENTRY = """INSERT INTO journal_entry (stream_id, seq, kind, source, effective_on, occurred_on, recorded_at,
        account_id, reverses_id, prev_hash, hash)
    VALUES (?, ?, 'card_payment', ?, ?, NULL, ?, ?, NULL, ?, ?) ON CONFLICT (kind, source) DO NOTHING RETURNING id"""
LEG = "INSERT INTO posting (entry_id, line, ledger_account, account_id, currency, amount) VALUES (?, ?, ?, ?, ?, ?)"
MOVE = "UPDATE ledger_stream SET head_seq = ?, head_hash = ?, balance = ? WHERE id = ?"


def compare(engine: str, folder: Path, progress: Callable[[], None]) -> Pairs:
    """Post payments in turns, each side in a database of its own on the same server."""
    ours, bare = (new_database(engine, folder, name) for name in ("posting_ours", "posting_bare"))
    for url in (ours, bare):
        _open_accounts(url)
    with opened(ours) as database, closing(connect(bare)) as connection:
        return in_turns(_posting(database), _raw_posting(connection, bare), progress)


def _open_accounts(url: str) -> None:
    with opened(url) as database, database.transaction() as session:
        for number in range(1, ACCOUNTS + 1):
            open_account(session, number=f"A-{number}", name=f"Customer {number}", currency="GBP", actor=OPERATOR)


def _numbered() -> Iterator[tuple[int, str]]:
    """Which account pays next, and the source of its entry."""
    for number in count():
        yield number % ACCOUNTS + 1, f"payment:{number:026}"


def _timed(act: Callable[[int, str], None]) -> Side:
    payments = _numbered()

    def turn() -> Turn:
        each, began = [], perf_counter()
        for _ in range(A_TURN):
            account_id, source = next(payments)
            started = perf_counter()
            act(account_id, source)
            each.append(perf_counter() - started)
        return Turn(perf_counter() - began, each)

    return turn


def _posting(database: Database) -> Side:
    def pay(account_id: int, source: str) -> None:
        amount = Money(PENCE, "GBP")
        with database.transaction() as session:
            account = accounts.lock(session, account_id)
            post(
                session,
                kind=EntryKind.CARD_PAYMENT,
                source=source,
                effective_on=DAY,
                legs=[
                    debit(LedgerAccount.AWAITING_SETTLEMENT, amount),
                    credit(LedgerAccount.RECEIVABLE, amount, account_id=account.id),
                ],
            )

    return _timed(pay)


def _raw_posting(connection: Any, url: str) -> Side:
    """The statements alone: no chain is computed, no balance checked, whatever goes wrong is not looked for."""
    begin = "BEGIN IMMEDIATE" if on_sqlite(url) else ""
    account_of, head_of, entry_of, leg_of, move = (
        written_for(url, statement) for statement in (ACCOUNT, HEAD, ENTRY, LEG, MOVE)
    )
    at = "2026-03-16 12:00:00.000000"

    def pay(account_id: int, source: str) -> None:
        cursor = connection.cursor()
        if begin:
            cursor.execute(begin)
        cursor.execute(account_of, (account_id,)).fetchone()
        stream, _, currency, seq, prev, balance, _ = cursor.execute(head_of, (f"account:{account_id}",)).fetchone()
        hashed = sha256(prev).digest()
        entry = (stream, seq + 1, source, DAY.isoformat(), at, account_id, prev, hashed)
        (entry_id,) = cursor.execute(entry_of, entry).fetchone()
        legs = [
            (entry_id, 1, "receipts_awaiting_settlement", None, currency, PENCE),
            (entry_id, 2, "receivable", account_id, currency, -PENCE),
        ]
        cursor.executemany(leg_of, legs)
        cursor.execute(move, (seq + 1, hashed, balance - PENCE, stream))
        connection.commit()

    return _timed(pay)
