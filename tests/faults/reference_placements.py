"""Reference of placements: which debts lie with an agency, and which state can follow which.

The states come from the real books; here stands which of them can follow, and which cannot stay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.faults.reference_plans import Plans

PLACED = ("sent", "active", "held")
"""It lies with the agency."""
FOLLOW = {
    "proposed": {"dropped", "sent", "active", "refused", "closed"},
    "sent": {"active", "held", "closed", "recalled", "returned"},
    "active": {"held", "closed", "recalled", "returned"},
    "held": {"active", "closed", "recalled", "returned"},
    "closed": {"active", "held"},
}
"""Which state may be seen after which, from one act to the next."""


@dataclass
class Placed:
    """Debts of one account that are proposed for an agency, or were sent to it."""

    account: int
    debts: list[int]
    status: str = "proposed"
    closing: str | None = None

    @property
    def is_placed(self) -> bool:
        """Whether they lie there."""
        return self.status in PLACED


@dataclass
class Placements(Plans):
    """The books as they should be under terms, settlements and plans, with some debts handed over."""

    placements: dict[int, Placed] = field(default_factory=dict)

    def becomes(self, name: int, status: str, closing: str | None) -> None:
        """It is in another state now, which has to follow."""
        placed = self.placements[name]
        if status != placed.status:
            assert status in FOLLOW[placed.status], (placed.status, status)
        placed.status, placed.closing = status, closing

    def is_placed(self, debt: int) -> bool:
        """Whether a debt lies with an agency."""
        return any(placed.is_placed and debt in placed.debts for placed in self.placements.values())

    def check_settled(self) -> None:
        """Nothing that is settled lies with an agency, and nothing is closed as paid that is open."""
        for placed in self.placements.values():
            open_now = sum(self.debts[debt].open for debt in placed.debts if debt in self.debts)
            assert open_now or not placed.is_placed, placed
            assert not open_now or placed.closing not in ("paid", "settled"), placed

    def check_placements(self, contested: Collection[int], over: Collection[int]) -> None:
        """Once the worker has looked: what is contested waits, what is not goes on, and no term is over."""
        for name, placed in self.placements.items():
            is_contested = not set(placed.debts).isdisjoint(contested)
            assert not (placed.status == "active" and is_contested), placed
            assert not (placed.status == "held" and not is_contested), placed
            assert not (placed.is_placed and name in over), placed

    def may_be_signed(self, name: int, day: int) -> bool:
        """As before, and none of its debts lies with an agency."""
        return super().may_be_signed(name, day) and not any(self.is_placed(debt) for debt in self.plans[name].debts)

    def is_elsewhere(self, debt: int) -> bool:
        """As before, or with an agency."""
        return super().is_elsewhere(debt) or self.is_placed(debt)
