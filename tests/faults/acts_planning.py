"""Acts of payment plans, between everything else that settles their debts, opens them, or contests them."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers.planning import do_due
from domain.plans import ending, negotiating, pausing
from domain.plans import paying as plan_money
from domain.plans.coverage import Extra
from domain.plans.model import ENDED_EARLY, SIGNED, PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.rules import stand
from domain.plans.schedule import Shape
from domain.plans.signing import Paper
from domain.policies.accepting import Signer
from domain.policies.sections import Frequency
from domain.processing.plans import signing
from domain.receivables.held import held_parts
from domain.shared.errors import Refused
from domain.staff.model import Role
from domain.stops.model import Stop, StopKind, StopLift
from tests.faults.acts_settling import Settling
from tests.faults.machine import AMOUNTS, PICKS, STAFF, pounds
from tests.faults.reference_plans import Plan
from tests.support.outside import MemoryStore
from tests.support.speaking import Spoken

SIGNER = Signer("Olive Owner", "Owner")
CONTESTED = {StopKind.DISPUTE, StopKind.CHARGEBACK}


class Planning(Settling):
    """Plans are asked for, signed, kept, changed, paused, missed."""

    def open_books(self) -> None:
        """As before; what is signed can be kept."""
        super().open_books()
        self.store = MemoryStore()

    @precondition(lambda self: self._plannable())
    @rule(
        pick=PICKS,
        many=st.integers(1, 4),
        count=st.integers(1, 6),
        frequency=st.sampled_from(Frequency),
        days=st.integers(1, 40),
        down=st.just(0) | AMOUNTS,
        at_once=st.booleans(),
    )
    def ask(self, pick: int, many: int, count: int, frequency: Frequency, days: int, down: int, at_once: bool) -> None:
        """A plan is asked for over some debts of an account; staff agree where they have to; signed at once, or not."""
        first = self._one(self._plannable(), pick)
        account = self.reference.debts[first].account
        others = [name for name in self._plannable() if self.reference.debts[name].account == account and name != first]
        self._ask(account, [first, *others][:many], (count, frequency, days, down), at_once=at_once)

    @precondition(lambda self: self._in(PlanStatus.ACTIVE, PlanStatus.PAUSED))
    @rule(
        pick=PICKS, count=st.integers(1, 6), days=st.integers(1, 40), down=st.just(0) | AMOUNTS, at_once=st.booleans()
    )
    def change_plan(self, pick: int, count: int, days: int, down: int, at_once: bool) -> None:
        """Another plan is to replace one that runs."""
        name = self._one(self._in(PlanStatus.ACTIVE, PlanStatus.PAUSED), pick)
        plan = self.reference.plans[name]
        debts = [debt for debt in plan.debts if self.reference.debts[debt].open]
        assume(debts)
        shape = (count, Frequency.MONTHLY, days, down)
        self._ask(plan.account, debts, shape, at_once=at_once, changes=name)

    def _ask(
        self,
        account: int,
        debts: list[int],
        wish: tuple[int, Frequency, int, int],
        *,
        at_once: bool,
        changes: int | None = None,
    ) -> None:
        count, frequency, days, down = wish
        total = sum(self.reference.debts[name].open for name in debts)
        first_on = self._today() + timedelta(days=days)
        count = min(count, total)
        down_minor = min(down, total - count)
        shape = Shape(count=count, frequency=frequency, first_on=first_on, down_minor=down_minor)
        signer = self.signers[account]
        assert signer.id is not None
        with self.database.transaction() as session:
            ask = negotiating.Ask(tuple(debts), shape)
            plan = negotiating.ask_for(session, account, ask, login_id=signer.id, actor=signer, changes=changes)
            is_beyond = plan.status is PlanStatus.REQUESTED
            if is_beyond:
                negotiating.approve(session, account, plan.id, role=Role.MANAGER, actor=STAFF)
            name = plan.id
        self.steps["plan asked for, beyond the fence" if is_beyond else "plan asked for"] += 1
        self.reference.ask(name, Plan(account, debts, shape.down_minor, first_on.toordinal(), changes))
        if at_once:
            self._sign(name)

    @precondition(lambda self: self._in(PlanStatus.OFFERED))
    @rule(pick=PICKS)
    def sign(self, pick: int) -> None:
        """What was asked for some time ago is signed as it stands now."""
        self._sign(self._one(self._in(PlanStatus.OFFERED), pick))

    def _sign(self, name: int) -> None:
        plan = self.reference.plans[name]
        signer, may = self.signers[plan.account], self.reference.may_be_signed(name, self._today().toordinal())
        try:
            with self.database.transaction() as session:
                digest = signing.as_agreed(session, plan.account, name).digest
                paper = Paper(b"%PDF-1.7 agreement", digest, "en")
                signing.sign(
                    session,
                    self.store,
                    plan.account,
                    name,
                    paper,
                    SIGNER,
                    speak=Spoken,
                    actor=signer,
                )
        except Refused:
            is_signed = False
        else:
            is_signed = True
        assert is_signed is may, plan
        if not is_signed:
            self.steps["refused: sign"] += 1
            return
        self.steps["plan signed"] += 1
        self.reference.sign(name)

    @precondition(lambda self: self._in(PlanStatus.OFFERED, PlanStatus.ACCEPTED))
    @rule(pick=PICKS)
    def withdraw_plan(self, pick: int) -> None:
        """They do not want it any more, before it runs."""
        name = self._one(self._in(PlanStatus.OFFERED, PlanStatus.ACCEPTED), pick)
        with self.database.transaction() as session:
            negotiating.withdraw(session, self.reference.plans[name].account, name, actor=STAFF)
        self.steps["plan withdrawn"] += 1

    @precondition(lambda self: self._payable())
    @rule(
        pick=PICKS,
        amount=AMOUNTS,
        how=st.sampled_from(["part", "all", "any"]),
        extra=st.none() | st.sampled_from(Extra),
    )
    def pay_plan(self, pick: int, amount: int, how: str, extra: Extra | None) -> None:
        """By card, for the plan: its next part, all that is left, or any amount with what becomes of more."""
        name = self._one(self._payable(), pick)
        plan = self.reference.plans[name]
        with self.database.reading() as session:
            row = session.get_one(PaymentPlan, name)
            coming = stand(session, [name])[name].next
            most = sum(free.minor for free in plan_money.free_of(session, row).values())
            assert coming is not None
            wanted = {"part": coming.left, "all": most, "any": 1 + amount % most}[how]
            told = {debt: part.minor for debt, part in plan_money.spread(session, row, pounds(wanted)).items()}
        part_id = coming.agreed.id if how == "part" else None
        choice = extra if how == "any" else None

        def mark(session: Session, payment_id: int) -> None:
            plan_money.mark(session, payment_id, name, part_id=part_id, extra=choice)

        self._pay(plan.account, told, mark)
        self.follow()
        assert self.reference.left_of(name) or plan.status == PlanStatus.COMPLETED
        self.steps[f"plan paid, {how}"] += 1

    @precondition(lambda self: self._in(PlanStatus.ACTIVE))
    @rule(pick=PICKS, days=st.integers(1, 60))
    def pause_plan(self, pick: int, days: int) -> None:
        """A pause is granted, where it moves anything."""
        name = self._one(self._in(PlanStatus.ACTIVE), pick)
        today = self._today()
        wish = pausing.Wish(today, today + timedelta(days=days), "Hardship")
        account = self.reference.plans[name].account
        try:
            with self.database.transaction() as session:
                pausing.pause(session, account, name, wish, role=Role.MANAGER, actor=STAFF)
        except Refused:
            self.steps["refused: pause"] += 1
            return
        self.steps["plan paused"] += 1

    @precondition(lambda self: self._in(PlanStatus.PAUSED))
    @rule(pick=PICKS)
    def resume_plan(self, pick: int) -> None:
        """The pause ends early."""
        name = self._one(self._in(PlanStatus.PAUSED), pick)
        with self.database.transaction() as session:
            pausing.resume(session, self.reference.plans[name].account, name, why="Well again", actor=STAFF)
        self.steps["plan resumed"] += 1

    @precondition(lambda self: self._in(*SIGNED))
    @rule(pick=PICKS)
    def end_plan(self, pick: int) -> None:
        """Staff end it: its debts are asked for again."""
        name = self._one(self._in(*SIGNED), pick)
        with self.database.transaction() as session:
            account = self.reference.plans[name].account
            ending.end(session, account, name, why="As they asked", role=Role.MANAGER, actor=STAFF)
        self.steps["plan ended"] += 1

    @precondition(lambda self: self.reference.plans)
    @rule(days=st.integers(0, 30))
    def look_after_plans(self, days: int) -> None:
        """Days pass in which the worker has looked after the plans: it tells, gives time, ends what is not kept."""
        for _ in range(days):
            self.time_goes_by(1)
            self._look_after()
        self._look_after()

    def _look_after(self) -> None:
        did = do_due(self.database)
        assert did.failures == 0
        self.follow()
        self.reference.check_states()

    def follow(self) -> None:
        """The states of plans are those of the real books, where they follow from what the reference knows."""
        super().follow()
        if not self.reference.plans:
            return
        with self.database.reading() as session:
            rows = session.execute(select(PaymentPlan.id, PaymentPlan.status)).all()
            stood = stand(session, [name for name, plan in self.reference.plans.items() if plan.is_signed])
        for row in rows:
            plan = self.reference.plans[row.id]
            if row.status != plan.status:
                self.steps[f"plan is {row.status}"] += 1
            starts = row.id in stood and not any(p.left for p in stood[row.id].parts if p.agreed.number == 0)
            self.reference.become(row.id, row.status.value, may_start=starts)

    @invariant()
    def plans_are_what_is_open(self) -> None:
        """What is left of each plan is what is open of its debts, contested or not; its stops hold while it lives."""
        if not hasattr(self, "reference"):
            return
        self.follow()
        signed = {name: plan for name, plan in self.reference.plans.items() if plan.is_signed}
        with self.database.reading() as session:
            standings = stand(session, list(signed))
            contested = held_parts(session, self.accounts, CONTESTED)
            over = session.execute(select(PlanInvoice.plan_id, PlanInvoice.invoice_id)).all()
            stops = session.execute(
                select(Stop.source, Stop.invoice_id).where(
                    Stop.kind.in_({StopKind.PLAN, StopKind.PLAN_BEARING}), Stop.id.not_in(select(StopLift.stop_id))
                )
            ).all()
        for name, plan in signed.items():
            standing = standings[name]
            if plan.status not in ENDED_EARLY:
                assert standing.remaining.minor == self.reference.left_of(name)
            assert standing.parked.minor == sum(contested[each].minor for each in plan.debts if each in contested)
            assert all(part.covered >= 0 and part.rest >= 0 and part.left >= 0 for part in standing.parts)
        assert {(row.plan_id, row.invoice_id) for row in over} == {
            (name, debt) for name, plan in self.reference.plans.items() for debt in plan.debts
        }
        holds = [
            (f"plan:{name}", debt) for name, plan in self.reference.plans.items() if plan.lives for debt in plan.debts
        ]
        assert sorted(tuple(row) for row in stops) == sorted(holds)

    def _plannable(self) -> list[int]:
        """Debts that are open, and neither contested, nor on a plan, nor offered to be settled."""
        with self.database.reading() as session:
            contested = held_parts(session, self.accounts, CONTESTED)
        taken = {name for name in self._open() if self.reference.on_plan(name) or self.reference.is_offered(name)}
        return [name for name in self._open() if name not in contested and name not in taken]

    def _in(self, *statuses: PlanStatus) -> list[int]:
        return [name for name, plan in self.reference.plans.items() if plan.status in statuses]

    def _payable(self) -> list[int]:
        """Plans of which something is to be paid that is not contested."""
        names = self._in(PlanStatus.ACCEPTED, PlanStatus.ACTIVE, PlanStatus.PAUSED, PlanStatus.DEFAULTED)
        with self.database.reading() as session:
            stood = stand(session, names)
        return [name for name in names if stood[name].next is not None]
