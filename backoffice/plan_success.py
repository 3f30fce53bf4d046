"""Plan success: the report of how payment plans are kept, by their shape, the plans behind each number, and as CSV."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.periods import Asked, asked_for
from domain.policies.sections import FREQUENCY_NAMES
from domain.reporting.fair_export import MEDIA_TYPE
from domain.reporting.plan_success import OUTCOME_NAMES, Made, Outcome, by_kind, signed_in, success_csv
from domain.shared.months import months_later
from domain.staff.permissions import Permission
from web.downloads import download
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/reports/plans"
MOST = 500
"""So many plans are shown behind a number."""
USUAL_MONTHS = 12
SHOWN = tuple(Outcome)


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_plan_success(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The report of the plans signed in a period: the last twelve months, unless another is asked for."""
    with database.reading() as session:
        asked = _asked(request, session)
    period = {"from": asked.first, "to": asked.last}
    found = by_kind(asked.found)
    context = {
        "kinds": [
            (
                each,
                FREQUENCY_NAMES[each.kind.frequency],
                with_query(f"{PATH}/rows", **period, kind=each.kind.key),
                [
                    (
                        outcome,
                        each.many(outcome),
                        with_query(f"{PATH}/rows", **period, kind=each.kind.key, what=outcome),
                    )
                    for outcome in SHOWN
                ],
            )
            for each in found
        ],
        "outcomes": [OUTCOME_NAMES[outcome] for outcome in SHOWN],
        "first": asked.first,
        "last": asked.last,
        "csv_href": with_query(f"{PATH}.csv", **period),
        "form": asked.form,
    }
    return page(request, "backoffice/plans/success.html", context, status=asked.status)


@get(f"{PATH}/rows", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def plan_success_rows(
    request: AnyRequest, database: GivenDatabase, kind: FromQuery[str] = "", what: FromQuery[str] = ""
) -> Response[bytes]:
    """The plans behind a number, the newest first."""
    outcome = Outcome(what) if what in set(Outcome) else None
    with database.reading() as session:
        asked = _asked(request, session)
    found = [
        each
        for each in asked.found
        if (not kind or each.kind.key == kind) and (outcome is None or each.outcome is outcome)
    ]
    context = {
        "plans": [(each, OUTCOME_NAMES[each.outcome]) for each in found[:MOST]],
        "outcome": OUTCOME_NAMES[outcome] if outcome else None,
        "more": len(found) > MOST,
        "most": MOST,
        "first": asked.first,
        "last": asked.last,
        "back": with_query(PATH, **{"from": asked.first, "to": asked.last}),
        "form": asked.form,
    }
    return page(request, "backoffice/plans/success_rows.html", context, status=asked.status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def plan_success_csv(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """The report as a file; where its period cannot be read, back to the page that says why."""
    with database.reading() as session:
        asked = _asked(request, session)
    if asked.form.errors:
        return see_other(request, f"{PATH}?{request.url.query}")
    return download(
        success_csv(by_kind(asked.found), visit_of(request).speaking),
        f"plans {asked.first} {asked.last}.csv",
        MEDIA_TYPE,
    )


def _asked(request: AnyRequest, session: Session) -> Asked[list[Made]]:
    return asked_for(request, session, lambda day: months_later(day, -USUAL_MONTHS), signed_in)
