"""Deciding: a notice comes into being, to be sent, to be looked at first, or held back with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices import changing
from domain.notices.messages import SendNotice
from domain.notices.model import HeldBack, Notice, NoticePart, NoticeStatus
from domain.notices.reach.reaching import Reached
from domain.outbox import sending as outbox
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now, today
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind
from domain.tasks.working import settle


@dataclass(frozen=True, slots=True)
class Part:
    """One invoice of a notice: how much of it is asked for, how much is left out and why, at which step it is."""

    invoice_id: int
    due_on: date
    asked: Money
    left_out: Money
    why: HeldBack | None = None
    step_day: int | None = None


@dataclass(frozen=True, slots=True)
class What:
    """What a notice is: its text, and the step of the sequence, or the thing, that it is about.

    `subject` (a kind and an id) is told of once an account: a second notice of the same wording about it is refused by
    the database.
    """

    wording: Wording
    step_day: int | None = None
    version_id: int | None = None
    act_by: date | None = None
    sender: str | None = None
    subject: tuple[str, int] | None = None


def decide(
    session: Session,
    account: Account,
    what: What,
    reached: Reached,
    parts: Sequence[Part] = (),
    *,
    approve: bool = False,
    due_at: datetime | None = None,
    actor: Actor,
) -> Notice:
    """Decide on a notice, under the account's lock: it is sent by itself, or waits for a person where `approve`.

    A call becomes a task for whoever makes calls. Nothing is sent before `due_at` (now).
    """
    status = NoticeStatus.WAITING if approve else NoticeStatus.READY
    notice = _written(session, account, what, status, parts, due_at=due_at)
    address_to(notice, reached)
    _keep(session, notice, parts, actor)
    if approve:
        tasks.open_task(
            session,
            TaskKind.NOTICES_TO_APPROVE,
            subject=("notice", notice.id),
            account_id=account.id,
            worth=notice.total,
            detail={},
        )
    else:
        hand_over(session, notice)
    return notice


def hold_back(
    session: Session,
    account: Account,
    what: What,
    why: HeldBack,
    parts: Sequence[Part] = (),
    *,
    channel: Channel,
    recipient: Recipient,
    actor: Actor,
) -> Notice:
    """Write down that a notice was held back, and why; nobody hears of it but the timeline."""
    notice = _written(session, account, what, NoticeStatus.SUPPRESSED, parts, due_at=None)
    notice.channel, notice.recipient, notice.language = channel, recipient, account.language
    notice.why, notice.ended_at = why, now(session)
    _keep(session, notice, parts, actor)
    return notice


def address_to(notice: Notice, reached: Reached) -> None:
    """The notice goes to this person, by this way."""
    notice.channel, notice.recipient, notice.contact_id = reached.channel, reached.recipient, reached.contact_id
    notice.name, notice.address, notice.language = reached.name, reached.address, reached.language


def settle_task(session: Session, notice: Notice) -> None:
    """Nobody has to approve it or to make the call any more: its task is done."""
    for kind in (TaskKind.NOTICES_TO_APPROVE, TaskKind.CALL_DUE):
        settle(session, kind, subject=("notice", notice.id))


def hand_over(session: Session, notice: Notice) -> None:
    """Let a notice that is ready go its way: into the outbox, or to whoever makes calls."""
    if notice.channel is Channel.CALL:
        tasks.open_task(
            session,
            TaskKind.CALL_DUE,
            subject=("notice", notice.id),
            account_id=notice.account_id,
            worth=notice.total,
            detail={},
        )
        return
    outbox.add(session, SendNotice(notice_id=notice.id), due_at=notice.due_at, account_id=notice.account_id)


def _written(
    session: Session,
    account: Account,
    what: What,
    status: NoticeStatus,
    parts: Sequence[Part],
    *,
    due_at: datetime | None,
) -> Notice:
    kind, subject_id = what.subject or (None, None)
    return Notice(
        account_id=account.id,
        wording=what.wording,
        status=status,
        step_day=what.step_day,
        version_id=what.version_id,
        act_by=what.act_by,
        sender=what.sender or None,
        subject_kind=kind,
        subject_id=subject_id,
        currency=account.currency,
        total_minor=sum(part.asked.minor for part in parts),
        mark=f"notice.{new_public_id(now(session))}",
        decided_on=today(session),
        decided_at=now(session),
        due_at=due_at or now(session),
    )


def _keep(session: Session, notice: Notice, parts: Sequence[Part], actor: Actor) -> None:
    session.add(notice)
    session.flush()
    session.add_all(
        NoticePart(
            notice_id=notice.id,
            invoice_id=part.invoice_id,
            step_day=part.step_day,
            due_on=part.due_on,
            asked_minor=part.asked.minor,
            left_out_minor=part.left_out.minor,
            why=part.why,
        )
        for part in parts
    )
    changing.note(session, notice, None, actor=actor)


def waited(session: Session, notice: Notice) -> timedelta:
    """How many days ago it might go first; a notice that somebody approved counts from then, as its days to pay do."""
    due_on = day_in(notice.due_at, business(session).time_zone)
    return max(today(session) - due_on, timedelta(0))
