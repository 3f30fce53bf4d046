"""Watching: how the active plans go, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.collecting.model import Collection as Taking
from domain.collecting.model import CollectionState, SubjectKind
from domain.payments import queries as payments
from domain.plans.health import Days, Watched
from domain.plans.messages import PlanNews
from domain.plans.model import (
    Instalment,
    InstalmentTold,
    PaymentPlan,
    PlanChange,
    PlanGrace,
    PlanInvoice,
    PlanStatus,
)
from domain.plans.rules import rules_of
from domain.plans.standing import PLANS, standings
from domain.saved_methods.model import SavedMethod
from domain.shared.clock import day_in
from domain.stops.holding import holds_on
from domain.stops.model import OF_THE_WHOLE_ACCOUNT, StopKind

HOLDING = OF_THE_WHOLE_ACCOUNT | {StopKind.MANUAL}
"""The stops under which no day counts against the customer: nobody may ask them, or we chose not to."""
A_DAY = timedelta(days=1)

_ACTIVE = (
    select(PaymentPlan.id, PaymentPlan.account_id, Account.time_zone, SavedMethod)
    .join(Account, Account.id == PaymentPlan.account_id)
    .outerjoin(SavedMethod, SavedMethod.id == PaymentPlan.saved_method_id)
    .where(PaymentPlan.id.in_(PLANS), PaymentPlan.status == PlanStatus.ACTIVE)
    .execution_options(populate_existing=True)
)
_OVER = select(PlanInvoice.plan_id, PlanInvoice.invoice_id).where(PlanInvoice.plan_id.in_(PLANS))
_GRACES = select(PlanGrace).where(PlanGrace.plan_id.in_(PLANS))
_PAUSES = (
    select(PlanChange.plan_id, PlanChange.after, PlanChange.at)
    .where(
        PlanChange.plan_id.in_(PLANS),
        or_(PlanChange.before == PlanStatus.PAUSED, PlanChange.after == PlanStatus.PAUSED),
    )
    .order_by(PlanChange.id)
)
_TAKEN = (
    select(Instalment.plan_id, Instalment.id, Taking.state)
    .join(Taking, and_(Taking.subject_kind == SubjectKind.INSTALMENT, Taking.subject_id == Instalment.id))
    .where(Instalment.plan_id.in_(PLANS))
    .order_by(Taking.id)
)
_WERE_TOLD = (
    select(Instalment.plan_id, InstalmentTold.instalment_id, InstalmentTold.news, InstalmentTold.due_on)
    .join(Instalment, Instalment.id == InstalmentTold.instalment_id)
    .where(Instalment.plan_id.in_(PLANS))
)


def watch(session: Session, plan_ids: Collection[int]) -> dict[int, Watched]:
    """How those of these plans that are active go now, in as many queries for many as for one."""
    plans = session.execute(_ACTIVE, {"plans": list(plan_ids)}).all()
    account_of = {row.id: row.account_id for row in plans}
    rules = rules_of(session, account_of)
    standing = standings(session, account_of, {plan_id: rule.reopened_days for plan_id, rule in rules.items()})
    invoices = _invoices(session, account_of)
    held = _held(session, invoices, account_of)
    paused = _paused(session, {row.id: row.time_zone for row in plans})
    taking, told = _taking(session, account_of), _told(session, account_of)
    grace_of = {grace.plan_id: grace for grace in session.scalars(_GRACES, {"plans": list(account_of)})}
    claimed = {
        row.invoice_id for row in payments.live_claims(session, [one for each in invoices.values() for one in each])
    }
    return {
        row.id: Watched(
            standing=standing[row.id],
            rules=rules[row.id],
            grace=grace_of.get(row.id),
            method=row.SavedMethod,
            taking=taking[row.id],
            told=told[row.id],
            not_counted=[*held[row.id], *paused[row.id]],
            is_awaited=not claimed.isdisjoint(invoices[row.id]),
        )
        for row in plans
    }


def _invoices(session: Session, plan_ids: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(_OVER, {"plans": list(plan_ids)}):
        found[row.plan_id].append(row.invoice_id)
    return found


def _held(
    session: Session, invoices: Mapping[int, Sequence[int]], account_of: Mapping[int, int]
) -> dict[int, list[Days]]:
    """The days on which one of these stops was on a whole invoice of each plan, or on its account."""
    of_account = {invoice_id: account_of[plan_id] for plan_id, ids in invoices.items() for invoice_id in ids}
    holds = holds_on(session, of_account, HOLDING)
    return {
        plan_id: [Days(hold.from_on, hold.last_on) for one in ids for hold in holds.get(one, ()) if hold.minor is None]
        for plan_id, ids in invoices.items()
    }


def _paused(session: Session, zone_of: Mapping[int, str]) -> dict[int, list[Days]]:
    """The days on which each plan was paused, by the changes of its state."""
    found: dict[int, list[Days]] = defaultdict(list)
    for change in session.execute(_PAUSES, {"plans": list(zone_of)}):
        day = day_in(change.at, zone_of[change.plan_id])
        if change.after is PlanStatus.PAUSED:
            found[change.plan_id].append(Days(day, None))
        else:
            found[change.plan_id][-1] = Days(found[change.plan_id][-1].first, day - A_DAY)
    return found


def _taking(session: Session, plan_ids: Collection[int]) -> dict[int, dict[int, CollectionState]]:
    found: dict[int, dict[int, CollectionState]] = defaultdict(dict)
    for row in session.execute(_TAKEN, {"plans": list(plan_ids)}):
        found[row.plan_id][row.id] = row.state
    return found


def _told(session: Session, plan_ids: Collection[int]) -> dict[int, set[tuple[int, PlanNews, date]]]:
    found: dict[int, set[tuple[int, PlanNews, date]]] = defaultdict(set)
    for row in session.execute(_WERE_TOLD, {"plans": list(plan_ids)}):
        found[row.plan_id].add((row.instalment_id, row.news, row.due_on))
    return found
