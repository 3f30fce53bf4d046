"""Invoicing: partners' invoices of their commission on what they remit gross, and on what was paid to us."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg
from domain.ledger.streams import partner_stream
from domain.placements.model import Partner, Remits
from domain.remittances.books import Priced, lock_partner, not_after, reference_text
from domain.remittances.model import (
    CommissionInvoice,
    CommissionInvoiceLine,
    Difference,
    PlacedCollection,
    Remittance,
    RemittanceLine,
    Way,
    was_invoiced,
)
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

SUBJECT = "commission_invoice"


@dataclass(frozen=True, slots=True)
class Invoiced:
    """A partner's invoice as it is written: which collections, and what it asks for without tax and as tax."""

    reference: str
    currency: str
    invoiced_on: date
    collection_ids: Collection[int]
    net: Money
    tax: Money


def to_invoice(partner: Partner) -> ColumnElement[bool]:
    """Which collections of a partner can still be on an invoice of its commission.

    What was paid to us; of what it collected only what it does not keep its commission of, by the way of its remittance
    or, before there is one, by the way that is agreed now.
    """
    told = exists().where(
        RemittanceLine.collection_id == PlacedCollection.id,
        RemittanceLine.withdrawn_at.is_(None),
        Remittance.id == RemittanceLine.remittance_id,
    )
    came_in_full = told.where(Remittance.remits == Remits.GROSS)
    in_full = came_in_full | ~told if partner.remits is Remits.GROSS else came_in_full
    return (
        (PlacedCollection.partner_id == partner.id) & ((PlacedCollection.way == Way.DIRECT) | in_full) & ~was_invoiced()
    )


def record_invoice(session: Session, partner_id: int, invoiced: Invoiced, *, actor: Actor) -> CommissionInvoice:
    """Owe a partner the commission that its invoice asks for, as far as its card says so; the rest is to be decided.

    Raises Invalid beside the field, Conflict where the reference is known or a collection was invoiced before.
    """
    partner = lock_partner(session, partner_id)
    reference = reference_text(invoiced.reference)
    not_after(invoiced.invoiced_on, today(session), "invoiced_on")
    if session.scalar(
        select(exists().where(CommissionInvoice.partner_id == partner_id, CommissionInvoice.reference == reference))
    ):
        raise Conflict(N_("Invoice {reference} of this partner is known already."), reference=reference)
    rows = _collections(session, partner, invoiced)
    direct = Priced.sum((_priced(row) for row in rows if row.way is Way.DIRECT), invoiced.currency)
    total = Priced.sum((_priced(row) for row in rows), invoiced.currency)
    over = invoiced.net + invoiced.tax - total.fee
    invoice = CommissionInvoice(
        partner_id=partner_id,
        reference=reference,
        currency=invoiced.currency,
        invoiced_on=invoiced.invoiced_on,
        net_minor=invoiced.net.minor,
        tax_minor=invoiced.tax.minor,
        difference=Difference.OPEN if over else Difference.NONE,
        difference_minor=over.minor,
        recorded_at=now(session),
    )
    session.add(invoice)
    session.flush()
    session.add_all(CommissionInvoiceLine(commission_invoice_id=invoice.id, collection_id=row.id) for row in rows)
    session.flush()
    _post(
        session,
        EntryKind.COMMISSION_INVOICED,
        invoice,
        invoiced.invoiced_on,
        accrued=direct.commission,
        commission=total.commission - direct.commission,
        tax=total.tax,
    )
    if over:
        open_task(
            session,
            TaskKind.REMITTANCE_DIFFERENCE,
            subject=(SUBJECT, invoice.id),
            worth=Money(abs(over.minor), over.currency),
        )
    _record(session, "commission_invoice.recorded", invoice, actor, {"by_card": total.fee})
    return invoice


def accept_invoice_difference(session: Session, invoice_id: int, *, why: str, actor: Actor) -> CommissionInvoice:
    """Owe a partner what its invoice asks for beside its card as well (or that much less); Invalid, Conflict."""
    invoice = _to_decide(session, invoice_id, why)
    over = Money(invoice.difference_minor, invoice.currency)
    nothing = Money.zero(invoice.currency)
    _post(
        session,
        EntryKind.COMMISSION_DIFFERENCE,
        invoice,
        today(session),
        accrued=nothing,
        commission=over,
        tax=nothing,
    )
    _close(session, invoice, Difference.ACCEPTED)
    _record(session, "commission_invoice.difference_accepted", invoice, actor, {"why": why.strip()})
    return invoice


def invoice_corrected(session: Session, invoice_id: int, *, why: str, actor: Actor) -> CommissionInvoice:
    """The partner has taken back what its invoice asked for beside its card: only the card's sum is owed."""
    invoice = _to_decide(session, invoice_id, why)
    _close(session, invoice, Difference.MADE_GOOD)
    _record(session, "commission_invoice.corrected", invoice, actor, {"why": why.strip()})
    return invoice


def _collections(session: Session, partner: Partner, invoiced: Invoiced) -> list[PlacedCollection]:
    wanted = set(invoiced.collection_ids)
    if not wanted:
        raise Invalid(N_("Choose what the invoice is for."), field="collections")
    rows = list(
        session.scalars(
            select(PlacedCollection)
            .where(
                PlacedCollection.id.in_(wanted),
                PlacedCollection.currency == invoiced.currency,
                to_invoice(partner),
            )
            .order_by(PlacedCollection.id)
        )
    )
    if len(rows) < len(wanted):
        raise Conflict(N_("The commission on one of these was invoiced, or kept by the partner, before."))
    return rows


def _priced(row: PlacedCollection) -> Priced:
    return Priced(row.amount, row.commission, row.tax)


def _post(
    session: Session,
    kind: EntryKind,
    invoice: CommissionInvoice,
    on: date,
    *,
    accrued: Money,
    commission: Money,
    tax: Money,
) -> None:
    legs = [
        Leg(LedgerAccount.COMMISSION_ACCRUED, accrued),
        Leg(LedgerAccount.AGENCY_COMMISSION, commission),
        Leg(LedgerAccount.INPUT_TAX, tax),
        Leg(LedgerAccount.AGENCY_PAYABLE, -(accrued + commission + tax)),
    ]
    if any(leg.amount for leg in legs):
        ledger.post(
            session,
            kind=kind,
            source=invoice.source,
            effective_on=on,
            legs=legs,
            stream=partner_stream(invoice.partner_id),
        )


def _to_decide(session: Session, invoice_id: int, why: str) -> CommissionInvoice:
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    invoice = session.get(CommissionInvoice, invoice_id)
    if invoice is None:
        raise NotFound(N_("We could not find that invoice."))
    lock_partner(session, invoice.partner_id)
    session.refresh(invoice)
    if invoice.difference is not Difference.OPEN:
        raise Conflict(N_("There is no difference to decide about."))
    return invoice


def _close(session: Session, invoice: CommissionInvoice, difference: Difference) -> None:
    invoice.difference, invoice.difference_on = difference, today(session)
    session.flush()
    working.settle(session, TaskKind.REMITTANCE_DIFFERENCE, subject=(SUBJECT, invoice.id))


def _record(session: Session, act: str, invoice: CommissionInvoice, actor: Actor, more: dict[str, object]) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=(SUBJECT, invoice.id),
        after={
            "partner_id": invoice.partner_id,
            "reference": invoice.reference,
            "net": Money(invoice.net_minor, invoice.currency),
            "tax": Money(invoice.tax_minor, invoice.currency),
            **more,
        },
    )
