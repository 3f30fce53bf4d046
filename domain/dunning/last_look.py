"""Last look: what a notice that is about to go still asks for, or why it must not go after all; or not at this hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import pausing
from domain.dunning.second_look import look, still_true, why_nothing
from domain.dunning.selecting import DueStep
from domain.notices.deciding import Part, address_to
from domain.notices.model import HeldBack, Notice, NoticePart
from domain.notices.reach import addresses, governor, reaching
from domain.notices.reach.governor import Contacted
from domain.policies.contacting import CHASING, Channel, Wording
from domain.policies.sections import DunningStep
from domain.receivables.model import Invoice
from domain.shared.db.session import now, today
from domain.shared.money import Money

AHEAD = frozenset({Wording.COURTESY, Wording.DUE_TODAY})
"""The texts that speak of a due day that is not over."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked for now of each invoice, never more than was decided; or why it is held back, or until when."""

    parts: Sequence[Part] = ()
    why: HeldBack | None = None
    wait_until: datetime | None = None


def last_look(session: Session, account: Account, notice: Notice) -> Look:
    """How a notice stands right before it goes, under the account's lock.

    A reminder is looked at as when it was decided on: what was paid, is being paid, contested or promised since is not
    asked for, and while all reminders are paused it does not go. Any other notice asks for what is open of what it is
    about, be it nothing. Where its address has left us meanwhile it is given the next that is open to us; at a wrong
    hour it waits.
    """
    is_reminder = notice.wording in CHASING
    if is_reminder and pausing.paused(session) is not None:
        return Look(why=HeldBack.PAUSED)
    due = as_it_stands(session, notice)
    if notice.wording in AHEAD and any(each.due_on < today(session) for each in due):
        return Look(why=HeldBack.OVERTAKEN)
    parts = _still_asked(session, account, notice, due) if is_reminder else _open(session, notice, due)
    if is_reminder and not still_true(due, parts):
        return Look(why=why_nothing(parts))
    if (why := _readdressed(session, account, notice)) is not None:
        return Look(why=why)
    return Look(parts, wait_until=_wait_until(session, account, notice))


def why_untrue(session: Session, account: Account, notice: Notice) -> HeldBack | None:
    """Why a reminder that waits for somebody asks for nothing any more, under the lock; None where it still does."""
    due = as_it_stands(session, notice)
    parts = look(session, account, due)
    return None if still_true(due, parts) else why_nothing(parts)


def as_it_stands(session: Session, notice: Notice) -> list[DueStep]:
    """The invoices of a notice as they stand now, at the steps that it is about, the longest due first."""
    rows = session.execute(
        select(Invoice.id, Invoice.number, Invoice.due_on, Invoice.open_minor, NoticePart.step_day)
        .join(NoticePart, NoticePart.invoice_id == Invoice.id)
        .where(NoticePart.notice_id == notice.id)
        .order_by(Invoice.due_on, Invoice.id)
    )
    return [
        DueStep(
            row.id,
            row.number,
            row.due_on,
            row.open_minor,
            DunningStep(day=row.step_day or 0, channel=notice.channel, wording=notice.wording),
            notice.version_id or 0,
            rides=notice.step_day is not None and row.step_day is None,
        )
        for row in rows
    ]


def _still_asked(session: Session, account: Account, notice: Notice, due: Sequence[DueStep]) -> list[Part]:
    decided = _decided(session, notice)
    parts = look(session, account, due)
    return [replace(part, asked=min(part.asked, decided[part.invoice_id])) for part in parts]


def _open(session: Session, notice: Notice, due: Sequence[DueStep]) -> list[Part]:
    decided, none = _decided(session, notice), Money.zero(notice.currency)
    return [
        Part(each.invoice_id, each.due_on, min(Money(each.open_minor, notice.currency), decided[each.invoice_id]), none)
        for each in due
    ]


def _decided(session: Session, notice: Notice) -> dict[int, Money]:
    rows = session.execute(
        select(NoticePart.invoice_id, NoticePart.asked_minor).where(NoticePart.notice_id == notice.id)
    )
    return {row.invoice_id: Money(row.asked_minor, notice.currency) for row in rows}


def _readdressed(session: Session, account: Account, notice: Notice) -> HeldBack | None:
    """Give the notice another address where its own has bounced or opted out since; why not, where there is none."""
    if notice.channel is Channel.LETTER or notice.address is None:
        return None
    known = addresses.latest(session, notice.channel, [notice.address]).get(notice.address)
    if known not in addresses.UNUSABLE:
        return None
    reached = reaching.reach(
        session, account, wording=notice.wording, channel=notice.channel, recipient=notice.recipient
    )
    if isinstance(reached, HeldBack):
        return reached
    address_to(notice, reached)
    session.flush()
    return None


def _wait_until(session: Session, account: Account, notice: Notice) -> datetime | None:
    """When the hours of whoever it is for begin, where it is outside of them now; how often was judged before."""
    profile = governor.profile_of(account.legal_form, account.country, notice.recipient)
    return governor.verdict(profile, notice.channel, now(session), account.time_zone, Contacted()).from_at
