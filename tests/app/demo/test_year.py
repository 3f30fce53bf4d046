"""A year of the company of the demo: what each step brought by which channel, and what was held back and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from app.demo.settings import Ports, demo_settings
from app.demo.telling import tell
from app.opening import opened_database
from domain.notices.model import HELD_BACK_NAMES, LIVE, HeldBack, Notice, NoticePart, NoticeStatus
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, Stop, StopLift
from tests.support.proving import Prove

MONTHS, YEAR = 12, timedelta(days=365)
WRITTEN = (Channel.EMAIL, Channel.SMS, Channel.LETTER, Channel.CALL)


@pytest.mark.faults
def test_a_year_over_the_company_has_every_step_every_channel_and_a_reason_for_all_that_was_held_back(
    tmp_path: Path, prove: Prove
) -> None:
    settings = demo_settings({"QUITTANCE_HOME": str(tmp_path)}, Ports(1, 2, 3, 4, 5))

    tell(settings, months=MONTHS, reminded=YEAR)

    with opened_database(settings) as database, database.reading() as session:
        print("\n" + "\n".join(by_step(session)) + "\n\n" + "\n".join(by_reason(session)))
        decided, held = _count(session, Notice.status.in_(LIVE)), _count(session, _HELD)
        days = session.scalar(select(func.count(Notice.decided_on.distinct())))
        assert _count(session, _HELD, Notice.why.is_(None)) == 0
        assert set(session.scalars(select(Notice.channel).distinct())) == set(WRITTEN)
        assert _untrue(session) == 0
    prove(8, f"a year over the demo's company: notices on {days} days", f"{decided:,} notices, {held:,} held back")


def by_step(session: Session) -> Iterator[str]:
    """How many notices of each step went by which channel, and how many were held back, as a table of Markdown."""
    yield "| Day | Notice | " + " | ".join(CHANNEL_NAMES[channel] for channel in WRITTEN) + " | Held back |"
    yield "|--:|---|" + "--:|" * (len(WRITTEN) + 1)
    steps = select(Notice.step_day, Notice.wording).distinct()
    rows = sorted(session.execute(steps).all(), key=lambda row: (row.step_day is None, row.step_day or 0, row.wording))
    for day, wording in rows:
        own = (Notice.wording == wording, Notice.step_day.is_(None) if day is None else Notice.step_day == day)
        went = (_count(session, *own, Notice.channel == channel, Notice.status.in_(LIVE)) for channel in WRITTEN)
        cells = [*(f"{count:,}" if count else "" for count in went), f"{_count(session, *own, _HELD):,}"]
        yield f"| {_day(day)} | {WORDING_NAMES[wording]} | " + " | ".join(cells) + " |"


def by_reason(session: Session) -> Iterator[str]:
    """How many notices were held back for each reason, and of how many a part was left out for it."""
    yield "| Held back because | Whole notices | Invoices left out of one |"
    yield "|---|--:|--:|"
    for why in HeldBack:
        whole = _count(session, _HELD, Notice.why == why)
        parts = select(func.count()).select_from(NoticePart).join(Notice, Notice.id == NoticePart.notice_id)
        left_out = session.scalar(parts.where(NoticePart.why == why, Notice.status.in_(LIVE))) or 0
        if whole or left_out:
            yield f"| {HELD_BACK_NAMES[why]} | {whole:,} | {left_out:,} |"


def _day(day: int | None) -> str:
    return "" if day is None else f"{day:+d}" if day else "0"


_HELD = Notice.status == NoticeStatus.SUPPRESSED


def _count(session: Session, *where: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Notice).where(*where)) or 0


def _untrue(session: Session) -> int:
    """Reminders that asked for the whole of an invoice on which a stop held all of it when they were decided."""
    held = (
        select(func.count())
        .select_from(NoticePart)
        .join(Notice, Notice.id == NoticePart.notice_id)
        .join(Stop, or_(Stop.invoice_id == NoticePart.invoice_id, Stop.invoice_id.is_(None)))
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(
            Notice.step_day.is_not(None),
            Notice.status.in_(LIVE),
            NoticePart.asked_minor > 0,
            Stop.account_id == Notice.account_id,
            Stop.kind.in_(kinds_that_hold(Held.CHASING)),
            Stop.amount_minor.is_(None),
            Stop.written_at < Notice.decided_at,
            Stop.from_on <= Notice.decided_on,
            or_(Stop.until_on.is_(None), Stop.until_on >= Notice.decided_on),
            or_(StopLift.id.is_(None), StopLift.lifted_at > Notice.decided_at),
        )
    )
    return session.scalar(held) or 0
