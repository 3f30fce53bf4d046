"""Remitting: what a partner says it pays over, held against its card, and booked once its money is at the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg
from domain.ledger.streams import partner_stream
from domain.outbox import sending as outbox
from domain.placements.model import Partner, Remits
from domain.remittances.books import Priced, lock_partner, not_after, reference_text
from domain.remittances.messages import TellPartnerOfDifference
from domain.remittances.model import (
    Difference,
    PlacedCollection,
    Remittance,
    RemittanceLine,
    RemittanceStatus,
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

NO_SUCH_REMITTANCE = N_("We could not find that remittance.")
LIVE = RemittanceLine.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class Line:
    """A collection, or the difference of an earlier remittance, with what the partner says it kept of it."""

    amount: Money
    commission: Money
    tax: Money
    collection_id: int | None = None
    corrects_id: int | None = None

    @property
    def priced(self) -> Priced:
        """The line without what it is about."""
        return Priced(self.amount, self.commission, self.tax)


@dataclass(frozen=True, slots=True)
class Told:
    """A remittance as the partner tells it; `paid` is what comes to our bank."""

    reference: str
    currency: str
    remitted_on: date
    paid: Money
    lines: Sequence[Line]


def tell_remittance(session: Session, partner_id: int, told: Told, *, actor: Actor) -> Remittance:
    """Write down what a partner pays over; nothing is posted before its money is at the bank.

    Safe to repeat: the same reference with the same sum and lines gives the one that is there. Raises Invalid beside
    the field, Conflict where a collection stands in another remittance, or the reference means something else.
    """
    partner = lock_partner(session, partner_id)
    reference = reference_text(told.reference)
    not_after(told.remitted_on, today(session), "remitted_on")
    known = by_reference(session, partner_id, reference)
    if known is not None:
        if _is_same(session, known, told):
            return known
        raise Conflict(N_("Remittance {reference} is known already, with other figures."), reference=reference)
    stated = _checked(session, partner, told)
    remittance = Remittance(
        partner_id=partner_id,
        reference=reference,
        currency=told.currency,
        remits=partner.remits,
        status=RemittanceStatus.TOLD,
        remitted_on=told.remitted_on,
        paid_minor=told.paid.minor,
        difference=Difference.NONE,
        difference_minor=0,
        told_at=now(session),
    )
    session.add(remittance)
    session.flush()
    session.add_all(
        RemittanceLine(
            remittance_id=remittance.id,
            collection_id=line.collection_id,
            corrects_id=line.corrects_id,
            amount_minor=line.amount.minor,
            commission_minor=line.commission.minor,
            tax_minor=line.tax.minor,
        )
        for line in told.lines
    )
    session.flush()
    _record(session, "remittance.told", remittance, actor, {"collected": stated.amount, "kept": stated.fee})
    return remittance


def withdraw_remittance(session: Session, remittance_id: int, *, why: str, actor: Actor) -> Remittance:
    """Take back what was told of a remittance whose money has not come; its collections can be remitted again."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    remittance = locked(session, remittance_id)
    if remittance.status is not RemittanceStatus.TOLD:
        raise Conflict(N_("Only a remittance whose money is awaited can be withdrawn."))
    remittance.status, remittance.ended_at = RemittanceStatus.WITHDRAWN, now(session)
    session.execute(
        update(RemittanceLine).where(RemittanceLine.remittance_id == remittance_id).values(withdrawn_at=now(session))
    )
    session.flush()
    _record(session, "remittance.withdrawn", remittance, actor, {"why": why.strip()})
    return remittance


def bank_remittance(
    session: Session,
    remittance_id: int,
    on: date,
    *,
    actor: Actor,
    bank_line_id: int | None = None,
    source: str | None = None,
) -> Remittance:
    """A remittance's money is at the bank: book it, with the commission that the card says where it was kept.

    What is missing by the card stays due from the partner, which is asked to put it right. Conflict where it was
    banked before; Invalid for a day to come.
    """
    remittance = locked(session, remittance_id)
    not_after(on, today(session), "on")
    if remittance.status is not RemittanceStatus.TOLD:
        raise Conflict(N_("This remittance has moved on meanwhile."))
    expected, kept, corrected = _by_card(session, remittance)
    missing = expected - remittance.paid
    remittance.status, remittance.banked_on, remittance.bank_line_id = RemittanceStatus.BANKED, on, bank_line_id
    remittance.difference_minor = missing.minor
    remittance.difference = Difference.OPEN if missing else Difference.NONE
    legs = [
        Leg(LedgerAccount.BANK, remittance.paid),
        Leg(LedgerAccount.AGENCY_COMMISSION, kept.commission),
        Leg(LedgerAccount.INPUT_TAX, kept.tax),
        Leg(LedgerAccount.DUE_FROM_AGENCY, -(remittance.paid + kept.fee)),
    ]
    if any(leg.amount for leg in legs):
        ledger.post(
            session,
            kind=EntryKind.REMITTANCE,
            source=source or remittance.source,
            effective_on=on,
            legs=legs,
            stream=partner_stream(remittance.partner_id),
        )
    session.flush()
    for earlier in corrected:
        _close(session, earlier, Difference.MADE_GOOD, on)
    if missing:
        open_task(
            session,
            TaskKind.REMITTANCE_DIFFERENCE,
            subject=("remittance", remittance.id),
            worth=Money(abs(missing.minor), missing.currency),
        )
        outbox.add(session, TellPartnerOfDifference(remittance.id))
    _record(session, "remittance.banked", remittance, actor, {"on": on, "missing": missing})
    return remittance


def accept_difference(session: Session, remittance_id: int, *, why: str, actor: Actor) -> Remittance:
    """Agree with what a partner kept beside its card: it becomes commission, and the partner owes it no longer."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    remittance = locked(session, remittance_id)
    if remittance.difference is not Difference.OPEN:
        raise Conflict(N_("There is no difference to decide about."))
    if _is_being_corrected(session, remittance_id):
        raise Conflict(N_("The partner puts this right in a remittance that is on its way."))
    net, tax = _shares(session, remittance)
    ledger.post(
        session,
        kind=EntryKind.REMITTANCE_DIFFERENCE,
        source=remittance.source,
        effective_on=today(session),
        legs=[
            Leg(LedgerAccount.AGENCY_COMMISSION, net),
            Leg(LedgerAccount.INPUT_TAX, tax),
            Leg(LedgerAccount.DUE_FROM_AGENCY, -remittance.missing),
        ],
        stream=partner_stream(remittance.partner_id),
    )
    _close(session, remittance, Difference.ACCEPTED, today(session))
    _record(session, "remittance.difference_accepted", remittance, actor, {"why": why.strip()})
    return remittance


def _checked(session: Session, partner: Partner, told: Told) -> Priced:
    """What the lines come to as stated; Invalid, or Conflict, where they cannot stand."""
    if not told.lines:
        raise Invalid(N_("Choose what is paid over."), field="lines")
    for index, line in enumerate(told.lines):
        if line.collection_id is not None:
            _check_collection(session, partner, told.currency, line, index)
        else:
            _check_correction(session, partner, told.currency, line, index)
    stated = Priced.sum((line.priced for line in told.lines), told.currency)
    comes_to = stated.rest if partner.remits is Remits.NET else stated.amount
    if comes_to.minor < 0:
        raise Invalid(N_("This comes to less than nothing: wait until more was collected."), field="paid")
    if comes_to != told.paid:
        raise Invalid(N_("The lines come to {amount}."), field="paid", amount=comes_to)
    return stated


def _check_collection(session: Session, partner: Partner, currency: str, line: Line, index: int) -> None:
    collection = session.get(PlacedCollection, line.collection_id)
    field = f"line-{index}"
    if (
        collection is None
        or collection.partner_id != partner.id
        or collection.way is not Way.AGENT
        or collection.currency != currency
    ):
        raise Invalid(N_("This is nothing that the partner has told us it collected."), field=field)
    if line.amount != collection.amount:
        raise Invalid(N_("This was told as {amount}."), field=field, amount=collection.amount)
    if session.scalar(select(exists().where(RemittanceLine.collection_id == collection.id, LIVE))):
        raise Conflict(
            N_("Payment {reference} stands in another remittance already."), reference=collection.reference or ""
        )
    of_it = select(PlacedCollection.id).where(PlacedCollection.id == collection.id, was_invoiced())
    if partner.remits is Remits.NET and session.scalar(of_it) is not None:
        raise Conflict(
            N_("The commission on payment {reference} was invoiced, so it has to be paid over in full."),
            reference=collection.reference or "",
        )


def _check_correction(session: Session, partner: Partner, currency: str, line: Line, index: int) -> None:
    earlier = session.get(Remittance, line.corrects_id)
    field = f"line-{index}"
    if earlier is None or earlier.partner_id != partner.id or earlier.currency != currency:
        raise Invalid(N_("This is none of the partner's remittances."), field=field)
    if earlier.difference is not Difference.OPEN or _is_being_corrected(session, earlier.id):
        raise Conflict(N_("The difference of {reference} has been dealt with."), reference=earlier.reference)
    if line.priced != Priced(earlier.missing, Money.zero(currency), Money.zero(currency)):
        raise Invalid(N_("The difference is {amount}."), field=field, amount=earlier.missing)


def _by_card(session: Session, remittance: Remittance) -> tuple[Money, Priced, list[Remittance]]:
    """What should have come by the card, what was rightly kept, and the differences that this puts right."""
    collections = session.scalars(
        select(PlacedCollection)
        .join(RemittanceLine, RemittanceLine.collection_id == PlacedCollection.id)
        .where(RemittanceLine.remittance_id == remittance.id)
        .order_by(PlacedCollection.id)
    )
    corrected = list(
        session.scalars(
            select(Remittance)
            .join(RemittanceLine, RemittanceLine.corrects_id == Remittance.id)
            .where(RemittanceLine.remittance_id == remittance.id)
            .order_by(Remittance.id)
        )
    )
    nothing = Money.zero(remittance.currency)
    each = [Priced(row.amount, row.commission, row.tax) for row in collections]
    total = Priced.sum(each, remittance.currency)
    if remittance.remits is Remits.GROSS:
        expected, kept = total.amount, Priced(total.amount, nothing, nothing)
    else:
        expected, kept = total.rest, total
    return expected + Money.sum((row.missing for row in corrected), remittance.currency), kept, corrected


def _shares(session: Session, remittance: Remittance) -> tuple[Money, Money]:
    """How a difference falls on commission and its tax, as the partner stated them; else all on the commission."""
    rows = session.execute(
        select(
            RemittanceLine.commission_minor - PlacedCollection.commission_minor,
            RemittanceLine.tax_minor - PlacedCollection.tax_minor,
        )
        .join(PlacedCollection, PlacedCollection.id == RemittanceLine.collection_id)
        .where(RemittanceLine.remittance_id == remittance.id)
    ).all()
    net, tax = (Money(sum(row[at] for row in rows), remittance.currency) for at in (0, 1))
    if remittance.remits is Remits.NET and net + tax == remittance.missing:
        return net, tax
    return remittance.missing, Money.zero(remittance.currency)


def _is_being_corrected(session: Session, remittance_id: int) -> bool:
    return bool(session.scalar(select(exists().where(RemittanceLine.corrects_id == remittance_id, LIVE))))


def _close(session: Session, remittance: Remittance, difference: Difference, on: date) -> None:
    remittance.difference, remittance.difference_on = difference, on
    session.flush()
    working.settle(session, TaskKind.REMITTANCE_DIFFERENCE, subject=("remittance", remittance.id))


def by_reference(session: Session, partner_id: int, reference: str) -> Remittance | None:
    """The remittance that a partner has told of under its reference, if it stands."""
    return session.scalars(
        select(Remittance).where(
            Remittance.partner_id == partner_id,
            Remittance.reference == reference,
            Remittance.status != RemittanceStatus.WITHDRAWN,
        )
    ).one_or_none()


def _is_same(session: Session, known: Remittance, told: Told) -> bool:
    rows = session.scalars(select(RemittanceLine).where(RemittanceLine.remittance_id == known.id))
    lines = {
        (row.collection_id, row.corrects_id, row.amount_minor, row.commission_minor, row.tax_minor) for row in rows
    }
    said = {
        (line.collection_id, line.corrects_id, line.amount.minor, line.commission.minor, line.tax.minor)
        for line in told.lines
    }
    return (known.currency, known.paid, lines) == (told.currency, told.paid, said)


def locked(session: Session, remittance_id: int) -> Remittance:
    """A remittance read afresh, under the lock of its partner; NotFound."""
    found = session.get(Remittance, remittance_id)
    if found is None:
        raise NotFound(NO_SUCH_REMITTANCE)
    lock_partner(session, found.partner_id)
    session.refresh(found)
    return found


def _record(session: Session, act: str, remittance: Remittance, actor: Actor, more: dict[str, object]) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("remittance", remittance.id),
        after={"partner_id": remittance.partner_id, "reference": remittance.reference, "paid": remittance.paid, **more},
    )
