"""Known: the ways to reach an account's people, with what is known of each address, for staff to see."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.relations import queries as relations
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
    """A contact, a guarantor, or the account itself (neither id), what notices they get, and their addresses."""

    contact_id: int | None
    name: str
    duty: Recipient | None
    texts_agreed_at: datetime | None
    ways: tuple[Way, ...]
    guarantor_id: int | None = None


def people(session: Session, account_id: int) -> list[Person]:
    """The account's own addresses, its contacts by name, its guarantors; a number that cannot be dialled is no way."""
    account = accounts.account(session, account_id)
    contacts = accounts.contacts(session, account_id)
    rows = session.scalars(select(ContactDuty).where(ContactDuty.account_id == account_id))
    duties: dict[int | None, ContactDuty] = {duty.contact_id: duty for duty in rows}
    guarantors = relations.guarantors(session, account_id)
    who = [
        (None, None, account, account.name),
        *((row.id, None, row, row.name) for row in contacts),
        *((None, row.id, row, row.name) for row in guarantors),
    ]
    given = [list(_addresses(row.email, row.phone, account.country)) for _, _, row, _ in who]
    known = {
        channel: _latest(session, channel, {way[1] for ways in given for way in ways if way[0] is channel})
        for channel in (Channel.EMAIL, Channel.SMS)
    }
    return [
        Person(
            contact_id=contact_id,
            name=name,
            duty=_duty(duties.get(contact_id), guarantor_id),
            texts_agreed_at=duty.texts_agreed_at if (duty := duties.get(contact_id)) else None,
            ways=tuple(Way(channel, to, shown, known[channel].get(to)) for channel, to, shown in ways),
            guarantor_id=guarantor_id,
        )
        for (contact_id, guarantor_id, _, name), ways in zip(who, given, strict=True)
        if contact_id is not None or guarantor_id is not None or ways
    ]


def _duty(duty: ContactDuty | None, guarantor_id: int | None) -> Recipient | None:
    """Which notices somebody gets: guarantors those for them, contacts what was chosen."""
    if guarantor_id is not None:
        return Recipient.GUARANTOR
    return duty.recipient if duty is not None else None


def _addresses(email: str | None, phone: str | None, country: str | None) -> Iterator[tuple[Channel, str, str]]:
    if email:
        yield Channel.EMAIL, email, email
    number = dialled(phone, country)
    if number is not None:
        yield Channel.SMS, number, phone or number


def _latest(session: Session, channel: Channel, addresses: Collection[str]) -> dict[str, Known]:
    rows = session.scalars(select(AddressNews).where(AddressNews.id.in_(newest(channel, addresses))))
    return {row.address: Known(row.kind, row.at, row.how, row.detail) for row in rows}
