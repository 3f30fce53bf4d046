"""Costs: what a partner has spent on a placement and asks us for, accepted or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import partner_stream
from domain.placements.model import Placement
from domain.remittances.books import lock_partner, not_after, reference_text
from domain.remittances.model import CostStatus, PlacementCost
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Spent:
    """What a partner has spent, on what, and when, under its own reference."""

    reference: str
    amount: Money
    spent_on: date
    what: str


def tell_cost(session: Session, placement: Placement, spent: Spent, *, actor: Actor) -> PlacementCost:
    """Write down a cost on a placement that was sent; somebody decides about it.

    Safe to repeat under its reference. Raises Invalid beside the field, Conflict where the reference means another.
    """
    accounts.lock(session, placement.account_id)
    lock_partner(session, placement.partner_id)
    reference, what = reference_text(spent.reference), " ".join(spent.what.split())
    if placement.sent_at is None:
        raise Conflict(N_("This was never handed over."))
    if spent.amount.currency != placement.currency:
        raise Invalid(N_("This debt is in {currency}."), field="amount", currency=placement.currency)
    if spent.amount.minor <= 0:
        raise Invalid(N_("Enter how much was spent."), field="amount")
    if not what or len(what) > LONGEST:
        raise Invalid(N_("Say what it was spent on, in at most {most} characters."), field="what", most=LONGEST)
    not_after(spent.spent_on, today(session), "spent_on")
    known = session.scalars(
        select(PlacementCost).where(PlacementCost.placement_id == placement.id, PlacementCost.reference == reference)
    ).one_or_none()
    if known is not None:
        if (known.amount, known.spent_on) == (spent.amount, spent.spent_on):
            return known
        raise Conflict(N_("Cost {reference} is known already, with other figures."), reference=reference)
    cost = PlacementCost(
        placement_id=placement.id,
        partner_id=placement.partner_id,
        account_id=placement.account_id,
        reference=reference,
        currency=placement.currency,
        amount_minor=spent.amount.minor,
        spent_on=spent.spent_on,
        what=what,
        status=CostStatus.TOLD,
        told_at=now(session),
    )
    session.add(cost)
    session.flush()
    open_task(
        session,
        TaskKind.PARTNER_COST,
        subject=("placement_cost", cost.id),
        account_id=cost.account_id,
        worth=cost.amount,
    )
    _record(session, "placement_cost.told", cost, actor)
    return cost


def accept_cost(session: Session, cost_id: int, *, actor: Actor) -> PlacementCost:
    """Owe a partner what it has spent; Conflict where that was decided before."""
    cost = _to_decide(session, cost_id)
    cost.status, cost.decided_at = CostStatus.ACCEPTED, now(session)
    ledger.post(
        session,
        kind=EntryKind.PLACEMENT_COST,
        source=cost.source,
        effective_on=today(session),
        legs=[
            debit(LedgerAccount.COLLECTION_COSTS, cost.amount),
            credit(LedgerAccount.AGENCY_PAYABLE, cost.amount),
        ],
        stream=partner_stream(cost.partner_id),
    )
    _decided(session, "placement_cost.accepted", cost, actor)
    return cost


def refuse_cost(session: Session, cost_id: int, *, why: str, actor: Actor) -> PlacementCost:
    """Do not owe a partner what it has spent; Invalid without a reason, Conflict where that was decided before."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    cost = _to_decide(session, cost_id)
    cost.status, cost.decided_at, cost.why = CostStatus.REFUSED, now(session), why.strip()
    _decided(session, "placement_cost.refused", cost, actor)
    return cost


def _to_decide(session: Session, cost_id: int) -> PlacementCost:
    cost = session.get(PlacementCost, cost_id)
    if cost is None:
        raise NotFound(N_("We could not find that cost."))
    lock_partner(session, cost.partner_id)
    session.refresh(cost)
    if cost.status is not CostStatus.TOLD:
        raise Conflict(N_("This has been decided already."))
    return cost


def _decided(session: Session, act: str, cost: PlacementCost, actor: Actor) -> None:
    session.flush()
    working.settle(session, TaskKind.PARTNER_COST, subject=("placement_cost", cost.id))
    _record(session, act, cost, actor)


def _record(session: Session, act: str, cost: PlacementCost, actor: Actor) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("placement", cost.placement_id),
        account_id=cost.account_id,
        after={"reference": cost.reference, "amount": cost.amount, "what": cost.what, "why": cost.why},
    )
