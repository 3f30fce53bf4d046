"""Keeping: reports made ahead: where the books are long, they and the rows behind their numbers are made in the
background, kept, and shown from there.
"""

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
from domain.reporting.sheets.ordering import home_first
from domain.reporting.sheets.plain import from_plain, to_plain
from domain.reporting.sheets.report import Report
from domain.reporting.sheets.values import Sheet
from domain.shared.db.session import Database, business, now
from domain.shared.errors import NotFound

FRESH = timedelta(minutes=30)
"""So long a kept report is shown without making it again."""
PATIENCE = timedelta(minutes=10)
"""After so long without an answer a report may be asked for again."""
FORGOTTEN = timedelta(days=2)
"""Kept reports that are older are removed."""
SMALL_BOOKS = 30_000
"""Up to so many invoices every report is made while somebody waits."""
LONGEST_KEY = 300
SHOWN = 500
"""So many rows are shown behind a number; the file has them all."""


class MakeReport(sending.Message, frozen=True):
    """Make a report that somebody waits for, or the rows `behind` one of its numbers, and keep it."""

    kind: ClassVar[str] = "make_report"

    name: str
    fields: dict[str, str]
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A sheet and when it was made."""

    sheet: Sheet
    made_at: datetime


def is_slow(session: Session) -> bool:
    """Whether reports take too long to be made while somebody waits: the books are long."""
    return (session.scalar(select(func.max(Invoice.id))) or 0) > SMALL_BOOKS


def made(session: Session, report: Report, asked: Asked, *, behind: bool = False, most: int | None = SHOWN) -> Sheet:
    """The report, or the rows `behind` one of its numbers, at most so many; made now."""
    if not behind:
        sheet = report.make(session, asked)
    elif report.rows is None:
        raise NotFound
    else:
        sheet = report.rows(session, asked, most)
    return home_first(sheet, business(session).currency)


def kept(session: Session, report: Report, asked: Asked, *, behind: bool = False) -> Kept | None:
    """The report, or the rows behind a number, as it was made for the same not long ago; None where it was not."""
    row = session.execute(
        select(KEPT_REPORTS.c.body, KEPT_REPORTS.c.made_at)
        .where(
            KEPT_REPORTS.c.name == _named(report, behind),
            KEPT_REPORTS.c.asked == _key(asked),
            KEPT_REPORTS.c.made_at >= now(session) - FRESH,
        )
        .order_by(KEPT_REPORTS.c.made_at.desc(), KEPT_REPORTS.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Kept(from_plain(row.body), row.made_at)


def ask_for(session: Session, report: Report, asked: Asked, *, behind: bool = False) -> None:
    """Have it made in the background, once for everybody who waits for the same."""
    waits = _waiting(_named(report, behind))
    asked_lately = select(KEPT_REPORTS.c.id).where(
        KEPT_REPORTS.c.name == waits,
        KEPT_REPORTS.c.asked == _key(asked),
        KEPT_REPORTS.c.made_at >= now(session) - PATIENCE,
    )
    if session.execute(asked_lately.limit(1)).first() is None:
        _put(session, waits, asked, {}, now(session))
        sending.add(session, MakeReport(report.name, asked.fields, behind))


def make_and_keep(database: Database, report: Report, fields: dict[str, str], *, behind: bool = False) -> None:
    """Make the report, or rows, for these from one moment of the books, and keep it in place of what was kept of it.

    It is made before the transaction that keeps it, so that nobody who writes waits for it. Old ones are removed.
    """
    asked = from_fields(fields)
    with database.reading() as session:
        made_at, sheet = now(session), made(session, report, asked, behind=behind)
    with database.transaction() as session:
        _replace(session, _named(report, behind), asked, to_plain(sheet), made_at)


def _replace(session: Session, name: str, asked: Asked, body: dict[str, object], made_at: datetime) -> None:
    of_the_same = KEPT_REPORTS.c.name.in_([name, _waiting(name)]) & (KEPT_REPORTS.c.asked == _key(asked))
    session.execute(delete(KEPT_REPORTS).where(of_the_same | (KEPT_REPORTS.c.made_at < now(session) - FORGOTTEN)))
    _put(session, name, asked, body, made_at)


def _put(session: Session, name: str, asked: Asked, body: dict[str, object], made_at: datetime) -> None:
    session.execute(insert(KEPT_REPORTS).values(name=name, asked=_key(asked), body=body, made_at=made_at))


def _named(report: Report, behind: bool) -> str:
    """Under which name it is kept."""
    return f"{report.name}/rows" if behind else report.name


def _waiting(name: str) -> str:
    """Under which name it is written down that something was asked for."""
    return f"{name}:asked"


def _key(asked: Asked) -> str:
    """What was asked for in one line; where that is too long, its fingerprint."""
    return asked.text if len(asked.text) <= LONGEST_KEY else sha256(asked.text.encode()).hexdigest()
