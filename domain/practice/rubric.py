"""Rubric: what any session is looked back on by, with its reasons, and how it is marked; a pure file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from domain.notices.model import CallOutcome
from domain.practice.moves import Move
from domain.practice.situation import Criterion, Practised, Situation
from domain.shared.errors import N_

FEWEST_LETTERS: Final = 10
"""Fewer say nothing to whoever calls next."""


def did(*moves: Move) -> Callable[[Practised], bool]:
    """Whether each of these was said."""
    return lambda played: set(moves) <= set(played.moves)


def did_one(*moves: Move) -> Callable[[Practised], bool]:
    """Whether at least one of these was said."""
    return lambda played: bool(set(moves) & set(played.moves))


def never(*moves: Move) -> Callable[[Practised], bool]:
    """Whether something was said, and none of these."""
    return lambda played: bool(played.told) and not set(moves) & set(played.moves)


def before(first: Move, then: Move) -> Callable[[Practised], bool]:
    """Whether both were said, in this order."""
    return lambda played: {first, then} <= set(played.moves) and played.moves.index(first) < played.moves.index(then)


def logged(*outcomes: CallOutcome) -> Callable[[Practised], bool]:
    """Whether the call was logged with one of these."""
    return lambda played: played.logged is not None and played.logged.outcome in outcomes


def with_day(played: Practised) -> bool:
    """Whether a day on which somebody goes on with it was written down, and not one that is over."""
    return played.logged is not None and played.logged.follows_on is not None and played.logged.follows_on > played.day


def with_day_and_amount(played: Practised) -> bool:
    """Whether a day and an amount were, and not more than is owed."""
    amount = played.logged.amount if played.logged is not None else None
    return with_day(played) and amount is not None and amount <= played.amount


def _opened(played: Practised) -> bool:
    return bool(played.told) and played.moves[0] is Move.INTRODUCE and Move.DISCLOSE not in played.moves


def _kind(played: Practised) -> bool:
    return never(Move.THREATEN, Move.PRESS, Move.ARGUE)(played) and not played.frightens


def _ended(played: Practised) -> bool:
    return bool(played.told) and played.moves[-1] is Move.END


def _noted(played: Practised) -> bool:
    return played.logged is not None and len(played.logged.words.strip()) >= FEWEST_LETTERS


KNEW_WHO: Final = Criterion(
    N_("Say who you are and whom you want to speak to, before anything else"),
    N_("What somebody owes is nobody else's business. Until you know who is there, say nothing of it."),
    2,
    _opened,
)
LISTENED: Final = Criterion(
    N_("Listen, and say back what you heard"),
    N_("People who feel heard tell you the reason, and the reason decides what helps."),
    2,
    did(Move.LISTEN),
)
KIND: Final = Criterion(
    N_("Stay polite and truthful: no threats, no pressure, no argument"),
    N_("Threatening what we do not do, or may not do, is against our policy and in many places against the law."),
    3,
    _kind,
)
WITHIN: Final = Criterion(
    N_("Offer only what is yours to give"),
    N_("A discount is a promise of the business. Beyond your limit a second person decides: say that you will ask."),
    2,
    never(Move.GIVE_AWAY),
)
CONFIRMED: Final = Criterion(
    N_("Say once more what was agreed, and that it comes in writing"),
    N_("What both have in writing is kept more often, and nobody has to remember it."),
    1,
    did(Move.CONFIRM),
)
ENDED: Final = Criterion(
    N_("End the call yourself, with thanks"),
    N_("Who ends well can call again. If they end it, look for where their mood turned."),
    1,
    _ended,
)
NOTED: Final = Criterion(
    N_("Write down in your words who said what"),
    N_("Whoever speaks to them next begins with your words, and so does anybody who checks what we did."),
    1,
    _noted,
)


def logged_as(reason: str, *outcomes: CallOutcome) -> Criterion:
    """The call was logged with an outcome that sets the right next step, for this reason."""
    return Criterion(N_("Log it with the outcome that sets the right next step"), reason, 2, logged(*outcomes))


@dataclass(frozen=True, slots=True)
class Mark:
    """What came of one criterion."""

    criterion: Criterion
    is_met: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """What came of all."""

    each: Sequence[Mark]

    @property
    def points(self) -> int:
        """What was earned."""
        return sum(one.criterion.points for one in self.each if one.is_met)

    @property
    def most(self) -> int:
        """What can be earned."""
        return sum(one.criterion.points for one in self.each)


def mark(situation: Situation, played: Practised) -> Marks:
    """How a session did, criterion by criterion."""
    return Marks([Mark(one, one.met(played)) for one in situation.criteria])
