"""Reaching: by which channel and at which address a notice can reach whom it is for, given what they want and allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import phonenumbers
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Contact
from domain.accounts.relations import queries as relations
from domain.notices.model import HeldBack
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind, ContactDuty
from domain.policies.contacting import CONTRACTUAL, Channel, Recipient, Wording
from domain.shared.business import Business
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business

BEFORE_DUE = frozenset({Wording.COURTESY, Wording.DUE_TODAY, Wording.THANK_YOU, Wording.CARD_EXPIRING})
"""What is not worth a letter."""
TRUSTED = (
    select(
        Contact.id,
        Contact.account_id,
        Contact.name,
        Contact.email,
        Contact.phone,
        Contact.language,
        ContactDuty.recipient,
        ContactDuty.texts_agreed_at,
    )
    .join(ContactDuty, ContactDuty.contact_id == Contact.id)
    .where(Contact.account_id.in_(bindparam("accounts", expanding=True)))
    .order_by(Contact.id)
)


@dataclass(frozen=True, slots=True)
class Reached:
    """One address of one person, or the account's own; an email address, a number (E.164), or a postal address."""

    channel: Channel
    address: str
    recipient: Recipient
    contact_id: int | None
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice that is to go to somebody of an account."""

    account: Account
    wording: Wording
    channel: Channel
    recipient: Recipient


def reach(
    session: Session, account: Account, *, wording: Wording, channel: Channel, recipient: Recipient
) -> Reached | HeldBack:
    """Where a notice is to go, by the wanted channel or the next that is open; else why nothing is.

    Where nobody is named for `recipient`, it goes to whoever pays the invoices, and says so.
    """
    return reach_each(session, [Wanted(account, wording, channel, recipient)])[account.id]


def reach_each(session: Session, wanted: Collection[Wanted]) -> dict[int, Reached | HeldBack]:
    """The same for the notices of several accounts, by their ids, with as many queries as for one."""
    used, trusted = channels_of(business(session)), _trusted(session, [each.account.id for each in wanted])
    guarantors = _guarantors(session, wanted)
    ways = {
        each.account.id: list(_ways(each, trusted[each.account.id], guarantors.get(each.account.id, ()), used))
        for each in wanted
    }
    known = _known(session, [way for found in ways.values() for way in found])
    return {account_id: _first_open(found, known) for account_id, found in ways.items()}


def channels_of(ours: Business) -> frozenset[Channel]:
    """The ways by which the business sends notices."""
    ways = {
        Channel.EMAIL: ours.emails,
        Channel.SMS: ours.texts,
        Channel.LETTER: ours.letters,
        Channel.CALL: ours.calls,
    }
    return frozenset(channel for channel, is_used in ways.items() if is_used)


def _ways(
    wanted: Wanted, trusted: Sequence[AnyRow], guarantors: Sequence[AnyRow], used: Collection[Channel]
) -> Iterator[Reached]:
    """Every address at which it could reach somebody, the first choice first."""
    people = list(_people(wanted, trusted, guarantors))
    for channel in _order(wanted.channel, wanted.wording):
        if channel in used:
            yield from (way for person in people if (way := _at(wanted.account, person, channel)) is not None)


def _known(session: Session, ways: Collection[Reached]) -> dict[tuple[Channel, str], AddressKind]:
    """What is known of these addresses; of a postal address nothing is."""
    given: dict[Channel, set[str]] = defaultdict(set)
    for way in ways:
        given[way.channel].add(way.address)
    given.pop(Channel.LETTER, None)
    return {
        (channel, address): kind
        for channel, found in given.items()
        for address, kind in addresses.latest(session, channel, found).items()
    }


def _first_open(ways: Sequence[Reached], known: Mapping[tuple[Channel, str], AddressKind]) -> Reached | HeldBack:
    kinds = [known.get((way.channel, way.address)) for way in ways]
    is_unwelcome = any(kind in addresses.UNWELCOME for kind in kinds)
    closed = HeldBack.OPTED_OUT if is_unwelcome else HeldBack.NO_ADDRESS
    return next((way for way, kind in zip(ways, kinds, strict=True) if kind not in addresses.UNUSABLE), closed)


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
    address: str | None = None
    """Where letters to them go, where that is not the account's own address."""


def _guarantors(session: Session, wanted: Collection[Wanted]) -> Mapping[int, Sequence[AnyRow]]:
    """Who answers for each account, where a notice is meant for them."""
    meant = [each.account.id for each in wanted if each.recipient is Recipient.GUARANTOR]
    return relations.guarantors_of_each(session, meant)


def _trusted(session: Session, account_ids: Collection[int]) -> Mapping[int, Sequence[AnyRow]]:
    """The contacts of each account whom notices are for."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in session.execute(TRUSTED, {"accounts": list(account_ids)}):
        found[row.account_id].append(row)
    return found


def _people(wanted: Wanted, trusted: Sequence[AnyRow], guarantors: Sequence[AnyRow]) -> Iterator[_Person]:
    """Who is meant, the first choice first: guarantors, contacts, at last the account itself."""
    account, recipient = wanted.account, wanted.recipient
    for row in guarantors:
        own = row.address or ""
        yield _Person(None, row.name, row.email, row.phone, account.language, Recipient.GUARANTOR, False, own)
    meant = [row for row in trusted if row.recipient in {recipient, Recipient.CONTACT}]
    for row in sorted(meant, key=lambda row: row.recipient is not recipient):
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
            address = account.address if person.address is None else person.address
    if not address:
        return None
    return Reached(channel, address, person.recipient, person.contact_id, person.name, person.language)
