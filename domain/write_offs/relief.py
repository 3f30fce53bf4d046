"""Relief: tax on a bad debt is claimed back once it has been unpaid for long enough, and somebody is told of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Numeric, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import Task, TaskKind
from domain.write_offs import booking
from domain.write_offs.model import TaxRelief, WriteOff, WriteOffStatus
from domain.write_offs.relief_terms import RELIEF, ReliefTerms, earliest_base, first_day, last_day, latest_base
from domain.write_offs.tracing import tax_left

CLAIMABLE = (WriteOffStatus.STANDING, WriteOffStatus.RELEASED)
"""The states in which tax can be claimed back: it is bad debt in the books."""


def claimable(written: WriteOff | AnyRow) -> Money:
    """The tax within what stands of a write-off: what can be claimed back for it."""
    minor = tax_left(written.tax_minor, written.amount_minor, written.left_minor)
    return Money(minor, written.currency)


def base_of(invoice: Invoice | AnyRow) -> date:
    """The day from which its time runs: the later of the day on which it was due and that of the supply."""
    day: date = max(invoice.due_on, invoice.delivered_on or invoice.issued_on)
    return day


def days_of(session: Session, invoice: Invoice | AnyRow) -> tuple[date, date | None] | None:
    """The first and the last day on which tax on it can be claimed back; None where there is no such relief."""
    terms = terms_here(session)
    return None if terms is None else (first_day(base_of(invoice), terms), last_day(base_of(invoice), terms))


def terms_here(session: Session) -> ReliefTerms | None:
    """The terms of the country of the business; None where there is no such relief."""
    return RELIEF.get(business(session).country)


def is_due(session: Session) -> ColumnElement[bool]:
    """For a query over write-offs with their invoices: that tax within it can be claimed back today."""
    terms, day = terms_here(session), today(session)
    if terms is None:
        return WriteOff.id.is_(None)
    supplied = func.coalesce(Invoice.delivered_on, Invoice.issued_on)
    latest, earliest = latest_base(day, terms), earliest_base(day, terms)
    in_time = and_(Invoice.due_on <= latest, supplied <= latest)
    if earliest is not None:
        in_time = and_(in_time, or_(Invoice.due_on >= earliest, supplied >= earliest))
    claimed = WriteOff.id.in_(select(TaxRelief.write_off_id))
    return and_(
        WriteOff.status.in_(CLAIMABLE),
        cast(WriteOff.tax_minor, Numeric) * WriteOff.left_minor >= WriteOff.amount_minor,
        in_time,
        ~claimed,
    )


def can_be_claimed(session: Session, write_off_id: int) -> bool:
    """Whether tax within this write-off can be claimed back today."""
    wanted = select(WriteOff.id).join(Invoice, Invoice.id == WriteOff.invoice_id)
    return session.scalar(wanted.where(WriteOff.id == write_off_id, is_due(session))) is not None


def to_tell(session: Session) -> list[int]:
    """The write-offs with tax that can be claimed back, and of which nobody was told yet."""
    told = exists().where(
        Task.kind == TaskKind.TAX_RELIEF_DUE,
        Task.subject_kind == "write_off",
        Task.account_id == WriteOff.account_id,
        Task.subject_id == cast(WriteOff.id, String),
        or_(Task.done_at.is_(None), Task.done_by.is_not(None)),
    )
    rows = session.scalars(
        select(WriteOff.id)
        .join(Invoice, Invoice.id == WriteOff.invoice_id)
        .where(is_due(session), ~told)
        .order_by(WriteOff.id)
    )
    return list(rows)


def tell(session: Session, write_off_id: int) -> bool:
    """Ask somebody to claim the tax of a write-off back; False where they are asked already."""
    written = session.get_one(WriteOff, write_off_id)
    opened = tasks.open_task(
        session,
        TaskKind.TAX_RELIEF_DUE,
        subject=("write_off", written.id),
        account_id=written.account_id,
        worth=claimable(written),
    )
    return opened is not None


def claim(session: Session, written: WriteOff, *, actor: Actor) -> TaxRelief:
    """Write down that the tax within what stands was claimed back; Conflict where it cannot be, or was before.

    The caller has locked the account, and the write-off has followed its invoice.
    """
    if not can_be_claimed(session, written.id):
        raise Conflict(N_("No tax can be claimed back for this now."))
    amount, day = claimable(written), today(session)
    relief = TaxRelief(
        write_off_id=written.id,
        amount_minor=amount.minor,
        of_minor=written.left_minor,
        relieved_on=day,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(relief)
    session.flush()
    entry = booking.claim_tax(session, written, amount, day)
    working.settle(session, TaskKind.TAX_RELIEF_DUE, subject=("write_off", written.id))
    audit.record(
        session,
        "write_off.relieved",
        actor=actor,
        subject=("write_off", written.id),
        account_id=written.account_id,
        entry_id=entry.id,
        after={
            "amount": amount,
            "of": written.left,
            "number": session.scalars(select(Invoice.number).where(Invoice.id == written.invoice_id)).one(),
        },
    )
    return relief
