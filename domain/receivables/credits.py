"""Credits: what unapplied credit an account has, item by item, and what of it has left."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from domain.receivables.model import CreditItem, CreditKind, Withdrawal, WithdrawalKind
from domain.shared.money import Money

UNAPPLIED = (
    select(CreditItem.account_id, func.sum(CreditItem.unapplied_minor).label("minor"))
    .where(CreditItem.account_id.in_(bindparam("accounts", expanding=True)), CreditItem.unapplied_minor > 0)
    .group_by(CreditItem.account_id)
)


def unapplied_items(session: Session, account_id: int) -> Sequence[CreditItem]:
    """The account's credit items with something unapplied, the oldest first: the order in which they are used."""
    return session.scalars(
        select(CreditItem)
        .where(CreditItem.account_id == account_id, CreditItem.unapplied_minor > 0, CreditItem.voided_at.is_(None))
        .order_by(CreditItem.effective_on, CreditItem.id)
        .execution_options(populate_existing=True)
    ).all()


def unapplied(session: Session, account_id: int, currency: str) -> Money:
    """All unapplied credit of an account."""
    return Money(unapplied_of(session, [account_id]).get(account_id, 0), currency)


def unapplied_of(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    """All unapplied credit of each of these accounts, in minor units; one that has none is left out."""
    rows = session.execute(UNAPPLIED, {"accounts": list(account_ids)})
    return {row.account_id: int(row.minor) for row in rows}


def left_of(session: Session, kind: CreditKind, source: str, currency: str) -> Money:
    """What is unapplied of the credit that came from `source`; nothing where none came."""
    found = session.scalar(
        select(CreditItem.unapplied_minor).where(CreditItem.kind == kind, CreditItem.source == source)
    )
    return Money(found or 0, currency)


def gone_from(session: Session, kind: CreditKind, source: str, currency: str) -> dict[WithdrawalKind, Money]:
    """What has left of the credit that came from `source` and not come back, by why it left."""
    rows = session.execute(
        select(Withdrawal.kind, func.sum(Withdrawal.amount_minor).label("minor"))
        .join(CreditItem, CreditItem.id == Withdrawal.credit_item_id)
        .where(CreditItem.kind == kind, CreditItem.source == source)
        .group_by(Withdrawal.kind)
        .order_by(Withdrawal.kind)
    )
    return {row.kind: Money(int(row.minor), currency) for row in rows if row.minor}


def gone_for(session: Session, kind: CreditKind, source: str, currency: str, *, by: WithdrawalKind) -> dict[str, Money]:
    """What has left of the credit from `source` in this way and not come back, by the name of what took it."""
    undone = aliased(Withdrawal)
    name = func.coalesce(undone.source, Withdrawal.source)
    rows = session.execute(
        select(name.label("name"), func.sum(Withdrawal.amount_minor).label("minor"))
        .join(CreditItem, CreditItem.id == Withdrawal.credit_item_id)
        .outerjoin(undone, undone.id == Withdrawal.reverses_id)
        .where(CreditItem.kind == kind, CreditItem.source == source, Withdrawal.kind == by)
        .group_by(name)
        .order_by(func.min(Withdrawal.id))
    )
    return {row.name: Money(int(row.minor), currency) for row in rows if row.minor}
