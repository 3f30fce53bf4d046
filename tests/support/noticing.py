"""Noticing: a notice about what an account owes, decided on without a sequence, in one line."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.deciding import Part, What, decide, hold_back
from domain.notices.model import HeldBack, Notice
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.money import Money

ADDRESSES = {
    Channel.EMAIL: "ap@harbour.example",
    Channel.SMS: "+447700900001",
    Channel.LETTER: "1 Quay Street\nBristol",
    Channel.CALL: "+441632960001",
}
"""Where a notice of each channel goes."""


def a_notice(
    session: Session,
    account: Account,
    channel: Channel = Channel.EMAIL,
    *,
    wording: Wording = Wording.FIRST_REMINDER,
    approve: bool = False,
    step_day: int | None = 7,
    recipient: Recipient = Recipient.CONTACT,
    address: str | None = None,
    invoices: Iterable[Invoice] | None = None,
) -> Notice:
    """A notice that asks for all that is open, or for these invoices, to be sent or to be looked at first."""
    reached = Reached(channel, address or ADDRESSES[channel], recipient, None, "Ana Lima", account.language)
    parts = _parts(account, _open(session, account) if invoices is None else invoices)
    return decide(session, account, What(wording, step_day=step_day), reached, parts, approve=approve, actor=WORKER)


def a_held_notice(
    session: Session,
    account: Account,
    why: HeldBack = HeldBack.PROMISED,
    *,
    wording: Wording = Wording.FIRST_REMINDER,
) -> Notice:
    """A notice that was held back."""
    parts = _parts(account, _open(session, account), why)
    channel, recipient = Channel.EMAIL, Recipient.CONTACT
    what = What(wording, step_day=7)
    return hold_back(session, account, what, why, parts, channel=channel, recipient=recipient, actor=WORKER)


def _open(session: Session, account: Account) -> Iterable[Invoice]:
    return session.scalars(
        select(Invoice).where(Invoice.account_id == account.id, Invoice.open_minor > 0).order_by(Invoice.id)
    )


def _parts(account: Account, invoices: Iterable[Invoice], why: HeldBack | None = None) -> list[Part]:
    zero = Money.zero(account.currency)
    return [
        Part(each.id, each.due_on, zero if why else each.open, each.open if why else zero, why, 7) for each in invoices
    ]
