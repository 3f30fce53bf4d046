"""Credit holds: which accounts get no new credit today, why, since when, who lifted it; and the last look at all."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from backoffice.access import admit
from domain.credit.queries import on_hold, registered
from domain.credit.reviewing import last_review
from domain.staff.permissions import Permission
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50


@get("/credit-holds", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_holds(request: AnyRequest, database: GivenDatabase, after: FromQuery[int | None] = None) -> Response[bytes]:
    """All that hold new credit now, the oldest first."""
    with database.reading() as session:
        rows = registered(session, after=after, limit=PAGE + 1)
        holding, review = on_hold(session, rows[:PAGE]), last_review(session)
    context = {
        "holds": holding,
        "review": review,
        "following": with_query("/credit-holds", after=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/credit_account/holds.html", context)
