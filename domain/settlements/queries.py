"""Queries: offers for lists and pages, what can be settled, and how much of an accepted offer has been paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.accounts.model import Account
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.settlements.model import (
    TO_PAY,
    Concession,
    OfferChange,
    OfferInvoice,
    OfferPart,
    OfferStatus,
    SettlementOffer,
)
from domain.settlements.rules import rules_of
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_SUCH_OFFER = N_("We could not find that offer to settle.")
MONEY = frozenset({CreditKind.PAYMENT, CreditKind.MOVED, CreditKind.REINSTATED})
"""The credits that are money, and so pay an offer."""


class View(StrEnum):
    """The lists of offers for staff."""

    APPROVAL = "approval"
    OFFERED = "offered"
    PAYING = "paying"
    FULFILLED = "fulfilled"
    ENDED = "ended"


_S = OfferStatus
VIEWS: dict[View, frozenset[OfferStatus]] = {
    View.APPROVAL: frozenset({_S.AWAITING_APPROVAL}),
    View.OFFERED: frozenset({_S.OFFERED}),
    View.PAYING: TO_PAY,
    View.FULFILLED: frozenset({_S.FULFILLED}),
    View.ENDED: frozenset({_S.BROKEN, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN}),
}

_SHOWN = select(
    SettlementOffer.id,
    SettlementOffer.account_id,
    SettlementOffer.currency,
    SettlementOffer.status,
    SettlementOffer.open_minor,
    SettlementOffer.amount_minor,
    SettlementOffer.most_parts,
    SettlementOffer.expires_on,
    SettlementOffer.reason,
    SettlementOffer.batch,
    SettlementOffer.placement_id,
    SettlementOffer.made_at,
    SettlementOffer.accepted_on,
    SettlementOffer.login_id,
    SettlementOffer.ended_at,
    Account.number.label("account_number"),
    Account.name.label("account_name"),
).join(Account, Account.id == SettlementOffer.account_id)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an accepted offer: by which day it is to be paid, how much it is, and what of it is missing."""

    number: int
    due_on: date
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Standing:
    """How an accepted offer stands by the ledger, as of `day` in the customer's zone."""

    offer_id: int
    day: date
    amount: Money
    paid: Money
    parts: Sequence[Part]

    @property
    def left(self) -> Money:
        """What is still to be paid; never below nothing."""
        return max(self.amount - self.paid, Money.zero(self.amount.currency))

    @property
    def next(self) -> Part | None:
        """The next part of which something is to be paid."""
        return next((part for part in self.parts if part.left), None)

    @property
    def due_now(self) -> Money:
        """What is to be paid by today."""
        due = (part.left for part in self.parts if part.due_on <= self.day)
        return Money.sum(due, self.amount.currency)

    @property
    def late_days(self) -> int:
        """For how many days the oldest missed part has been missed."""
        found = self.next
        return max((self.day - found.due_on).days, 0) if found else 0


def offer(session: Session, offer_id: int, *, account_id: int | None = None) -> AnyRow:
    """One offer with its account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = _SHOWN.where(SettlementOffer.id == offer_id)
    if account_id is not None:
        wanted = wanted.where(SettlementOffer.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_OFFER)
    return row


def entity(session: Session, account_id: int, offer_id: int) -> SettlementOffer:
    """An offer of this account, read afresh; NotFound."""
    found = session.get(SettlementOffer, offer_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_OFFER)
    return found


def offers(session: Session, view: View, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first."""
    wanted = _SHOWN.where(SettlementOffer.status.in_(VIEWS[view]))
    if place is not None:
        wanted = wanted.where(SettlementOffer.id < place)
    return session.execute(wanted.order_by(SettlementOffer.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    found = session.execute(select(SettlementOffer.status, func.count().label("many")).group_by(SettlementOffer.status))
    by_status = {row.status: row.many for row in found}
    return {view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in VIEWS.items()}


def of_placement(session: Session, placement_id: int) -> AnyRows:
    """The offers that the partner of a placement proposed, newest first."""
    return session.execute(
        _SHOWN.where(SettlementOffer.placement_id == placement_id).order_by(SettlementOffer.id.desc())
    ).all()


def of_account(session: Session, account_id: int, statuses: Collection[OfferStatus] | None = None) -> AnyRows:
    """The account's offers in these states (None: all), newest first."""
    wanted = _SHOWN.where(SettlementOffer.account_id == account_id)
    if statuses is not None:
        wanted = wanted.where(SettlementOffer.status.in_(statuses))
    return session.execute(wanted.order_by(SettlementOffer.id.desc())).all()


def invoices(session: Session, offer_id: int) -> AnyRows:
    """The invoices of an offer, the oldest due first: id, number, due day, what is open, and was when it was made."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
            Invoice.status,
            OfferInvoice.open_minor.label("offered_minor"),
        )
        .join(OfferInvoice, OfferInvoice.invoice_id == Invoice.id)
        .where(OfferInvoice.offer_id == offer_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def invoice_ids(session: Session, offer_ids: Collection[int]) -> dict[int, list[int]]:
    """The invoices of each of these offers, the oldest due first."""
    rows = session.execute(
        select(OfferInvoice.offer_id, OfferInvoice.invoice_id)
        .join(Invoice, Invoice.id == OfferInvoice.invoice_id)
        .where(OfferInvoice.offer_id.in_(offer_ids))
        .order_by(Invoice.due_on, Invoice.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row.offer_id].append(row.invoice_id)
    return dict(found)


def being_paid(session: Session, invoice_ids: Collection[int]) -> set[int]:
    """The accepted offers that are to be paid and are about any of these invoices."""
    wanted = (
        select(OfferInvoice.offer_id)
        .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
        .where(OfferInvoice.invoice_id.in_(invoice_ids), SettlementOffer.status.in_(TO_PAY))
    )
    return set(session.scalars(wanted))


def changes(session: Session, offer_id: int) -> AnyRows:
    """Every change of an offer's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(OfferChange.after, OfferChange.at, OfferChange.actor_kind, OfferChange.actor_id, OfferChange.why)
        .where(OfferChange.offer_id == offer_id)
        .order_by(OfferChange.id)
    ).all()


def concession_notes(session: Session, invoice_id: int) -> AnyRows:
    """The tax credit notes of what was given up on an invoice: id, number, issued_on, currency, amount_minor."""
    return session.execute(
        select(
            Concession.id,
            Concession.number,
            Concession.effective_on.label("issued_on"),
            Concession.currency,
            Concession.amount_minor,
        )
        .where(Concession.invoice_id == invoice_id, Concession.number.is_not(None))
        .order_by(Concession.id)
    ).all()


def is_settled_for_less(invoice_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether an offer about the invoice was accepted, and has been kept so far."""
    return (
        select(OfferInvoice.id)
        .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
        .where(OfferInvoice.invoice_id == invoice_id, SettlementOffer.status.in_(TO_PAY | {OfferStatus.FULFILLED}))
        .exists()
    )


def paid(session: Session, offer_ids: Collection[int]) -> dict[int, int]:
    """The money that has come for each of these accepted offers since, in minor units; without any it is left out."""
    rows = session.execute(_since(offer_ids).where(CreditItem.kind.in_(MONEY)).group_by(OfferInvoice.offer_id))
    return {row.offer_id: int(row.minor) for row in rows}


def settled_since(session: Session, offer_id: int) -> dict[int, int]:
    """What has settled each of its invoices since the acceptance, by money or otherwise, in minor units."""
    rows = session.execute(
        _since([offer_id]).add_columns(Allocation.invoice_id).group_by(OfferInvoice.offer_id, Allocation.invoice_id)
    )
    return {row.invoice_id: int(row.minor) for row in rows}


def standings(session: Session, offer_ids: Collection[int]) -> dict[int, Standing]:
    """How these accepted offers stand, however many they are in five queries."""
    if not offer_ids:
        return {}
    heads = session.execute(
        select(SettlementOffer, Account.time_zone)
        .join(Account, Account.id == SettlementOffer.account_id)
        .where(SettlementOffer.id.in_(offer_ids), SettlementOffer.accepted_on.is_not(None))
    ).all()
    money, parts, reopened = paid(session, offer_ids), _parts(session, offer_ids), _reopened(session, offer_ids)
    rules = rules_of(session, reopened) if reopened else {}
    days = {offer_id: timedelta(days=section.reopened_days) for offer_id, section in rules.items()}
    found = {}
    for head, zone in heads:
        again = day_in(reopened[head.id], zone) + days[head.id] if head.id in reopened else None
        here = Money(money.get(head.id, 0), head.currency)
        covered = _cover(parts[head.id], here, again)
        found[head.id] = Standing(head.id, day_in(now(session), zone), head.amount, here, covered)
    return found


def standing(session: Session, offer_id: int) -> Standing | None:
    """How an offer stands; None where it was not accepted."""
    return standings(session, [offer_id]).get(offer_id)


def _since(offer_ids: Collection[int]) -> Select[int, int]:
    """What was allocated to the invoices of accepted offers afterwards, and what of that was taken back."""
    return (
        select(OfferInvoice.offer_id, func.sum(Allocation.amount_minor).label("minor"))
        .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
        .join(
            Allocation,
            and_(
                Allocation.invoice_id == OfferInvoice.invoice_id,
                Allocation.id > SettlementOffer.made_after_id,
                or_(Allocation.reverses_id.is_(None), Allocation.reverses_id > SettlementOffer.made_after_id),
            ),
        )
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(OfferInvoice.offer_id.in_(offer_ids))
    )


def _parts(session: Session, offer_ids: Collection[int]) -> dict[int, list[OfferPart]]:
    found: dict[int, list[OfferPart]] = defaultdict(list)
    wanted = select(OfferPart).where(OfferPart.offer_id.in_(offer_ids)).order_by(OfferPart.offer_id, OfferPart.number)
    for part in session.scalars(wanted):
        found[part.offer_id].append(part)
    return found


def _reopened(session: Session, offer_ids: Collection[int]) -> dict[int, datetime]:
    """When money of each of these offers went back last, while that is not made good."""
    rows = session.execute(
        select(OfferChange.offer_id, func.max(OfferChange.at).label("at"))
        .join(SettlementOffer, SettlementOffer.id == OfferChange.offer_id)
        .where(
            OfferChange.offer_id.in_(offer_ids),
            OfferChange.after == OfferStatus.REOPENED,
            SettlementOffer.status == OfferStatus.REOPENED,
        )
        .group_by(OfferChange.offer_id)
    )
    return {row.offer_id: row.at for row in rows}


def _cover(parts: Sequence[OfferPart], money: Money, again: date | None) -> list[Part]:
    """The money covers one part after the other; `again` is the least day of what is missing of an opened one."""
    found = []
    for part in parts:
        amount = Money(part.amount_minor, money.currency)
        covered = min(amount, money)
        money -= covered
        found.append(Part(part.number, max(part.due_on, again or part.due_on), amount, amount - covered))
    return found
