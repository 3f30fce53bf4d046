"""Queries: an account under its lock, and what the sites read of accounts, contacts, logins and rights."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.shared.errors import NotFound


def lock(session: Session, account_id: int) -> Account:
    """The account, read afresh and locked until the transaction ends: the first thing a money use case does.

    Raises NotFound where there is no such account. On SQLite the transaction itself is the lock.
    """
    statement = select(Account).where(Account.id == account_id).with_for_update()
    account = session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
    if account is None:
        raise NotFound
    return account
