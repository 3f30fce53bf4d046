"""Ending a plan: staff end a signed one before it is kept, with a reason that its customer reads."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import admit, officer_of
from backoffice.approvals_asking import do_or_ask
from backoffice.plan import PlanId
from domain.approvals.wishes import EndPlan
from domain.plans import queries
from domain.plans.ending import LONGEST_WHY, months_left
from domain.plans.model import SIGNED
from domain.plans.rules import stand
from domain.policies import authority
from domain.policies.acts import Act
from domain.sessions.once import SentAlready
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/plans/{plan_id:int}/end"


@get(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def end_form(request: AnyRequest, database: GivenDatabase, plan_id: PlanId) -> Response[bytes]:
    """What it means, and why; Conflict where the plan is not signed or has ended."""
    with database.reading() as session:
        row = queries.plan(session, plan_id)
    if row.status not in SIGNED:
        raise Conflict(N_("Only a plan that is signed and has not ended can be ended."))
    return _page(request, database, row, Form.starting(request))


@post(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def end_plan(request: AnyRequest, database: GivenDatabase, plan_id: PlanId, form: SentForm) -> Response[bytes]:
    """End it; beyond one's authority, ask for it."""
    there = f"/plans/{plan_id}"
    with database.reading() as session:
        row = queries.plan(session, plan_id)
    try:
        with form.reading():
            why = form.text("why", longest=LONGEST_WHY, missing=N_("Say why: the customer reads it."))
        with database.transaction() as session:
            there = do_or_ask(request, session, form, row.account_id, EndPlan(plan_id=plan_id, why=why)) or there
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return _page(request, database, row, form.refused(refused), status=status_of(refused))
    return see_other(request, there)


def _page(request: AnyRequest, database: Database, row: AnyRow, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        standing = stand(session, [row.id]).get(row.id)
        most = authority.limits_on(session, row.account_id)[Act.PLAN][officer_of(request).role]
    context = {
        "plan": row,
        "path": f"/plans/{row.id}",
        "standing": standing,
        "months": months_left(standing) if standing else None,
        "most_months": most,
        "longest": LONGEST_WHY,
        "form": form,
    }
    return page(request, "backoffice/plans/end.html", context, status=status)
