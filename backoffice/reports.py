"""Reports: any report by its name: its page, the rows behind its numbers, and both as files; one way for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.given import GivenNudge
from backoffice.report_overview import show_reports
from backoffice.report_views import section_views
from domain.documents.rendering import Renderer
from domain.reporting.sheets import keeping
from domain.reporting.sheets.asking import HREF, Asked, When
from domain.reporting.sheets.files import MEDIA_TYPES, PDF, XLSX, sheet_csv, sheet_paper, sheet_workbook
from domain.reporting.sheets.registry import report_of
from domain.reporting.sheets.report import Report
from domain.reporting.sheets.values import Sheet
from domain.shared.db.session import Database, business
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.words import Words
from domain.staff.permissions import Permission, require
from web.downloads import download
from web.forms import Form, query_form
from web.fragments import page, page_or_fragment, path_of, see_other
from web.given import GivenDatabase, GivenRenderer
from web.visit import AnyRequest, visit_of

PATH = "/reports/{name:str}"
ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Read:
    """What an address asks for; where that cannot be read, the usual, with a form that says why.

    `behind` where it is the rows behind a number.
    """

    report: Report
    form: Form
    asked: Asked
    behind: bool = False

    @property
    def status(self) -> int:
        """How its page is answered."""
        return 422 if self.form.errors else 200

    @property
    def path(self) -> str:
        """Where its page is."""
        own = HREF.format(self.report.name)
        return f"{own}/{ROWS}" if self.behind else own


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown: a sheet, and when it was made where it was kept."""

    sheet: Sheet
    made_at: datetime | None = None


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_report(
    request: AnyRequest, database: GivenDatabase, name: FromPath[str], renderer: GivenRenderer, nudge: GivenNudge
) -> Response[Any]:
    """A report as it is asked for in its address; with the end of a file's name, as that file."""
    report, end = _named(request, name)
    with database.reading() as session:
        read = _read(request, session, report)
        if end and read.form.errors:
            return _back(request, report)
        found = _found(session, read)
    if found is None:
        return _being_made(request, database, read, nudge)
    if end:
        return _file(request, database, renderer, read, found.sheet, end, found.made_at or database.clock.now())
    if visit_of(request).from_htmx:
        return see_other(request, path_of(request))
    return _sheet_page(request, read, found)


@get(f"{PATH}/{{listed:str}}", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_report_rows(
    request: AnyRequest,
    database: GivenDatabase,
    name: FromPath[str],
    listed: FromPath[str],
    renderer: GivenRenderer,
    nudge: GivenNudge,
) -> Response[Any]:
    """The rows behind a number, or all of them as a file; where its days cannot be read, back to the report."""
    report, _ = _named(request, name)
    rows, _, end = listed.partition(".")
    if rows != ROWS or report.rows is None or (end and end not in MEDIA_TYPES) or listed.endswith("."):
        raise NotFound
    with database.reading() as session:
        read = _read(request, session, report, behind=True)
        if read.form.errors:
            return _back(request, report)
        sheet = keeping.made(session, report, read.asked, behind=True, most=None) if end else None
        found = None if end else _found(session, read)
    if sheet is not None:
        return _file(request, database, renderer, read, sheet, end, database.clock.now())
    if found is None:
        return _being_made(request, database, read, nudge)
    if visit_of(request).from_htmx:
        return see_other(request, path_of(request))
    return _sheet_page(request, read, found)


def _named(request: AnyRequest, typed: str) -> tuple[Report, str]:
    """The report of an address and the end of its file's name; NotFound, or NotAllowed to whom its role does not."""
    name, dot, end = typed.partition(".")
    report = report_of(name)
    if dot and end not in MEDIA_TYPES:
        raise NotFound
    require(officer_of(request).role, report.permission)
    return report, end


def _found(session: Session, read: Read) -> Found | None:
    """The sheet as it was kept, or made now; None where it is made in the background."""
    kept = keeping.kept(session, read.report, read.asked, behind=read.behind)
    if kept is not None:
        return Found(kept.sheet, kept.made_at)
    if keeping.is_slow(session):
        return None
    return Found(keeping.made(session, read.report, read.asked, behind=read.behind))


def _read(request: AnyRequest, session: Session, report: Report, *, behind: bool = False) -> Read:
    form = query_form(request)
    given = {name: form.value(name) for name in form.names()}
    try:
        with form.reading():
            if report.when is not When.PERIOD:
                first, last = None, form.optional_day("as_of")
            else:
                first, last = form.optional_day("from"), form.optional_day("to")
        asked = report.read(session, first, last, given, behind=behind)
    except Refused as refused:
        usual = report.read(session, None, None, given, behind=behind)
        return Read(report, form.refused(refused), usual, behind)
    form.fill(asked.fields)
    return Read(report, form, asked, behind)


def _sheet_page(request: AnyRequest, read: Read, found: Found) -> Response[bytes]:
    report, asked, sheet = read.report, read.asked, found.sheet
    own = HREF.format(report.name)
    context = {
        "report": report,
        "sheet": sheet,
        "sections": section_views(sheet, visit_of(request).speaking),
        "asked": asked,
        "days": _days(asked),
        "action": own,
        "hidden": {name: value for name, value in asked.chosen if name not in {"what", "key"}},
        "choices": [
            (
                choice.words,
                [
                    (words, asked.having(**{choice.name: key}).href(report.name), key == asked.get(choice.name), None)
                    for key, words in choice.options.items()
                ],
            )
            for choice in report.choices
        ],
        "files": [(end, f"{read.path}.{end}?{asked.text}") for end in MEDIA_TYPES],
        "made_at": found.made_at,
        "form": read.form,
    }
    return page(request, "backoffice/reports/show.html", context, status=read.status)


def _being_made(request: AnyRequest, database: Database, read: Read, nudge: GivenNudge) -> Response[bytes]:
    """The report is on its way: a page at once, which asks again by itself."""
    with database.transaction() as session:
        keeping.ask_for(session, read.report, read.asked, behind=read.behind)
    nudge()
    context = {
        "report": read.report,
        "days": _days(read.asked),
        "again": f"{read.path}?{read.asked.text}",
        "action": HREF.format(read.report.name),
        "form": read.form,
    }
    return page_or_fragment(
        request,
        page="backoffice/reports/making.html",
        fragment="backoffice/reports/_making.html",
        context=context,
        status=422 if read.form.errors else 200,
    )


def _file(
    request: AnyRequest,
    database: Database,
    renderer: Renderer,
    read: Read,
    sheet: Sheet,
    end: str,
    made_at: datetime,
) -> Response[Any]:
    speaking, asked = visit_of(request).speaking, read.asked
    days = f"{asked.last}" if asked.first is None else f"{asked.first} {asked.last}"
    filename = " ".join(part for part in (read.report.name, asked.get("by"), days) if part) + f".{end}"
    if end == XLSX:
        return download(sheet_workbook(sheet, speaking), filename, MEDIA_TYPES[end])
    if end == PDF:
        with database.reading() as session:
            ours = business(session)
        content = sheet_paper(sheet, renderer, ours, speaking, made_at=made_at, days=_days(asked))
        return download(content, filename, MEDIA_TYPES[end])
    return download(sheet_csv(sheet, speaking), filename, MEDIA_TYPES[end])


def _back(request: AnyRequest, report: Report) -> Response[bytes]:
    """To the report, which says what is wrong with its days."""
    return see_other(request, f"{HREF.format(report.name)}?{request.url.query}")


def _days(asked: Asked) -> Words:
    """Which days a sheet is about."""
    if asked.first is None:
        return Words.of(N_("at the end of {day}"), day=asked.last)
    return Words.of(N_("{first} to {last}"), first=asked.first, last=asked.last)


PAGES: tuple[ControllerRouterHandler, ...] = (show_reports, show_report, show_report_rows)
"""Every handler of reports."""
