"""Situation: the shape in which a situation to practise is written down as data; a pure file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.notices.model import CallOutcome
from domain.practice.moves import Move
from domain.shared.money import Money


class Way(StrEnum):
    """How the customer is spoken to."""

    CALL = "call"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer says to a move, once all of `after` were made.

    `says` are ways of saying it, one of which is chosen by the seed. `mood` is how much better or worse they feel, and
    `ends` whether the conversation is over with it.
    """

    to: Move
    says: Sequence[str]
    after: frozenset[Move] = frozenset()
    mood: int = 0
    ends: bool = False


def reply(to: Move, *says: str, after: Sequence[Move] = (), mood: int = 0, ends: bool = False) -> Reply:
    """A reply, briefly written."""
    return Reply(to, says, frozenset(after), mood, ends)


@dataclass(frozen=True, slots=True)
class Logged:
    """A call as the trainee wrote it down: how it went, in their words, the day that follows and the amount."""

    outcome: CallOutcome
    words: str = ""
    follows_on: date | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was said to the customer: the move, and own words where there are any."""

    move: Move
    words: str = ""


@dataclass(frozen=True, slots=True)
class Practised:
    """All that is looked back on: what was said, how it was logged (calls only), whose money it was about, and when."""

    told: Sequence[Told]
    logged: Logged | None
    amount: Money
    day: date
    frightens: bool = False
    """Whether a word of their own threatens."""

    @property
    def moves(self) -> list[Move]:
        """The moves in their order."""
        return [one.move for one in self.told]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at afterwards: what to do, why, how much it counts, and whether it was done."""

    words: str
    reason: str
    points: int
    met: Callable[[Practised], bool]


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation to practise.

    `opening` is what the customer says first, `mood` how they feel then (1 angry to 4 glad). `moves` can be chosen, and
    `says` has their words where the common ones do not fit. `criteria` are what it is looked back on by, `card` is what
    to say in short, `next_step` what follows in earnest, and `model` one way that earns everything, logged with
    `outcome`. `language` is set where the customer speaks another than ours. `unknown` is what they say to whoever has
    not said who they are, where that is not what anybody says.
    """

    key: str
    way: Way
    title: str
    about: str
    opening: str
    moves: Sequence[Move]
    replies: Sequence[Reply]
    criteria: Sequence[Criterion]
    card: Sequence[str]
    next_step: str
    model: Sequence[Move]
    outcome: CallOutcome | None = None
    mood: int = 3
    says: Mapping[Move, str] = field(default_factory=dict)
    language: str | None = None
    unknown: Sequence[str] = ()
