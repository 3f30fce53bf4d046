"""Watching: offers that lapse, accepted ones whose parts are missed, and those whose letter may go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.model import DOCUMENTS, Category
from domain.payments import queries as payments
from domain.payments.model import TOLD, Payment, PaymentChange, PaymentMethod, PaymentStatus
from domain.policies.sections import Settlements
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.settlements import changing, queries
from domain.settlements.messages import OfferNews
from domain.settlements.model import TO_PAY, OfferChange, OfferInvoice, OfferPart, OfferStatus, SettlementOffer
from domain.settlements.rules import rules
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

Waiting = Sequence[tuple[int, int]]
"""Accounts and offers."""


class Way(StrEnum):
    """How money came, as far as it matters for how long it can be taken back."""

    CARD = "card"
    DEBIT = "debit"
    OTHER = "other"


def lapsing(session: Session, *, limit: int, after: int = 0) -> Waiting:
    """The offers whose last day is over somewhere, or of whose invoices something else is open; from a place on."""
    changed = (
        select(OfferInvoice.id)
        .join(Invoice, Invoice.id == OfferInvoice.invoice_id)
        .where(OfferInvoice.offer_id == SettlementOffer.id, Invoice.open_minor != OfferInvoice.open_minor)
        .exists()
    )
    waits = SettlementOffer.status.in_((OfferStatus.AWAITING_APPROVAL, OfferStatus.OFFERED))
    over = SettlementOffer.expires_on <= today(session)
    wanted = select(SettlementOffer.account_id, SettlementOffer.id).where(
        SettlementOffer.id > after, waits, or_(over, changed)
    )
    return [(row.account_id, row.id) for row in session.execute(wanted.order_by(SettlementOffer.id).limit(limit))]


def paying(session: Session, *, limit: int, after: int = 0) -> Waiting:
    """The accepted offers of which a part is due or whose invoices are settled, from a place on."""
    due = select(OfferPart.id).where(OfferPart.offer_id == SettlementOffer.id, OfferPart.due_on <= today(session))
    still_open = (
        select(OfferInvoice.id)
        .join(Invoice, Invoice.id == OfferInvoice.invoice_id)
        .where(OfferInvoice.offer_id == SettlementOffer.id, Invoice.open_minor > 0)
        .exists()
    )
    wanted = select(SettlementOffer.account_id, SettlementOffer.id).where(
        SettlementOffer.id > after, SettlementOffer.status.in_(TO_PAY), or_(due.exists(), ~still_open)
    )
    return [(row.account_id, row.id) for row in session.execute(wanted.order_by(SettlementOffer.id).limit(limit))]


def break_if_missed(session: Session, account_id: int, offer_id: int, *, actor: Actor) -> bool:
    """End an accepted offer of which a part was missed: the whole debt stands again; whether it did. Safe to repeat.

    While a payment of one of its invoices is being made, it waits for that.
    """
    accounts.lock(session, account_id)
    offer = queries.entity(session, account_id, offer_id)
    found = queries.standing(session, offer_id)
    if offer.status not in TO_PAY or found is None or found.late_days <= rules(session, offer_id).patience_days:
        return False
    rows = queries.invoices(session, offer_id)
    if payments.live_claims(session, [row.id for row in rows]):
        return False
    changing.change(session, offer, OfferStatus.BROKEN, actor=actor)
    changing.tell(session, offer, OfferNews.BROKEN)
    tasks.open_task(
        session,
        TaskKind.SETTLEMENT_BROKEN,
        subject=("offer", offer.id),
        account_id=account_id,
        worth=Money(sum(row.open_minor for row in rows), offer.currency),
        detail={},
    )
    return True


def without_letter(session: Session, *, limit: int, after: int = 0) -> Waiting:
    """The fulfilled offers for which no letter was filed since they were, from a place on."""
    wanted = _without_letter().where(SettlementOffer.id > after).order_by(SettlementOffer.id).limit(limit)
    return [(row.account_id, row.id) for row in session.execute(wanted)]


def lacks_letter(session: Session, offer_id: int) -> bool:
    """Whether an offer is fulfilled, and no letter was filed since it was."""
    return session.execute(_without_letter().where(SettlementOffer.id == offer_id)).first() is not None


def _without_letter() -> Select[int, int]:
    fulfilled_at = (
        select(func.max(OfferChange.at))
        .where(OfferChange.offer_id == SettlementOffer.id, OfferChange.after == OfferStatus.FULFILLED)
        .scalar_subquery()
    )
    filed = (
        select(DOCUMENTS.c.id)
        .where(
            DOCUMENTS.c.category == Category.DISCHARGE,
            DOCUMENTS.c.subject_kind == "offer",
            DOCUMENTS.c.subject_id == SettlementOffer.id,
            DOCUMENTS.c.filed_at >= fulfilled_at,
        )
        .exists()
    )
    return select(SettlementOffer.account_id, SettlementOffer.id).where(
        SettlementOffer.status == OfferStatus.FULFILLED, ~filed
    )


def letter_day(session: Session, offer_id: int) -> date | None:
    """The day from which the letter of a fulfilled offer may go; None where it is not fulfilled.

    So many days after the last money of it came, by how it came: what a bank can take back takes longer.
    """
    offer = session.get_one(SettlementOffer, offer_id, populate_existing=True)
    if offer.status is not OfferStatus.FULFILLED:
        return None
    section = rules(session, offer_id)
    days = [day + timedelta(days=_delay(section, method)) for day, method in _money_of(session, offer)]
    return max(days, default=day_in(now(session), accounts.account(session, offer.account_id).time_zone))


def paid_on(session: Session, offer_id: int) -> date | None:
    """The day on which the last money of an accepted offer came; None where none of it is here."""
    offer = session.get_one(SettlementOffer, offer_id, populate_existing=True)
    return max((day for day, _ in _money_of(session, offer)), default=None)


def _money_of(session: Session, offer: SettlementOffer) -> list[tuple[date, Way]]:
    """When and how the money of an offer came that stands; a payment that took days to come was a bank debit."""
    taken_back = select(Allocation.reverses_id).where(Allocation.reverses_id.is_not(None))
    took_days = (
        select(PaymentChange.id)
        .where(PaymentChange.payment_id == Payment.id, PaymentChange.after == PaymentStatus.PROCESSING)
        .exists()
    )
    rows = session.execute(
        select(CreditItem.effective_on, Payment.method, took_days.label("took_days"))
        .select_from(Allocation)
        .join(OfferInvoice, OfferInvoice.invoice_id == Allocation.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .outerjoin(Payment, (CreditItem.kind == CreditKind.PAYMENT) & (Payment.public_id == CreditItem.source))
        .where(
            OfferInvoice.offer_id == offer.id,
            Allocation.id > offer.made_after_id,
            Allocation.reverses_id.is_(None),
            Allocation.id.not_in(taken_back.where(Allocation.account_id == offer.account_id)),
            CreditItem.kind.in_(queries.MONEY),
        )
    )
    return [(row.effective_on, _way(row.method, took_days=row.took_days)) for row in rows]


def _way(method: PaymentMethod | None, *, took_days: bool) -> Way:
    if method is None or method in TOLD or method is PaymentMethod.IMPORTED:
        return Way.OTHER
    return Way.DEBIT if took_days else Way.CARD


def _delay(section: Settlements, way: Way) -> int:
    return {
        Way.CARD: section.letter_days_card,
        Way.DEBIT: section.letter_days_debit,
        Way.OTHER: section.letter_days_other,
    }[way]
