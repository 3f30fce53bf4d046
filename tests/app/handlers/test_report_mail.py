"""Reports by mail: once for each day that is due, with the file, as far as the reader may see it that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import outbox
from app.handlers.report_mail import leave_due
from app.wired import Wired
from domain.reporting.brought.promises import PROMISES
from domain.reporting.kept.model import Cadence, ReportSchedule
from domain.reporting.schedules import scheduling
from domain.reporting.schedules.scheduling import Wanted
from domain.reporting.sheets import registry
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.shared.mail import Email
from domain.staff.changing import disable
from domain.staff.model import Role, StaffMember
from domain.staff.permissions import Permission
from domain.tasks.model import Task, TaskKind
from tests.support.audited import last_payload
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import a_member
from tests.support.outside import MemoryMail

FRIDAY = datetime(2026, 3, 13, 9, tzinfo=UTC)


def a_schedule(
    session: Session, member: StaffMember, *, file: str = "csv", report: str = "cash", **chosen: str
) -> ReportSchedule:
    """A report every Monday."""
    wanted = Wanted(report, file, Cadence.WEEKLY, member.id, chosen)
    return scheduling.schedule(session, wanted, made_by=member.id, actor=OPERATOR)


def worked(wired: Wired) -> int:
    """What is due is left in the outbox, and sent; how much was left."""
    left = leave_due(wired.database).done
    while outbox.handle_due(wired):
        pass
    return left


def mails(wired: Wired) -> list[Email]:
    """What was sent."""
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer.sent


@pytest.mark.parametrize(
    ("file", "begins"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")], ids=["csv", "xlsx", "pdf"]
)
def test_a_report_goes_out_once_each_monday_with_its_file(
    wired: Wired, clock: MovableClock, file: str, begins: bytes
) -> None:
    clock.move_to(FRIDAY)
    with wired.database.transaction() as session:
        member = a_member(session, Role.MANAGER)
        an_invoice(session, an_account(session), "120")
        made = a_schedule(session, member, file=file)
        email, schedule_id = member.email, made.id

    assert worked(wired) == 0
    clock.advance(days=3)
    assert worked(wired) == 1
    assert worked(wired) == 0
    (mail,) = mails(wired)

    (attached,) = mail.attachments
    assert (mail.to, mail.subject) == (email, "Cash expected")
    assert attached.filename == f"cash 2026-03-16.{file}"
    assert attached.content.startswith(begins)
    assert "/reports/cash?as_of=2026-03-16" in mail.text
    clock.advance(days=21)
    assert worked(wired) == 1
    assert len({each.message_id for each in mails(wired)}) == 2
    with wired.database.reading() as session:
        assert last_payload(session, "report.sent")["after"]["to"] == email
        (row,) = scheduling.running(session)
        assert (row.id, row.sent_on, row.next_on.isoformat()) == (schedule_id, today(session), "2026-04-13")


def test_whoever_has_left_or_may_not_see_it_gets_nothing(
    wired: Wired, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(FRIDAY)
    with wired.database.transaction() as session:
        left, collector = a_member(session, Role.MANAGER), a_member(session, Role.COLLECTOR)
        a_schedule(session, left)
        a_schedule(session, collector, report="promises", by="week")
        disable(session, left.id, actor=OPERATOR)
    secret = {**registry.REPORTS, "promises": replace(PROMISES, permission=Permission.SEE_SETTINGS)}
    monkeypatch.setattr(registry, "REPORTS", secret)

    clock.advance(days=3)
    assert worked(wired) == 2

    assert mails(wired) == []
    with wired.database.reading() as session:
        assert scheduling.running(session) == []
        assert len(scheduling.ended(session)) == 2
        assert "may not see it" in last_payload(session, "report.schedule_ended")["after"]["why"]


def test_one_that_cannot_be_made_leaves_a_task(
    wired: Wired, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move_to(FRIDAY)
    with wired.database.transaction() as session:
        a_schedule(session, a_member(session, Role.MANAGER), file="pdf")

    def no_paper(*_: object) -> bytes:
        raise OSError("no typesetter")

    monkeypatch.setattr(wired.renderer, "render", no_paper)
    clock.advance(days=3)
    worked(wired)
    for _ in range(30):
        clock.advance(hours=12)
        while outbox.handle_due(wired):
            pass

    assert mails(wired) == []
    with wired.database.reading() as session:
        assert session.scalars(select(Task.kind)).all() == [TaskKind.WORK_FAILED]


def test_what_makes_no_sense_is_refused(wired: Wired) -> None:
    with wired.database.transaction() as session:
        manager = a_member(session, Role.MANAGER)
        a_schedule(session, manager, report="promises", by="week")
        a_schedule(session, manager, report="promises", by="who")
        with pytest.raises(Conflict, match="already"):
            a_schedule(session, manager, report="promises", by="week")
        with pytest.raises(NotFound):
            a_schedule(session, manager, report="gossip")
        with pytest.raises(Invalid, match="format"):
            a_schedule(session, manager, file="doc")
        disable(session, manager.id, actor=OPERATOR)
        with pytest.raises(Invalid, match="somebody"):
            a_schedule(session, manager)
        with pytest.raises(NotFound):
            scheduling.end(session, 999, actor=OPERATOR)


def test_one_that_was_ended_is_not_sent(wired: Wired, clock: MovableClock) -> None:
    clock.move_to(FRIDAY)
    with wired.database.transaction() as session:
        made = a_schedule(session, a_member(session, Role.MANAGER))
        schedule_id = made.id
    clock.advance(days=3)
    assert leave_due(wired.database).done == 1
    with wired.database.transaction() as session:
        scheduling.end(session, schedule_id, actor=OPERATOR)
        scheduling.end(session, schedule_id, actor=OPERATOR)

    assert worked(wired) == 0
    assert mails(wired) == []


def test_a_report_that_takes_long_keeps_nothing_else_waiting(wired: Wired, clock: MovableClock) -> None:
    clock.move_to(FRIDAY)
    with wired.database.transaction() as session:
        a_schedule(session, a_member(session, Role.MANAGER))
    clock.advance(days=3)
    leave_due(wired.database)

    assert (outbox.handle_urgent(wired), outbox.handle_crowds(wired), outbox.handle_checks(wired)) == (0, 0, 0)
    assert outbox.handle_reports(wired) == 1
