"""Coverage: what settles which part of a plan, derived from what settled its invoices, one after the other; pure.

Nothing of this is stored: the parts of a plan always say what the ledger says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

SLIGHT = 99
"""A part of which no more than this is missing, in minor units, and no more than a hundredth, is as good as paid."""
NEAR = timedelta(days=14)
"""Money that comes so long before an instalment is due was meant for it, where nobody has said otherwise."""


class Extra(StrEnum):
    """What becomes of money beyond what is due: it makes the plan shorter, or pays the next parts ahead."""

    TAIL = "tail"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One part as it was signed. `moves` are later days that it was given: after which settling, and which day."""

    id: int
    number: int
    due_on: date
    minor: int
    moves: Sequence[tuple[int, date]] = ()

    def day_at(self, settling_id: int) -> date:
        """The day on which it was due when something settled an invoice."""
        return next((day for after, day in reversed(self.moves) if after < settling_id), self.due_on)

    @property
    def day(self) -> date:
        """The day on which it is due now."""
        return self.moves[-1][1] if self.moves else self.due_on


@dataclass(frozen=True, slots=True)
class Settling:
    """Something settled `minor` of the plan's invoices on a day, or (negative) took back what `undoes` had settled.

    `part_id` is the part that it was taken for; `extra` what its payer chose, where they did. `is_money`: a credit
    note, discount or concession is not, and always makes the plan shorter.
    """

    id: int
    minor: int
    on: date
    undoes: int | None = None
    part_id: int | None = None
    extra: Extra | None = None
    is_money: bool = True


@dataclass(slots=True)
class Part:
    """How one part stands, in minor units: what settles it, what is contested of it, what is left to pay.

    `added` came on top of what was agreed, where money from before the plan was taken back. `carried` came from parts
    that are as good as paid, or (negative) went from this one to another. `reopened_on` is the day on which something
    that had covered it was taken back, as long as it is not covered again.
    """

    agreed: Agreed
    covered: int = 0
    parked: int = 0
    added: int = 0
    carried: int = 0
    reopened_on: date | None = None

    @property
    def minor(self) -> int:
        """What it comes to now."""
        return self.agreed.minor + self.added + self.carried

    @property
    def rest(self) -> int:
        """What is not settled, contested or not."""
        return self.minor - self.covered

    @property
    def is_slight(self) -> bool:
        """Whether so little is missing of it, as a bank's rounding, that nobody is asked for that alone."""
        return 0 < self.rest <= min(SLIGHT, self.minor // 100)

    @property
    def left(self) -> int:
        """What there is to pay of it; what is contested, and too little by itself, is not asked for."""
        return 0 if self.is_slight else self.rest - self.parked

    def due_on(self, reopened_days: int) -> date:
        """The day by which that is to be paid: later where it was covered and is not any more."""
        if self.reopened_on is None:
            return self.agreed.day
        return max(self.agreed.day, self.reopened_on + timedelta(days=reopened_days))


@dataclass(slots=True)
class _Cover:
    """The parts while what settled them is gone through; `placed` is where each settling went, as part and amount."""

    parts: list[Part]
    placed: dict[int, list[tuple[Part, int]]] = field(default_factory=dict)


def cover(agreed: Iterable[Agreed], settlings: Iterable[Settling], *, parked: int = 0) -> list[Part]:
    """How each part of a plan stands after these settlings of its invoices, in their order.

    Money covers the part that it was taken for, then what is due, then the next part where that is near, and then the
    last ones, so that the plan ends sooner; unless its payer chose to pay the next ones ahead. What is taken back
    uncovers exactly what it had covered. What is missing of a part that is as good as paid moves into the next one that
    is open. `parked`, what is contested now, is taken from the last parts.
    """
    state = _Cover([Part(each) for each in sorted(agreed, key=lambda each: each.number)])
    for settling in settlings:
        if settling.minor < 0:
            _undo(state, settling)
        else:
            _place(state, settling)
    _carry(state.parts)
    for part in reversed(state.parts):
        part.parked = min(parked, part.rest)
        parked -= part.parked
    return state.parts


def _place(state: _Cover, settling: Settling) -> None:
    rest, placed = settling.minor, []
    for part in _order(state.parts, settling):
        amount = min(rest, part.rest)
        if amount:
            part.covered += amount
            placed.append((part, amount))
            rest -= amount
        if not part.rest:
            part.reopened_on = None
    state.placed[settling.id] = placed


def _carry(parts: Sequence[Part]) -> None:
    """Move what is slight into the next open part, or into the one before where none follows."""
    for place, part in enumerate(parts):
        if not part.is_slight:
            continue
        others = [*parts[place + 1 :], *reversed(parts[:place])]
        other = next((each for each in others if each.rest), None)
        if other is not None:
            rest = part.rest
            part.carried -= rest
            other.carried += rest


def _order(parts: Sequence[Part], settling: Settling) -> list[Part]:
    """The parts in the order in which a settling covers them."""
    backwards = list(reversed(parts))
    if not settling.is_money:
        return backwards
    own = [part for part in parts if part.agreed.id == settling.part_id]
    due = [part for part in parts if part.agreed.day_at(settling.id) <= settling.on]
    open_ahead = [part for part in parts if part not in due and part.rest]
    ahead = backwards
    if settling.extra is Extra.NEXT:
        ahead = list(parts)
    elif settling.extra is None and open_ahead and open_ahead[0].agreed.day_at(settling.id) <= settling.on + NEAR:
        ahead = [open_ahead[0], *backwards]
    return [*own, *due, *ahead]


def _undo(state: _Cover, settling: Settling) -> None:
    """Uncover what the undone settling had covered; what is from before the plan comes on top of the last part."""
    for part, amount in state.placed.pop(settling.undoes or 0, [(None, -settling.minor)]):
        if part is None:
            part = state.parts[-1]
            part.added += amount
        else:
            part.covered -= amount
        part.reopened_on = settling.on
