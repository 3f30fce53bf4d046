"""Accepting: the customer takes an offer, in one go or in monthly parts, or says no; what nobody answers lapses."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, Right
from domain.payments import queries as payments
from domain.receivables import allocating
from domain.settlements import changing, queries
from domain.settlements.messages import OfferNews
from domain.settlements.model import OfferPart, OfferStatus, SettlementOffer
from domain.settlements.offering import CHANGED, has_changed
from domain.shared.actor import Actor, ActorKind
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from domain.shared.money import Money
from domain.shared.months import months_later


def parts_of(amount: Money, count: int, first_on: date) -> list[tuple[date, Money]]:
    """An amount in so many equal monthly parts, the first by `first_on`; the first ones bear the odd units."""
    return [(months_later(first_on, number), part) for number, part in enumerate(amount.split(count))]


def accept(session: Session, account_id: int, offer_id: int, *, parts: int, actor: Actor) -> SettlementOffer:
    """Take the offer; `actor` is a login that may bind the account. The first part is due on the offer's last day.

    Raises NotFound, NotAllowed that names who may, Invalid beside "parts", Conflict where it has lapsed or moved on, or
    where something else is open by now.
    """
    check_may_bind(session, account_id, actor)
    return _take(session, account_id, offer_id, parts=parts, login_id=actor.id, actor=actor)


def accept_by_partner(session: Session, account_id: int, offer_id: int, *, parts: int, actor: Actor) -> SettlementOffer:
    """The partner who proposed an offer says that the debtor takes it. Raises as `accept`; NotFound for another's."""
    if queries.entity(session, account_id, offer_id).placement_id is None:
        raise NotFound(queries.NO_SUCH_OFFER)
    return _take(session, account_id, offer_id, parts=parts, login_id=None, actor=actor)


def accept_paid(session: Session, account_id: int, offer_id: int, *, actor: Actor) -> bool:
    """The debtor has paid all that an offer asks in one go, in time, to the partner who proposed it: it is accepted.

    False where a payment to us is under way for it as well. Raises Conflict where the offer has moved on.
    """
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    if payments.live_claims(session, [row.id for row in queries.invoices(session, offer_id)]):
        return False
    _bind(session, account, found, parts=1, login_id=None, actor=actor)
    return True


def _take(
    session: Session, account_id: int, offer_id: int, *, parts: int, login_id: int | None, actor: Actor
) -> SettlementOffer:
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    if not 1 <= parts <= found.most_parts:
        raise Invalid(N_("Choose from 1 to {most} parts."), field="parts", most=found.most_parts)
    _refuse_too_late(session, account, found)
    _bind(session, account, found, parts=parts, login_id=login_id, actor=actor)
    return found


def _bind(
    session: Session, account: Account, found: SettlementOffer, *, parts: int, login_id: int | None, actor: Actor
) -> None:
    """From now on it is to be paid, in so many parts."""
    day, last_id = day_in(now(session), account.time_zone), allocating.last_id(session, account.id)
    found.accepted_on, found.made_after_id, found.login_id = day, last_id, login_id
    session.add_all(
        OfferPart(offer_id=found.id, number=number, due_on=due_on, amount_minor=amount.minor)
        for number, (due_on, amount) in enumerate(parts_of(found.amount, parts, found.expires_on), 1)
    )
    changing.change(session, found, OfferStatus.ACCEPTED, actor=actor)
    changing.tell(session, found, OfferNews.ACCEPTED)


def decline(session: Session, account_id: int, offer_id: int, *, actor: Actor) -> SettlementOffer:
    """Say no to an offer. Raises NotAllowed, NotFound, Conflict where it has moved on."""
    check_may_bind(session, account_id, actor)
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    changing.change(session, found, OfferStatus.DECLINED, actor=actor)
    return found


def expire(session: Session, account_id: int, offer_id: int, *, actor: Actor) -> bool:
    """Let an offer lapse whose last day is over, in the customer's zone; whether it did. Safe to repeat."""
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    waits = found.status in (OfferStatus.AWAITING_APPROVAL, OfferStatus.OFFERED)
    if not waits or found.expires_on >= day_in(now(session), account.time_zone):
        return False
    was_told = found.status is OfferStatus.OFFERED
    changing.change(session, found, OfferStatus.EXPIRED, actor=actor)
    if was_told:
        changing.tell(session, found, OfferNews.EXPIRED)
    return True


def check_may_bind(session: Session, account_id: int, actor: Actor) -> None:
    """Do nothing for a login that may bind the account; NotAllowed that names who may otherwise."""
    assert actor.kind is ActorKind.LOGIN
    assert actor.id is not None
    if Right.BIND in accounts.access(session, actor.id, account_id):
        return
    able = [login.name for login in accounts.logins_on(session, account_id) if Right.BIND in login.rights]
    raise NotAllowed(N_("You may not settle a debt for this account."), who_can=able)


def _refuse_too_late(session: Session, account: Account, found: SettlementOffer) -> None:
    rows = queries.invoices(session, found.id)
    if found.status is OfferStatus.OFFERED and found.expires_on < day_in(now(session), account.time_zone):
        raise Conflict(N_("This offer has lapsed. Write to us or call us."))
    if found.status is OfferStatus.OFFERED and has_changed(rows):
        raise Conflict(CHANGED)
    if payments.live_claims(session, [row.id for row in rows]):
        raise Conflict(N_("One of these is being paid right now. Wait until that payment has ended."))
