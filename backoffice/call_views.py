"""Call views: a call that was made, and before one: the numbers, whether it is allowed now, and the contacts before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.notice_views import notice_view
from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.dunning.planning import judged
from domain.notices import queries
from domain.notices.model import OUTCOME_NAMES, CallOutcome
from domain.notices.reach.reaching import Reached, dialled
from domain.policies.contacting import Channel, Recipient
from domain.shared.db.rows import AnyRow

CONTACTS = 5
"""So many of the last contacts are shown."""


@dataclass(frozen=True, slots=True)
class CallView:
    """A call that was made."""

    id: int
    outcome: CallOutcome
    words: str | None
    number: str | None
    called_at: datetime

    @property
    def outcome_name(self) -> str:
        """How it went, as a message id."""
        return OUTCOME_NAMES[self.outcome]

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/calls/{self.id}"


def call_view(row: AnyRow) -> CallView:
    """A call of `notices.queries` as its template wants it."""
    return CallView(row.id, row.outcome, row.words, row.number, row.called_at)


def numbers_of(session: Session, account: Account, row: AnyRow | None) -> list[tuple[str, str | None]]:
    """The numbers to choose from and whose each is: the one that the notice names, the contacts', the account's own."""
    known = {row.address: row.name} if row is not None and row.address and row.channel is Channel.CALL else {}
    for contact in accounts.contacts(session, account.id):
        if (number := dialled(contact.phone, account.country)) is not None:
            known.setdefault(number, contact.name)
    if (number := dialled(account.phone, account.country)) is not None:
        known.setdefault(number, account.name)
    return list(known.items())


def contact_of(session: Session, account: Account, number: str | None) -> int | None:
    """Whose of an account's contacts a number is."""
    people = accounts.contacts(session, account.id)
    return next((one.id for one in people if number and dialled(one.phone, account.country) == number), None)


def allowed(
    session: Session, account: Account, row: AnyRow | None, numbers: Sequence[tuple[str, str | None]]
) -> tuple[bool, bool, datetime | None]:
    """Whether a call is allowed now, whether there were too many, and from when it is where only the hour is wrong."""
    recipient = row.recipient if row is not None else Recipient.CONTACT
    number, name = numbers[0] if numbers else ("", None)
    reached = Reached(Channel.CALL, number, recipient, None, name or account.name, account.language)
    verdict = judged(session, account, reached)
    return verdict.now, verdict.too_often, verdict.from_at


def contacts_before(session: Session, account_id: int) -> list[tuple[datetime, str, str, str | None]]:
    """The last contacts, the newest first: when, what (a message id), the path of its page, and the words of a call."""
    calls = [call_view(row) for row in queries.calls(session, account_id, limit=CONTACTS)]
    sent = [notice_view(row) for row in queries.of_account(session, account_id, limit=CONTACTS * 2)]
    found = [(one.called_at, one.outcome_name, one.path, one.words) for one in calls]
    found += [(one.sent_at, one.wording, one.path, None) for one in sent if one.sent_at and one.channel != Channel.CALL]
    return sorted(found, reverse=True, key=lambda each: each[0])[:CONTACTS]
