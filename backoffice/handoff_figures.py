"""Handoff figures: what came of the debts sent to partners in a period, the handoffs behind each number, as CSV too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.periods import Asked, asked_for
from backoffice.placement_views import STATUS_BADGES
from domain.placements.model import CLOSING_NAMES
from domain.placements.naming import reference_of
from domain.reporting.handoff_export import MEDIA_TYPE, handoffs_csv, rows_csv
from domain.reporting.handoff_figures import AGES, ALL, SIZES, WHAT_NAMES, By, Row, Sent, What, rows_by, sent_in
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.months import months_later
from domain.shared.words import Speaking, Words
from domain.staff.permissions import Permission
from web.downloads import download
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/reports/handoffs"
MOST = 500
"""So many handoffs are shown behind a number; the file has them all."""
USUAL_MONTHS = 12
ONE_DAY = timedelta(days=1)
BY_NAMES = {By.PARTNER: N_("By partner"), By.AGE: N_("By age when sent"), By.SIZE: N_("By size")}
"""What the tables are called."""


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_handoff_figures(
    request: AnyRequest, database: GivenDatabase, by: FromQuery[str] = By.PARTNER
) -> Response[bytes]:
    """The report of the handoffs sent in a period: the last twelve months, unless another is asked for."""
    shared = _by(by)
    with database.reading() as session:
        asked = _asked(request, session)
    period = {"from": asked.first, "to": asked.last}
    speaking = visit_of(request).speaking
    behind: dict[str, object] = {**period, "by": shared.value}
    total = Row(ALL, asked.found)
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
        "total": (total, _numbers(total, behind | {"key": ALL})),
        "names": list(WHAT_NAMES.values()),
        "first": asked.first,
        "last": asked.last,
        "csv_href": with_query(f"{PATH}.csv", **behind),
        "form": asked.form,
    }
    return page(request, "backoffice/handoffs/figures.html", context, status=asked.status)


@get(f"{PATH}/rows", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def handoff_figures_rows(
    request: AnyRequest,
    database: GivenDatabase,
    by: FromQuery[str] = By.PARTNER,
    key: FromQuery[str] = ALL,
    what: FromQuery[str] = What.SENT,
) -> Response[bytes]:
    """The handoffs behind a number, the newest first; where its period cannot be read, back to the report."""
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    shared, counted = _by(by), _what(what)
    found = _behind(asked.found, shared, key, counted)
    report = {"from": asked.first, "to": asked.last, "by": shared.value}
    context = {
        "handoffs": [
            (
                one,
                reference_of(one.placement_id),
                STATUS_BADGES[one.status],
                CLOSING_NAMES[one.closing] if one.closing else None,
            )
            for one in found[:MOST]
        ],
        "what": WHAT_NAMES[counted],
        "more": len(found) > MOST,
        "most": MOST,
        "first": asked.first,
        "last": asked.last,
        "back": with_query(PATH, **report),
        "csv_href": with_query(f"{PATH}/rows.csv", **report, key=key, what=counted.value),
    }
    return page(request, "backoffice/handoffs/figures_rows.html", context)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def handoff_figures_csv(request: AnyRequest, database: GivenDatabase, by: FromQuery[str] = By.PARTNER) -> Response[Any]:
    """The report as a file; where its period cannot be read, back to the page that says why."""
    shared, speaking = _by(by), visit_of(request).speaking
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    lines = rows_csv(rows_by(asked.found, shared), lambda row: name_of(row, shared, speaking), speaking)
    return download(lines, f"handoffs {shared} {asked.first} {asked.last}.csv", MEDIA_TYPE)


@get(f"{PATH}/rows.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def handoff_figures_rows_csv(
    request: AnyRequest,
    database: GivenDatabase,
    by: FromQuery[str] = By.PARTNER,
    key: FromQuery[str] = ALL,
    what: FromQuery[str] = What.SENT,
) -> Response[Any]:
    """All the handoffs behind a number as a file; where its period cannot be read, back to the report."""
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    found = _behind(asked.found, _by(by), key, _what(what))
    lines = handoffs_csv(found, visit_of(request).speaking)
    return download(lines, f"handoffs {asked.first} {asked.last}.csv", MEDIA_TYPE)


def performance(session: Session, partner_id: int) -> list[tuple[str, Row, str]]:
    """What came of the debts sent to a partner in the last twelve months and in the twelve before, for its page.

    Each with what its period is called and where the report of it is; without anything sent in either, none.
    """
    day = today(session)
    edges = [day, months_later(day, -USUAL_MONTHS), months_later(day, -2 * USUAL_MONTHS)]
    periods = [
        (N_("Sent in the last twelve months"), edges[1], edges[0]),
        (N_("Sent in the twelve months before"), edges[2], edges[1]),
    ]
    found = []
    for words, after, last in periods:
        first = after + ONE_DAY
        row = Row(str(partner_id), sent_in(session, first, last, partner_id=partner_id))
        href = with_query(
            f"{PATH}/rows", **{"from": first, "to": last, "by": By.PARTNER.value, "key": partner_id, "what": What.SENT}
        )
        found.append((words, row, href))
    return found if any(row.found for _, row, _ in found) else []


def name_of(row: Row, by: By, speaking: Speaking) -> str:
    """What a row is called."""
    match by:
        case By.PARTNER:
            return row.found[0].partner_name
        case By.AGE:
            return speaking.show(_age(int(row.key)))
        case By.SIZE:
            return speaking.show(_size(int(row.key)))


def _age(least: int) -> Words:
    most = dict(AGES)[least]
    if most is None:
        return Words.of(N_("{least} days or more"), least=least)
    return Words.of(N_("{least} to {most} days"), least=least, most=most)


def _size(least: int) -> Words:
    most = dict(SIZES)[least]
    if most is None:
        return Words.of(N_("{least} or more"), least=least)
    return Words.of(N_("{least} to below {most}"), least=least, most=most)


def _numbers(row: Row, behind: dict[str, object]) -> list[tuple[int, str]]:
    """Each number of a row, with where it opens its handoffs."""
    return [(row.many(what), with_query(f"{PATH}/rows", **behind, what=what.value)) for what in WHAT_NAMES]


def _behind(found: Sequence[Sent], by: By, key: str, what: What) -> list[Sent]:
    return [one for one in found if (key == ALL or one.key(by) == key) and one.counts(what)]


def _asked(request: AnyRequest, session: Session) -> Asked[list[Sent]]:
    return asked_for(request, session, lambda day: months_later(day, -USUAL_MONTHS), sent_in)


def _by(typed: str) -> By:
    return By(typed) if typed in set(By) else By.PARTNER


def _what(typed: str) -> What:
    return What(typed) if typed in set(What) else What.SENT


PAGES: Sequence[ControllerRouterHandler] = (
    show_handoff_figures,
    handoff_figures_rows,
    handoff_figures_csv,
    handoff_figures_rows_csv,
)
"""Every handler of the report."""
