"""Contacts: add and change the people and shared mailboxes on an account."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import checking, searching
from domain.accounts.model import Account, Contact
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """What is known of a contact; the language is the account's where none is given."""

    name: str
    job_title: str | None = None
    email: str | None = None
    phone: str | None = None
    language: str | None = None

    def checked(self, account: Account) -> ContactDetails:
        """The same, as it is kept; Invalid where something cannot be used."""
        return ContactDetails(
            name=checking.text(self.name, field="name", length=200),
            job_title=checking.optional_text(self.job_title, field="job_title", length=120),
            email=checking.email_address(self.email) if self.email else None,
            phone=checking.optional_text(self.phone, field="phone", length=40),
            language=checking.language(self.language or account.language),
        )


def add(
    session: Session, account: Account, details: ContactDetails, *, login_id: int | None = None, actor: Actor
) -> Contact:
    """Add a contact, tied to a login where that person may sign in."""
    given = asdict(details.checked(account))
    contact = Contact(account_id=account.id, login_id=login_id, created_at=now(session), **given)
    session.add(contact)
    searching.refresh(session, account.id)
    record(
        session,
        "contact.added",
        actor=actor,
        subject=("contact", contact.id),
        account_id=account.id,
        after={**given, "login_id": login_id},
    )
    return contact


def change(session: Session, account: Account, contact_id: int, details: ContactDetails, *, actor: Actor) -> Contact:
    """Replace what is known of a contact of this account; NotFound where it is not one of its contacts."""
    wanted = select(Contact).where(Contact.id == contact_id, Contact.account_id == account.id)
    contact = session.scalars(wanted).one_or_none()
    if contact is None:
        raise NotFound
    given = asdict(details.checked(account))
    before = {name: getattr(contact, name) for name in given}
    if before == given:
        return contact
    for name, value in given.items():
        setattr(contact, name, value)
    searching.refresh(session, account.id)
    record(
        session,
        "contact.changed",
        actor=actor,
        subject=("contact", contact.id),
        account_id=account.id,
        before=before,
        after=given,
    )
    return contact
