"""Fair treatment: the report of a period on one page, the rows behind each of its numbers, and both as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.fair_treatment_views import (
    FAMILY_NAMES,
    KEY_NAMES,
    PATH,
    channel_line,
    lines_of,
    row_view,
    rows_href,
)
from backoffice.periods import Asked, asked_for
from domain.policies.contacting import CHANNEL_NAMES, Channel
from domain.reporting import fair_treatment
from domain.reporting.fair_export import MEDIA_TYPE, debtors_csv, report_csv
from domain.reporting.fair_treatment import Family, Period, Report
from domain.shared.db.session import Database
from domain.staff.permissions import Permission
from web.downloads import download
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

MOST = 500
"""So many rows are shown behind a number."""
DEBTORS = 20
"""So many customers are shown, those who heard from us most."""
TABLES = (Family.HELD_BACK, Family.PROMISES, Family.ADDRESSES, Family.DISPUTES, Family.CALLS)
"""The families that have a table each."""


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_fair_treatment(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The report of a period: this month so far, unless another is asked for."""
    with database.reading() as session:
        asked = _asked(request, session)
        period = asked.found
        found = fair_treatment.report(session, period)
    period_of = {"from": period.first, "to": period.last}
    context = {
        "report": found,
        "channels": [channel_line(found, channel) for channel in Channel],
        "tables": [(FAMILY_NAMES[family], family.value, lines_of(found, family)) for family in TABLES],
        "hours_href": rows_href(period, Family.OUT_OF_HOURS),
        "contacts_href": rows_href(period, Family.CONTACTS),
        "debtors": found.debtors[:DEBTORS],
        "all_channels": [(channel, words) for channel, words in CHANNEL_NAMES.items()],
        "csv_href": with_query(f"{PATH}.csv", **period_of),
        "debtors_href": with_query(f"{PATH}/debtors.csv", **period_of),
        "form": asked.form,
    }
    return page(request, "backoffice/fair_treatment/show.html", context, status=asked.status)


@get(f"{PATH}/rows", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_rows(
    request: AnyRequest, database: GivenDatabase, what: FromQuery[str] = Family.CONTACTS, key: FromQuery[str] = ""
) -> Response[bytes]:
    """What a number is made of, the newest first."""
    family = Family(what) if what in set(Family) else Family.CONTACTS
    with database.reading() as session:
        asked = _asked(request, session)
        period = asked.found
        found = fair_treatment.rows(session, period, family, key or None, limit=MOST + 1)
    context = {
        "family": FAMILY_NAMES[family],
        "key": KEY_NAMES[family].get(key),
        "rows": [row_view(each, family) for each in found[:MOST]],
        "more": len(found) > MOST,
        "most": MOST,
        "period": period,
        "back": with_query(PATH, **{"from": period.first, "to": period.last}),
        "form": asked.form,
    }
    return page(request, "backoffice/fair_treatment/rows.html", context, status=asked.status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_csv(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """Every number of the report, a row each."""

    def lines(found: Report) -> Iterator[bytes]:
        return report_csv(found, FAMILY_NAMES, KEY_NAMES, visit_of(request).speaking)

    return _file(request, database, "fair treatment", lines)


@get(f"{PATH}/debtors.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_debtors(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """Every customer who heard from us, and how often by which channel."""

    def lines(found: Report) -> Iterator[bytes]:
        return debtors_csv(found, visit_of(request).speaking)

    return _file(request, database, "fair treatment customers", lines)


def _file(
    request: AnyRequest, database: Database, name: str, lines: Callable[[Report], Iterator[bytes]]
) -> Response[Any]:
    """The report as a file; where its period cannot be read, back to the page that says why."""
    with database.reading() as session:
        asked = _asked(request, session)
        if asked.form.errors:
            return see_other(request, f"{PATH}?{request.url.query}")
        found = fair_treatment.report(session, asked.found)
    return download(lines(found), f"{name} {asked.first} {asked.last}.csv", MEDIA_TYPE)


def _asked(request: AnyRequest, session: Session) -> Asked[Period]:
    """The period that is asked for: this month so far, unless another is."""
    return asked_for(request, session, lambda day: day.replace(day=1), fair_treatment.period_of)
