"""Health: how one running plan goes, and what has to be done and told about it; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from domain.collecting.model import AHEAD, LIVE, CollectionState
from domain.plans.coverage import Part
from domain.plans.messages import PlanNews
from domain.plans.model import PlanGrace
from domain.plans.standing import Standing
from domain.policies.sections import Plans
from domain.saved_methods.model import SavedMethod
from domain.saved_methods.queries import is_past
from domain.shared.errors import N_
from domain.shared.money import Money

SOON = timedelta(days=3)
"""So long before its day a customer is reminded of a part that nothing takes by itself."""
PATIENCE = 21
"""For so many days a missed part that is to be taken by itself soon is waited for; a notice takes up to fourteen."""
SHAKY = frozenset({CollectionState.RETRYING, CollectionState.ACTION_REQUIRED, CollectionState.EXHAUSTED})
"""How a collection stands that did not bring its money at once."""


class Health(StrEnum):
    """How a running plan goes."""

    KEPT = "kept"
    AT_RISK = "at_risk"
    LATE = "late"
    IN_GRACE = "in_grace"
    HELD = "held"


HEALTH_NAMES = {
    Health.KEPT: N_("Kept"),
    Health.AT_RISK: N_("At risk"),
    Health.LATE: N_("Late"),
    Health.IN_GRACE: N_("Has more time"),
    Health.HELD: N_("Held"),
}
"""What each is called on the screen."""


class Turn(StrEnum):
    """What has to be done about a plan that is late for too long."""

    GRACE = "grace"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Days:
    """Days, both included, that do not count against the customer; `last` None: they go on."""

    first: date
    last: date | None

    def has(self, day: date) -> bool:
        """Whether it is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Watched:
    """How one active plan goes now, with all that this depends on.

    `method` is what its parts are taken from, where they are. `taking` has the latest collection of each part, `told`
    what was told of which part for which day. `is_awaited`: somebody is paying, or a payment is on its way.
    """

    standing: Standing
    rules: Plans
    grace: PlanGrace | None
    method: SavedMethod | None
    taking: Mapping[int, CollectionState]
    told: Collection[tuple[int, PlanNews, date]]
    not_counted: Sequence[Days]
    is_awaited: bool

    @property
    def is_held(self) -> bool:
        """Whether nobody may ask for anything today."""
        return not self._counts(self.standing.day)

    @cached_property
    def late_days(self) -> int:
        """For how many days that count the oldest missed part has been missed."""
        missed = [self.standing.due_on(part) for part in self.standing.overdue]
        return self._counted_since(min(missed)) if missed else 0

    @property
    def missing(self) -> Money:
        """What should have been paid before today."""
        return Money(sum(part.left for part in self.standing.overdue), self.standing.currency)

    @cached_property
    def is_in_grace(self) -> bool:
        """Whether something is missing for which there is more time still."""
        if self.grace is None or not self.standing.overdue:
            return False
        given = (self.grace.until_on - self.grace.offered_on).days
        return self._counted_since(self.grace.offered_on) <= given

    @property
    def is_at_risk(self) -> bool:
        """Whether the next money is in doubt: a collection did not go well, or its method will not serve."""
        tried = any(self.taking.get(part.agreed.id) in SHAKY for part in self.standing.parts if part.left)
        coming = self.standing.next
        if tried or self.method is None or coming is None:
            return tried
        return not self._can_serve(self.method, max(self.standing.due_on(coming), self.standing.day))

    @property
    def health(self) -> Health:
        """How the plan goes: the worst that can be said of it."""
        if self.is_held:
            return Health.HELD
        if self.standing.overdue:
            return Health.IN_GRACE if self.is_in_grace else Health.LATE
        return Health.AT_RISK if self.is_at_risk else Health.KEPT

    @property
    def turn(self) -> Turn | None:
        """Whether more time is to be offered, or it is in default; nothing while money may still come by itself."""
        if self.is_held or self._is_waited_for or self.late_days < self.rules.missed_days or self.late_days == 0:
            return None
        if self.grace is None:
            return Turn.GRACE
        return None if self.is_in_grace else Turn.DEFAULT

    @property
    def to_tell(self) -> list[tuple[PlanNews, Part]]:
        """The parts of which the customer is to be told that they were missed, or are due soon, and was not yet."""
        if self.is_held or self.turn is not None:
            return []
        missed = [] if self._is_waited_for else [(PlanNews.MISSED, part) for part in self.standing.overdue]
        soon = [(PlanNews.DUE_SOON, part) for part in self.standing.parts if self._is_to_be_paid_soon(part)]
        return [(news, part) for news, part in [*missed, *soon] if not self._was_told(news, part)]

    @cached_property
    def _is_waited_for(self) -> bool:
        if self.is_awaited:
            return True
        states = {self.taking.get(part.agreed.id) for part in self.standing.overdue}
        return bool(states & (LIVE - AHEAD)) or (bool(states & AHEAD) and self.late_days <= PATIENCE)

    def _is_to_be_paid_soon(self, part: Part) -> bool:
        due_on = self.standing.due_on(part)
        if not part.left or not self.standing.day <= due_on <= self.standing.day + SOON:
            return False
        state = self.taking.get(part.agreed.id)
        is_left_to_them = self.method is None or state is not None or not self._can_serve(self.method, due_on)
        return state not in LIVE and is_left_to_them

    def _was_told(self, news: PlanNews, part: Part) -> bool:
        return (part.agreed.id, news, self.standing.due_on(part)) in self.told

    def _counts(self, day: date) -> bool:
        return not any(days.has(day) for days in self.not_counted)

    def _counted_since(self, day: date) -> int:
        """How many days after that one count, today included."""
        after = range(1, (self.standing.day - day).days + 1)
        return sum(self._counts(day + timedelta(days=number)) for number in after)

    @staticmethod
    def _can_serve(method: SavedMethod, day: date) -> bool:
        return method.is_there and not is_past(method.expires_year, method.expires_month, day)
