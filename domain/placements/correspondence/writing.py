"""Writing: a partner says what it has done or asks us something; staff answer, and the partner is told."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.placements import queries
from domain.placements.correspondence import reading
from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.placements.messages import PartnerNews
from domain.placements.model import Partner, Placement
from domain.placements.sending import tell
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind

LONGEST_WORDS = 2_000
"""Letters of what is written at once, as in a file of updates."""
SHOWN_WORDS = 200
"""Letters of it that the account's timeline shows."""
A_DAY = timedelta(days=1)
"""Somewhere on earth it is tomorrow already."""
NO_SUCH_QUESTION = N_("We could not find that question.")
_ACTS = {
    NoteKind.ACTIVITY: "placement.activity",
    NoteKind.QUESTION: "placement.asked",
    NoteKind.ANSWER: "placement.answered",
}


def tell_activity(
    session: Session, account_id: int, placement_id: int, words: str, *, happened_on: date, actor: Actor
) -> PlacementNote:
    """The partner says what it has done on a day: a call, a letter, a visit. Told again, it stands once.

    Raises NotFound; Conflict before it was sent; Invalid beside `words` or `happened_on`.
    """
    placement = _sent(session, account_id, placement_id)
    return _told(session, placement, NoteKind.ACTIVITY, words, happened_on, actor=actor)[0]


def ask(
    session: Session, account_id: int, placement_id: int, words: str, *, happened_on: date, actor: Actor
) -> PlacementNote:
    """The partner asks us something: somebody has to answer. Asked again in the same words that day, it stands once.

    Raises NotFound; Conflict before it was sent; Invalid beside `words` or `happened_on`.
    """
    placement = _sent(session, account_id, placement_id)
    asked, is_new = _told(session, placement, NoteKind.QUESTION, words, happened_on, actor=actor)
    if is_new:
        subject = ("placement", placement.id)
        tasks.open_task(session, TaskKind.PARTNER_QUESTION, subject=subject, account_id=placement.account_id)
    return asked


def answer(
    session: Session, account_id: int, placement_id: int, question_id: int, words: str, *, actor: Actor
) -> PlacementNote:
    """Staff answer a question, or add to an answer; the partner is mailed. The task ends with the last question.

    Raises NotFound, Invalid beside `words`.
    """
    placement = _sent(session, account_id, placement_id)
    question = session.get(PlacementNote, question_id)
    if question is None or question.placement_id != placement.id or question.kind is not NoteKind.QUESTION:
        raise NotFound(NO_SUCH_QUESTION)
    said = _checked(words)
    written = _write(session, placement, NoteKind.ANSWER, said, today(session), answers_id=question_id, actor=actor)
    if not reading.open_questions(session, placement.id):
        working.settle(session, TaskKind.PARTNER_QUESTION, subject=("placement", placement.id))
    tell(session, placement, PartnerNews.ANSWERED, note_id=written.id)
    return written


def _sent(session: Session, account_id: int, placement_id: int) -> Placement:
    """A placement of a locked account of which the partner knows; also one that has ended."""
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    if placement.sent_at is None:
        raise Conflict(N_("This has not been sent to a partner."))
    return placement


def _told(
    session: Session, placement: Placement, kind: NoteKind, words: str, happened_on: date, *, actor: Actor
) -> tuple[PlacementNote, bool]:
    """What the partner tells, and whether it is new."""
    said = _checked(words)
    assert placement.sent_at is not None
    if happened_on > today(session) + A_DAY:
        raise Invalid(N_("This day is still to come."), field="happened_on")
    if happened_on < day_in(placement.sent_at, business(session).time_zone) - A_DAY:
        raise Invalid(N_("That was before the debt was sent."), field="happened_on")
    known = reading.same(session, placement.id, kind, said, happened_on)
    if known is not None:
        return known, False
    return _write(session, placement, kind, said, happened_on, actor=actor), True


def _checked(words: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if not said:
        raise Invalid(N_("Write something first."), field="words")
    if len(said) > LONGEST_WORDS:
        raise Invalid(N_("Write at most {longest} letters."), field="words", longest=LONGEST_WORDS)
    return said


def _write(
    session: Session,
    placement: Placement,
    kind: NoteKind,
    said: str,
    happened_on: date,
    *,
    actor: Actor,
    answers_id: int | None = None,
) -> PlacementNote:
    written = PlacementNote(
        placement_id=placement.id,
        kind=kind,
        happened_on=happened_on,
        words=said,
        answers_id=answers_id,
        at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(written)
    session.flush()
    shown = said if len(said) <= SHOWN_WORDS else said[: SHOWN_WORDS - 1].rstrip() + "…"
    audit.record(
        session,
        _ACTS[kind],
        actor=actor,
        subject=("placement", placement.id),
        account_id=placement.account_id,
        after={
            "partner": session.get_one(Partner, placement.partner_id).name,
            "note_id": written.id,
            "happened_on": happened_on,
            "words": shown,
        },
    )
    return written
