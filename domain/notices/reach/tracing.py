"""Tracing: an address has died; where that was the last one of a customer, somebody has to find out where they are."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Contact
from domain.notices import changing
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind, ContactDuty
from domain.notices.reach.reaching import dialled
from domain.policies.contacting import Channel
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind


def bounced(session: Session, account: Account, notice: Notice, *, how: str, detail: str, actor: Actor) -> None:
    """The notice did not arrive because its address does not work (any more); under the account's lock.

    Conflict where the notice is in no state from which it can fail.
    """
    changing.change(session, notice, NoticeStatus.FAILED, actor=actor, detail=detail)
    if notice.address is None or notice.channel is Channel.LETTER:
        return
    addresses.note(
        session,
        notice.channel,
        notice.address,
        AddressKind.BOUNCED,
        how=how,
        actor=actor,
        account_id=account.id,
        notice_id=notice.id,
        detail=detail,
    )
    trace_if_lost(session, account)


def trace_if_lost(session: Session, account: Account) -> None:
    """Open a task to find out where a customer is, where no address of theirs is left and one has bounced.

    Where it is open already nothing happens.
    """
    known: list[AddressKind | None] = []
    for channel, found in _addresses(session, account).items():
        latest = addresses.latest(session, channel, found)
        known += [latest.get(address) for address in found]
    if AddressKind.BOUNCED not in known or any(kind not in addresses.UNUSABLE for kind in known):
        return
    tasks.open_task(
        session,
        TaskKind.TRACE,
        subject=("account", account.id),
        account_id=account.id,
        worth=receivables.totals(session, account.id, account.currency).open,
        detail={},
    )


def _addresses(session: Session, account: Account) -> dict[Channel, set[str]]:
    """Where a customer can be written to at once: all their email addresses, and the numbers that welcome texts."""
    rows = session.execute(
        select(Contact.email, Contact.phone, ContactDuty.texts_agreed_at)
        .outerjoin(ContactDuty, ContactDuty.contact_id == Contact.id)
        .where(Contact.account_id == account.id)
    ).all()
    numbers = {dialled(row.phone, account.country) for row in rows if row.texts_agreed_at is not None}
    emails = {account.email, *(row.email for row in rows)}
    return {
        Channel.EMAIL: {email for email in emails if email},
        Channel.SMS: {number for number in numbers if number},
    }
