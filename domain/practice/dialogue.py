"""Dialogue: what the simulated customer answers, and how they feel; the same for the same seed and moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from domain.practice.common import AGAIN, COMMON, IN_A_HURRY, LETTER_AGAIN, PATIENT, TELLING, WHO_IS_THERE
from domain.practice.moves import Move
from domain.practice.situation import Reply, Situation, Way
from domain.shared.errors import N_

GONE, GLAD = 0, 4
"""The worst mood, in which they hang up or write no more, and the best."""
MOODS: Final = (N_("gone"), N_("angry"), N_("tense"), N_("calm"), N_("relieved"))
"""How the customer sounds, by mood, as message ids."""
MOST_TURNS: Final = 12
"""So many things can be said in one session; then the customer has to go."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the customer says, how they sound with it, and whether it is in their own language."""

    text: str
    mood: int
    own: bool = True

    @property
    def sounds(self) -> str:
        """How they sound, as a message id."""
        return MOODS[self.mood]


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation so far: the customer's lines, the first of which is the opening, and whether it is over."""

    lines: Sequence[Line]
    is_over: bool

    @property
    def mood(self) -> int:
        """How the customer feels now."""
        return self.lines[-1].mood


def play(situation: Situation, seed: int, moves: Sequence[Move]) -> Talk:
    """The conversation in which these moves were made; those after its end are left out."""
    lines, mood, heard = [Line(situation.opening, situation.mood)], situation.mood, list[Move]()
    for number, move in enumerate(moves, 1):
        found, own = _answer(situation, move, heard)
        if _is_heard(situation, move, heard):
            heard.append(move)
        # Nobody hangs up because of the first thing that is said, nor of what it is right to say.
        least = GONE + 1 if number == 1 or move in situation.model else GONE
        mood = max(least, min(GLAD, mood + found.mood))
        is_over = found.ends or mood == GONE
        text = found.says[(seed + number) % len(found.says)]
        if number == MOST_TURNS and not is_over:
            text, own, is_over = IN_A_HURRY[situation.way], False, True
        lines.append(Line(text, mood, own))
        if is_over:
            return Talk(lines, True)
    return Talk(lines, False)


def choices(situation: Situation, seed: int, moves: Sequence[Move] = ()) -> list[Move]:
    """What can be said after these moves, in an order that does not tell what is wise, one and the same in a session.

    What was said and would be answered as before is left out, while there is anything else.
    """
    order = sorted(situation.moves, key=lambda move: crc32(f"{situation.key} {seed} {move}".encode()))
    heard = heard_of(situation, moves)
    return [move for move in order if not _is_spent(situation, move, heard)] or order


def heard_of(situation: Situation, moves: Sequence[Move]) -> list[Move]:
    """The moves that were listened to: on a call only those since one has said who one is."""
    heard: list[Move] = []
    for move in moves:
        if _is_heard(situation, move, heard):
            heard.append(move)
    return heard


def is_ripe(situation: Situation, move: Move, heard: Sequence[Move]) -> bool:
    """Whether the words that a situation has for a move fit already: they may say what only the customer can tell."""
    if move is not Move.INTRODUCE and not _is_heard(situation, move, heard):
        return False
    waiting = [each for each in situation.replies if each.to is move and each.after]
    return not waiting or any(each.after <= set(heard) for each in waiting)


def _is_heard(situation: Situation, move: Move, heard: Sequence[Move]) -> bool:
    return situation.way is Way.MESSAGE or move is Move.INTRODUCE or Move.INTRODUCE in heard


def _is_spent(situation: Situation, move: Move, heard: Sequence[Move]) -> bool:
    """Whether it was said, and nothing has happened since that makes another answer of it."""
    if move not in heard or move in PATIENT:
        return False
    before = len(heard) - 1 - list(reversed(heard)).index(move)
    return _own(situation, move, heard[:before]) == _own(situation, move, heard)


def _answer(situation: Situation, move: Move, heard: Sequence[Move]) -> tuple[Reply, bool]:
    """The customer's reply, and whether the situation has it of its own."""
    if not _is_heard(situation, move, heard) and move is not Move.END:
        says = situation.unknown or WHO_IS_THERE.says
        return Reply(move, says, mood=WHO_IS_THERE.mood if move in TELLING else 0), bool(situation.unknown)
    if _is_spent(situation, move, heard):
        return AGAIN if situation.way is Way.CALL else LETTER_AGAIN, False
    own = _own(situation, move, heard)
    if own is None or (move in heard and move in PATIENT and own.mood > 0):
        return COMMON[move], False
    return own, True


def _own(situation: Situation, move: Move, heard: Sequence[Move]) -> Reply | None:
    """The first reply of the situation that fits."""
    return next((each for each in situation.replies if each.to is move and each.after <= set(heard)), None)
