"""Texting: what the carrier says of a text that we sent, and what customers text back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notices import changing
from domain.notices.incoming import taking_in, wishes
from domain.notices.incoming.wishes import Wish
from domain.notices.model import Notice, NoticeStatus
from domain.notices.reach import tracing, unsubscribing
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.texting import TextFault, TextState

BY_TEXT = "text"
BY_CARRIER = "carrier"
"""How we know what became known of a number."""
ENDED = frozenset({NoticeStatus.DELIVERED, NoticeStatus.FAILED, NoticeStatus.SUPPRESSED, NoticeStatus.REJECTED})


class NotSentYet(Exception):
    """The carrier tells of a text before the one who sent it has written that down: it is to tell again later."""


def told(session: Session, mark: str, state: TextState, *, fault: TextFault, detail: str, actor: Actor) -> None:
    """What the carrier says of the text of the notice with this mark; never a step back, and safe to repeat.

    That it was taken is no news. Raises NotSentYet where the rest of it comes before the notice is sent. A text that
    was held back after a try whose outcome was unknown keeps its state; what became of it is written down all the same.
    """
    notice_id = session.scalar(select(Notice.id).where(Notice.mark == mark, Notice.channel == Channel.SMS))
    if notice_id is None or state is TextState.TAKEN:
        return
    account, ours = changing.locked(session, notice_id)
    if ours.status is NoticeStatus.READY:
        raise NotSentYet(f"the text {mark} is not written down as sent yet")
    if ours.status is NoticeStatus.SUPPRESSED:
        changing.note(session, ours, ours.status, actor=actor, detail=detail)
        return
    if ours.status in ENDED:
        return
    if state is TextState.DELIVERED:
        changing.change(session, ours, NoticeStatus.DELIVERED, actor=actor, detail=detail)
    elif fault is TextFault.DEAD_NUMBER:
        tracing.bounced(session, account, ours, how=BY_CARRIER, detail=detail, actor=actor)
    else:
        refused(session, ours, fault, detail=detail, actor=actor)


def refused(session: Session, notice: Notice, fault: TextFault, *, detail: str, actor: Actor) -> None:
    """The text did not go, for another reason than a dead number; under the account's lock."""
    changing.change(session, notice, NoticeStatus.FAILED, actor=actor, detail=detail)
    if fault is TextFault.OPTED_OUT and notice.address is not None:
        unsubscribing.opt_out(
            session, Channel.SMS, notice.address, how=BY_CARRIER, actor=actor, detail=detail, notice_id=notice.id
        )


def texted(
    session: Session,
    *,
    message_id: str,
    sender: str,
    body: str,
    wish: str | None,
    at: datetime,
    actor: Actor,
) -> None:
    """Somebody has sent us a text: STOP and START change whether texts are welcome there, all else is for a person.

    `wish` is what the carrier took it for, in whatever language. STOP counts for the number, whosever it is. Safe to
    repeat, but for an old STOP after a START: whoever calls this tells each message once.
    """
    wanted = wishes.wish("", wish or "") or wishes.wish("", body)
    if wanted is Wish.STOP:
        unsubscribing.opt_out(session, Channel.SMS, sender, how=BY_TEXT, actor=actor, detail=body)
    elif wanted is Wish.START:
        unsubscribing.opt_in(session, Channel.SMS, sender, how=BY_TEXT, actor=actor, detail=body)
    else:
        taking_in.take_in(
            session,
            message_id=message_id,
            channel=Channel.SMS,
            sender=sender,
            subject="",
            body=body,
            written_at=at,
            actor=actor,
        )
