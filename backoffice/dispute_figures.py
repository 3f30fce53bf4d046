"""Dispute figures: the report of the disputes raised in a period, the disputes behind each number, and both as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.periods import Asked, asked_for
from domain.disputes.reasons import CAUSE_NAMES, REASON_NAMES, Reason, RootCause
from domain.reporting.dispute_export import MEDIA_TYPE, disputes_csv, rows_csv
from domain.reporting.dispute_figures import (
    ALL,
    BANDS,
    END_NAMES,
    WHAT_NAMES,
    By,
    Raised,
    Row,
    What,
    raised_in,
    rows_by,
)
from domain.shared.errors import N_
from domain.shared.months import months_later
from domain.shared.words import Speaking, Words
from domain.staff.permissions import Permission
from web.downloads import download
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/reports/disputes"
MOST = 500
"""So many disputes are shown behind a number; the file has them all."""
USUAL_MONTHS = 3
BY_NAMES = {
    By.REASON: N_("By reason"),
    By.OWNER: N_("By who handles it"),
    By.AGE: N_("By age"),
    By.OUTCOME: N_("By how it ended"),
    By.CAUSE: N_("By what was behind it"),
}
"""What the tables are called."""


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_dispute_figures(
    request: AnyRequest, database: GivenDatabase, by: FromQuery[str] = By.REASON
) -> Response[bytes]:
    """The report of the disputes raised in a period: the last three months, unless another is asked for."""
    shared = _by(by)
    with database.reading() as session:
        asked = _asked(request, session)
    period = {"from": asked.first, "to": asked.last}
    speaking = visit_of(request).speaking
    behind: dict[str, object] = {**period, "by": shared.value}
    context = {
        "views": [
            (words, with_query(PATH, **period, by=one.value), one is shared, None) for one, words in BY_NAMES.items()
        ],
        "by": shared.value,
        "by_name": BY_NAMES[shared],
        "rows": [
            (row, name_of(row, shared, speaking), _numbers(row, behind | {"key": row.key}))
            for row in rows_by(asked.found, shared)
        ],
        "total": (Row(ALL, asked.found), _numbers(Row(ALL, asked.found), behind | {"key": ALL})),
        "names": list(WHAT_NAMES.values()),
        "first": asked.first,
        "last": asked.last,
        "csv_href": with_query(f"{PATH}.csv", **behind),
        "form": asked.form,
    }
    return page(request, "backoffice/disputes/figures.html", context, status=asked.status)


@get(f"{PATH}/rows", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def dispute_figures_rows(
    request: AnyRequest,
    database: GivenDatabase,
    by: FromQuery[str] = By.REASON,
    key: FromQuery[str] = ALL,
    what: FromQuery[str] = What.RAISED,
) -> Response[bytes]:
    """The disputes behind a number, the newest first."""
    with database.reading() as session:
        asked = _asked(request, session)
    shared, counted = _by(by), _what(what)
    behind = _behind(asked.found, shared, key, counted)
    report = {"from": asked.first, "to": asked.last, "by": shared.value}
    context = {
        "disputes": [(one, REASON_NAMES[one.reason], END_NAMES[one.end]) for one in behind[:MOST]],
        "what": WHAT_NAMES[counted],
        "more": len(behind) > MOST,
        "most": MOST,
        "first": asked.first,
        "last": asked.last,
        "back": with_query(PATH, **report),
        "csv_href": with_query(f"{PATH}/rows.csv", **report, key=key, what=counted.value),
        "form": asked.form,
    }
    return page(request, "backoffice/disputes/figures_rows.html", context, status=asked.status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def dispute_figures_csv(request: AnyRequest, database: GivenDatabase, by: FromQuery[str] = By.REASON) -> Response[Any]:
    """The report as a file; where its period cannot be read, back to the page that says why."""
    shared, speaking = _by(by), visit_of(request).speaking
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    lines = rows_csv(rows_by(asked.found, shared), lambda row: name_of(row, shared, speaking), speaking)
    return download(lines, f"disputes {shared} {asked.first} {asked.last}.csv", MEDIA_TYPE)


@get(f"{PATH}/rows.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def dispute_figures_rows_csv(
    request: AnyRequest,
    database: GivenDatabase,
    by: FromQuery[str] = By.REASON,
    key: FromQuery[str] = ALL,
    what: FromQuery[str] = What.RAISED,
) -> Response[Any]:
    """All the disputes behind a number as a file; where its period cannot be read, back to the report."""
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    shared, counted = _by(by), _what(what)
    behind = _behind(asked.found, shared, key, counted)
    return download(
        disputes_csv(behind, visit_of(request).speaking), f"disputes {asked.first} {asked.last}.csv", MEDIA_TYPE
    )


def name_of(row: Row, by: By, speaking: Speaking) -> str:
    """What a row is called."""
    match by:
        case By.REASON:
            return speaking.translate(REASON_NAMES[Reason(row.key)])
        case By.OWNER:
            return row.found[0].owner or speaking.translate(N_("Nobody"))
        case By.AGE:
            return speaking.show(_band(int(row.key)))
        case By.OUTCOME:
            return speaking.translate(END_NAMES[row.key])
        case By.CAUSE:
            return speaking.translate(CAUSE_NAMES[RootCause(row.key)] if row.key else N_("Not known"))


def _band(least: int) -> Words:
    most = dict(BANDS)[least]
    if most is None:
        return Words.of(N_("{least} days or more"), least=least)
    return Words.of(N_("{least} to {most} days"), least=least, most=most)


def _numbers(row: Row, behind: dict[str, object]) -> list[tuple[int, str]]:
    """Each number of a row, with where it opens its disputes."""
    return [(row.many(what), with_query(f"{PATH}/rows", **behind, what=what.value)) for what in WHAT_NAMES]


def _behind(found: Sequence[Raised], by: By, key: str, what: What) -> list[Raised]:
    return [one for one in found if (key == ALL or one.key(by) == key) and one.counts(what)]


def _asked(request: AnyRequest, session: Session) -> Asked[list[Raised]]:
    return asked_for(request, session, lambda day: months_later(day, -USUAL_MONTHS), raised_in)


def _by(typed: str) -> By:
    return By(typed) if typed in set(By) else By.REASON


def _what(typed: str) -> What:
    return What(typed) if typed in set(What) else What.RAISED
