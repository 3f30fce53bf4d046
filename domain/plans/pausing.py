"""Pausing: staff grant a customer in hardship a pause of a plan: what falls due from then on comes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting.model import EndReason
from domain.plans import changing, queries, taking
from domain.plans.business_days import calendar_of
from domain.plans.coverage import Part
from domain.plans.messages import PlanNews
from domain.plans.model import (
    PLAN_NAMES,
    Instalment,
    InstalmentMove,
    PaymentPlan,
    PlanChange,
    PlanPause,
    PlanStatus,
)
from domain.plans.negotiating import tell
from domain.plans.rules import rules_of, stand
from domain.plans.shifting import shifted
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables import allocating
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import Role

LONGEST = timedelta(days=366)
"""A longer pause is no pause: a new plan says what is true."""
LONGEST_REASON = 1_000
NOTICE = timedelta(days=14)
"""A part is due no sooner after a pause that was ended early: so long a bank debit is announced before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A pause that is wished for: from `from_on`, today or before where something was missed, through `until_on`."""

    from_on: date
    until_on: date
    reason: str = ""

    @property
    def days(self) -> int:
        """How many days it takes, first and last included."""
        return (self.until_on - self.from_on).days + 1


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of one part: how much is left of it, when it is due now and when it would be."""

    number: int
    left: Money
    before: date
    after: date


def foresee(session: Session, account_id: int, plan_id: int, wish: Wish) -> list[Moved]:
    """What a pause would move, without writing anything. Raises as `pause` does, but for authority and reason."""
    plan = queries.entity(session, account_id, plan_id)
    _check_days(session, plan, wish)
    parts = _in_it(session, plan, wish)
    days = _later(session, plan, {part.agreed.id: part.agreed.day for part in parts}, wish.from_on, wish.until_on)
    standing = stand(session, [plan.id])[plan.id]
    return [
        Moved(part.agreed.number, Money(part.left, plan.currency), standing.due_on(part), days[part.agreed.id])
        for part in parts
    ]


def pause(session: Session, account_id: int, plan_id: int, wish: Wish, *, role: Role, actor: Actor) -> PlanPause:
    """Pause an active plan: nothing is taken or counts as missed, and unpaid parts move past it by whole periods.

    All pauses of a plan together have to be within the authority of `role`. Raises NotFound, BeyondAuthority, Invalid
    beside `from_on`, `until_on` or `reason`, Conflict where the plan is not active or nothing would be moved.
    """
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    reason = wish.reason.strip()
    if not reason:
        raise Invalid(N_("Say why the customer cannot pay now."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="reason", most=LONGEST_REASON)
    _check_days(session, plan, wish)
    parts = _in_it(session, plan, wish)
    _check_authority(session, plan, wish, role)
    granted = PlanPause(
        plan_id=plan.id,
        from_on=wish.from_on,
        until_on=wish.until_on,
        reason=reason,
        granted_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(granted)
    session.flush()
    before = {part.agreed.id: part.agreed.day for part in parts}
    _move(session, plan, before, _later(session, plan, before, wish.from_on, wish.until_on))
    taking.end_collections(session, plan, EndReason.EXTENDED, actor=actor)
    changing.change(session, plan, PlanStatus.PAUSED, actor=actor, why=reason)
    tell(session, plan, PlanNews.PAUSED)
    return granted


def resume(session: Session, account_id: int, plan_id: int, *, why: str, actor: Actor) -> PaymentPlan:
    """Staff end a pause early: what it moved comes nearer again, by whole periods, and not sooner than `NOTICE`.

    Raises NotFound, Invalid beside "why", Conflict where it is not paused.
    """
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    if plan.status is not PlanStatus.PAUSED:
        raise Conflict(N_("This plan is not paused."))
    paused = pauses(session, plan.id)[-1]
    standing = stand(session, [plan.id])[plan.id]
    moved = _moved_by(session, paused)
    unpaid = {part.agreed.id: part.agreed for part in standing.parts if part.rest and part.agreed.id in moved}
    before = {key: each.moves[-2][1] if len(each.moves) > 1 else each.due_on for key, each in unpaid.items()}
    nearer = _later(session, plan, before, paused.from_on, standing.day + NOTICE - timedelta(days=1))
    now_due = {key: each.day for key, each in unpaid.items()}
    _move(session, plan, now_due, {key: min(day, now_due[key]) for key, day in nearer.items()})
    _run_again(session, plan, actor=actor, why=why.strip())
    return plan


def resume_due(session: Session, plan_id: int, *, actor: Actor = WORKER) -> bool:
    """Let a plan run again whose pause is over, by the customer's day; whether it was so. Safe to repeat."""
    account_id = session.scalars(select(PaymentPlan.account_id).where(PaymentPlan.id == plan_id)).one()
    account = accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    if plan.status is not PlanStatus.PAUSED:
        return False
    if day_in(now(session), account.time_zone) <= pauses(session, plan.id)[-1].until_on:
        return False
    _run_again(session, plan, actor=actor)
    return True


def pauses(session: Session, plan_id: int) -> Sequence[PlanPause]:
    """The pauses that a plan had, the first one first; the last is the one that it is in, if it is paused."""
    return session.scalars(select(PlanPause).where(PlanPause.plan_id == plan_id).order_by(PlanPause.id)).all()


def _check_days(session: Session, plan: PaymentPlan, wish: Wish) -> None:
    check_runs(plan.status)
    day = day_in(now(session), accounts.account(session, plan.account_id).time_zone)
    assert plan.signed_on is not None
    if wish.from_on > day:
        raise Invalid(N_("Begin it today, or earlier where something was missed."), field="from_on")
    if wish.from_on < plan.signed_on:
        raise Invalid(N_("The plan was signed on {day}: begin it then or later."), field="from_on", day=plan.signed_on)
    if wish.until_on < day:
        raise Invalid(N_("Choose a last day from today on."), field="until_on")
    if wish.until_on > (last := wish.from_on + LONGEST):
        raise Invalid(N_("A pause lasts a year at most, so that this one ends by {day}."), field="until_on", day=last)


def check_runs(status: PlanStatus) -> None:
    """Do nothing for a plan that runs; Conflict, with how it stands, for any other."""
    if status is not PlanStatus.ACTIVE:
        state = Words(PLAN_NAMES[status])
        raise Conflict(N_("Only a plan that is running can be paused. This one: {state}."), state=state)


def _check_authority(session: Session, plan: PaymentPlan, wish: Wish, role: Role) -> None:
    """All pauses of a plan together are within the authority of a role; BeyondAuthority says how many days they are."""
    before = _granted(session, plan)
    days = wish.days + before
    if not before:
        authority.check(session, role, Act.PLAN_PAUSE, days, account_id=plan.account_id)
    elif not authority.covers(session, role, Act.PLAN_PAUSE, days, account_id=plan.account_id):
        text = N_("With the {before} days that it was paused before these are {many}: more than you can decide alone.")
        raise authority.beyond(session, text, Act.PLAN_PAUSE, days, plan.account_id, before=before, many=days)


def _granted(session: Session, plan: PaymentPlan) -> int:
    """How many days the plan was paused before; of a pause that was ended early those that it took."""
    zone = accounts.account(session, plan.account_id).time_zone
    ends = session.scalars(
        select(PlanChange.at)
        .where(PlanChange.plan_id == plan.id, PlanChange.before == PlanStatus.PAUSED)
        .order_by(PlanChange.id)
    )
    return sum(
        (min(each.until_on, max(each.from_on, day_in(end, zone) - timedelta(days=1))) - each.from_on).days + 1
        for each, end in zip(pauses(session, plan.id), ends, strict=True)
    )


def _in_it(session: Session, plan: PaymentPlan, wish: Wish) -> list[Part]:
    """The unpaid parts that are due in the pause or after it; Conflict, with what is due when, where it moves none."""
    standing = stand(session, [plan.id])[plan.id]
    unpaid = [part for part in standing.parts if part.rest]
    parts = [part for part in unpaid if standing.due_on(part) >= wish.from_on]
    if any(standing.due_on(part) <= wish.until_on for part in parts):
        return parts
    due = sorted(standing.due_on(part) for part in unpaid)
    missed = max((day for day in due if day < wish.from_on), default=None)
    if missed is not None:
        raise Conflict(N_("Nothing falls due in these days. Begin on {day} to take in what was missed."), day=missed)
    if due:
        raise Conflict(N_("Nothing falls due in these days: the next part is due on {day}."), day=due[0])
    raise Conflict(N_("Nothing falls due in these days, so that there is nothing to pause."))


def _later(session: Session, plan: PaymentPlan, days: Mapping[int, date], since: date, past: date) -> dict[int, date]:
    shape, _ = queries.latest_shape(session, plan.id)
    account = accounts.account(session, plan.account_id)
    closed = calendar_of(rules_of(session, [plan.id])[plan.id], account.country)
    return shifted(shape, days, since=since, past=past, closed=closed)


def _move(session: Session, plan: PaymentPlan, before: Mapping[int, date], after: Mapping[int, date]) -> None:
    last_id, at = allocating.last_id(session, plan.account_id), now(session)
    session.add_all(
        InstalmentMove(instalment_id=part_id, due_on=day, after_id=last_id, moved_at=at)
        for part_id, day in after.items()
        if day != before[part_id]
    )
    session.flush()


def _moved_by(session: Session, paused: PlanPause) -> set[int]:
    """The parts that a pause has moved."""
    moves = (
        select(InstalmentMove.instalment_id)
        .join(Instalment, Instalment.id == InstalmentMove.instalment_id)
        .where(Instalment.plan_id == paused.plan_id, InstalmentMove.moved_at >= paused.granted_at)
    )
    return set(session.scalars(moves))


def _run_again(session: Session, plan: PaymentPlan, *, actor: Actor, why: str | None = None) -> None:
    changing.change(session, plan, PlanStatus.ACTIVE, actor=actor, why=why)
    taking.plan_parts(session, plan.id)
    tell(session, plan, PlanNews.RESUMED)
