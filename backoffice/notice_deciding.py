"""Notice deciding: several notices are approved or rejected, each by itself, and each tells how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from domain.dunning.approving import approve, reject
from domain.notices.model import HELD_BACK_NAMES, Notice, NoticeStatus
from domain.policies.contacting import Channel
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.words import Words
from web.forms import Form

LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of one notice: `goes`, or it was held back, rejected, or could not be decided on (`refused`)."""

    notice_id: int
    words: Words
    goes: bool = False
    refused: bool = False


def reason_of(form: Form) -> str | None:
    """Why notices are not to go, inside `form.reading()`; None where they are approved. Invalid for no such button."""
    match form.value("act"):
        case "approve" | "approve_all":
            return None
        case "reject":
            return form.text("why", longest=LONGEST_WHY, missing=N_("Say why it is not to go."))
    raise Invalid(N_("Choose one of these."))


def decide_each(database: Database, notice_ids: Iterable[int], why: str | None, actor: Actor) -> list[Decided]:
    """Let each go that is still true, or with a reason none; one that cannot be decided on keeps no other from it."""
    act = partial(_approve, actor=actor) if why is None else partial(_reject, why=why, actor=actor)
    return [_tried(database, notice_id, act) for notice_id in notice_ids]


def _approve(session: Session, notice_id: int, *, actor: Actor) -> Decided:
    notice = approve(session, notice_id, actor=actor)
    if notice.status is NoticeStatus.SUPPRESSED:
        why = Words.of(HELD_BACK_NAMES[notice.why]) if notice.why else ""
        return Decided(notice_id, Words.of(N_("Held back after all: {why}"), why=why))
    return Decided(notice_id, _goes(session, notice), goes=True)


def _reject(session: Session, notice_id: int, *, why: str, actor: Actor) -> Decided:
    reject(session, notice_id, why=why, actor=actor)
    return Decided(notice_id, Words.of(N_("Does not go")))


def _tried(database: Database, notice_id: int, act: Callable[[Session, int], Decided]) -> Decided:
    try:
        with database.transaction() as session:
            return act(session, notice_id)
    except Refused as problem:
        return Decided(notice_id, Words.of(problem.text, **problem.params), refused=True)


def _goes(session: Session, notice: Notice) -> Words:
    if notice.channel is Channel.CALL:
        return Words.of(N_("Is a call to make"))
    if notice.channel is Channel.LETTER:
        return Words.of(N_("Goes to the letters to print"))
    if notice.due_at > now(session):
        return Words.of(N_("Goes out {at}"), at=notice.due_at)
    return Words.of(N_("Goes out now"))
