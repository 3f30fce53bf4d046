"""Report schedules: which reports are mailed to whom and how often; making one, and ending it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from domain.reporting.kept.model import CADENCE_NAMES, Cadence
from domain.reporting.schedules import scheduling
from domain.reporting.schedules.scheduling import Wanted
from domain.reporting.sheets.files import MEDIA_TYPES
from domain.reporting.sheets.registry import REPORTS
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff import queries as staff
from domain.staff.permissions import Permission, roles_with
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/reports/schedules"
FORMATS = {"pdf": N_("PDF"), "xlsx": N_("Workbook"), "csv": N_("CSV")}


@get(PATH, guards=admit(Permission.SCHEDULE_REPORTS), sync_to_thread=True)
def list_schedules(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """What is mailed to whom, what was lately, and the form for another."""
    asked = request.query_params.get("report", "")
    starting = {
        "report": next((key for key, _ in _reports(request) if key.partition("?")[0] == asked), ""),
        "cadence": Cadence.WEEKLY.value,
        "staff_id": str(officer_of(request).staff_id),
    }
    return _page(request, database, Form.starting(request, **starting))


@post(PATH, guards=admit(Permission.SCHEDULE_REPORTS), sync_to_thread=True)
def make_schedule(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Have a report mailed to somebody."""

    def act(session: Session) -> None:
        with form.reading():
            listed = {key: key for key, _ in _reports(request)}
            report, _, choice = form.choice("report", listed, missing=N_("Choose a report.")).partition("?")
            format_ = form.choice("format", {each: each for each in FORMATS}, missing=N_("Choose a format."))
            cadence = form.choice("cadence", {each.value: each for each in Cadence}, missing=N_("Choose how often."))
            people = {str(each.id): each.id for each in _people(session)}
            staff_id = form.choice("staff_id", people, missing=N_("Choose who gets it."))
        use_once(session, form.value("once"))
        key, _, value = choice.partition("=")
        wanted = Wanted(report, format_, cadence, staff_id, {key: value} if key else {})
        scheduling.schedule(session, wanted, made_by=officer_of(request).staff_id, actor=actor_of(request))

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _page(request, database, form))


@post(f"{PATH}/{{schedule_id:int}}/end", guards=admit(Permission.SCHEDULE_REPORTS), sync_to_thread=True)
def end_schedule(
    request: AnyRequest, database: GivenDatabase, schedule_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Mail it no more."""

    def act(session: Session) -> None:
        scheduling.end(session, schedule_id, actor=actor_of(request))

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _page(request, database, form))


def _page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        running, ended, people = scheduling.running(session), scheduling.ended(session), _people(session)
    context = {
        "running": [(row, *_said(row)) for row in running],
        "ended": [(row, *_said(row)) for row in ended],
        "reports": [("", speaking.translate(N_("Choose a report"))), *_reports(request)],
        "formats": [(each, speaking.translate(words)) for each, words in FORMATS.items() if each in MEDIA_TYPES],
        "cadences": [(each.value, speaking.translate(words)) for each, words in CADENCE_NAMES.items()],
        "people": [(str(each.id), each.name) for each in people],
        "form": form,
    }
    return page(request, "backoffice/reports/schedules.html", context)


def _reports(request: AnyRequest) -> list[tuple[str, str]]:
    """Every report by its words; one with a choice stands there once for each thing that can be chosen first."""
    speaking = visit_of(request).speaking
    found = []
    for report in REPORTS.values():
        words = speaking.translate(report.words)
        if not report.choices:
            found.append((report.name, words))
            continue
        choice = report.choices[0]
        for key, option in choice.options.items():
            said = f"{words}: {speaking.translate(option)}"
            found.append((f"{report.name}?{choice.name}={key}", said))
    return found


def _people(session: Session) -> list[staff.StaffRow]:
    return staff.in_roles(session, roles_with(Permission.SEE_FIGURES))


def _said(row: AnyRow) -> tuple[str, str | None, str, str]:
    """What a schedule's report, its choice, its format and how often it comes are called."""
    report = REPORTS.get(row.report)
    chosen = None
    if report is not None and report.choices:
        choice = report.choices[0]
        chosen = choice.options.get(row.given.get(choice.name, choice.usual))
    return report.words if report else row.report, chosen, FORMATS[row.format], CADENCE_NAMES[row.cadence]


PAGES: tuple[ControllerRouterHandler, ...] = (list_schedules, make_schedule, end_schedule)
"""Every handler of schedules."""
