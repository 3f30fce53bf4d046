"""Training: a colleague who began last week has practised: one call well, one with something to learn, one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from app.demo.story import Story
from domain.notices.model import CallOutcome
from domain.practice.case import case_of
from domain.practice.model import PracticeSession
from domain.practice.moves import Move
from domain.practice.practising import begin, log, say, share
from domain.practice.situation import Logged, Told
from domain.practice.situations.agreeing import SHORT
from domain.practice.situations.contested import ANGRY
from domain.practice.situations.letters import PAID_LETTER
from domain.shared.db.session import today
from domain.shared.money import Money

TRAINEE: Final = "Mina"
WORDS: Final = {
    Move.ASK: "That sounds like a hard month. What has happened?",
    Move.CONFIRM: "So half of it this Friday, and the rest by the end of next month. You have it by email in a minute.",
}
"""What she said in words of her own."""
HASTY: Final = (Move.INTRODUCE, Move.STATE, Move.ARGUE)
"""How her first angry customer hung up on her."""


def plan_training(story: Story) -> None:
    """Write into the story's diary that Mina practises on the last day, and shares with Ade what she did well."""
    story.put(story.last_day, 16.2, lambda: _practise(story))


def _practise(story: Story) -> None:
    actor = story.acts.staff[TRAINEE]
    assert actor.id is not None
    _angry(story, actor.id)
    _through(story, actor.id, PAID_LETTER.key, PAID_LETTER.model)
    session_id = _through(story, actor.id, SHORT.key, SHORT.model)
    with story.acts.database.transaction() as session:
        friday = today(session) + timedelta(days=4)
        said = "They are short: two of their own customers are late. Half on Friday, the rest by the end of next month."
        one = session.get_one(PracticeSession, session_id)
        half = Money(case_of(one.situation, one.seed, one.day, one.currency).amount.minor // 2, one.currency)
        log(session, actor.id, session_id, Logged(CallOutcome.PROMISE, said, friday, half))
        share(session, actor.id, session_id, shared=True)


def _angry(story: Story, staff_id: int) -> None:
    session_id = _through(story, staff_id, ANGRY.key, HASTY)
    with story.acts.database.transaction() as session:
        log(session, staff_id, session_id, Logged(CallOutcome.REACHED, "Shouted at me and hung up."))


def _through(story: Story, staff_id: int, key: str, moves: Sequence[Move]) -> int:
    with story.acts.database.transaction() as session:
        session_id = begin(session, staff_id, key)
    for turn, move in enumerate(moves, 1):
        with story.acts.database.transaction() as session:
            say(session, staff_id, session_id, turn, Told(move, WORDS.get(move, "")))
    return session_id
