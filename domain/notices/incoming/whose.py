"""Whose: the accounts to which an email address or a telephone number belongs, as far as we know."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCESS, ACCOUNTS, CONTACTS, LOGINS
from domain.notices.model import NOTICES
from domain.notices.reach.reaching import dialled
from domain.policies.contacting import Channel

BETWEEN_DIGITS = " -()./"
"""What people write between the digits of a number."""
LAST_DIGITS = 7
"""As many of a number's last digits make few enough candidates, whatever stands in front of them."""


def accounts_at(session: Session, channel: Channel, address: str) -> list[int]:
    """The accounts with this address, of themselves, of a contact or of somebody who may sign in, by id.

    Those to which we have written there are among them, so that an answer finds its way after a contact has changed.
    """
    found = _with_email(session, address.lower()) if channel is Channel.EMAIL else _with_number(session, address)
    written_to = select(NOTICES.c.account_id).where(NOTICES.c.address == address, NOTICES.c.channel == channel)
    return sorted(found or set(session.scalars(written_to.distinct())))


def _with_email(session: Session, email: str) -> set[int]:
    own = select(ACCOUNTS.c.id).where(ACCOUNTS.c.email == email)
    contacts = select(CONTACTS.c.account_id).where(CONTACTS.c.email == email)
    logins = select(ACCESS.c.account_id).join(LOGINS, LOGINS.c.id == ACCESS.c.login_id).where(LOGINS.c.email == email)
    return {account_id for each in (own, contacts, logins) for account_id in session.scalars(each)}


def _with_number(session: Session, number: str) -> set[int]:
    last = number[-LAST_DIGITS:]
    own = select(ACCOUNTS.c.id, ACCOUNTS.c.country, ACCOUNTS.c.phone).where(_digits(ACCOUNTS.c.phone).endswith(last))
    contacts = (
        select(CONTACTS.c.account_id, ACCOUNTS.c.country, CONTACTS.c.phone)
        .join(ACCOUNTS, ACCOUNTS.c.id == CONTACTS.c.account_id)
        .where(_digits(CONTACTS.c.phone).endswith(last))
    )
    rows = [*session.execute(own), *session.execute(contacts)]
    return {account_id for account_id, country, phone in rows if dialled(phone, country) == number}


def _digits(column: ColumnElement[str | None]) -> ColumnElement[str]:
    """A number as it is typed, without what stands between its digits."""
    bare: ColumnElement[str] = func.coalesce(column, "")
    for mark in BETWEEN_DIGITS:
        bare = func.replace(bare, mark, "")
    return bare
