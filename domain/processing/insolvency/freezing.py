"""Freezing: a customer is insolvent, and in one transaction nothing is asked, taken, lent or agreed any more.

Plans that run sleep: no day of a proceeding counts in them. What nobody had signed or accepted is taken back, an
accepted offer to settle ends, so that the whole debt is claimed, and a promise is withdrawn: nobody broke it. Interest
stops with the first day; what was charged for later days is taken back by the next run of the late charges.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting import changing as collections
from domain.collecting import turning
from domain.collecting.model import LIVE, Collection, EndReason, StopReason
from domain.credit.holding import review
from domain.dunning import calling_off
from domain.insolvencies import details
from domain.insolvencies.details import Details
from domain.insolvencies.model import Insolvency
from domain.placements import following as placements
from domain.plans import changing as plans
from domain.plans.model import TALKING, PaymentPlan, PlanStatus
from domain.promises import changing as promises
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.settlements import changing as offers
from domain.settlements.model import TO_PAY, OfferStatus, SettlementOffer
from domain.shared.actor import Actor
from domain.shared.errors import N_

WHY = N_("Insolvency proceedings")
"""What stands in the histories of what ends by it."""
UNSIGNED = TALKING | {PlanStatus.ACCEPTED}
"""Plans of which nothing has begun."""
UNANSWERED = frozenset({OfferStatus.AWAITING_APPROVAL, OfferStatus.OFFERED})


def freeze(session: Session, account_id: int, known: Details, *, actor: Actor) -> Insolvency:
    """Open a proceeding about an account's debtor and let all that follows from it follow.

    Raises Invalid beside the field, Conflict where one is open.
    """
    accounts.lock(session, account_id)
    made = details.open_proceeding(session, account_id, known, actor=actor)
    _withdraw_promises(session, account_id, actor)
    _end_offers(session, account_id, actor)
    _withdraw_plans(session, account_id, actor)
    turning.turn_off(session, account_id, StopReason.STAFF, actor=actor, note=WHY)
    _end_collections(session, account_id, actor)
    calling_off.call_off_untrue(session, account_id, actor=actor)
    placements.follow_account(session, account_id, None, actor=actor)
    review(session, account_id, actor=actor)
    return made


def _withdraw_promises(session: Session, account_id: int, actor: Actor) -> None:
    wanted = select(PromiseToPay).where(
        PromiseToPay.account_id == account_id, PromiseToPay.status == PromiseStatus.OPEN
    )
    for promise in session.scalars(wanted.order_by(PromiseToPay.id)).all():
        promises.end(session, promise, PromiseStatus.WITHDRAWN, actor=actor, why=WHY)


def _end_offers(session: Session, account_id: int, actor: Actor) -> None:
    wanted = select(SettlementOffer).where(
        SettlementOffer.account_id == account_id, SettlementOffer.status.in_(UNANSWERED | TO_PAY)
    )
    for offer in session.scalars(wanted.order_by(SettlementOffer.id)).all():
        after = OfferStatus.WITHDRAWN if offer.status in UNANSWERED else OfferStatus.BROKEN
        offers.change(session, offer, after, actor=actor, why=WHY)


def _withdraw_plans(session: Session, account_id: int, actor: Actor) -> None:
    wanted = select(PaymentPlan).where(PaymentPlan.account_id == account_id, PaymentPlan.status.in_(UNSIGNED))
    for plan in session.scalars(wanted.order_by(PaymentPlan.id)).all():
        plans.change(session, plan, PlanStatus.WITHDRAWN, actor=actor, why=WHY)


def _end_collections(session: Session, account_id: int, actor: Actor) -> None:
    wanted = select(Collection).where(Collection.account_id == account_id, Collection.state.in_(LIVE))
    for collection in session.scalars(wanted.order_by(Collection.id)).all():
        collections.end(session, collection, EndReason.HELD, actor=actor)
