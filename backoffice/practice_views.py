"""Practice views: situations, conversations and their marks as templates want them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.practice.case import Case
from domain.practice.dialogue import GONE, MOODS, Line, Talk, heard_of, is_ripe
from domain.practice.manners import frightening, hard_to_read
from domain.practice.moves import MOVE_NAMES, SAYINGS, Move
from domain.practice.queries import Trained, Tries
from domain.practice.rubric import Marks
from domain.practice.situation import Situation, Told, Way
from domain.practice.situations import ALL
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

UNKNOWN = {Way.CALL: N_("A call"), Way.MESSAGE: N_("A message")}
"""What a session is called while its owner does not know what comes."""
ENDED = {Way.CALL: N_("They have hung up."), Way.MESSAGE: N_("They do not answer any more.")}


def title_of(situation: Situation, is_hidden: bool) -> str:
    """What a session is called, as a message id."""
    return UNKNOWN[situation.way] if is_hidden else situation.title


@dataclass(frozen=True, slots=True)
class OfferedView:
    """A situation that can be practised, and how often it was, to the end."""

    key: str
    way: Way
    title: str
    about: str
    times: int
    is_full: bool

    @classmethod
    def of(cls, one: Situation, tries: Tries | None) -> OfferedView:
        """From a situation and one's tries of it."""
        return cls(one.key, one.way, one.title, one.about, tries.times if tries else 0, bool(tries and tries.is_full))


@dataclass(frozen=True, slots=True)
class TrainedView:
    """What a colleague has practised: the titles of the situations, when last, and the sessions that they share."""

    name: str
    titles: Sequence[str]
    last_at: datetime | None
    shared: AnyRows

    @classmethod
    def of(cls, one: Trained) -> TrainedView:
        """From what was read."""
        shared = [(row.id, ALL[row.situation].title, row.marked_at) for row in one.shared]
        return cls(one.name, [each.title for each in ALL.values() if each.key in one.situations], one.last_at, shared)


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """Something that can be said: its value, what it is called, and how it may sound."""

    value: str
    name: str
    words: Words


@dataclass(frozen=True, slots=True)
class SaidView:
    """One entry of a conversation: ours with its kind, or theirs with how they sound.

    `own` is what somebody typed. `fell` where the mood fell with it, and `frightens` and `is_hard` are about own words.
    """

    is_ours: bool
    words: Words
    kind: str = ""
    own: str = ""
    sounds: str = ""
    lang: str | None = None
    fell: bool = False
    frightens: Sequence[str] = ()
    is_hard: bool = False


def saying(situation: Situation, move: Move, before: Sequence[Move], case: Case, business: str) -> Words:
    """How a move may sound after what was said before; in general words while nobody can know more."""
    ripe = is_ripe(situation, move, heard_of(situation, before))
    return Words(situation.says.get(move, SAYINGS[move]) if ripe else SAYINGS[move], case.filled(business))


def conversation(
    situation: Situation, case: Case, told: Sequence[Told], talk: Talk, business: str, language: str
) -> list[SaidView]:
    """Everything that was said, the oldest first."""
    found = [_theirs(situation, case, talk.lines[0], business)]
    moves = [one.move for one in told]
    for number, (one, line, before) in enumerate(zip(told, talk.lines[1:], talk.lines, strict=False)):
        found.append(
            SaidView(
                True,
                saying(situation, one.move, moves[:number], case, business),
                MOVE_NAMES[one.move],
                one.words,
                fell=line.mood < before.mood,
                frightens=frightening(one.words),
                is_hard=hard_to_read(one.words, language),
            )
        )
        found.append(_theirs(situation, case, line, business))
    return found


def ended_badly(situation: Situation, talk: Talk) -> str | None:
    """That they ended it in anger, as a message id."""
    return ENDED[situation.way] if talk.is_over and talk.mood == GONE else None


def _theirs(situation: Situation, case: Case, line: Line, business: str) -> SaidView:
    lang = situation.language if line.own else None
    return SaidView(False, Words(line.text, case.filled(business)), sounds=MOODS[line.mood], lang=lang)


@dataclass(frozen=True, slots=True)
class MarkView:
    """One thing that was looked at: what to do, why, what it counts, and whether it was done."""

    words: str
    reason: str
    points: int
    is_met: bool


def mark_views(marks: Marks) -> list[MarkView]:
    """The marks, what to do another time first."""
    each = [MarkView(one.criterion.words, one.criterion.reason, one.criterion.points, one.is_met) for one in marks.each]
    return sorted(each, key=lambda one: one.is_met)


@dataclass(frozen=True, slots=True)
class PretendInvoice:
    """The invoice of a practised call, where the form shows those of an account."""

    id: int
    number: str
    due_on: date
    open: Money


@dataclass(frozen=True, slots=True)
class PretendAccount:
    """What the form of a call asks of an account."""

    path: str
    currency: str
