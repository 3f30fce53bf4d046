"""Methods: from which saved card or bank account the parts of a plan are taken."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.collecting.model import EndReason
from domain.plans import queries, taking
from domain.plans.model import SIGNED, PaymentPlan
from domain.plans.signing import start_if_ready
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.queries import is_past
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict


def use_method(
    session: Session, account_id: int, plan_id: int, method_id: int, *, login_id: int, actor: Actor
) -> PaymentPlan:
    """Take the parts of a signed plan from this method from now on; it starts where it only waited for that.

    Only one's own is chosen, so that nobody else's card is charged. Raises NotFound, and Conflict where the method can
    no longer be used or the plan has come to its end.
    """
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    if plan.status not in SIGNED:
        raise Conflict(N_("This plan has come to its end, so nothing is taken for it."))
    method = saved_methods.method_of(session, account_id, method_id, login_id=login_id)
    if method.login_id != login_id:
        raise Conflict(N_("Choose a card or bank account of your own, so that nobody else's is charged."))
    if not method.is_there or is_past(method.expires_year, method.expires_month, today(session)):
        raise Conflict(N_("{label} can no longer be used. Choose another way to pay."), label=method.label)
    if plan.saved_method_id == method.id:
        return plan
    taking.end_collections(session, plan, EndReason.REPLACED, actor=actor)
    plan.saved_method_id = method.id
    audit.record(
        session,
        "plan.method",
        actor=actor,
        subject=("plan", plan.id),
        account_id=account_id,
        after={"method": method.label},
    )
    start_if_ready(session, plan, actor=actor)
    taking.plan_parts(session, plan.id)
    return plan
