"""Deciding on a plan: agree to what was asked for, propose another shape, decline, take an offer back, pause it."""

from __future__ import annotations

from litestar import Response, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import do_or_ask, pressed
from backoffice.plan import PATH, PlanId, plan_page
from backoffice.plan_shapes import look, read_shape
from domain.approvals.wishes import AgreePlan, CounterPlan, Wish
from domain.plans import negotiating, queries
from domain.plans.ending import LONGEST_WHY, TAKEN_BACK
from domain.plans.negotiating import LONGEST_WORDS, Ask
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

MOST_ROUNDS = 10**12
"""No proposal has a higher id."""
ACT = "act"
"""Which button was pressed: `approve`, `look`, `counter`, `decline`, `withdraw`."""


@post(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def decide_plan(request: AnyRequest, database: GivenDatabase, plan_id: PlanId, form: SentForm) -> Response[bytes]:
    """Do what was pressed; beyond one's authority, ask for it."""
    there = f"/plans/{plan_id}"
    with database.reading() as session:
        row = queries.plan(session, plan_id)
    try:
        if form.value(ACT) == "look":
            return _look(request, database, row, form)
        with database.transaction() as session:
            there = _do(request, session, row, form) or there
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return plan_page(request, database, plan_id, form.refused(refused), status=status_of(refused))
    return see_other(request, there)


def _look(request: AnyRequest, database: Database, row: AnyRow, form: Form) -> Response[bytes]:
    """Show the dates of a counter-offer, and whether one may make it, before it is made."""
    with form.reading():
        shape = read_shape(form, row.currency)
    with database.reading() as session:
        ids = tuple(each.id for each in queries.invoices(session, row.id))
        ask, role = Ask(ids, shape), officer_of(request).role
        negotiating.consider(session, row.account_id, ask, changes=row.supersedes_id)
        looked = look(session, row.account_id, ask, role, changes=row.supersedes_id)
    return plan_page(request, database, row.id, form, looked=looked)


def _do(request: AnyRequest, session: Session, row: AnyRow, form: Form) -> str | None:
    act = pressed(form, ACT)
    if act in ("approve", "counter"):
        return do_or_ask(request, session, form, row.account_id, _wish(session, row, form, act))
    use_once(session, form.value("once"))
    actor = actor_of(request)
    match act:
        case "decline":
            with form.reading():
                why = form.text("why", longest=LONGEST_WHY, missing=N_("Say why: the customer reads it."))
            negotiating.decline(session, row.account_id, row.id, why=why, actor=actor)
        case "withdraw":
            with form.reading():
                why = form.text("told", longest=LONGEST_WHY, missing=_missing(row))
            negotiating.withdraw(session, row.account_id, row.id, why=why, actor=actor)
        case _:
            raise Invalid(N_("Choose one of these."))
    return None


def _wish(session: Session, row: AnyRow, form: Form, act: str) -> Wish:
    """What is to be agreed to: the proposal that was read, or another shape in answer to it."""
    with form.reading():
        seen = form.number("seen", least=1, most=MOST_ROUNDS)
        if act == "counter":
            shape = read_shape(form, row.currency)
            words = form.text("words", longest=LONGEST_WORDS, missing=N_("Say why: the customer reads it."))
            return CounterPlan(plan_id=row.id, shape=shape, seen=seen, why=words)
        words = form.text("agreeing", required=False, longest=LONGEST_WORDS)
    shape, _ = queries.latest_shape(session, row.id)
    return AgreePlan(plan_id=row.id, shape=shape, seen=seen, why=words)


def _missing(row: AnyRow) -> str:
    """What is missing where a plan is withdrawn without a word: our reason, or who has told us."""
    return N_("Say why: the customer reads it.") if row.status in TAKEN_BACK else N_("Say who told you, and when.")
