"""Following: a write-off follows its invoice: what comes in is a recovery, what is credited was no bad debt.

Under the account's lock, in the transaction of whatever settles an invoice or opens it again.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.model import Allocation, CreditItem, Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.write_offs import booking, changing, undoing
from domain.write_offs.model import Recovery, TaxRelief, WriteOff, WriteOffStatus
from domain.write_offs.tracing import MONEY, Settled, Step, tax_left, trace
from domain.write_offs.written import tax_of

_LATER = aliased(WriteOff)
_NOTHING = (WriteOffStatus.DECLINED, WriteOffStatus.DROPPED)
FOLLOWS = or_(
    WriteOff.status.in_((WriteOffStatus.PROPOSED, WriteOffStatus.STANDING)),
    and_(
        WriteOff.status == WriteOffStatus.RECOVERED,
        ~exists().where(
            _LATER.invoice_id == WriteOff.invoice_id, _LATER.id > WriteOff.id, _LATER.status.not_in(_NOTHING)
        ),
    ),
)
"""What has something to follow: once an invoice is written off again, what came in for it before is history."""


def follow_account(session: Session, account_id: int, invoice_ids: Collection[int] | None, *, actor: Actor) -> int:
    """Follow every write-off of a locked account on one of these invoices (None: any); how many changed.

    Safe to repeat: what an allocation did to a write-off is written down once.
    """
    session.flush()
    wanted = select(WriteOff).where(WriteOff.account_id == account_id, FOLLOWS)
    if invoice_ids is not None:
        wanted = wanted.where(WriteOff.invoice_id.in_(invoice_ids))
    rows = session.scalars(wanted.order_by(WriteOff.id).execution_options(populate_existing=True)).all()
    return sum(follow(session, written, actor=actor) for written in rows)


def follow(session: Session, written: WriteOff, *, actor: Actor) -> bool:
    """Bring one write-off of a locked account to what has become of its invoice; whether that changed it."""
    invoice = session.get_one(Invoice, written.invoice_id, populate_existing=True)
    if written.status is WriteOffStatus.PROPOSED:
        return _follow_proposed(session, written, invoice, actor=actor)
    if written.status is WriteOffStatus.STANDING and invoice.status is InvoiceStatus.VOID:
        undoing.take_back(session, written, actor=actor, why="void")
        return True
    return _follow_written(session, written, actor=actor)


def settled_since(session: Session, written: WriteOff, upto_id: int | None = None) -> list[Settled]:
    """What was settled on its invoice, or opened again, since it was written off in the books, in order.

    Through the allocation `upto_id`, where one is named.
    """
    wanted = (
        select(Allocation.id, Allocation.amount_minor, Allocation.reverses_id, CreditItem.kind)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id == written.invoice_id, Allocation.id > (written.made_after_id or 0))
    )
    if upto_id is not None:
        wanted = wanted.where(Allocation.id <= upto_id)
    rows = session.execute(wanted.order_by(Allocation.id))
    return [Settled(row.id, row.amount_minor, row.kind in MONEY, row.reverses_id) for row in rows]


def _follow_proposed(session: Session, written: WriteOff, invoice: Invoice, *, actor: Actor) -> bool:
    """What is proposed is what is open; nothing once nothing is."""
    if not invoice.open_minor:
        changing.change(session, written, WriteOffStatus.DROPPED, actor=actor)
        return True
    if written.amount_minor == invoice.open_minor:
        return False
    written.amount_minor = written.left_minor = invoice.open_minor
    written.tax_minor = tax_of(session, invoice).minor
    changing.note(session, written, written.status, actor=actor)
    return True


def _follow_written(session: Session, written: WriteOff, *, actor: Actor) -> bool:
    settled = settled_since(session, written)
    if not settled or settled[-1].allocation_id == written.seen_id:
        return False
    seen = written.seen_id or 0
    for step in trace(written.amount_minor, settled):
        if step.allocation_id > seen:
            _come_down(session, written, step)
    written.seen_id = settled[-1].allocation_id
    session.flush()
    after = WriteOffStatus.STANDING if written.left_minor else WriteOffStatus.RECOVERED
    if after is not written.status:
        changing.change(session, written, after, actor=actor)
    return True


def _come_down(session: Session, written: WriteOff, step: Step) -> None:
    """Write one step down, with its share of the tax that was claimed back."""
    assert written.written_on is not None
    day = session.scalars(select(Allocation.effective_on).where(Allocation.id == step.allocation_id)).one()
    recovery = Recovery(
        write_off_id=written.id,
        allocation_id=step.allocation_id,
        amount_minor=step.minor,
        relief_minor=_relief_within(session, written, step.left_minor),
        effective_on=max(day, written.written_on),
        recorded_at=now(session),
    )
    session.add(recovery)
    written.left_minor = step.left_minor
    session.flush()
    booking.come_down(session, written, recovery, is_money=step.is_money)
    if recovery.relief_minor:
        booking.repay_tax(session, written, recovery, is_money=step.is_money)


def _relief_within(session: Session, written: WriteOff, left_minor: int) -> int:
    """How much of the tax that was claimed back is to be repaid so that what stays is the share of what is left."""
    relief = session.scalars(select(TaxRelief).where(TaxRelief.write_off_id == written.id)).one_or_none()
    if relief is None:
        return 0
    standing = undoing.relief_standing(session, written)
    return standing - tax_left(relief.amount_minor, relief.of_minor, left_minor)


def to_follow(session: Session) -> list[int]:
    """The accounts with a write-off that says something else than its invoice does."""
    latest = (
        select(func.max(Allocation.id))
        .where(Allocation.invoice_id == WriteOff.invoice_id)
        .correlate(WriteOff)
        .scalar_subquery()
    )
    proposed = and_(WriteOff.status == WriteOffStatus.PROPOSED, WriteOff.amount_minor != Invoice.open_minor)
    void = and_(WriteOff.status == WriteOffStatus.STANDING, Invoice.status == InvoiceStatus.VOID)
    rows = session.scalars(
        select(WriteOff.account_id)
        .join(Invoice, Invoice.id == WriteOff.invoice_id)
        .where(FOLLOWS, or_(latest > WriteOff.seen_id, proposed, void))
        .distinct()
        .order_by(WriteOff.account_id)
    )
    return list(rows)
