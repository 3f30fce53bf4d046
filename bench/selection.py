"""The nightly selection: who gets which reminder of 100,000 customers, against one statement written by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import insert

from bench.databases import get_to_know, new_database, opened
from bench.driver import connect, on_sqlite
from bench.measuring import Pairs, Side, Turn, in_turns
from domain.accounts.model import ACCOUNTS, LegalForm
from domain.dunning.model import STAGES
from domain.dunning.rules import sequences
from domain.dunning.selecting import due_accounts
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, Sections
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.base import Base
from domain.shared.db.session import Database, now, today
from tests.support.policies import a_policy

CUSTOMERS = 100_000
EACH = 3
"""Open invoices of a customer."""
STEPS = (
    DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
    DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
    DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=5),
    DunningStep(day=30, channel=Channel.EMAIL, wording=Wording.DEMAND, gap_days=7),
    DunningStep(day=45, channel=Channel.LETTER, wording=Wording.FINAL_NOTICE, gap_days=7),
)
PORTION = 5_000
INVOICES = Base.metadata.tables[Invoice.__tablename__]

BY_HAND = """
SELECT a.id, a.time_zone, a.legal_form, a.country, max(d.step)
FROM (
    SELECT i.account_id,
        CASE WHEN i.due_on >= :d0 AND i.due_on <= :d0 AND coalesce(s.day, -99) < 0 THEN 0
             WHEN i.due_on > :d0 AND i.due_on <= :dm3 AND coalesce(s.day, -99) < -3 THEN -3
             WHEN i.due_on <= :d7 AND coalesce(s.day, -99) < 7 THEN 7
             WHEN i.due_on <= :d14 AND s.day >= 7 AND s.day < 14 AND s.reached_on <= :g5 THEN 14
             WHEN i.due_on <= :d30 AND s.day >= 14 AND s.day < 30 AND s.reached_on <= :g7 THEN 30
             WHEN i.due_on <= :d45 AND s.day >= 30 AND s.day < 45 AND s.reached_on <= :g7 THEN 45
        END AS step
    FROM invoice i LEFT JOIN dunning_stage s ON s.invoice_id = i.id
    WHERE i.open_minor > 0 AND i.status = 'issued' AND i.due_on <= :dm3
        AND (s.looked_on IS NULL OR s.looked_on < :d0)
) d JOIN account a ON a.id = d.account_id
WHERE d.step IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account_id = d.account_id AND n.decided_on = :d0)
GROUP BY a.id, a.time_zone, a.legal_form, a.country
"""
"""What `due_accounts` asks, where one policy rules everybody: written by hand for this sequence alone."""


def compare(engine: str, folder: Path, progress: Callable[[], None]) -> Pairs:
    """Select in turns, both sides in one database; both have to find the same accounts with the same steps."""
    url = new_database(engine, folder, "selection")
    with opened(url) as database, closing(connect(url)) as connection:
        _fill(database)
        get_to_know(database.bind)  # type: ignore[arg-type]
        ours, by_hand = _ours(database), _by_hand(database, connection, url)
        if (found := ours()) != by_hand():
            raise RuntimeError("both sides have to find the same")
        if not found:
            raise RuntimeError("nothing was selected")
        return in_turns(_timed(ours), _timed(by_hand), progress)


def _timed(side: Callable[[], object]) -> Side:
    def turn() -> Turn:
        began = perf_counter()
        side()
        taken = perf_counter() - began
        return Turn(taken, [taken])

    return turn


def _ours(database: Database) -> Callable[[], list[int]]:
    def select() -> list[int]:
        with database.reading() as session:
            return [due.account_id for due in due_accounts(session, sequences(session, today(session)), today(session))]

    return select


def _by_hand(database: Database, connection: Any, url: str) -> Callable[[], list[int]]:
    with database.reading() as session:
        day = today(session)
    days = {"d0": 0, "dm3": -3, "d7": 7, "d14": 14, "d30": 30, "d45": 45, "g5": 5, "g7": 7}
    values: dict[str, object] = {name: day - timedelta(days=number) for name, number in days.items()}
    statement = BY_HAND
    if on_sqlite(url):
        values = {name: str(value) for name, value in values.items()}
    else:
        statement = re.sub(r":(\w+)", r"%(\1)s", BY_HAND)

    def select() -> list[int]:
        return sorted(row[0] for row in connection.execute(statement, values).fetchall())

    return select


def _fill(database: Database) -> None:
    """Customers whose invoices are due from sixty days ago to thirty days ahead, most reminded as they should."""
    with database.transaction() as session:
        a_policy(session, Sections(dunning=Dunning(steps=STEPS)))
        day, at = today(session), now(session)
        for table, rows in ((ACCOUNTS, _accounts(at)), (INVOICES, _invoices(day, at)), (STAGES, _stages(day))):
            while portion := list(islice(rows, PORTION)):
                session.execute(insert(table), portion)


def _accounts(at: datetime) -> Iterator[dict[str, object]]:
    for number in range(1, CUSTOMERS + 1):
        yield {
            "id": number,
            "number": f"A-{number}",
            "name": f"Customer {number}",
            "legal_form": LegalForm.COMPANY,
            "currency": "GBP",
            "language": "en",
            "time_zone": "Europe/London",
            "terms_days": 30,
            "search_text": f"customer {number}",
            "created_at": at,
        }


def _due_on(number: int, day: date) -> date:
    return day + timedelta(days=number * 7 % 91 - 60)


def _invoices(day: date, at: datetime) -> Iterator[dict[str, object]]:
    for number in range(1, CUSTOMERS * EACH + 1):
        due_on = _due_on(number, day)
        yield {
            "id": number,
            "account_id": (number - 1) // EACH + 1,
            "kind": InvoiceKind.INVOICE,
            "number": f"INV-{number}",
            "status": InvoiceStatus.ISSUED,
            "issued_on": due_on - timedelta(days=30),
            "due_on": due_on,
            "currency": "GBP",
            "amount_minor": 12_000,
            "tax_minor": 2_000,
            "open_minor": 12_000,
            "recorded_at": at,
        }


def _stages(day: date) -> Iterator[dict[str, object]]:
    """All that was due by yesterday was done then, but for one invoice in ten."""
    yesterday = day - timedelta(days=1)
    for number in range(1, CUSTOMERS * EACH + 1):
        late = (yesterday - _due_on(number, day)).days
        done = [step.day for step in STEPS if step.day <= late]
        if done and number % 10:
            reached = _due_on(number, day) + timedelta(days=done[-1])
            yield {
                "invoice_id": number,
                "account_id": (number - 1) // EACH + 1,
                "day": done[-1],
                "reached_on": reached,
                "looked_on": reached,
            }
