"""Dialogue: what the simulated customer answers, and how they feel; the same for the same seed and moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from domain.practice.common import AGAIN, COMMON, IN_A_HURRY, LETTER_AGAIN, PATIENT, WHO_IS_THERE
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
    lines, mood = [Line(situation.opening, situation.mood)], situation.mood
    for number, move in enumerate(moves, 1):
        found, own = _answer(situation, move, moves[: number - 1])
        mood = max(GONE, min(GLAD, mood + found.mood))
        is_over = found.ends or mood == GONE
        text = found.says[(seed + number) % len(found.says)]
        if number == MOST_TURNS and not is_over:
            text, own, is_over = IN_A_HURRY[situation.way], False, True
        lines.append(Line(text, mood, own))
        if is_over:
            return Talk(lines, True)
    return Talk(lines, False)


def choices(situation: Situation, seed: int) -> list[Move]:
    """What can be said, in an order that does not tell what is wise; the same all through a session."""
    return sorted(situation.moves, key=lambda move: crc32(f"{situation.key} {seed} {move}".encode()))


def _answer(situation: Situation, move: Move, done: Sequence[Move]) -> tuple[Reply, bool]:
    """The customer's reply, and whether the situation has it of its own."""
    if situation.way is Way.CALL and Move.INTRODUCE not in done and move not in (Move.INTRODUCE, Move.END):
        return WHO_IS_THERE, False
    if move in done:
        return (COMMON[move] if move in PATIENT else AGAIN if situation.way is Way.CALL else LETTER_AGAIN), False
    for each in situation.replies:
        if each.to is move and each.after <= set(done):
            return each, True
    return COMMON[move], False
