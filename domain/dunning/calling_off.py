"""Calling off: a notice did not go after all, or never arrived, and the step that it was counts as not taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts import queries as accounts
from domain.dunning.last_look import why_untrue
from domain.dunning.model import DunningStage
from domain.notices import changing
from domain.notices.deciding import settle_task
from domain.notices.model import LIVE, HeldBack, Notice, NoticePart, NoticeStatus
from domain.notices.queries import WAITS_FOR_SOMEBODY
from domain.notices.reach import addresses
from domain.policies.contacting import Channel
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held
from domain.stops.queries import is_held

TAKEN = LIVE | {NoticeStatus.REJECTED}
"""The states of a notice whose step was taken: after one that somebody rejected the sequence goes on too."""

LOOKED_BACK = timedelta(days=30)
"""After so long nobody makes up for a notice that did not arrive: the debt has had its next steps."""


def call_off(session: Session, notice: Notice, why: HeldBack, *, actor: Actor) -> None:
    """Hold a notice back that was to go, under the account's lock; its step is looked at again tomorrow.

    Nothing is said twice then, but that there is no address: that is when somebody is asked to find one.
    """
    changing.change(session, notice, NoticeStatus.SUPPRESSED, actor=actor, why=why)
    settle_task(session, notice)
    for part, stage in _stages(session, notice):
        _step_back(session, part, stage)
        stage.looked_on = today(session)
        if why is not HeldBack.NO_ADDRESS:
            stage.held_day, stage.held_why = part.step_day, why
    session.flush()


def untrue(session: Session) -> list[int]:
    """The accounts with a notice that waits for an approval or a call about what was paid, withdrawn or held since."""
    still_asked = exists().where(
        NoticePart.notice_id == Notice.id,
        or_(NoticePart.step_day.is_not(None), Notice.step_day.is_(None)),
        Invoice.id == NoticePart.invoice_id,
        Invoice.open_minor > 0,
        ~is_held(Invoice.account_id, Invoice.id, kinds_that_hold(Held.CHASING), today(session)),
    )
    found = select(Notice.account_id).where(WAITS_FOR_SOMEBODY, ~still_asked)
    return list(session.scalars(found.distinct().order_by(Notice.account_id)))


def call_off_untrue(session: Session, account_id: int, *, actor: Actor) -> int:
    """Hold the notices of an account back, under its lock, that wait for somebody and are no longer true; how many."""
    account = accounts.lock(session, account_id)
    waiting = session.scalars(select(Notice).where(Notice.account_id == account_id, WAITS_FOR_SOMEBODY))
    whys = [(notice, why_untrue(session, account, notice)) for notice in waiting.all()]
    for notice, why in whys:
        if why is not None:
            call_off(session, notice, why, actor=actor)
    return sum(why is not None for _, why in whys)


def missed(session: Session) -> list[int]:
    """The accounts with a notice that never arrived, of the last weeks, and whose step nothing has taken since."""
    later, later_part = aliased(Notice), aliased(NoticePart)
    taken_since = exists().where(
        later_part.invoice_id == NoticePart.invoice_id,
        later_part.step_day.is_not(None),
        later.id == later_part.notice_id,
        later.id > Notice.id,
        later.status.in_(LIVE),
    )
    return list(
        session.scalars(
            _lost(session)
            .join(NoticePart, NoticePart.notice_id == Notice.id)
            .join(DunningStage, DunningStage.invoice_id == NoticePart.invoice_id)
            .where(DunningStage.day == NoticePart.step_day, ~taken_since)
            .with_only_columns(Notice.account_id)
            .distinct()
            .order_by(Notice.account_id)
        )
    )


def step_back(session: Session, account_id: int) -> int:
    """Count the step of each notice that never arrived as not taken, so that it comes again by another way.

    Under the account's lock. How many invoices that was; where the address has not died, nothing: then the same would
    happen again.
    """
    accounts.lock(session, account_id)
    count = 0
    for notice in session.scalars(_lost(session).where(Notice.account_id == account_id)).all():
        known = addresses.latest(session, notice.channel, [notice.address or ""])
        if known.get(notice.address or "") not in addresses.UNUSABLE:
            continue
        for part, stage in _stages(session, notice):
            if (last := _last_taken(session, part)) is not None and last == notice.id:
                _step_back(session, part, stage)
                stage.looked_on = None
                count += 1
    session.flush()
    return count


def _lost(session: Session) -> Select[Notice]:
    """Selects the notices of the last weeks that failed on their way."""
    return select(Notice).where(
        Notice.status == NoticeStatus.FAILED,
        Notice.step_day.is_not(None),
        Notice.channel.in_({Channel.EMAIL, Channel.SMS}),
        Notice.decided_on > today(session) - LOOKED_BACK,
    )


def _stages(session: Session, notice: Notice) -> Iterator[tuple[NoticePart, DunningStage]]:
    """The invoices that a notice asked for and that are still at the step that it was."""
    parts = session.scalars(
        select(NoticePart).where(
            NoticePart.notice_id == notice.id, NoticePart.step_day.is_not(None), NoticePart.asked_minor > 0
        )
    )
    for part in parts.all():
        stage = session.get(DunningStage, part.invoice_id, populate_existing=True)
        if stage is not None and stage.day == part.step_day:
            yield part, stage


def _step_back(session: Session, part: NoticePart, stage: DunningStage) -> None:
    """The invoice is at the step that was taken before."""
    before = _taken_before(session, part)
    stage.day, stage.reached_on = (before.step_day, before.decided_on) if before else (None, None)


def _last_taken(session: Session, part: NoticePart) -> int | None:
    """The last notice that took a step for an invoice."""
    return session.scalar(
        select(func.max(Notice.id))
        .join(NoticePart, NoticePart.notice_id == Notice.id)
        .where(NoticePart.invoice_id == part.invoice_id, NoticePart.step_day.is_not(None), Notice.status.in_(LIVE))
    )


def _taken_before(session: Session, part: NoticePart) -> AnyRow | None:
    """The step that was taken last for an invoice before this part of a notice: its day, and when that was."""
    return session.execute(
        select(NoticePart.step_day, Notice.decided_on)
        .join(Notice, Notice.id == NoticePart.notice_id)
        .where(
            NoticePart.invoice_id == part.invoice_id,
            NoticePart.step_day.is_not(None),
            NoticePart.asked_minor > 0,
            Notice.id < part.notice_id,
            Notice.status.in_(TAKEN),
        )
        .order_by(Notice.id.desc())
        .limit(1)
    ).one_or_none()
