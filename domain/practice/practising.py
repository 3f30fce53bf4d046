"""Practising: a session is begun, something is said, the call is logged, and managers may be let read it.

Nothing but the two tables of practice is written, and no account, customer or figure is read: there is no audit row and
no form token either, because nothing of the business happens. A turn that was sent already does nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

from sqlalchemy.orm import Session

from domain.notices.calling import LONGEST_WORDS, MUST_SAY
from domain.practice import queries
from domain.practice.case import case_of
from domain.practice.dialogue import MOST_TURNS, play
from domain.practice.manners import frighten
from domain.practice.model import PracticeSession, PracticeTurn
from domain.practice.moves import Move
from domain.practice.rubric import mark
from domain.practice.situation import Logged, Practised, Situation, Told, Way
from domain.practice.situations import ALL
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound

SURPRISE = "surprise"
"""Instead of a situation's key: any of those that were practised least."""


def begin(session: Session, staff_id: int, key: str) -> int:
    """Begin a session of a situation and return its id: each time with another customer.

    `SURPRISE` takes one of those that were practised least. Invalid for an unknown one.
    """
    if key != SURPRISE and key not in ALL:
        raise Invalid(N_("Choose what you would like to practise."), field="situation")
    begun_before = queries.begun(session, staff_id)
    chosen = _least(begun_before, staff_id) if key == SURPRISE else key
    begun = PracticeSession(
        staff_id=staff_id,
        situation=chosen,
        seed=begun_before.get(chosen, 0) + 1,
        is_surprise=key == SURPRISE,
        day=today(session),
        currency=business(session).currency,
        started_at=now(session),
    )
    session.add(begun)
    session.flush()
    return begun.id


def say(session: Session, staff_id: int, session_id: int, turn: int, told: Told) -> None:
    """Say something in the turn of this number; one that was taken already does nothing.

    Invalid for what cannot be said in this situation and for too many words; NotFound for anybody else's session.
    """
    practised, situation = _own(session, staff_id, session_id)
    moves = [one.move for one in queries.told(session, session_id)]
    if practised.ended_at is not None or turn != len(moves) + 1 or turn > MOST_TURNS:
        return
    if told.move not in situation.moves:
        raise Invalid(N_("Choose what you say."), field="move")
    session.add(
        PracticeTurn(
            session_id=session_id,
            number=turn,
            move=told.move,
            words=_words(told.words) or None,
            said_at=now(session),
        )
    )
    session.flush()
    if play(situation, practised.seed, [*moves, told.move]).is_over:
        practised.ended_at = now(session)
        if situation.way is Way.MESSAGE:
            _mark(session, practised, situation, None)
        session.flush()


def log(session: Session, staff_id: int, session_id: int, logged: Logged) -> None:
    """Log a practised call, and look back on it; a call that is logged already stays as it is.

    Conflict while the conversation goes on; Invalid without words where the outcome needs them, as on an account;
    NotFound for anybody else's session, and for messages, which nobody logs.
    """
    practised, situation = _own(session, staff_id, session_id)
    if situation.way is not Way.CALL:
        raise NotFound(queries.NO_SUCH_SESSION)
    if practised.ended_at is None:
        raise Conflict(N_("The call is not over yet."))
    if practised.marked_at is not None:
        return
    if not logged.words.strip() and logged.outcome in MUST_SAY:
        raise Invalid(N_("Say in a few words what was said."), field="words")
    practised.outcome, practised.words = logged.outcome, _words(logged.words) or None
    practised.follows_on = logged.follows_on
    practised.amount_minor = logged.amount.minor if logged.amount is not None else None
    _mark(session, practised, situation, logged)
    session.flush()


def share(session: Session, staff_id: int, session_id: int, *, shared: bool) -> None:
    """Let managers read a session, or no longer. Conflict before it was looked back on; NotFound for anybody else's."""
    practised, _ = _own(session, staff_id, session_id)
    if practised.marked_at is None:
        raise Conflict(N_("Finish the session first."))
    practised.shared_at = (practised.shared_at or now(session)) if shared else None
    session.flush()


def _mark(session: Session, practised: PracticeSession, situation: Situation, logged: Logged | None) -> None:
    marks = mark(situation, looked_back(practised, queries.told(session, practised.id), logged))
    practised.marked_at, practised.points, practised.most = now(session), marks.points, marks.most


def looked_back(practised: PracticeSession, told: list[Told], logged: Logged | None) -> Practised:
    """All of a session that its marks depend on."""
    case = case_of(practised.situation, practised.seed, practised.day, practised.currency)
    texts = [one.words for one in told] + ([logged.words] if logged is not None else [])
    return Practised(told, logged, case.amount, practised.day, frighten(texts))


def _least(begun: Mapping[str, int], staff_id: int) -> str:
    """One of the situations that were begun least often, which one is hard to foresee and the same each time."""
    fewest = min(begun.get(key, 0) for key in ALL)
    order = sum(begun.values())
    return min(
        (key for key in ALL if begun.get(key, 0) == fewest), key=lambda key: crc32(f"{staff_id} {order} {key}".encode())
    )


def _own(session: Session, staff_id: int, session_id: int) -> tuple[PracticeSession, Situation]:
    """The session, locked, and its situation."""
    practised = session.get(PracticeSession, session_id, with_for_update=True, populate_existing=True)
    if practised is None or practised.staff_id != staff_id or practised.situation not in ALL:
        raise NotFound(queries.NO_SUCH_SESSION)
    return practised, ALL[practised.situation]


def _words(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)
    return words


ALL_MOVES = {move.value: move for move in Move}
"""Every move by what a form sends."""
