"""Linking: a notice that asks for invoices, and the secret of a link that went out with it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices import pay_links
from domain.notices.deciding import Part, What, decide
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.money import Money

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
    reached = Reached(channel, address, Recipient.CONTACT, None, "Ana Reyes", "en")
    none = Money.zero(account.currency)
    parts = [Part(invoice.id, invoice.due_on, invoice.open, none, step_day=7) for invoice in invoices]
    notice = decide(session, account, What(wording, step_day=7), reached, parts, actor=WORKER)
    notice.status = NoticeStatus.SENT
    return notice


def a_link(session: Session, account: Account, *invoices: Invoice, address: str = READER) -> str:
    """The secret of a link in a reminder of these invoices."""
    return pay_links.mint(session, a_notice(session, account, *invoices, address=address))
