"""Addresses: what is known of an email address or a number: whether it works, and whether messages are welcome."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.notices.reach.model import AddressKind, AddressNews
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.db.session import now

UNUSABLE = frozenset({AddressKind.OPTED_OUT, AddressKind.BOUNCED, AddressKind.COMPLAINED})
"""What keeps us from writing to an address."""
UNWELCOME = frozenset({AddressKind.OPTED_OUT, AddressKind.COMPLAINED})
"""What says that messages are not welcome there."""


def latest(session: Session, channel: Channel, addresses: Collection[str]) -> dict[str, AddressKind]:
    """The last that became known of each of these addresses; one of which nothing is known is left out."""
    last = newest(channel, addresses)
    rows = session.execute(select(AddressNews.address, AddressNews.kind).where(AddressNews.id.in_(last)))
    return {row.address: row.kind for row in rows}


def newest(channel: Channel, addresses: Collection[str]) -> Select[int]:
    """Selects the news that counts of each of these addresses, by its id."""
    return (
        select(func.max(AddressNews.id))
        .where(AddressNews.channel == channel, AddressNews.address.in_(addresses))
        .group_by(AddressNews.address)
    )


def note(
    session: Session,
    channel: Channel,
    address: str,
    kind: AddressKind,
    *,
    how: str,
    actor: Actor,
    account_id: int | None = None,
    others: Collection[int] = (),
    notice_id: int | None = None,
    detail: str | None = None,
) -> bool:
    """Write down what became known of an address; whether that was news. Safe to repeat.

    It stands on the timeline of its account, and of the `others` that have the same address. Where messages are not
    welcome it is no news that none arrives: what was wished must outlive a mailbox that works again.
    """
    known = latest(session, channel, [address]).get(address)
    if known is kind or (kind is AddressKind.BOUNCED and known in UNWELCOME):
        return False
    news = AddressNews(
        channel=channel,
        address=address,
        kind=kind,
        account_id=account_id,
        notice_id=notice_id,
        how=how,
        detail=detail,
        at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(news)
    session.flush()
    for each in (account_id, *others):
        audit.record(
            session,
            f"address.{kind}",
            actor=actor,
            subject=("address", news.id),
            account_id=each,
            after={"channel": channel, "to": address, "how": how, "why": detail},
        )
    return True
