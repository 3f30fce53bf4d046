"""Facts: whose law a debt is under, and all that the books and the house know to have moved its time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, case, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.limitations.clock import Clock, Event, Happened, reckon
from domain.limitations.model import LimitationAct, LimitationEvent, LimitationLaw
from domain.limitations.rules import USUAL, rule_for
from domain.plans.model import PlanInvoice, PlanSignature
from domain.promises.model import PromisePart, PromiseToPay
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.settlements.model import OfferInvoice, SettlementOffer
from domain.shared.chunking import chunks
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.money import Money

HAPPENED = {
    LimitationAct.ACKNOWLEDGED: Happened.ACKNOWLEDGED,
    LimitationAct.SUSPENDED: Happened.SUSPENDED,
    LimitationAct.RESUMED: Happened.RESUMED,
    LimitationAct.FILED: Happened.FILED,
    LimitationAct.WITHDRAWN: Happened.WITHDRAWN,
    LimitationAct.JUDGMENT: Happened.JUDGMENT,
}
"""What each act that was recorded is to the clock."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An invoice with its time: whose law it is under, and its clock; None where the product knows no such law."""

    invoice_id: int
    account_id: int
    number: str
    account_name: str
    due_on: date
    open: Money
    jurisdiction: str
    clock: Clock | None

    @property
    def last_on(self) -> date | None:
        """The last day on which it can be enforced; None where none can be named."""
        return self.clock.last_on if self.clock else None

    def is_barred(self, day: date) -> bool:
        """Whether it is known that it can no longer be enforced; what is not known is not."""
        return self.clock is not None and self.clock.is_barred(day)

    def is_extinguished(self, day: date) -> bool:
        """Whether it is known that the debt itself is gone."""
        return self.clock is not None and self.clock.is_extinguished(day)


def timed(session: Session, invoice_ids: Iterable[int]) -> dict[int, Timed]:
    """The time of each of these invoices, in as many queries for one as for two thousand."""
    found: dict[int, Timed] = {}
    for some in chunks(sorted(set(invoice_ids))):
        found |= _timed(session, some)
    return found


def laws() -> Subquery:
    """The law that staff have set for an account, the latest one: `account_id`, `jurisdiction`."""
    latest = select(func.max(LimitationLaw.id)).group_by(LimitationLaw.account_id)
    said = select(LimitationLaw.account_id, LimitationLaw.jurisdiction).where(LimitationLaw.id.in_(latest))
    return said.subquery("said_law")


def jurisdiction_of(law: Subquery, home: str) -> ColumnElement[str]:
    """For a query over accounts, outer-joined to `laws()`: what staff have set, else its country's law, else ours."""
    country = func.coalesce(Account.country, home)
    return func.coalesce(law.c.jurisdiction, case(USUAL, value=country, else_=country))


def is_restarted() -> ColumnElement[bool]:
    """For a query over invoices: whether a part payment, an acknowledgement or another act is known of one.

    Asked of each invoice by its own rows: only those that are old enough have to be asked.
    """
    return or_(
        exists()
        .where(Allocation.invoice_id == Invoice.id, Allocation.amount_minor > 0)
        .where(CreditItem.id == Allocation.credit_item_id, CreditItem.kind == CreditKind.PAYMENT),
        exists().where(PlanInvoice.invoice_id == Invoice.id, PlanSignature.plan_id == PlanInvoice.plan_id),
        exists()
        .where(PromisePart.invoice_id == Invoice.id, PromiseToPay.id == PromisePart.promise_id)
        .where(PromiseToPay.made_by.is_not(None)),
        exists()
        .where(OfferInvoice.invoice_id == Invoice.id, SettlementOffer.id == OfferInvoice.offer_id)
        .where(SettlementOffer.login_id.is_not(None)),
        exists().where(LimitationEvent.invoice_id == Invoice.id),
        exists().where(LimitationEvent.account_id == Invoice.account_id, LimitationEvent.invoice_id.is_(None)),
    )


def _timed(session: Session, ids: Sequence[int]) -> dict[int, Timed]:
    law = laws()
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.number,
            Invoice.due_on,
            Invoice.issued_on,
            Invoice.currency,
            Invoice.open_minor,
            Account.name,
            Account.legal_form,
            jurisdiction_of(law, business(session).country).label("jurisdiction"),
        )
        .join(Account, Account.id == Invoice.account_id)
        .outerjoin(law, law.c.account_id == Account.id)
        .where(Invoice.id.in_(ids))
    ).all()
    events = _events(session, rows)
    return {row.id: _one(row, events.get(row.id, ())) for row in rows}


def _one(row: AnyRow, events: Collection[Event]) -> Timed:
    rule = rule_for(row.jurisdiction, LegalForm(row.legal_form))
    return Timed(
        invoice_id=row.id,
        account_id=row.account_id,
        number=row.number,
        account_name=row.name,
        due_on=row.due_on,
        open=Money(row.open_minor, row.currency),
        jurisdiction=row.jurisdiction,
        clock=reckon(rule, due_on=row.due_on, issued_on=row.issued_on, events=events) if rule else None,
    )


def _events(session: Session, rows: Sequence[AnyRow]) -> Mapping[int, Sequence[Event]]:
    """All that happened to these invoices, each once a day."""
    ids = [row.id for row in rows]
    found: dict[int, dict[tuple[Happened, date], Event]] = defaultdict(dict)
    for invoice_id, event in (*_payments(session, ids), *_in_writing(session, ids), *_recorded(session, rows)):
        found[invoice_id].setdefault((event.happened, event.on), event)
    return {invoice_id: list(events.values()) for invoice_id, events in found.items()}


def _payments(session: Session, ids: Sequence[int]) -> list[tuple[int, Event]]:
    """The debtor's own payments of a part: money alone, on the day on which it came, and none that went back."""
    taken_back = select(Allocation.reverses_id).where(
        Allocation.invoice_id.in_(ids), Allocation.reverses_id.is_not(None)
    )
    rows = session.execute(
        select(Allocation.invoice_id, CreditItem.effective_on)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            Allocation.invoice_id.in_(ids),
            CreditItem.kind == CreditKind.PAYMENT,
            Allocation.amount_minor > 0,
            Allocation.id.not_in(taken_back),
        )
        .distinct()
    )
    return [(row.invoice_id, Event(Happened.PART_PAYMENT, row.effective_on)) for row in rows]


def _in_writing(session: Session, ids: Sequence[int]) -> list[tuple[int, Event]]:
    """Where the debtor has acknowledged it in writing with us: a plan signed, a promise or a settlement of their own.

    What staff wrote down on somebody's word is none.
    """
    plans = session.execute(
        select(PlanInvoice.invoice_id, PlanSignature.signed_on)
        .join(PlanSignature, PlanSignature.plan_id == PlanInvoice.plan_id)
        .where(PlanInvoice.invoice_id.in_(ids))
    )
    promises = session.execute(
        select(PromisePart.invoice_id, PromiseToPay.made_at)
        .join(PromiseToPay, PromiseToPay.id == PromisePart.promise_id)
        .where(PromisePart.invoice_id.in_(ids), PromiseToPay.made_by.is_not(None))
    )
    offers = session.execute(
        select(OfferInvoice.invoice_id, SettlementOffer.accepted_on)
        .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
        .where(
            OfferInvoice.invoice_id.in_(ids),
            SettlementOffer.login_id.is_not(None),
            SettlementOffer.accepted_on.is_not(None),
        )
    )
    zone = business(session).time_zone
    days = [
        *((row.invoice_id, row.signed_on) for row in plans),
        *((row.invoice_id, day_in(row.made_at, zone)) for row in promises),
        *((row.invoice_id, row.accepted_on) for row in offers),
    ]
    return [(invoice_id, Event(Happened.ACKNOWLEDGED, day)) for invoice_id, day in days]


def _recorded(session: Session, rows: Sequence[AnyRow]) -> list[tuple[int, Event]]:
    """What staff or a legal case have recorded, of an invoice or of all of an account that had been issued by then."""
    by_account: dict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        by_account[row.account_id].append(row)
    recorded = session.execute(
        select(
            LimitationEvent.account_id,
            LimitationEvent.invoice_id,
            LimitationEvent.act,
            LimitationEvent.happened_on,
            LimitationEvent.note,
        )
        .where(LimitationEvent.account_id.in_(by_account))
        .order_by(LimitationEvent.id)
    )
    return [
        (row.id, Event(HAPPENED[one.act], one.happened_on, note=one.note))
        for one in recorded
        for row in by_account[one.account_id]
        if (one.invoice_id is None and row.issued_on <= one.happened_on) or one.invoice_id == row.id
    ]
