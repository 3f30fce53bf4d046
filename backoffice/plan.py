"""Plan: the page of one payment plan: what was proposed, what was signed, how its parts stand, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.approvals_views import awaiting
from backoffice.plan_shapes import FREQUENCY_OPTIONS, SHAPE_FIELDS, Looked, look, shape_fields
from backoffice.plan_views import STATUS_BADGES, expires_on, part_views, plan_badge
from backoffice.wording import Doer, with_doers
from domain.approvals import queries as approvals
from domain.plans import listing, pausing, queries
from domain.plans.model import RUNNING, TALKING, PaymentPlan, PlanStatus, Side, SignedBy
from domain.plans.negotiating import LONGEST_WORDS, Ask
from domain.plans.rules import rules_of, stand
from domain.plans.schedule import Shape
from domain.policies import acceptances, authority
from domain.policies import queries as policies
from domain.policies.acts import Act
from domain.policies.sections import FREQUENCY_NAMES
from domain.receivables.model import CreditKind
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.model import Role
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from web.forms import Form
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/plans/{plan_id:int}"
PlanId = FromPath[int]
SETTLED_NAMES = {
    CreditKind.PAYMENT: N_("Payment"),
    CreditKind.CREDIT_NOTE: N_("Credit note"),
    CreditKind.MOVED: N_("Credit from another account"),
    CreditKind.REINSTATED: N_("Reinstated"),
    CreditKind.DISCOUNT: N_("Early payment discount"),
    CreditKind.CONCESSION: N_("Given up"),
    CreditKind.WRITE_OFF: N_("Given up for good"),
}
"""What settled a part is called."""
HOW_NAMES = {SignedBy.PORTAL: N_("in the portal"), SignedBy.PAPER: N_("on paper, filed by staff")}
"""How a plan was signed."""


@dataclass(frozen=True, slots=True)
class RoundView:
    """One proposal of the conversation; `looked` holds it against today's fence while it can still be agreed to."""

    id: int
    is_ours: bool
    by: Doer
    at: datetime
    words: str | None
    capacity: str | None
    shape: Shape
    down: Money
    rhythm: str
    looked: Looked | None


@get(PATH, guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def show_plan(request: AnyRequest, database: GivenDatabase, plan_id: PlanId) -> Response[bytes]:
    """One plan, with all that is known of it."""
    return plan_page(request, database, plan_id, None)


def plan_page(
    request: AnyRequest,
    database: Database,
    plan_id: int,
    form: Form | None,
    *,
    looked: Looked | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The page; `form` is the one that was refused, `looked` the counter-offer that is about to be made."""
    role = officer_of(request).role
    with database.reading() as session:
        row = queries.plan(session, plan_id)
        seen = listing.glances(session, [row])[plan_id]
        rounds = _rounds(session, row, role)
        signature = listing.signature(session, plan_id)
        changes = queries.changes(session, plan_id)
        kept = session.get_one(PaymentPlan, plan_id)
        standing = seen.standing
        agreed = stand(session, [plan_id])[plan_id] if row.signed_on and standing is None else None
        started = shape_fields(request, rounds[-1].shape, row.currency)
        if form is not None:
            form.only_at(_fields(row.status))
            if not set(SHAPE_FIELDS) & set(form.names()):
                form.fill(started)
        context = {
            "plan": row,
            "path": f"/plans/{plan_id}",
            "account_path": f"/accounts/{row.account_id}",
            "worth": seen.worth,
            "badge": plan_badge(row, seen),
            "standing": standing,
            "overdue": Money.sum((Money(p.left, row.currency) for p in standing.overdue), row.currency)
            if standing
            else None,
            "next_on": seen.next_on,
            "expires_on": expires_on(session, row),
            "is_talking": row.status in TALKING,
            "is_asked": row.status is PlanStatus.REQUESTED,
            "is_ours_to_sign": row.status in (PlanStatus.OFFERED, PlanStatus.COUNTERED),
            "can_be_signed": queries.can_be_signed(session, row.account_id),
            "waits_to_start": row.status is PlanStatus.ACCEPTED,
            "is_running": row.status in RUNNING,
            "is_active": row.status is PlanStatus.ACTIVE,
            "is_defaulted": row.status is PlanStatus.DEFAULTED,
            "is_paused": row.status is PlanStatus.PAUSED,
            "rounds": rounds,
            "newest": rounds[-1],
            "parts": part_views(session, plan_id, standing) if standing else [],
            "agreed": agreed,
            "agreed_parts": part_views(session, plan_id, agreed) if agreed else [],
            "invoices": [
                (each, Money(each.open_minor, row.currency), _money(each.signed_minor, row.currency))
                for each in queries.invoices(session, plan_id)
            ],
            "settled": [
                (each, SETTLED_NAMES[each.kind], Money(each.amount_minor, row.currency))
                for each in listing.settled_by(session, plan_id)
            ],
            "signature": signature,
            "signed_how": HOW_NAMES[signature.how] if signature else None,
            "grace": queries.grace_of(session, plan_id),
            "grace_missing": _grace_missing(session, row),
            "pauses": with_doers(session, pausing.pauses(session, plan_id)),
            "method": listing.method_of(session, plan_id),
            "needs_method": rules_of(session, [plan_id])[plan_id].needs_method,
            "successor": listing.successor_of(session, plan_id),
            "follows": _follows(session, kept.version_id),
            "waiting": [
                task
                for task in tasks.tasks_of(session, row.account_id)
                if (task.subject_kind, task.subject_id) == ("plan", str(plan_id))
            ],
            "awaiting": awaiting(session, approvals.waiting_about(session, "plan", plan_id)),
            "most_months": authority.limits_on(session, row.account_id)[Act.PLAN][role],
            "changes": [(change, STATUS_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "frequencies": FREQUENCY_OPTIONS,
            "looked": looked,
            "longest": LONGEST_WORDS,
            "form": form or Form.starting(request, **started),
        }
    return page(request, "backoffice/plans/show.html", context, status=status)


def _fields(status: PlanStatus) -> set[str]:
    """The fields that the page of a plan in this state has."""
    fields = set(SHAPE_FIELDS) | {"words"} if status in TALKING else set()
    if status in TALKING | {PlanStatus.ACCEPTED}:
        fields.add("told")
    if status is PlanStatus.REQUESTED:
        fields |= {"agreeing", "why"}
    return fields | {"why"} if status is PlanStatus.PAUSED else fields


def _rounds(session: Session, row: AnyRow, role: Role) -> Sequence[RoundView]:
    invoice_ids = tuple(each.id for each in queries.invoices(session, row.id))
    views = []
    for each, by in with_doers(session, queries.rounds(session, row.id)):
        shape = msgspec.convert(each.shape, Shape, strict=False)
        ask = Ask(invoice_ids, shape)
        talks = row.status in TALKING
        views.append(
            RoundView(
                id=each.id,
                is_ours=each.side is Side.US,
                by=by,
                at=each.at,
                words=each.words,
                capacity=each.capacity,
                shape=shape,
                down=Money(shape.down_minor, row.currency),
                rhythm=FREQUENCY_NAMES[shape.frequency],
                looked=look(session, row.account_id, ask, role, changes=row.supersedes_id) if talks else None,
            )
        )
    return views


def _grace_missing(session: Session, row: AnyRow) -> Money | None:
    grace = queries.grace_of(session, row.id)
    return _money(grace.missing_minor if grace else None, row.currency)


def _follows(session: Session, version_id: int) -> tuple[str, str, int]:
    """The page, policy and number of the version that the plan was made under."""
    version = acceptances.versions(session, [version_id])[version_id]
    name = policies.names(session, [version.policy_id])[version.policy_id]
    return f"/policies/{version.policy_id}/versions/{version.number}", name, version.number


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
