"""One plan: what is asked for, offered and answered; to be signed; starting; running, part by part; how it ended."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.placements.acting import acting
from domain.plans import listing, negotiating, queries
from domain.plans.ending import told_why
from domain.plans.model import RUNNING, TALKING, PlanStatus, Side
from domain.plans.pausing import pauses
from domain.plans.rules import rules_of, stand
from domain.plans.standing import Standing
from domain.plans.taken import takings
from domain.plans.watching import watch
from domain.processing.plans.previewing import Preview, preview
from domain.processing.plans.signing import as_agreed
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from portal.plan_views import discount_lost, part_views, plan_view, preview_view, round_view, schedule_view
from portal.plans import PATH, PlanId
from portal.way_views import WayView, way_view
from web.forms import Form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

ONE = PATH + "/{plan_id:int}"
TO_SIGN = frozenset({PlanStatus.OFFERED, PlanStatus.COUNTERED})
"""What stands there can be signed."""


@get(ONE, sync_to_thread=True)
def show_plan(request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId) -> Response[bytes]:
    """How the plan stands, and what can be done next."""
    return plan_page(request, database, account_id, plan_id)


@post(ONE + "/withdraw", sync_to_thread=True)
def withdraw_plan(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId
) -> Response[bytes]:
    """Not to want it any more, before it is signed."""
    try:
        with database.transaction() as session:
            account = enter(request, session, account_id, Right.PROMISE)
            if queries.entity(session, account_id, plan_id).status in TALKING:
                negotiating.withdraw(session, account_id, plan_id, actor=actor_of(request))
    except Conflict as refused:
        return plan_page(request, database, account_id, plan_id, Form.starting(request).refused(refused), status=422)
    return see_other(request, f"{account.path}/plans/{plan_id}")


def plan_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    plan_id: int,
    form: Form | None = None,
    *,
    status: int = 200,
) -> Response[bytes]:
    """The page of one plan, in the face that it has now."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        row = queries.plan(session, plan_id, account_id=account_id)
        standing = stand(session, [plan_id]).get(plan_id)
        face, context = _face(request, session, account, row, standing)
        covered = queries.invoices(session, plan_id)
        context |= {
            "account": account,
            "acting": acting(session, account.id, [one.id for one in covered]),
            "path": f"{account.path}/plans/{plan_id}",
            "plan": plan_view(row, standing),
            "invoices": [(one, Money(one.open_minor, row.currency)) for one in covered],
            "rounds": [round_view(one, row.currency) for one in queries.rounds(session, plan_id)],
            "signature": listing.signature(session, plan_id),
            "supersedes": row.supersedes_id,
            "successor": listing.successor_of(session, plan_id),
        }
    context["form"] = form or Form.starting(request, name=customer_of(request).name, **_chosen(context))
    return page(request, f"portal/plans/{face}.html", context, status=status)


def ways_of(session: Session, account: Entered, login_id: int) -> list[WayView]:
    """The saved methods of one's own, the newest first: nobody else's is taken for a plan."""
    day = today(session)
    rows = saved_methods.usable(session, account.id, login_id, day)
    return [way_view(row, login_id, day) for row in rows if row.login_id == login_id]


def _chosen(context: dict[str, Any]) -> dict[str, str]:
    """The method that the plan has, else the one that was saved last, is chosen."""
    ways = context.get("ways", ())
    return {"method": str(context.get("method_id") or (ways[0].id if ways else "new"))}


def _face(
    request: AnyRequest, session: Session, account: Entered, row: AnyRow, standing: Standing | None
) -> tuple[str, dict[str, Any]]:
    if row.status in TALKING:
        lost = discount_lost(session, account, [one.id for one in queries.invoices(session, row.id)])
        if row.status in TO_SIGN:
            return "sign", _to_sign(session, account, row) | {"lost": lost}
        return "asked", {"expires_at": row.expires_at, "asked": _as_asked(session, row), "lost": lost}
    if row.status is PlanStatus.ACCEPTED and standing is not None:
        return "start", _to_start(request, session, account, row, standing)
    if row.status in RUNNING and standing is not None:
        return "running", _running(session, account, row, standing)
    return "ended", _ended(session, row, standing)


def _to_sign(session: Session, account: Entered, row: AnyRow) -> dict[str, Any]:
    """What would be signed, beside what the customer had asked for; why nothing can, where too little is open."""
    names = [login.name for login in accounts.logins_on(session, account.id) if Right.BIND in login.rights]
    shape, side = queries.latest_shape(session, row.id)
    context: dict[str, Any] = {
        "expires_at": row.expires_at,
        "who_can": names,
        "is_counter": side is Side.US and len(queries.rounds(session, row.id)) > 1,
        "agreed": None,
        "refusal": None,
        "needs_method": rules_of(session, [row.id])[row.id].needs_method,
    }
    try:
        agreed = as_agreed(session, account.id, row.id)
    except Refused as refused:
        return context | {"refusal": Words.of(refused.text, **refused.params)}
    return context | {"agreed": agreed, "schedule": schedule_view(shape, agreed.dues)}


def _as_asked(session: Session, row: AnyRow) -> object:
    """The schedule of what was asked for, by what is open now; None where it cannot be had any more."""
    seen = _preview(session, row)
    return preview_view(seen) if seen is not None else None


def _preview(session: Session, row: AnyRow) -> Preview | None:
    shape, _ = queries.latest_shape(session, row.id)
    invoice_ids = tuple(one.id for one in queries.invoices(session, row.id) if one.open_minor)
    try:
        return preview(session, row.account_id, negotiating.Ask(invoice_ids, shape), changes=row.supersedes_id)
    except (Invalid, Conflict):
        return None


def _to_start(
    request: AnyRequest, session: Session, account: Entered, row: AnyRow, standing: Standing
) -> dict[str, Any]:
    down = next((part for part in standing.parts if part.agreed.number == 0 and part.left), None)
    plan = queries.entity(session, account.id, row.id)
    return {
        "down": Money(down.left, row.currency) if down else None,
        "needs_method": rules_of(session, [row.id])[row.id].needs_method and plan.saved_method_id is None,
        "parts": part_views(standing, {}),
        "ways": ways_of(session, account, customer_of(request).login_id),
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "expires_at": row.expires_at,
    }


def _running(session: Session, account: Entered, row: AnyRow, standing: Standing) -> dict[str, Any]:
    plan = queries.entity(session, account.id, row.id)
    following = standing.next
    parts = part_views(standing, takings(session, row.id))
    granted = pauses(session, row.id) if row.status is PlanStatus.PAUSED else ()
    watched = watch(session, [row.id]).get(row.id)
    return {
        "parts": parts,
        "next": next((part for part in parts if following and part.id == following.agreed.id), None),
        "parked": standing.parked,
        "grace": queries.grace_of(session, row.id) if watched is not None and watched.is_in_grace else None,
        "paused_until": granted[-1].until_on if granted else None,
        "method": listing.method_of(session, row.id),
        "method_id": plan.saved_method_id,
    }


def _ended(session: Session, row: AnyRow, standing: Standing | None) -> dict[str, Any]:
    changes = queries.changes(session, row.id)
    return {
        "why": told_why(changes),
        "parts": part_views(standing, {}) if standing else [],
        "open": any(one.open_minor for one in queries.invoices(session, row.id)),
    }
