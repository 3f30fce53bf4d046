"""Noticing: a notice about what an account owes, decided on without a sequence, in one line."""

from __future__ import annotations

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
) -> Notice:
    """A notice that asks for all that is open, to be sent or to be looked at first."""
    reached = Reached(channel, ADDRESSES[channel], recipient, None, "Ana Lima", account.language)
    what = What(wording, step_day=step_day)
    return decide(session, account, what, reached, _parts(session, account), approve=approve, actor=WORKER)


def a_held_notice(
    session: Session,
    account: Account,
    why: HeldBack = HeldBack.PROMISED,
    *,
    wording: Wording = Wording.FIRST_REMINDER,
) -> Notice:
    """A notice that was held back."""
    parts = _parts(session, account, why)
    channel, recipient = Channel.EMAIL, Recipient.CONTACT
    what = What(wording, step_day=7)
    return hold_back(session, account, what, why, parts, channel=channel, recipient=recipient, actor=WORKER)


def _parts(session: Session, account: Account, why: HeldBack | None = None) -> list[Part]:
    zero = Money.zero(account.currency)
    rows = session.scalars(
        select(Invoice).where(Invoice.account_id == account.id, Invoice.open_minor > 0).order_by(Invoice.id)
    )
    return [Part(row.id, row.due_on, zero if why else row.open, row.open if why else zero, why, 7) for row in rows]
