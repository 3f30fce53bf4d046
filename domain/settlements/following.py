"""Following: bring an offer to what has become of its invoices: it is fulfilled, open again, or no longer holds.

Under the account's lock, in the transaction of whatever settles an invoice or opens it again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.settlements import changing, concessions, queries
from domain.settlements.messages import OfferNews
from domain.settlements.model import TO_PAY, OfferInvoice, OfferStatus, SettlementOffer
from domain.settlements.offering import has_changed
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.money import Money

CAN_MOVE = TO_PAY | {OfferStatus.OFFERED, OfferStatus.AWAITING_APPROVAL, OfferStatus.FULFILLED}
"""The states that what settles or opens its invoices can end."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An invoice on which a concession fell, and by how much it is open again for that."""

    invoice_id: int
    amount: Money


def follow_account(
    session: Session,
    account: Account,
    invoice_ids: Collection[int],
    *,
    effective_on: date | None = None,
    actor: Actor,
) -> list[Opened]:
    """Follow every offer of a locked account that is about one of these invoices; what fell of concessions."""
    session.flush()
    opened: list[Opened] = []
    for offer in _about(session, account.id, invoice_ids):
        opened += follow(session, account, offer, effective_on=effective_on or today(session), actor=actor)
    return opened


def follow(
    session: Session, account: Account, offer: SettlementOffer, *, effective_on: date, actor: Actor
) -> Sequence[Opened]:
    """Bring one offer to what the ledger says of it. Safe to repeat."""
    rows = queries.invoices(session, offer.id)
    if offer.status in (OfferStatus.OFFERED, OfferStatus.AWAITING_APPROVAL):
        if has_changed(rows):
            _drop(session, offer, actor=actor)
        return ()
    standing = queries.standings(session, [offer.id])[offer.id]
    is_paid = not standing.left or not any(row.open_minor for row in rows)
    if offer.status in TO_PAY and is_paid:
        concessions.grant(session, account, offer, effective_on=effective_on, actor=actor)
        changing.change(session, offer, OfferStatus.FULFILLED, actor=actor)
    if offer.status is OfferStatus.FULFILLED and standing.left and _has_money_gone(session, offer):
        fallen = concessions.revoke(session, account, offer, effective_on=effective_on, actor=actor)
        changing.change(session, offer, OfferStatus.REOPENED, actor=actor)
        changing.tell(session, offer, OfferNews.REOPENED)
        return [Opened(invoice_id, amount) for invoice_id, amount in fallen]
    return ()


def would_fall(session: Session, account_id: int, taken: dict[int, Money]) -> list[Opened]:
    """Which concessions would fall if so much money were taken from these invoices, without doing it: for a preview."""
    found = []
    for offer in _about(session, account_id, taken):
        if offer.status is not OfferStatus.FULFILLED:
            continue
        ours = {row.id for row in queries.invoices(session, offer.id)}
        gone = Money.sum((amount for key, amount in taken.items() if key in ours), offer.currency)
        if Money(queries.paid(session, [offer.id]).get(offer.id, 0), offer.currency) - gone < offer.amount:
            found += [Opened(each.invoice_id, each.amount) for each in concessions.standing(session, offer.id)]
    return found


def _about(session: Session, account_id: int, invoice_ids: Collection[int]) -> Sequence[SettlementOffer]:
    over = select(OfferInvoice.offer_id).where(OfferInvoice.invoice_id.in_(invoice_ids))
    return session.scalars(
        select(SettlementOffer)
        .where(
            SettlementOffer.account_id == account_id,
            SettlementOffer.id.in_(over),
            SettlementOffer.status.in_(CAN_MOVE),
        )
        .order_by(SettlementOffer.id)
        .execution_options(populate_existing=True)
    ).all()


def _has_money_gone(session: Session, offer: SettlementOffer) -> bool:
    """Whether something is open that the offer had settled: what was credited otherwise needed no money."""
    settled = queries.settled_since(session, offer.id)
    return any(settled.get(row.id, 0) < row.offered_minor for row in queries.invoices(session, offer.id))


def _drop(session: Session, offer: SettlementOffer, *, actor: Actor) -> None:
    """Something else is open by now: what was offered for it does not hold any more."""
    was_told = offer.status is OfferStatus.OFFERED
    changing.change(session, offer, OfferStatus.WITHDRAWN, actor=actor, why="changed")
    if was_told:
        changing.tell(session, offer, OfferNews.WITHDRAWN)
