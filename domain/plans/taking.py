"""Taking: the parts of a running plan are collected from its saved method, each by a collection of its own."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting import changing as collections
from domain.collecting.due_parts import DuePart
from domain.collecting.model import (
    AHEAD,
    LIVE,
    PLAN_AGAIN,
    Collection,
    CollectionState,
    EndReason,
    SubjectKind,
)
from domain.collecting.rules import RULES, rules_on
from domain.payments.model import Payment
from domain.plans import paying, queries
from domain.plans.coverage import Part
from domain.plans.model import Instalment, PaymentPlan, PlanStatus
from domain.plans.rules import stand
from domain.receivables.held import held_parts
from domain.receivables.model import Uncovering, Withdrawal, WithdrawalKind
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, StopKind

AHEAD_OF_IT = timedelta(days=7 + max(days for rules in RULES for days in rules.lead_days.values()))
"""So long before its day a collection is planned: the longest lead, and a week for a worker that was away."""
OTHERS_HOLD = kinds_that_hold(Held.COLLECTION) - {StopKind.PLAN, StopKind.PLAN_BEARING, StopKind.WRITE_OFF}
"""The stops that hold the collection of a plan's parts as well: all but its own, and what is in our books alone."""


def part_of_instalment(session: Session, collection: Collection) -> DuePart:
    """What there is to collect of one part of a plan that runs; nothing of one that does not, or that stops hold."""
    plan_id = session.get_one(Instalment, collection.subject_id).plan_id
    plan = queries.entity(session, collection.account_id, plan_id)
    part = next(p for p in stand(session, [plan_id])[plan_id].parts if p.agreed.id == collection.subject_id)
    still_open = Money(part.left, plan.currency)
    nothing = Money.zero(plan.currency)
    if plan.status is not PlanStatus.ACTIVE:
        return DuePart(still_open, nothing, {})
    held = held_parts(session, [plan.account_id], OTHERS_HOLD - queries.CONTESTED)
    free = {key: amount for key, amount in paying.free_of(session, plan).items() if key not in held}
    most = min(still_open, Money.sum(free.values(), plan.currency))
    return DuePart(still_open, most, free)


def mark_taken(session: Session, collection: Collection) -> None:
    """The payment of a collection is for its part."""
    assert collection.payment_id is not None
    plan_id = session.get_one(Instalment, collection.subject_id).plan_id
    paying.mark(session, collection.payment_id, plan_id, part_id=collection.subject_id)


def to_plan(session: Session) -> list[int]:
    """Running plans with a saved method that may have a part to be collected soon.

    Parts that something had covered come back when they are opened again, not here.
    """
    known = exists().where(
        Collection.subject_kind == SubjectKind.INSTALMENT,
        Collection.subject_id == Instalment.id,
        or_(
            Collection.state.in_(LIVE | {CollectionState.DONE}),
            and_(
                Collection.state == CollectionState.EXHAUSTED,
                Collection.saved_method_id == PaymentPlan.saved_method_id,
            ),
        ),
    )
    return list(
        session.scalars(
            select(PaymentPlan.id)
            .join(Instalment, Instalment.plan_id == PaymentPlan.id)
            .where(
                PaymentPlan.status == PlanStatus.ACTIVE,
                PaymentPlan.saved_method_id.is_not(None),
                Instalment.due_on <= today(session) + AHEAD_OF_IT,
                ~known,
            )
            .distinct()
            .order_by(PaymentPlan.id)
        )
    )


def plan_parts(session: Session, plan_id: int) -> list[Collection]:
    """Plan a collection for each part of a plan that needs one soon: for its day, or as soon as it may be taken."""
    account_id = session.scalars(select(PaymentPlan.account_id).where(PaymentPlan.id == plan_id)).one()
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    if plan.status is not PlanStatus.ACTIVE or plan.saved_method_id is None:
        return []
    method = session.get_one(SavedMethod, plan.saved_method_id, populate_existing=True)
    rules, standing = rules_on(today(session)), stand(session, [plan_id])[plan_id]
    soon = [part for part in standing.parts if part.left and standing.due_on(part) <= today(session) + AHEAD_OF_IT]
    blocked = _blocked(session, plan, [part.agreed.id for part in soon])
    earliest = today(session) + timedelta(days=rules.lead_days[method.kind])
    made = [
        Collection(
            account_id=account_id,
            autopay_id=None,
            saved_method_id=method.id,
            subject_kind=SubjectKind.INSTALMENT,
            subject_id=part.agreed.id,
            currency=plan.currency,
            rules_version=rules.version,
            state=CollectionState.PLANNED,
            planned_at=now(session),
            collect_on=max(standing.due_on(part), earliest),
            tries=0,
            judged=0,
        )
        for part in soon
        if part.agreed.id not in blocked
    ]
    session.add_all(made)
    session.flush()
    for collection in made:
        collections.note(session, collection, None, actor=WORKER)
    return made


def end_collections(
    session: Session, plan: PaymentPlan, why: EndReason, *, actor: Actor, only_settled: bool = False
) -> list[Collection]:
    """End the collections of a plan that have not begun, or (where that is so) only those whose part is settled.

    What is being tried is ended too, as soon as the processor confirms it.
    """
    mine = select(Instalment.id).where(Instalment.plan_id == plan.id)
    found = session.scalars(
        select(Collection)
        .where(
            Collection.subject_kind == SubjectKind.INSTALMENT,
            Collection.subject_id.in_(mine),
            Collection.state.in_(AHEAD if only_settled else LIVE),
        )
        .order_by(Collection.id)
        .execution_options(populate_existing=True)
    ).all()
    if only_settled:
        left = {part.agreed.id: part.left for part in _parts(session, plan)}
        found = [one for one in found if not left[one.subject_id]]
    for collection in found:
        collections.end(session, collection, why, actor=actor)
    return list(found)


def _parts(session: Session, plan: PaymentPlan) -> list[Part]:
    return list(stand(session, [plan.id])[plan.id].parts)


def _blocked(session: Session, plan: PaymentPlan, part_ids: list[int]) -> set[int]:
    """The parts for which nothing is to be planned: one lives, one has failed with this method, a bank took it back."""
    lives = Collection.state.in_(LIVE)
    failed = and_(
        Collection.saved_method_id == plan.saved_method_id,
        or_(
            Collection.state == CollectionState.EXHAUSTED,
            and_(Collection.state == CollectionState.CANCELLED, Collection.ends_why.not_in(PLAN_AGAIN)),
        ),
    )
    contested = and_(
        Collection.state == CollectionState.DONE,
        exists().where(
            Payment.id == Collection.payment_id,
            Withdrawal.kind == WithdrawalKind.CHARGEBACK,
            Withdrawal.account_id == Collection.account_id,
            Uncovering.withdrawal_id == Withdrawal.id,
            Uncovering.invoice_id.in_([row.id for row in queries.invoices(session, plan.id)]),
        ),
    )
    return set(
        session.scalars(
            select(Collection.subject_id).where(
                Collection.subject_kind == SubjectKind.INSTALMENT,
                Collection.subject_id.in_(part_ids),
                or_(lives, failed, contested),
            )
        )
    )
