"""Known: the ways to reach an account's people, with what is known of each address, for staff to see."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.notices.reach.addresses import newest
from domain.notices.reach.model import AddressKind, AddressNews, ContactDuty
from domain.notices.reach.reaching import dialled
from domain.policies.contacting import Channel, Recipient


@dataclass(frozen=True, slots=True)
class Known:
    """The last that became known of an address, when, by what, and why."""

    kind: AddressKind
    at: datetime
    how: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """One address of somebody; `address` is as it is compared, `shown` as it was written."""

    channel: Channel
    address: str
    shown: str
    known: Known | None


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, or the account itself (no `contact_id`), what notices they get, and their addresses."""

    contact_id: int | None
    name: str
    duty: Recipient | None
    texts_agreed_at: datetime | None
    ways: tuple[Way, ...]


def people(session: Session, account_id: int) -> list[Person]:
    """The account's own addresses, then its contacts by name; a number that cannot be dialled is no way."""
    account = accounts.account(session, account_id)
    contacts = accounts.contacts(session, account_id)
    rows = session.scalars(select(ContactDuty).where(ContactDuty.account_id == account_id))
    duties = {duty.contact_id: duty for duty in rows}
    given = {
        None: list(_addresses(account.email, account.phone, account.country)),
        **{row.id: list(_addresses(row.email, row.phone, account.country)) for row in contacts},
    }
    known = {
        channel: _latest(session, channel, {way[1] for ways in given.values() for way in ways if way[0] is channel})
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    return [
        Person(
            contact_id=contact_id,
            name=name,
            duty=duties[contact_id].recipient if contact_id in duties else None,
            texts_agreed_at=duties[contact_id].texts_agreed_at if contact_id in duties else None,
            ways=tuple(Way(channel, to, shown, known[channel].get(to)) for channel, to, shown in given[contact_id]),
        )
        for contact_id, name in [(None, account.name), *((row.id, row.name) for row in contacts)]
        if contact_id is not None or given[None]
    ]


def _addresses(email: str | None, phone: str | None, country: str | None) -> Iterator[tuple[Channel, str, str]]:
    if email:
        yield Channel.EMAIL, email, email
    number = dialled(phone, country)
    if number is not None:
        yield Channel.SMS, number, phone or number


def _latest(session: Session, channel: Channel, addresses: Collection[str]) -> dict[str, Known]:
    rows = session.scalars(select(AddressNews).where(AddressNews.id.in_(newest(channel, addresses))))
    return {row.address: Known(row.kind, row.at, row.how, row.detail) for row in rows}
