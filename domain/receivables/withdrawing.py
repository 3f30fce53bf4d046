"""Withdrawing: credit that leaves an account again, what that uncovers, and how it comes back.

Under the account's lock. The ledger's side (the receivable is debited) belongs to whoever withdraws: a refund, a
return, a chargeback, a move.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.receivables import allocating
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, Uncovering, Withdrawal, WithdrawalKind
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Uncovered:
    """An invoice that a withdrawal opens again, and by how much."""

    invoice_id: int
    number: str
    amount: Money


def withdraw(
    session: Session,
    item: CreditItem,
    amount: Money,
    *,
    kind: WithdrawalKind,
    source: str,
    effective_on: date | None = None,
) -> Withdrawal:
    """Take unapplied credit away; Conflict when the item has less than that unapplied."""
    if amount > item.unapplied:
        raise Conflict(N_("Only {left} of this credit is not used yet."), left=item.unapplied)
    return _withdraw(session, item, amount, kind, source, effective_on or today(session))


def withdraw_covering(
    session: Session,
    item: CreditItem,
    amount: Money,
    *,
    kind: WithdrawalKind,
    source: str,
    effective_on: date | None = None,
    first_from: Collection[int] = (),
) -> tuple[Withdrawal, list[Uncovered]]:
    """Take credit away, taking back allocations where too little is unapplied; what was uncovered, by invoice.

    Unapplied credit goes first, then what settles the invoices `first_from`, then the newest allocations. Conflict
    when the item never had so much left.
    """
    day = effective_on or today(session)
    plan = uncovering(session, item, amount, first_from=first_from)
    by_invoice = {part.invoice_id: part.amount for part in plan}
    for allocation in allocating.standing(session, item):
        wanted = by_invoice.get(allocation.invoice_id)
        if wanted:
            by_invoice[allocation.invoice_id] = wanted - _take_back_upto(session, item, allocation, wanted, day)
    withdrawal = _withdraw(session, item, amount, kind, source, day)
    session.add_all(
        Uncovering(withdrawal_id=withdrawal.id, invoice_id=part.invoice_id, amount_minor=part.amount.minor)
        for part in plan
    )
    session.flush()
    return withdrawal, plan


def uncovering(
    session: Session, item: CreditItem, amount: Money, *, first_from: Collection[int] = ()
) -> list[Uncovered]:
    """What withdrawing `amount` would uncover, without doing it: for a preview. Conflict as `withdraw_covering`."""
    missing = amount - item.unapplied
    standing = sorted(allocating.standing(session, item), key=lambda row: row.invoice_id not in set(first_from))
    by_invoice: dict[int, int] = {}
    for allocation in standing:
        if missing.minor <= 0:
            break
        part = min(missing.minor, allocation.amount_minor)
        by_invoice[allocation.invoice_id] = by_invoice.get(allocation.invoice_id, 0) + part
        missing -= Money(part, item.currency)
    if missing.minor > 0:
        raise Conflict(N_("Only {left} of this can still be taken back."), left=amount - missing)
    rows = session.execute(select(Invoice.id, Invoice.number).where(Invoice.id.in_(by_invoice)))
    numbers = {row.id: row.number for row in rows}
    return [Uncovered(key, numbers[key], Money(minor, item.currency)) for key, minor in by_invoice.items()]


def give_back(
    session: Session,
    withdrawal: Withdrawal,
    amount: Money | None = None,
    *,
    source: str,
    effective_on: date | None = None,
) -> Withdrawal:
    """Undo a withdrawal, all of it or `amount`: the credit is there again and covers what it covered.

    Where an invoice was settled otherwise meanwhile, its part stays unapplied credit. Conflict when more would come
    back than had gone.
    """
    item = session.get_one(CreditItem, withdrawal.credit_item_id, populate_existing=True)
    gone = still_gone(session, withdrawal, item.currency)
    before = Money(withdrawal.amount_minor, item.currency) - gone
    back = gone if amount is None else amount
    if withdrawal.reverses_id is not None or back > gone or back.minor <= 0:
        raise Conflict(N_("This has come back already."))
    day = max(effective_on or today(session), withdrawal.effective_on)
    returned = _withdraw(session, item, -back, withdrawal.kind, source, day, reverses_id=withdrawal.id)
    nothing = Money.zero(item.currency)
    for part, invoice in _uncovered(session, withdrawal.id):
        uncovered = Money(part.amount_minor, item.currency)
        done = min(uncovered, before)
        wanted = min(uncovered - done, back)
        before, back = max(before - uncovered, nothing), back - wanted
        allocating.apply_upto(session, item, invoice, wanted, effective_on=day)
    return returned


def withdrawals_of(session: Session, kind: WithdrawalKind, source: str) -> Sequence[Withdrawal]:
    """The withdrawals of one refund, return, chargeback or move, without those that give back, the oldest first."""
    return session.scalars(
        select(Withdrawal)
        .where(Withdrawal.kind == kind, Withdrawal.source == source, Withdrawal.reverses_id.is_(None))
        .order_by(Withdrawal.id)
    ).all()


def still_gone(session: Session, withdrawal: Withdrawal, currency: str) -> Money:
    """How much of a withdrawal has not come back."""
    returned = select(func.coalesce(func.sum(Withdrawal.amount_minor), 0)).where(
        Withdrawal.reverses_id == withdrawal.id
    )
    return Money(withdrawal.amount_minor + int(session.scalar(returned) or 0), currency)


def item_of(session: Session, kind: CreditKind, source: str) -> CreditItem:
    """The credit item that came from `source`, read again under the lock that the caller holds."""
    return session.scalars(
        select(CreditItem)
        .where(CreditItem.kind == kind, CreditItem.source == source)
        .execution_options(populate_existing=True)
    ).one()


def _take_back_upto(session: Session, item: CreditItem, allocation: Allocation, wanted: Money, day: date) -> Money:
    """Take back as much of one allocation as is wanted: all of it, and the rest is applied again."""
    amount = min(wanted, Money(allocation.amount_minor, item.currency))
    taken = allocating.take_back(session, allocation, effective_on=day)
    rest = Money(allocation.amount_minor, item.currency) - amount
    if rest:
        invoice = session.get_one(Invoice, allocation.invoice_id)
        allocating.apply(session, item, invoice, rest, effective_on=taken.effective_on)
    return amount


def _uncovered(session: Session, withdrawal_id: int) -> list[tuple[Uncovering, Invoice]]:
    rows = session.execute(
        select(Uncovering, Invoice)
        .join(Invoice, Invoice.id == Uncovering.invoice_id)
        .where(Uncovering.withdrawal_id == withdrawal_id)
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    )
    return [(part, invoice) for part, invoice in rows]


def _withdraw(
    session: Session,
    item: CreditItem,
    amount: Money,
    kind: WithdrawalKind,
    source: str,
    day: date,
    *,
    reverses_id: int | None = None,
) -> Withdrawal:
    withdrawal = Withdrawal(
        account_id=item.account_id,
        credit_item_id=item.id,
        kind=kind,
        source=source,
        amount_minor=amount.minor,
        effective_on=max(day, item.effective_on),
        recorded_at=now(session),
        reverses_id=reverses_id,
    )
    session.add(withdrawal)
    item.unapplied_minor -= amount.minor
    session.flush()
    return withdrawal
