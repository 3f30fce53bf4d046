"""Negotiating: a plan is asked for, countered, offered, declined; inside the fence it may be signed at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.outbox import sending as outbox
from domain.plans import changing, fence, queries
from domain.plans.business_days import calendar_of
from domain.plans.messages import TO_SIGN, PlanNews, TellPlan
from domain.plans.model import RUNNING, TALKING, PaymentPlan, PlanInvoice, PlanRound, PlanStatus, Side
from domain.plans.schedule import Shape, days_of, span_months
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.ruling import version_today
from domain.policies.sections import Plans
from domain.shared.actor import Actor, ActorKind
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

MOST_PARTS = 260
"""More instalments than these (weekly for five years) are a slip of the pen."""
LONGEST_WORDS = 1_000
ASKED_ANEW = N_("There is a newer proposal than the one that you read. Look at it first.")


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody proposes: a shape over these invoices, with words; `capacity` answers what they can pay, when."""

    invoice_ids: tuple[int, ...]
    shape: Shape
    words: str = ""
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class Considered:
    """A proposal that can be made: the account, its rules, its invoices and their sum, and what is beyond the fence."""

    account: Account
    version_id: int
    section: Plans
    invoices: AnyRows
    total: Money
    beyond: list[fence.Beyond]


def consider(session: Session, account_id: int, ask: Ask, *, changes: int | None = None) -> Considered:
    """Look at a proposal without writing anything; `changes` is the running plan that it is to replace.

    Raises Conflict where the terms have no plans, NotFound, Invalid beside the field for what no plan can be.
    """
    account = session.get_one(Account, account_id)
    version_id, section = plans_of(session, account_id)
    rows = chosen(session, account_id, ask.invoice_ids, changes=changes)
    total = Money(sum(row.open_minor for row in rows), account.currency)
    day, shape = day_in(now(session), account.time_zone), ask.shape
    _refuse_impossible(session, account, shape, total)
    found = fence.beyond(
        section,
        shape,
        total,
        form=account.legal_form,
        signed_on=day,
        currency=business(session).currency,
        closed=calendar_of(section, account.country),
    )
    return Considered(account, version_id, section, rows, total, found)


def chosen(session: Session, account_id: int, invoice_ids: Collection[int], *, changes: int | None = None) -> AnyRows:
    """These invoices, the oldest due first; Invalid where there are none, or one can not be on a plan.

    What is on the running plan that is to be replaced, `changes`, may be on the new one.
    """
    there = plannable(session, account_id, changes=changes)
    if not invoice_ids:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    if not there.keys() >= set(invoice_ids):
        raise Invalid(N_("One of these can no longer be paid by a plan. Choose again."), field="invoice")
    return [row for row in there.values() if row.id in invoice_ids]


def plannable(session: Session, account_id: int, *, changes: int | None = None) -> dict[int, AnyRow]:
    """What a plan can be made over, by id, with what is on the plan that it is to replace."""
    there = {row.id: row for row in queries.plannable(session, account_id)}
    if changes is not None:
        there |= {row.id: row for row in queries.invoices(session, changes) if row.open_minor}
    return dict(sorted(there.items(), key=lambda each: (each[1].due_on, each[0])))


def plans_of(session: Session, account_id: int) -> tuple[int, Plans]:
    """The version that rules the account today, and its section on plans; Conflict that says what to do without one."""
    found = version_today(session, account_id)
    if found is None or found[1].plans is None:
        raise Conflict(N_("A payment plan cannot be made here. Write to us or call us."))
    return found[0], found[1].plans


def ask_for(
    session: Session, account_id: int, ask: Ask, *, login_id: int, actor: Actor, changes: int | None = None
) -> PaymentPlan:
    """The customer proposes a plan: inside the fence it can be signed at once, else somebody is asked.

    With `changes`, a running plan's id, it replaces that one once signed. What they proposed before over any of these
    invoices falls. Raises what `consider` raises.
    """
    accounts.lock(session, account_id)
    considered = consider(session, account_id, ask, changes=_running(session, account_id, changes))
    _drop_earlier(session, account_id, ask.invoice_ids, actor=actor)
    plan = _make(session, considered, ask, Side.CUSTOMER, login_id=login_id, supersedes_id=changes, actor=actor)
    if considered.beyond:
        ask_staff(session, plan, considered.total)
    return plan


def offer(
    session: Session,
    account_id: int,
    ask: Ask,
    *,
    role: Role,
    actor: Actor,
    changes: int | None = None,
) -> PaymentPlan:
    """Staff propose a plan, which the customer has to sign. Raises as `consider`, NotAllowed beyond their authority."""
    accounts.lock(session, account_id)
    considered = consider(session, account_id, ask, changes=_running(session, account_id, changes))
    _check_authority(session, considered, ask.shape, role)
    _drop_earlier(session, account_id, ask.invoice_ids, actor=actor)
    plan = _make(session, considered, ask, Side.US, login_id=None, supersedes_id=changes, actor=actor)
    tell(session, plan, PlanNews.OFFERED)
    return plan


def counter(
    session: Session,
    account_id: int,
    plan_id: int,
    shape: Shape,
    words: str,
    *,
    role: Role,
    actor: Actor,
    seen: int | None = None,
) -> PaymentPlan:
    """Staff propose another shape, having read the proposal `seen`.

    Raises as `offer`, Conflict where the plan has moved on or there is a newer proposal.
    """
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    _check_newest(session, plan_id, seen)
    considered = reconsider(session, plan, shape)
    _check_authority(session, considered, shape, role)
    changing.change(session, plan, PlanStatus.COUNTERED, actor=actor, why=words.strip() or None)
    _keep_round(session, plan, Side.US, shape, words, "", actor)
    _renew(session, plan, considered)
    tell(session, plan, PlanNews.COUNTERED)
    return plan


def counter_back(
    session: Session, account_id: int, plan_id: int, ask: Ask, *, login_id: int, actor: Actor
) -> PaymentPlan:
    """The customer proposes another shape in the same conversation. Raises as `ask_for`, Conflict if it moved on."""
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    considered = reconsider(session, plan, ask.shape)
    to = PlanStatus.REQUESTED if considered.beyond else PlanStatus.OFFERED
    if plan.status is not to:
        changing.change(session, plan, to, actor=actor, why=ask.words.strip() or None)
    elif plan.status not in TALKING:
        raise Conflict(N_("This conversation is over. Ask for a new plan."))
    plan.login_id = login_id
    _keep_round(session, plan, Side.CUSTOMER, ask.shape, ask.words, ask.capacity, actor)
    _renew(session, plan, considered)
    if considered.beyond:
        ask_staff(session, plan, considered.total)
    return plan


def approve(
    session: Session,
    account_id: int,
    plan_id: int,
    *,
    role: Role,
    actor: Actor,
    words: str = "",
    seen: int | None = None,
) -> PaymentPlan:
    """Staff agree to what the customer asked for, having read the proposal `seen`, so that it can be signed.

    NotAllowed beyond their authority, Conflict where the plan has moved on or there is a newer proposal.
    """
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    _check_newest(session, plan_id, seen)
    shape, _ = queries.latest_shape(session, plan_id)
    considered = reconsider(session, plan, shape)
    _check_authority(session, considered, shape, role)
    changing.change(session, plan, PlanStatus.OFFERED, actor=actor, why=words.strip() or None)
    _renew(session, plan, considered)
    tell(session, plan, PlanNews.OFFERED)
    return plan


def decline(session: Session, account_id: int, plan_id: int, *, why: str, actor: Actor) -> PaymentPlan:
    """Staff say no, and why; the customer is told. Invalid without a reason, Conflict where it has moved on."""
    if not why.strip():
        raise Invalid(N_("Say why: the customer reads it."), field="why")
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    changing.change(session, plan, PlanStatus.DECLINED, actor=actor, why=why.strip())
    tell(session, plan, PlanNews.DECLINED)
    return plan


def withdraw(session: Session, account_id: int, plan_id: int, *, actor: Actor, why: str = "") -> PaymentPlan:
    """Whoever proposed it, or was offered it, does not want it any more. Conflict where it runs or is over.

    The customer is told of it, unless they have done it themselves.
    """
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    changing.change(session, plan, PlanStatus.WITHDRAWN, actor=actor, why=why.strip() or None)
    if actor.kind is not ActorKind.LOGIN:
        tell(session, plan, PlanNews.WITHDRAWN)
    return plan


def expire(session: Session, account_id: int, plan_id: int, *, actor: Actor) -> bool:
    """Let a plan lapse that nobody has signed, or started, in time; whether it did."""
    accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    waits = plan.status in TALKING or plan.status is PlanStatus.ACCEPTED
    if not waits or plan.expires_at is None or plan.expires_at > now(session):
        return False
    changing.change(session, plan, PlanStatus.EXPIRED, actor=actor)
    tell(session, plan, PlanNews.EXPIRED)
    return True


def reconsider(session: Session, plan: PaymentPlan, shape: Shape) -> Considered:
    """Look at another shape for the invoices that a plan is asked for, by the rules of today."""
    invoice_ids = tuple(row.id for row in queries.invoices(session, plan.id))
    return consider(session, plan.account_id, Ask(invoice_ids, shape), changes=plan.supersedes_id)


def tell(session: Session, plan: PaymentPlan, news: PlanNews, *, part: int | None = None) -> None:
    """Have the customer told of it; of what waits for a signature that nobody can give, somebody of ours as well."""
    outbox.add(session, TellPlan(plan_id=plan.id, news=news, part=part), account_id=plan.account_id)
    if news in TO_SIGN and not queries.can_be_signed(session, plan.account_id):
        tasks.open_task(session, TaskKind.PLAN_UNSIGNED, subject=("plan", plan.id), account_id=plan.account_id)


def ask_staff(session: Session, plan: PaymentPlan, total: Money) -> None:
    """Have somebody answer."""
    tasks.open_task(
        session, TaskKind.PLAN_REQUEST, subject=("plan", plan.id), account_id=plan.account_id, worth=total, detail={}
    )


def _refuse_impossible(session: Session, account: Account, shape: Shape, total: Money) -> None:
    if not 1 <= shape.count <= MOST_PARTS:
        raise Invalid(N_("Choose from 1 to {most} instalments."), field="count", most=MOST_PARTS)
    day = day_in(now(session), account.time_zone)
    if not day < shape.first_on <= day + timedelta(days=366):
        raise Invalid(N_("Choose a first day within the next twelve months."), field="first_on")
    if not 0 <= shape.down_minor < total.minor:
        raise Invalid(N_("The down payment has to be less than {total}."), field="down", total=total)
    if (total.minor - shape.down_minor) // shape.count < 1:
        raise Invalid(N_("That is more instalments than there is money to divide."), field="count")


def _check_authority(session: Session, considered: Considered, shape: Shape, role: Role) -> None:
    """Inside the fence whoever handles plans may agree; beyond it their authority has to cover the months."""
    if not considered.beyond:
        return
    account = considered.account
    last_on = days_of(shape.frequency, shape.first_on, shape.count)[-1]
    months = span_months(last_on, day_in(now(session), account.time_zone))
    authority.check(session, role, Act.PLAN, months, account_id=account.id)


def _running(session: Session, account_id: int, plan_id: int | None) -> int | None:
    """The plan that is to be replaced; Conflict where it does not run."""
    if plan_id is None:
        return None
    if queries.entity(session, account_id, plan_id).status not in RUNNING:
        raise Conflict(N_("Only a plan that is running can be changed."))
    return plan_id


def _drop_earlier(session: Session, account_id: int, invoice_ids: tuple[int, ...], *, actor: Actor) -> None:
    over = select(PlanInvoice.plan_id).where(PlanInvoice.invoice_id.in_(invoice_ids))
    earlier = select(PaymentPlan).where(
        PaymentPlan.account_id == account_id, PaymentPlan.id.in_(over), PaymentPlan.status.in_(TALKING)
    )
    for plan in session.scalars(earlier.order_by(PaymentPlan.id)).all():
        changing.change(session, plan, PlanStatus.WITHDRAWN, actor=actor, why="replaced")


def _make(
    session: Session,
    considered: Considered,
    ask: Ask,
    side: Side,
    *,
    login_id: int | None,
    supersedes_id: int | None,
    actor: Actor,
) -> PaymentPlan:
    asks = side is Side.CUSTOMER and considered.beyond
    plan = PaymentPlan(
        account_id=considered.account.id,
        currency=considered.account.currency,
        status=PlanStatus.REQUESTED if asks else PlanStatus.OFFERED,
        version_id=considered.version_id,
        supersedes_id=supersedes_id,
        made_at=now(session),
        interest=considered.section.interest,
        login_id=login_id,
    )
    session.add(plan)
    session.flush()
    session.add_all(PlanInvoice(plan_id=plan.id, invoice_id=row.id) for row in considered.invoices)
    _keep_round(session, plan, side, ask.shape, ask.words, ask.capacity, actor)
    _renew(session, plan, considered)
    changing.note(session, plan, None, actor=actor, why=ask.words.strip() or None)
    return plan


def _check_newest(session: Session, plan_id: int, seen: int | None) -> None:
    """Do nothing where the proposal that was read is still the last word."""
    if seen is not None and queries.rounds(session, plan_id)[-1].id != seen:
        raise Conflict(ASKED_ANEW)


def _renew(session: Session, plan: PaymentPlan, considered: Considered) -> None:
    """From the latest word on the answer has its days, and the rules of today hold."""
    plan.version_id, plan.interest = considered.version_id, considered.section.interest
    plan.expires_at = now(session) + timedelta(days=considered.section.offer_days)


def _keep_round(
    session: Session, plan: PaymentPlan, side: Side, shape: Shape, words: str, capacity: str, actor: Actor
) -> None:
    if len(words) > LONGEST_WORDS or len(capacity) > LONGEST_WORDS:
        raise Invalid(N_("Say it in at most {most} characters."), field="words", most=LONGEST_WORDS)
    session.add(
        PlanRound(
            plan_id=plan.id,
            side=side,
            shape=msgspec.to_builtins(shape),
            words=words.strip() or None,
            capacity=capacity.strip() or None,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )
    session.flush()
