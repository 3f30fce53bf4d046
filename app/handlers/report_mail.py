"""Report mail: a report that is due is made as its reader may see it that day, and mailed with its file."""

from __future__ import annotations

from app.handlers.failing import each_in_turn
from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.audit.recording import record
from domain.dunning.turns import Did
from domain.reporting.kept.model import CADENCE_NAMES, ReportSchedule
from domain.reporting.schedules import scheduling, sending
from domain.reporting.schedules.cadence import asked_on
from domain.reporting.schedules.sending import SendReport
from domain.reporting.sheets.asking import days_of
from domain.reporting.sheets.files import CSV, MEDIA_TYPES, PDF, sheet_csv, sheet_paper, sheet_workbook
from domain.reporting.sheets.keeping import made
from domain.reporting.sheets.registry import report_of
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, business
from domain.shared.mail import Attachment
from domain.staff import queries as staff
from web.localisation import SOURCE, supported

NOT_ALLOWED = "whoever got it may not see it any more"


def leave_due(database: Database) -> Did:
    """Leave the reports whose day has come in the outbox, each once; how many, and how many failed."""
    return each_in_turn(database, "reports by mail", "schedule", sending.due, sending.leave)


def send_report(wired: Wired, message: SendReport) -> None:
    """Make the report and mail it; where its reader has left, or may not see it any more, the schedule ends instead."""
    with wired.database.reading() as session:
        found = session.get_one(ReportSchedule, message.schedule_id)
        report, member = report_of(found.report), staff.active(session, found.staff_id)
        has_ended, format_, cadence = found.ended_at is not None, found.format, found.cadence
        asked = asked_on(report, cadence, message.day).having(**found.given)
        sheet = made(session, report, asked) if scheduling.may_get(report, member) and not has_ended else None
        ours = business(session)
    if has_ended:
        return
    if sheet is None or member is None:
        with wired.database.transaction() as session:
            scheduling.end(session, message.schedule_id, actor=WORKER, why=NOT_ALLOWED)
        return
    speaking = wired.letters.speaking(supported(member.language) or SOURCE)
    if format_ == CSV:
        content = b"".join(sheet_csv(sheet, speaking))
    elif format_ == PDF:
        made_at = wired.database.clock.now()
        content = sheet_paper(sheet, wired.renderer, ours, speaking, made_at=made_at, days=days_of(asked))
    else:
        content = sheet_workbook(sheet, speaking)
    attached = Attachment(f"{report.name} {message.day}.{format_}", content, MEDIA_TYPES[format_].partition(";")[0])
    office = wired.settings.office.public_url
    context = {
        "title": speaking.translate(report.words),
        "days": speaking.show(days_of(asked)),
        "cadence": speaking.translate(CADENCE_NAMES[cadence]),
        "name": member.name,
        "link": f"{office}{asked.href(report.name)}",
        "schedules": f"{office}/reports/schedules",
    }
    mark = f"report.{message.schedule_id}.{message.day}"
    send_letter(wired, "report", context, to=member.email, language=member.language, mark=mark, attachments=(attached,))
    with wired.database.transaction() as session:
        record(
            session,
            "report.sent",
            actor=WORKER,
            subject=(scheduling.SUBJECT, message.schedule_id),
            after={"report": report.name, "to": member.email, "format": format_, "day": message.day},
        )
