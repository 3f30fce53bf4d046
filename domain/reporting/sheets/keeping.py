"""Keeping: reports made ahead: one that takes long is made in the background, kept, and shown from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from domain.outbox import sending
from domain.receivables.model import Invoice
from domain.reporting.kept.model import KEPT_REPORTS
from domain.reporting.sheets.asking import Asked, from_fields
from domain.reporting.sheets.plain import from_plain, to_plain
from domain.reporting.sheets.report import Report
from domain.reporting.sheets.values import Sheet
from domain.shared.db.session import Database, now

FRESH = timedelta(minutes=30)
"""So long a kept report is shown without making it again."""
PATIENCE = timedelta(minutes=10)
"""After so long without an answer a report may be asked for again."""
FORGOTTEN = timedelta(days=2)
"""Kept reports that are older are removed."""
SMALL_BOOKS = 30_000
"""Up to so many invoices every report is made while somebody waits."""
LONGEST_KEY = 300


class MakeReport(sending.Message, frozen=True):
    """Make a report that somebody waits for, and keep it."""

    kind: ClassVar[str] = "make_report"

    name: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet and when it was made."""

    sheet: Sheet
    made_at: datetime


def is_slow(session: Session, report: Report) -> bool:
    """Whether it takes too long to be made while somebody waits: it is heavy, and the books are long."""
    return report.heavy and (session.scalar(select(func.max(Invoice.id))) or 0) > SMALL_BOOKS


def kept(session: Session, report: Report, asked: Asked) -> Kept | None:
    """The report as it was made for the same not long ago; None where it was not."""
    row = session.execute(
        select(KEPT_REPORTS.c.body, KEPT_REPORTS.c.made_at)
        .where(
            KEPT_REPORTS.c.name == report.name,
            KEPT_REPORTS.c.asked == _key(asked),
            KEPT_REPORTS.c.made_at >= now(session) - FRESH,
        )
        .order_by(KEPT_REPORTS.c.made_at.desc(), KEPT_REPORTS.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Kept(from_plain(row.body), row.made_at)


def ask_for(session: Session, report: Report, asked: Asked) -> None:
    """Have it made in the background, once for everybody who waits for the same."""
    waits = _waiting(report)
    asked_lately = select(KEPT_REPORTS.c.id).where(
        KEPT_REPORTS.c.name == waits,
        KEPT_REPORTS.c.asked == _key(asked),
        KEPT_REPORTS.c.made_at >= now(session) - PATIENCE,
    )
    if session.execute(asked_lately.limit(1)).first() is None:
        _put(session, waits, asked, {}, now(session))
        sending.add(session, MakeReport(report.name, asked.fields))


def make_and_keep(database: Database, report: Report, fields: dict[str, str]) -> None:
    """Make the report for these from one moment of the books, and keep it in place of what was kept of the same.

    It is made before the transaction that keeps it, so that nobody who writes waits for it. Old ones are removed.
    """
    asked = from_fields(fields)
    with database.reading() as session:
        made_at, sheet = now(session), report.make(session, asked)
    with database.transaction() as session:
        _replace(session, report, asked, to_plain(sheet), made_at)


def _replace(session: Session, report: Report, asked: Asked, body: dict[str, object], made_at: datetime) -> None:
    session.execute(
        delete(KEPT_REPORTS).where(
            KEPT_REPORTS.c.name.in_([report.name, _waiting(report)]), KEPT_REPORTS.c.asked == _key(asked)
        )
    )
    session.execute(
        delete(KEPT_REPORTS).where(
            KEPT_REPORTS.c.name.in_([report.name, _waiting(report)]),
            KEPT_REPORTS.c.made_at < now(session) - FORGOTTEN,
        )
    )
    _put(session, report.name, asked, body, made_at)


def _put(session: Session, name: str, asked: Asked, body: dict[str, object], made_at: datetime) -> None:
    session.execute(insert(KEPT_REPORTS).values(name=name, asked=_key(asked), body=body, made_at=made_at))


def _waiting(report: Report) -> str:
    """Under which name it is written down that a report was asked for."""
    return f"{report.name}:asked"


def _key(asked: Asked) -> str:
    """What was asked for in one line; where that is too long, its fingerprint."""
    return asked.text if len(asked.text) <= LONGEST_KEY else sha256(asked.text.encode()).hexdigest()
