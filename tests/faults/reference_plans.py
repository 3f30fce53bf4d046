"""Reference of plans: which debts each is over, whether it lives, and so what bears no interest and is not withdrawn.

The states come from the real books; here stands which of them can follow, and which cannot stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.faults.reference_settlements import Settlements
from tests.faults.reference_terms import Late

TALK = {"requested", "offered"}
LIVES = {"accepted", "active", "paused"}
RUNS = {"active", "paused", "defaulted"}
FOLLOW = {
    "offered": {"withdrawn", "expired", "accepted", "active"},
    "accepted": {"active", "completed", "withdrawn", "expired", "cancelled"},
    "active": {"paused", "completed", "defaulted", "superseded", "cancelled"},
    "paused": {"active", "completed", "superseded", "cancelled"},
    "completed": {"active", "paused"},
    "defaulted": {"completed"},
}
"""Which state may be seen after which, from one act to the next."""


@dataclass
class Plan:
    """A plan over debts: what is to be paid at once, its first day, and the plan that it replaces."""

    account: int
    debts: list[int]
    down: int
    first: int
    changes: int | None
    status: str = "offered"
    is_signed: bool = False

    @property
    def lives(self) -> bool:
        """Whether its debts are protected."""
        return self.status in LIVES


@dataclass
class Plans(Settlements):
    """The books as they should be under terms and settlements, with plans over some debts."""

    plans: dict[int, Plan] = field(default_factory=dict)

    def ask(self, name: int, plan: Plan) -> None:
        """A plan that can be signed; what was proposed before over any of its debts falls."""
        for other in self.plans.values():
            if other.status in TALK and set(other.debts) & set(plan.debts):
                other.status = "withdrawn"
        self.plans[name] = plan

    def may_be_signed(self, name: int, day: int) -> bool:
        """Whether a plan can be signed: more is open than is paid at once, it begins later, and has its debts alone."""
        plan = self.plans[name]
        left = self.left_of(name)
        others = [other for number, other in self.plans.items() if other.lives and number not in (name, plan.changes)]
        taken = any(set(other.debts) & set(plan.debts) for other in others)
        offered = any(self.is_offered(debt) for debt in plan.debts)
        return left > plan.down and not taken and not offered and day < plan.first

    def sign(self, name: int) -> None:
        """It protects its debts from here on."""
        plan = self.plans[name]
        plan.status, plan.is_signed = "accepted", True

    def become(self, name: int, status: str, *, may_start: bool) -> None:
        """It is in another state now, which has to follow; `may_start` where its down payment is here."""
        plan = self.plans[name]
        if status == plan.status:
            return
        assert status in FOLLOW[plan.status], (plan.status, status)
        if status == "completed":
            assert not self.left_of(name)
        if (plan.status, status) == ("completed", "active"):
            assert self.left_of(name)
        if (plan.status, status) == ("accepted", "active"):
            assert may_start
        if status == "superseded":
            assert any(other.changes == name and other.status not in TALK for other in self.plans.values())
        plan.status = status

    def check_states(self) -> None:
        """None runs of which nothing is left; one that is open again runs, unless its debts are in other hands."""
        for name, plan in self.plans.items():
            left = self.left_of(name)
            assert left or plan.status not in RUNS, plan
            if plan.status == "completed" and left:
                others = (other for number, other in self.plans.items() if number != name and other.lives)
                is_elsewhere = any(self.is_elsewhere(debt) for debt in plan.debts)
                assert is_elsewhere or any(set(other.debts) & set(plan.debts) for other in others), plan

    def is_elsewhere(self, debt: int) -> bool:
        """Whether a debt is to be settled in another way than by a plan."""
        return self.is_offered(debt)

    def left_of(self, name: int) -> int:
        """What is open of a plan's debts."""
        return sum(self.debts[debt].open for debt in self.plans[name].debts if debt in self.debts)

    def on_plan(self, name: int) -> bool:
        """Whether a plan that lives is over a debt."""
        return any(plan.lives and name in plan.debts for plan in self.plans.values())

    def was_on_plan(self, name: int) -> bool:
        """Whether a plan was ever signed over a debt."""
        return any(plan.is_signed and name in plan.debts for plan in self.plans.values())

    def _accrues(self, name: int, late: Late, day: int) -> Fraction:
        return Fraction(0) if self.on_plan(name) else super()._accrues(name, late, day)
