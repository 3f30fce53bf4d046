"""Reaching: by which channel and at which address a notice can reach whom it is for, given what they want and allow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Contact
from domain.notices.model import HeldBack
from domain.notices.reach import addresses
from domain.notices.reach.model import ContactDuty
from domain.policies.contacting import CONTRACTUAL, Channel, Recipient, Wording
from domain.shared.db.session import business

BEFORE_DUE = frozenset({Wording.COURTESY, Wording.DUE_TODAY, Wording.THANK_YOU, Wording.CARD_EXPIRING})
"""What is not worth a letter."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One address of one person, or the account's own; an email address, a number (E.164), or a postal address."""

    channel: Channel
    address: str
    recipient: Recipient
    contact_id: int | None
    name: str
    language: str


def reach(
    session: Session, account: Account, *, wording: Wording, channel: Channel, recipient: Recipient
) -> Reached | HeldBack:
    """Where a notice is to go, by the wanted channel or the next that is open; else why nothing is.

    Where nobody is named for `recipient`, it goes to whoever pays the invoices, and says so.
    """
    people = list(_people(session, account, recipient))
    unwelcome = False
    for wanted in _order(channel, wording):
        if wanted is Channel.SMS and not business(session).texts:
            continue
        found = [each for person in people if (each := _at(account, person, wanted)) is not None]
        if wanted is not Channel.LETTER:
            known = addresses.latest(session, wanted, [each.address for each in found])
            unwelcome = unwelcome or any(known.get(each.address) in addresses.UNWELCOME for each in found)
            found = [each for each in found if known.get(each.address) not in addresses.UNUSABLE]
        if found:
            return found[0]
    return HeldBack.OPTED_OUT if unwelcome else HeldBack.NO_ADDRESS


def dialled(number: str | None, country: str | None) -> str | None:
    """A telephone number as +441632960000; None for what cannot be one."""
    try:
        parsed = phonenumbers.parse(number or "", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class _Person:
    contact_id: int | None
    name: str
    email: str | None
    phone: str | None
    language: str
    recipient: Recipient
    texts: bool


def _people(session: Session, account: Account, recipient: Recipient) -> Iterator[_Person]:
    """Who is meant, the first choice first; at last the account itself."""
    rows = session.execute(
        select(
            Contact.id,
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.language,
            ContactDuty.recipient,
            ContactDuty.texts_agreed_at,
        )
        .join(ContactDuty, ContactDuty.contact_id == Contact.id)
        .where(Contact.account_id == account.id, ContactDuty.recipient.in_({recipient, Recipient.CONTACT}))
        .order_by(Contact.id)
    ).all()
    for row in sorted(rows, key=lambda row: row.recipient is not recipient):
        texts = row.texts_agreed_at is not None
        yield _Person(row.id, row.name, row.email, row.phone, row.language, row.recipient, texts)
    yield _Person(None, account.name, account.email, account.phone, account.language, Recipient.CONTACT, False)


def _order(channel: Channel, wording: Wording) -> tuple[Channel, ...]:
    """The wanted channel, then the next lawful ones; what somebody has to be able to rely on goes by letter."""
    if wording in CONTRACTUAL:
        return tuple(dict.fromkeys((channel, Channel.LETTER)))
    further = (Channel.EMAIL, Channel.SMS) if wording in BEFORE_DUE else (Channel.EMAIL, Channel.SMS, Channel.LETTER)
    return tuple(dict.fromkeys((channel, *further)))


def _at(account: Account, person: _Person, channel: Channel) -> Reached | None:
    match channel:
        case Channel.EMAIL:
            address = person.email
        case Channel.SMS:
            address = dialled(person.phone, account.country) if person.texts else None
        case Channel.CALL:
            address = dialled(person.phone, account.country)
        case Channel.LETTER:
            address = account.address
    if not address:
        return None
    return Reached(channel, address, person.recipient, person.contact_id, person.name, person.language)
