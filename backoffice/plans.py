"""Plans: the lists of payment plans, asked for, waiting, running, defaulted and ended, and those of one account."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from backoffice.access import admit
from backoffice.frame import frame
from backoffice.given import AccountId
from backoffice.plan_views import plan_lines
from domain.plans import queries
from domain.plans.queries import View
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
PATH = "/plans"
VIEW_WORDS = {
    View.REQUESTS: N_("Asked for"),
    View.WAITING: N_("Wait for the customer"),
    View.RUNNING: N_("Running"),
    View.DEFAULTED: N_("Defaulted"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called."""


@get(PATH, guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def list_plans(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.REQUESTS,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Plans of all accounts, the newest first: whose, how each stands, what is next, what it is worth."""
    view = View(show) if show in set(View) else View.REQUESTS
    with database.reading() as session:
        rows = queries.plans(session, view, place=place, limit=PAGE + 1)
        lines = plan_lines(session, rows[:PAGE])
        counts = queries.counts(session)
    context = {
        "plans": lines,
        "view": view.value,
        "views": [
            (words, with_query(PATH, show=one.value), one is view, counts[one]) for one, words in VIEW_WORDS.items()
        ],
        "following": with_query(PATH, show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/plans/list.html", context)


@get("/accounts/{account_id:int}/plans", guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def account_plans(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """All plans of the account, and whether another one can be made."""
    with database.reading() as session:
        context = frame(session, account_id, "plans")
        context["plans"] = plan_lines(session, queries.of_account(session, account_id))
        context["plannable"] = bool(queries.plannable(session, account_id))
    return page(request, "backoffice/plans/account.html", context)
