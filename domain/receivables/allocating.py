"""Allocating: which credit settles which invoice; open amounts change only here, under the account's lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.policies.ruling import sections_today
from domain.policies.sections import Part
from domain.receivables.model import Allocation, CreditItem, CreditKind, DebtPart, Invoice, InvoiceStatus
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money


@dataclass(slots=True)
class Limit:
    """At most `left` of what comes settles these invoices: more is not asked for, whatever is open on them."""

    invoice_ids: frozenset[int]
    left: Money


def within(limits: Sequence[Limit], invoice_id: int, amount: Money) -> Money:
    """As much of an amount as the limit of an invoice leaves room for; it is taken off that."""
    limit = next((each for each in limits if invoice_id in each.invoice_ids), None)
    if limit is None:
        return amount
    taken = min(amount, limit.left)
    limit.left -= taken
    return taken


def add_credit(
    session: Session, account: Account, *, kind: CreditKind, source: str, amount: Money, effective_on: date
) -> CreditItem:
    """Record money or credit that has come to the account, none of it allocated yet."""
    item = CreditItem(
        account_id=account.id,
        kind=kind,
        source=source,
        currency=amount.currency,
        amount_minor=amount.minor,
        unapplied_minor=amount.minor,
        effective_on=effective_on,
        recorded_at=now(session),
    )
    session.add(item)
    session.flush()
    return item


def apply(
    session: Session, item: CreditItem, invoice: Invoice, amount: Money, *, effective_on: date | None = None
) -> Allocation:
    """Settle `amount` of the invoice from the credit item; Conflict when either has less than that left."""
    if item.account_id != invoice.account_id or invoice.status is not InvoiceStatus.ISSUED:
        raise Conflict(N_("Invoice {number} cannot be settled by this credit."), number=invoice.number)
    if amount > item.unapplied or amount > invoice.open:
        raise Conflict(N_("Only {open} is open on invoice {number}."), open=invoice.open, number=invoice.number)
    return _allocate(session, item, invoice, amount, effective_on=effective_on or item.effective_on)


def apply_upto(
    session: Session, item: CreditItem, invoice: Invoice, wanted: Money, *, effective_on: date | None = None
) -> Money:
    """Settle as much of `wanted` as the invoice has open and the credit left; how much that was."""
    amount = min(wanted, invoice.open, item.unapplied)
    if amount and invoice.status is InvoiceStatus.ISSUED:
        apply(session, item, invoice, amount, effective_on=effective_on)
        return amount
    return Money.zero(wanted.currency)


def open_in_order(session: Session, account_id: int) -> Sequence[Invoice]:
    """The open invoices of a locked account in the order in which credit without an instruction settles them.

    Oldest due first, as BGB 366 and 367 have it for payments without an instruction. Where the account's policy says
    in which order the parts of one debt are settled, debit notes (costs and interest) go with what they are on top of,
    in that order; where it says nothing, they go by their own due day, and of one day before the rest.
    """
    found = session.scalars(
        select(Invoice)
        .where(Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .order_by(Invoice.due_on, Invoice.parent_id.is_(None), Invoice.id)
        .execution_options(populate_existing=True)
    ).all()
    if all(invoice.parent_id is None for invoice in found):
        return found
    section = sections_today(session, account_id).allocation
    return found if section is None else _by_debt(session, found, section.order)


def _by_debt(session: Session, invoices: Sequence[Invoice], order: Sequence[Part]) -> Sequence[Invoice]:
    """The debts by their due day, each with its parts in this order; of a part the oldest first."""
    on_top = {invoice.parent_id for invoice in invoices if invoice.parent_id is not None}
    debts = session.execute(select(Invoice.id, Invoice.due_on).where(Invoice.id.in_(on_top)))
    due = {row.id: row.due_on for row in debts}
    notes = select(DebtPart.invoice_id, DebtPart.part).where(DebtPart.invoice_id.in_([each.id for each in invoices]))
    parts = {row.invoice_id: row.part for row in session.execute(notes)}

    def place(invoice: Invoice) -> tuple[date, int, int, int]:
        if invoice.parent_id is None:
            return invoice.due_on, invoice.id, order.index(Part.PRINCIPAL), invoice.id
        part = parts.get(invoice.id, Part.INTEREST)
        return due[invoice.parent_id], invoice.parent_id, order.index(part), invoice.id

    return sorted(invoices, key=place)


def take_back(session: Session, allocation: Allocation, *, effective_on: date | None = None) -> Allocation:
    """Undo one allocation as of a day (today unless said): its invoice is open again, its credit unapplied.

    Conflict when it was taken back before. An allocation and what takes it back take effect in that order.
    """
    reversed_before = select(Allocation.id).where(Allocation.reverses_id == allocation.id)
    if allocation.reverses_id is not None or session.scalar(reversed_before) is not None:
        raise Conflict(N_("This has been taken back already."))
    item = session.get_one(CreditItem, allocation.credit_item_id, populate_existing=True)
    invoice = session.get_one(Invoice, allocation.invoice_id, populate_existing=True)
    day = max(effective_on or today(session), allocation.effective_on)
    amount = Money(-allocation.amount_minor, item.currency)
    return _allocate(session, item, invoice, amount, effective_on=day, reverses_id=allocation.id)


def standing(session: Session, item: CreditItem) -> Sequence[Allocation]:
    """What the credit item settles now: its allocations that were not taken back, the newest first."""
    taken_back = select(Allocation.reverses_id).where(Allocation.reverses_id.is_not(None))
    return session.scalars(
        select(Allocation)
        .where(
            Allocation.credit_item_id == item.id,
            Allocation.reverses_id.is_(None),
            Allocation.id.not_in(taken_back.where(Allocation.credit_item_id == item.id)),
        )
        .order_by(Allocation.id.desc())
    ).all()


def allocated(session: Session, invoice_id: int) -> int:
    """The sum of an invoice's allocations in minor units."""
    total = session.scalar(
        select(func.coalesce(func.sum(Allocation.amount_minor), 0)).where(Allocation.invoice_id == invoice_id)
    )
    return int(total or 0)


def last_id(session: Session, account_id: int) -> int:
    """The id of the locked account's latest allocation, 0 before the first: whatever comes later has a higher one."""
    latest = select(func.coalesce(func.max(Allocation.id), 0)).where(Allocation.account_id == account_id)
    return int(session.execute(latest).scalar_one())


def _allocate(
    session: Session,
    item: CreditItem,
    invoice: Invoice,
    amount: Money,
    *,
    effective_on: date,
    reverses_id: int | None = None,
) -> Allocation:
    allocation = Allocation(
        account_id=item.account_id,
        credit_item_id=item.id,
        invoice_id=invoice.id,
        amount_minor=amount.minor,
        effective_on=max(effective_on, invoice.issued_on, item.effective_on),
        recorded_at=now(session),
        reverses_id=reverses_id,
    )
    session.add(allocation)
    item.unapplied_minor -= amount.minor
    invoice.open_minor -= amount.minor
    session.flush()
    return allocation
