"""Duties: whom notices are for among an account's contacts, and who has agreed to text messages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, Contact
from domain.audit import recording as audit
from domain.notices.reach.model import ContactDuty
from domain.notices.reach.reaching import dialled
from domain.policies.contacting import Recipient
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid, NotFound


def choose(
    session: Session, account_id: int, contact_id: int, recipient: Recipient | None, *, texts: bool, actor: Actor
) -> None:
    """Notices for `recipient` go to this contact (None: to others), by text too where they have agreed to `texts`.

    Safe to repeat. Invalid where they cannot get texts; NotFound where it is no contact of this account.
    """
    account = accounts.lock(session, account_id)
    contact = session.get(Contact, contact_id, populate_existing=True)
    if contact is None or contact.account_id != account_id:
        raise NotFound
    if texts:
        _expect_texts(account, contact, recipient)
    duty = session.get(ContactDuty, contact_id, populate_existing=True)
    _entrust(session, duty, contact, recipient, actor)
    _agree(session, contact, texts, agreed=duty is not None and duty.texts_agreed_at is not None, actor=actor)


def _expect_texts(account: Account, contact: Contact, recipient: Recipient | None) -> None:
    if recipient is None:
        raise Invalid(N_("Choose what they get first: texts go to those whom notices are for."), field="texts")
    if dialled(contact.phone, account.country) is None:
        raise Invalid(
            N_("Their number is missing, or lacks its country: write it like +44 1632 960001."), field="texts"
        )


def _entrust(
    session: Session, duty: ContactDuty | None, contact: Contact, recipient: Recipient | None, actor: Actor
) -> None:
    before = duty.recipient if duty else None
    if recipient is before:
        return
    if recipient is None:
        session.delete(duty)
    elif duty is None:
        session.add(ContactDuty(contact_id=contact.id, account_id=contact.account_id, recipient=recipient))
    else:
        duty.recipient = recipient
    session.flush()
    _record(session, contact, "contact.duty_set" if recipient else "contact.duty_ended", recipient or before, actor)


def _agree(session: Session, contact: Contact, texts: bool, *, agreed: bool, actor: Actor) -> None:
    if texts is agreed:
        return
    duty = session.get(ContactDuty, contact.id)
    if duty is not None:
        duty.texts_agreed_at = now(session) if texts else None
    _record(session, contact, "contact.texts_agreed" if texts else "contact.texts_refused", None, actor)


def _record(session: Session, contact: Contact, act: str, duty: Recipient | None, actor: Actor) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("contact", contact.id),
        account_id=contact.account_id,
        after={"name": contact.name, "duty": duty},
    )
