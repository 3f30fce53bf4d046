"""Guaranteeing: who answers for an account's debts besides the customer is written down, put right, and let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import checking, queries
from domain.accounts.model import Account
from domain.accounts.relations.model import Guarantor
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money

NO_SUCH_GUARANTOR = N_("We could not find that guarantor.")
LONGEST_ADDRESS = 1_000
LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class GuarantorDetails:
    """What is known of a guarantor: `most` is the sum up to which they answer, None for all; `document_id` the paper.

    Whether that paper is one of the account's is for whoever offers the papers to choose from.
    """

    name: str
    is_person: bool
    since_on: date
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    most: Money | None = None
    document_id: int | None = None


def add(session: Session, account_id: int, details: GuarantorDetails, *, actor: Actor) -> Guarantor:
    """Write a guarantor down. Raises NotFound without such an account, Invalid beside the field."""
    account = queries.lock(session, account_id)
    given = _checked(session, account, details)
    guarantor = Guarantor(account_id=account.id, added_at=now(session), **given)
    session.add(guarantor)
    session.flush()
    _record(session, "guarantor.added", guarantor, actor, {**given, "most": details.most})
    return guarantor


def release(session: Session, account_id: int, guarantor_id: int, *, why: str, actor: Actor) -> None:
    """They answer for it no more: nothing is asked of them from now on. NotFound; Conflict where that was so already.

    Invalid beside "why" without a reason.
    """
    queries.lock(session, account_id)
    guarantor = session.get(Guarantor, guarantor_id, populate_existing=True)
    if guarantor is None or guarantor.account_id != account_id:
        raise NotFound(NO_SUCH_GUARANTOR)
    if guarantor.released_at is not None:
        raise Conflict(N_("They were let go already."))
    reason = checking.text(why, field="why", length=LONGEST_WHY)
    guarantor.released_at = now(session)
    _record(session, "guarantor.released", guarantor, actor, {"name": guarantor.name, "why": reason})


def _checked(session: Session, account: Account, details: GuarantorDetails) -> dict[str, object]:
    if details.since_on > today(session):
        raise Invalid(N_("Enter the day on which they signed, today at the latest."), field="since_on")
    if details.most is not None and details.most.currency != account.currency:
        raise Invalid(N_("Enter an amount in {currency}."), field="most", currency=account.currency)
    address = (details.address or "").strip()
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(N_("This may have {length} characters at most."), field="address", length=LONGEST_ADDRESS)
    return {
        "name": checking.text(details.name, field="name", length=200),
        "is_person": details.is_person,
        "email": checking.email_address(details.email) if details.email else None,
        "phone": checking.optional_text(details.phone, field="phone", length=40),
        "address": address or None,
        "most_minor": details.most.minor if details.most else None,
        "since_on": details.since_on,
        "document_id": details.document_id,
    }


def _record(session: Session, act: str, guarantor: Guarantor, actor: Actor, after: dict[str, object]) -> None:
    subject = ("guarantor", guarantor.id)
    record(session, act, actor=actor, subject=subject, account_id=guarantor.account_id, after=after)
