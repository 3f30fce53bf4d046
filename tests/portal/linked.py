"""Links: what the tests of pay links share: a link, a browser that has opened it, what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from domain.accounts.model import Account
from domain.audit.model import AuditEntry
from domain.notices import pay_links
from domain.policies.sections import Extensions, Promises, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.session import today
from tests.support.client import Client
from tests.support.linking import a_notice
from tests.support.policies import a_policy

if TYPE_CHECKING:
    from tests.portal.conftest import Portal


@dataclass
class Linked:
    """An account with a notice of its first two invoices, and the secret of the link in it."""

    account_id: int
    asked: list[int]
    other: int
    notice_id: int
    token: str


def link_to(portal: Portal, account_id: int, asked: list[int], other: int) -> Linked:
    """A link to some of the invoices of an account."""
    with portal.db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14), extensions=Extensions(most_days=10)))
        account = session.get_one(Account, account_id)
        notice = a_notice(session, account, *(session.get_one(Invoice, one) for one in asked))
        return Linked(account_id, asked, other, notice.id, pay_links.mint(session, notice))


def opened(client: Client, token: str) -> Client:
    """Open a link as a browser does."""
    client.follow(client.get(f"/l/{token}"))
    return client


def by_link(portal: Portal) -> list[str]:
    """The acts of holders of links, in their order."""
    with portal.db.reading() as session:
        wanted = select(AuditEntry.act).where(AuditEntry.actor_kind == ActorKind.PAY_LINK)
        return list(session.scalars(wanted.order_by(AuditEntry.id)))


def in_days(portal: Portal, days: int) -> date:
    """The day in so many days."""
    with portal.db.reading() as session:
        return today(session) + timedelta(days=days)
