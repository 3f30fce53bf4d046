"""Calling: a telephone call with a customer is written down, and the task to make it is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.notices import changing
from domain.notices.deciding import settle_task
from domain.notices.model import TALKED, Call, CallOutcome, Notice, NoticeStatus
from domain.notices.queries import NO_SUCH_NOTICE
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound

LONGEST_WORDS = 2_000
MUST_SAY = frozenset({CallOutcome.REACHED, CallOutcome.DISPUTE, CallOutcome.PROMISE})
"""The outcomes that say too little by themselves."""
AFTER: dict[CallOutcome, NoticeStatus] = {
    **dict.fromkeys(TALKED, NoticeStatus.DELIVERED),
    CallOutcome.VOICEMAIL: NoticeStatus.SENT,
    CallOutcome.UNREACHABLE: NoticeStatus.FAILED,
    CallOutcome.WRONG_NUMBER: NoticeStatus.FAILED,
}
"""What becomes of the notice that asked for the call."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a call went, in a code and in words, and whom was called at which number (None: they called us)."""

    outcome: CallOutcome
    words: str = ""
    number: str | None = None
    contact_id: int | None = None


def write_down(session: Session, account_id: int, notice_id: int | None, said: Said, *, actor: Actor) -> Call:
    """Keep a call of a locked account: for the task of `notice_id`, or out of turn.

    A number that is a stranger's is neither called nor texted again. NotFound for a notice of somebody else; Conflict
    where its call was made already, or is not needed any more; Invalid without words where the outcome needs them.
    """
    words = said.words.strip()
    if not words and said.outcome in MUST_SAY:
        raise Invalid(N_("Say in a few words what was said."), field="words")
    if len(words) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)
    assert actor.id is not None
    if notice_id is not None:
        _finish(session, account_id, notice_id, said.outcome, actor)
    call = Call(
        account_id=account_id,
        notice_id=notice_id,
        contact_id=said.contact_id,
        number=said.number,
        outcome=said.outcome,
        words=words or None,
        called_at=now(session),
        recorded_at=now(session),
        recorded_by=actor.id,
    )
    session.add(call)
    session.flush()
    audit.record(
        session,
        "call.recorded",
        actor=actor,
        subject=("call", call.id),
        account_id=account_id,
        after={"outcome": said.outcome, "to": said.number, "why": words, "notice": notice_id},
    )
    if said.outcome is CallOutcome.WRONG_NUMBER and said.number:
        _forget(session, call, said.number, actor)
    return call


def _finish(session: Session, account_id: int, notice_id: int, outcome: CallOutcome, actor: Actor) -> None:
    notice = session.get(Notice, notice_id, populate_existing=True)
    if notice is None or notice.account_id != account_id or notice.channel is not Channel.CALL:
        raise NotFound(NO_SUCH_NOTICE)
    if notice.status is not NoticeStatus.READY:
        raise Conflict(changing.GONE_ON)
    after = AFTER[outcome]
    if after is NoticeStatus.DELIVERED:
        changing.change(session, notice, NoticeStatus.SENT, actor=actor)
    changing.change(session, notice, after, actor=actor)
    settle_task(session, notice)


def _forget(session: Session, call: Call, number: str, actor: Actor) -> None:
    for channel in (Channel.CALL, Channel.SMS):
        addresses.note(
            session,
            channel,
            number,
            AddressKind.BOUNCED,
            how="call",
            actor=actor,
            account_id=call.account_id,
            notice_id=call.notice_id,
        )
