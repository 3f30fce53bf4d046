"""Linking: a notice that asks for invoices, and the secret of a link that went out with it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices import pay_links
from domain.notices.model import Notice, NoticeStatus
from domain.policies.contacting import Channel, Wording
from domain.receivables.model import Invoice
from tests.support import noticing

READER = "pay@harbour.example"
"""Whom the notice was for, unless said otherwise."""


def a_notice(
    session: Session,
    account: Account,
    *invoices: Invoice,
    address: str = READER,
    channel: Channel = Channel.EMAIL,
    wording: Wording = Wording.FIRST_REMINDER,
) -> Notice:
    """A reminder of everything that is open of these invoices, to a contact who need not have a login; it was sent."""
    notice = noticing.a_notice(session, account, channel, wording=wording, address=address, invoices=invoices)
    notice.status = NoticeStatus.SENT
    return notice


def a_link(session: Session, account: Account, *invoices: Invoice, address: str = READER) -> str:
    """The secret of a link in a reminder of these invoices."""
    return pay_links.mint(session, a_notice(session, account, *invoices, address=address))
