"""People views: everybody around an account in one list: their addresses, what goes there, what they may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.reaching import DUTY_WORDS, NOBODY, Shown, reachable
from domain.accounts import queries as accounts
from domain.accounts.model import RIGHT_NAMES, Right
from domain.notices.reach.known import Person
from domain.policies.contacting import RECIPIENT_NAMES, Recipient
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_

OF_THE_ACCOUNT = N_("The account's own")
LOGIN_ONLY = N_("Signs in, and is no contact")


@dataclass(frozen=True, slots=True)
class Portal:
    """What somebody may do in the portal; nothing where they were let out."""

    login_id: int
    email: str
    rights: tuple[str, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row: who it is (`what` a message id, `job` their own word), where they are reached, and what they may do.

    `others` are addresses as they were typed that nothing can be sent to. `notices` is where one chooses what they get.
    """

    name: str
    what: str | None
    job: str | None
    href: str | None
    ways: Sequence[Shown]
    others: tuple[str, ...]
    duty: str
    notices: str | None
    texts_agreed_at: datetime | None
    portal: Portal | None


def person_rows(session: Session, account_id: int) -> list[PersonRow]:
    """The account itself, its contacts, its guarantors, then those who only sign in."""
    contacts = {row.id: row for row in accounts.contacts(session, account_id)}
    logins = {row.id: row for row in accounts.logins_on(session, account_id)}
    by_email = {row.email: row.id for row in logins.values()}
    path, rows, shown = f"/accounts/{account_id}", list[PersonRow](), set[int]()
    for person, duty, ways in reachable(session, account_id):
        contact = contacts.get(person.contact_id or 0)
        login_id = (
            (contact.login_id if contact.login_id in logins else by_email.get(contact.email)) if contact else None
        )
        if login_id is not None and login_id not in shown:
            shown.add(login_id)
            portal = _portal(logins[login_id])
        else:
            portal = None
        rows.append(_row(path, person, duty, ways, contact, portal))
    for row in logins.values():
        if row.id not in shown:
            rows.append(
                PersonRow(row.name, LOGIN_ONLY, None, None, (), (), DUTY_WORDS[NOBODY], None, None, _portal(row))
            )
    return rows


def _row(
    path: str, person: Person, duty: str, ways: Sequence[Shown], contact: AnyRow | None, portal: Portal | None
) -> PersonRow:
    what, href = OF_THE_ACCOUNT, f"{path}/details?group=reach"
    if person.guarantor_id is not None:
        what, href = RECIPIENT_NAMES[Recipient.GUARANTOR], f"{path}/guarantors/{person.guarantor_id}"
    elif contact is not None:
        href = f"{path}/contacts/{contact.id}"
    reached = {way.shown for way, *_ in ways}
    typed = (contact.email, contact.phone) if contact is not None else ()
    return PersonRow(
        name=person.name,
        what=None if contact is not None else what,
        job=contact.job_title if contact is not None else None,
        href=href,
        ways=ways,
        others=tuple(one for one in typed if one and one not in reached),
        duty=duty,
        notices=f"{path}/contacts/{contact.id}/notices" if contact is not None else None,
        texts_agreed_at=person.texts_agreed_at,
        portal=portal,
    )


def _portal(row: AnyRow) -> Portal:
    rights = tuple(RIGHT_NAMES[right] for right in Right if right in row.rights)
    return Portal(row.id, row.email, rights, row.disabled_at is not None)
