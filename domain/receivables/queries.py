"""What is owed, what is open and what is late: Core rows, always by account."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from domain.receivables.model import (
    Allocation,
    CreditItem,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Uncovering,
    Withdrawal,
)
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

MOST_AT_ONCE = 200
"""Open invoices on one page, and in one payment from the home page."""
NO_SUCH_INVOICE = N_("We could not find that invoice.")

COLUMNS = (
    Invoice.id,
    Invoice.account_id,
    Invoice.kind,
    Invoice.number,
    Invoice.status,
    Invoice.issued_on,
    Invoice.due_on,
    Invoice.currency,
    Invoice.amount_minor,
    Invoice.tax_minor,
    Invoice.open_minor,
    Invoice.description,
    Invoice.purchase_order,
    Invoice.delivered_on,
    Invoice.voided_at,
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Where an account stands today: `owed` is open less credit; `late` is open and past its due date."""

    open: Money
    late: Money
    credit: Money
    open_count: int
    late_count: int

    @property
    def owed(self) -> Money:
        """What is left to pay once the credit is used; negative when we owe them."""
        return self.open - self.credit


def totals(session: Session, account_id: int, currency: str) -> Totals:
    """Open, late and credit of one account, in one query over its open items alone."""
    is_late = Invoice.due_on < today(session)
    open_items = (Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
    credit = (
        select(func.coalesce(func.sum(CreditItem.unapplied_minor), 0))
        .where(CreditItem.account_id == account_id, CreditItem.unapplied_minor > 0)
        .scalar_subquery()
    )
    row = session.execute(
        select(
            func.coalesce(func.sum(Invoice.open_minor), 0),
            func.coalesce(func.sum(Invoice.open_minor).filter(is_late), 0),
            func.count(),
            func.count().filter(is_late),
            credit,
        ).where(*open_items)
    ).one()
    return Totals(
        open=Money(int(row[0]), currency),
        late=Money(int(row[1]), currency),
        credit=Money(int(row[4]), currency),
        open_count=row[2],
        late_count=row[3],
    )


def owed_by_account(session: Session, account_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Open and late amounts in minor units of several accounts; those with nothing open are left out."""
    is_late = Invoice.due_on < today(session)
    rows = session.execute(
        select(
            Invoice.account_id,
            func.sum(Invoice.open_minor),
            func.coalesce(func.sum(Invoice.open_minor).filter(is_late), 0),
        )
        .where(Invoice.account_id.in_(account_ids), Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .group_by(Invoice.account_id)
    )
    return {account_id: (int(still_open), int(late)) for account_id, still_open, late in rows}


def accounts_with_invoice(session: Session, number: str, *, limit: int = 50) -> list[int]:
    """The accounts that have an invoice of exactly this number, whatever its case was typed in."""
    numbers = {number, number.upper(), number.lower()}
    return list(session.scalars(select(Invoice.account_id).where(Invoice.number.in_(numbers)).distinct().limit(limit)))


def late_accounts(session: Session) -> Select[int]:
    """Selects the accounts on which something is late today, to look through them."""
    return select(Invoice.account_id).where(
        Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED, Invoice.due_on < today(session)
    )


def owing_accounts(
    session: Session,
    *,
    only_late: bool,
    that_are_late: bool = False,
    least: int | None = None,
    most: int | None = None,
) -> Select[int, int]:
    """Selects the accounts that owe something, and how much in minor units, to list accounts by it.

    With `only_late` what is late is added up. Accounts are left out on which nothing is late, with `that_are_late`, and
    on which less or more is open than `least` and `most`.
    """
    owed, is_late = func.sum(Invoice.open_minor), Invoice.due_on < today(session)
    query = select(Invoice.account_id).where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
    query = query.group_by(Invoice.account_id)
    bounds = [*([owed >= least] if least else []), *([owed <= most] if most is not None else [])]
    if only_late and not bounds:
        return query.add_columns(owed).where(is_late)
    late = owed.filter(is_late)
    if only_late or that_are_late:
        bounds.append(late > 0)
    return query.add_columns(late if only_late else owed).having(*bounds)


def open_invoices(
    session: Session,
    account_id: int,
    *,
    due_before: date | None = None,
    due_from: date | None = None,
    after: tuple[date, int] | None = None,
    limit: int = MOST_AT_ONCE,
) -> AnyRows:
    """Open invoices of the account, the longest due first; `after` is the (due_on, id) of the last one shown."""
    query = select(*COLUMNS).where(
        Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED
    )
    if due_before is not None:
        query = query.where(Invoice.due_on < due_before)
    if due_from is not None:
        query = query.where(Invoice.due_on >= due_from)
    if after is not None:
        query = query.where(tuple_(Invoice.due_on, Invoice.id) > after)
    return session.execute(query.order_by(Invoice.due_on, Invoice.id).limit(limit)).all()


def settled_invoices(
    session: Session, account_id: int, *, before: tuple[date, int] | None = None, limit: int = 50
) -> AnyRows:
    """A page of invoices with nothing open, newest first; `before` is the (issued_on, id) of the last one shown."""
    query = select(*COLUMNS).where(
        Invoice.account_id == account_id, Invoice.open_minor == 0, Invoice.status == InvoiceStatus.ISSUED
    )
    if before is not None:
        query = query.where(tuple_(Invoice.issued_on, Invoice.id) < before)
    return session.execute(query.order_by(Invoice.issued_on.desc(), Invoice.id.desc()).limit(limit)).all()


def all_invoices(
    session: Session, account_id: int, *, before: tuple[date, int] | None = None, limit: int = 50
) -> AnyRows:
    """A page of all invoices, void ones too, newest first; `before` is the (issued_on, id) of the last one shown."""
    query = select(*COLUMNS).where(Invoice.account_id == account_id, Invoice.status != InvoiceStatus.DRAFT)
    if before is not None:
        query = query.where(tuple_(Invoice.issued_on, Invoice.id) < before)
    return session.execute(query.order_by(Invoice.issued_on.desc(), Invoice.id.desc()).limit(limit)).all()


def invoice(session: Session, account_id: int, invoice_id: int) -> AnyRow:
    """One issued or void invoice of this account; NotFound for anybody else's."""
    row = session.execute(
        select(*COLUMNS).where(
            Invoice.id == invoice_id, Invoice.account_id == account_id, Invoice.status != InvoiceStatus.DRAFT
        )
    ).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_INVOICE)
    return row


def invoices(session: Session, account_id: int, ids: Collection[int]) -> AnyRows:
    """Several issued invoices of this account, the longest due first; NotFound when any is not theirs."""
    rows = session.execute(
        select(*COLUMNS)
        .where(Invoice.id.in_(ids), Invoice.account_id == account_id, Invoice.status == InvoiceStatus.ISSUED)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    if len(rows) != len(set(ids)):
        raise NotFound(NO_SUCH_INVOICE)
    return rows


def numbers(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The numbers of these invoices, for lists that know ids only."""
    if not ids:
        return {}
    return {
        row.id: row.number for row in session.execute(select(Invoice.id, Invoice.number).where(Invoice.id.in_(ids)))
    }


def lines(session: Session, invoice_id: int) -> AnyRows:
    """The lines of an invoice that has been looked up by its account before."""
    return session.execute(
        select(
            InvoiceLine.id,
            InvoiceLine.position,
            InvoiceLine.description,
            InvoiceLine.quantity,
            InvoiceLine.amount_minor,
            InvoiceLine.tax_minor,
        )
        .where(InvoiceLine.invoice_id == invoice_id)
        .order_by(InvoiceLine.position)
    ).all()


def story(session: Session, invoice_id: int) -> AnyRows:
    """How an invoice's balance came about: each allocation by its day, with the credit's kind and source.

    `left_by` says by what the credit left the account in the same act, `back_by` by the undoing of what it came back;
    `left_for` and `back_from` name that refund, return, chargeback or move.
    """
    same_act = (
        Withdrawal.credit_item_id == Allocation.credit_item_id,
        Withdrawal.recorded_at == Allocation.recorded_at,
    )
    left = (
        select(Withdrawal.kind)
        .join(Uncovering, Uncovering.withdrawal_id == Withdrawal.id)
        .where(*same_act, Uncovering.invoice_id == Allocation.invoice_id)
        .limit(1)
    )
    undone = aliased(Withdrawal)
    back = (
        select(Withdrawal.kind)
        .join(undone, undone.id == Withdrawal.reverses_id)
        .where(*same_act, Withdrawal.reverses_id.is_not(None))
        .limit(1)
    )
    return session.execute(
        select(
            Allocation.id,
            Allocation.effective_on,
            Allocation.recorded_at,
            Allocation.amount_minor,
            Allocation.reverses_id,
            CreditItem.kind,
            CreditItem.source,
            left.with_only_columns(Withdrawal.kind).scalar_subquery().label("left_by"),
            left.with_only_columns(Withdrawal.source).scalar_subquery().label("left_for"),
            back.with_only_columns(Withdrawal.kind).scalar_subquery().label("back_by"),
            back.with_only_columns(undone.source).scalar_subquery().label("back_from"),
        )
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id == invoice_id)
        .order_by(Allocation.effective_on, Allocation.id)
    ).all()
