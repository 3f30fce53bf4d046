"""Pausing a plan: a pause for hardship, with what it would move seen first, and letting the plan run again."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import do_or_ask, pressed
from backoffice.plan import PlanId, plan_page
from domain.accounts import queries as accounts
from domain.approvals.wishes import PausePlan
from domain.plans import pausing, queries
from domain.plans.pausing import LONGEST_REASON, Moved, Wish
from domain.policies import authority
from domain.policies.acts import Act
from domain.sessions.once import SentAlready, use_once
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/plans/{plan_id:int}/pause"
ACT = "act"
"""Which button was pressed: `look`, `pause` or `resume`."""
SAY_WHY = N_("Say why the customer cannot pay now.")


@get(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def pause_form(request: AnyRequest, database: GivenDatabase, plan_id: PlanId) -> Response[bytes]:
    """From when until when, and why; Conflict where the plan does not run."""
    with database.reading() as session:
        row = queries.plan(session, plan_id)
        pausing.check_runs(row.status)
        day = day_in(now(session), accounts.account(session, row.account_id).time_zone)
    return _page(request, database, row, Form.starting(request, from_on=day.isoformat()))


@post(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def pause_plan(request: AnyRequest, database: GivenDatabase, plan_id: PlanId, form: SentForm) -> Response[bytes]:
    """Show what a pause would move, grant it within one's authority or ask for it, or end it early."""
    there = f"/plans/{plan_id}"
    with database.reading() as session:
        row = queries.plan(session, plan_id)
    act = pressed(form, ACT)
    try:
        if act == "look":
            wish = _wish(form)
            with database.reading() as session:
                moved = pausing.foresee(session, row.account_id, plan_id, wish)
            return _page(request, database, row, form, moved=moved)
        with database.transaction() as session:
            there = _do(request, session, row, form) or there
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        again, status = form.refused(refused), status_of(refused)
        if act == "resume":
            return plan_page(request, database, plan_id, again, status=status)
        return _page(request, database, row, again, status=status)
    return see_other(request, there)


def _do(request: AnyRequest, session: Session, row: AnyRow, form: Form) -> str | None:
    if form.value(ACT) == "resume":
        with form.reading():
            why = form.text("why", longest=500, missing=N_("Say why."))
        use_once(session, form.value("once"))
        pausing.resume(session, row.account_id, row.id, why=why, actor=actor_of(request))
        return None
    said = _wish(form)
    wish = PausePlan(plan_id=row.id, from_on=said.from_on, until_on=said.until_on, why=said.reason)
    return do_or_ask(request, session, form, row.account_id, wish)


def _wish(form: Form) -> Wish:
    with form.reading():
        from_on = form.day("from_on", missing=N_("Enter the first day."))
        until_on = form.day("until_on", missing=N_("Enter the last day."))
        reason = form.text("reason", longest=LONGEST_REASON, missing=SAY_WHY)
    return Wish(from_on, until_on, reason)


def _page(
    request: AnyRequest,
    database: Database,
    row: AnyRow,
    form: Form,
    *,
    moved: Sequence[Moved] = (),
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        most_days = authority.limits_on(session, row.account_id)[Act.PLAN_PAUSE][officer_of(request).role]
    context = {
        "plan": row,
        "path": f"/plans/{row.id}",
        "most_days": most_days,
        "moved": moved,
        "longest": LONGEST_REASON,
        "form": form,
    }
    return page(request, "backoffice/plans/pause.html", context, status=status)
