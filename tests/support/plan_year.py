"""A year of plans: customers of every habit pay by plan, day by day, against the simulator.

Chance is drawn from a seed, so that a year can be lived through again.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.handlers import collecting, keeping, planning
from domain.accounts.queries import lock
from domain.collecting.model import Collection, CollectionChange, CollectionState, SubjectKind
from domain.payments import sending, starting
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.plans import methods
from domain.plans.health import SHAKY, Health, Watched
from domain.plans.messages import PlanNews
from domain.plans.model import (
    SIGNED,
    Instalment,
    InstalmentTold,
    PaymentPlan,
    PlanChange,
    PlanGrace,
    PlanPayment,
    PlanStatus,
)
from domain.plans.negotiating import Ask, ask_for
from domain.plans.schedule import Shape
from domain.plans.watching import watch
from domain.policies.sections import Frequency, Sections
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables.allocating import open_in_order
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, today
from domain.shared.money import Money
from tests.support.collecting import ASKS, DECLINES, GOOD, Days, Payer, a_payer, keep_a_card, owes
from tests.support.planning import PLANS, signed
from tests.support.policies import a_policy

A_DAY = timedelta(days=1)
AWAY = range(25, 32)
"""The days of the year on which no worker runs: a week."""
LATEST = 10
"""A part of those days is taken at most so many days late: the rest of the week, and a notice of three days."""
ANNOUNCED_ANEW = timedelta(days=4)
"""A part that waited for an earlier one is announced on the next day, and taken after a notice of three."""
TRIED = frozenset(CollectionState) - {CollectionState.PLANNED, CollectionState.ANNOUNCED, CollectionState.CANCELLED}
EXPIRES_ON = 20
"""The day of the year from which the bank declines a card that expires."""
Rhythm: TypeAlias = tuple[Frequency, int]
"""How often something is paid, and in how many parts."""
SHORT: Sequence[Rhythm] = (
    (Frequency.WEEKLY, 4),
    (Frequency.FORTNIGHTLY, 3),
    (Frequency.MONTHLY, 2),
    (Frequency.TWICE_A_MONTH, 3),
)
LONG: Sequence[Rhythm] = (*SHORT, (Frequency.MONTHLY, 11))


class Habit(StrEnum):
    """How a customer pays."""

    CARD = "card"
    DECLINED_SOMETIMES = "card, declined sometimes"
    ASKED = "card whose bank asks"
    EXPIRES = "card that expires"
    DECLINED_ALWAYS = "card, always declined"
    BY_HAND = "transfer, in time"
    FORGETFUL = "transfer, when reminded"
    NEVER = "never"


class End(StrEnum):
    """What became of a plan: each part was paid at once, or after a failed try, or after it was missed; or not."""

    KEPT = "kept"
    REPAIRED = "repaired"
    LATE = "completed late"
    DEFAULTED = "defaulted"
    OTHER = "other"


BY_CARD = {
    Habit.CARD: GOOD,
    Habit.DECLINED_SOMETIMES: GOOD,
    Habit.ASKED: ASKS,
    Habit.EXPIRES: GOOD,
    Habit.DECLINED_ALWAYS: DECLINES,
}
ACT = frozenset(Habit) - {Habit.CARD, Habit.DECLINED_ALWAYS, Habit.NEVER}
"""The habits of those who ever do anything themselves."""


@dataclass
class Customer:
    """Somebody with a plan; `method_ref` is the processor's name of their card."""

    habit: Habit
    payer: Payer
    plan_id: int
    method_ref: str | None = None
    has_renewed: bool = False


@dataclass
class Year:
    """What happens, day by day; `missed` names the parts that were not taken on their day though they could have.

    `doubted`: the last day on which a part of each plan was being tried again. The next one waits for that, and is
    announced anew. After the worker was away, parts may be late for some days.
    """

    days: Days
    seed: int
    rhythms: Sequence[Rhythm]
    customers: list[Customer] = field(default_factory=list)
    missed: list[tuple[int, date]] = field(default_factory=list)
    doubted: dict[int, date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def begin(self, many: int) -> None:
        """So many customers sign, of every habit in turn."""
        habits = list(Habit)
        for number in range(many):
            self.customers.append(self._signs(habits[number % len(habits)], number))
        self._work()

    def live(self, days: int = 365) -> None:
        """So many days, or until no plan lives any more; the worker is away on some of them."""
        start = self.days.clock.now().date()
        self.excused = {start + number * A_DAY for number in range(AWAY.start, AWAY.stop + LATEST)}
        for number in range(1, days + 1):
            self.days.clock.move_to(self.days.clock.now() + A_DAY)
            watched = self._watched(ACT)
            for customer in self.customers:
                if customer.plan_id in watched:
                    self._acts(customer, watched[customer.plan_id], number)
            if number in AWAY:
                continue
            self._work()
            self._look_for_missed()
            if not self._lives():
                return

    def outcome(self) -> dict[Habit, Counter[End]]:
        """What became of the plans of each habit."""
        told = select(Instalment.plan_id).join(InstalmentTold, InstalmentTold.instalment_id == Instalment.id)
        taken = (
            select(Instalment.plan_id)
            .join(Collection, Collection.subject_id == Instalment.id)
            .join(CollectionChange, CollectionChange.collection_id == Collection.id)
            .where(Collection.subject_kind == SubjectKind.INSTALMENT)
        )
        with self.days.wired.database.reading() as session:
            missed = set(session.scalars(told.where(InstalmentTold.news == PlanNews.MISSED)))
            shaky = set(session.scalars(taken.where(CollectionChange.after.in_(SHAKY))))
            status = {row.id: row.status for row in session.execute(select(PaymentPlan.id, PaymentPlan.status))}
        found: dict[Habit, Counter[End]] = {habit: Counter() for habit in Habit}
        for one in self.customers:
            found[one.habit][_end(status[one.plan_id], one.plan_id in missed, one.plan_id in shaky)] += 1
        return found

    def doubled(self) -> list[int]:
        """The parts of which more was taken by itself than was agreed, and payments that were charged twice."""
        with self.days.wired.database.reading() as session:
            agreed = {
                row.id: row.amount_minor for row in session.execute(select(Instalment.id, Instalment.amount_minor))
            }
            taken: Counter[int] = Counter()
            for customer in self.customers:
                taken.update(_taken(session, customer.plan_id))
        charged = self.days.simulator.charges_by_metadata("payment")
        return [part for part, minor in taken.items() if minor > agreed[part]] + [
            times for times in charged.values() if times != 1
        ]

    def hurried(self) -> list[int]:
        """The plans that were ended as not kept though nobody had been given more time, or before that was over."""
        ended = (
            select(PaymentPlan.id, PlanChange.at, PlanGrace.until_on)
            .join(PlanChange, PlanChange.plan_id == PaymentPlan.id)
            .outerjoin(PlanGrace, PlanGrace.plan_id == PaymentPlan.id)
            .where(PlanChange.after == PlanStatus.DEFAULTED)
        )
        with self.days.wired.database.reading() as session:
            zone = business(session).time_zone
            return [
                row.id for row in session.execute(ended) if row.until_on is None or day_in(row.at, zone) <= row.until_on
            ]

    def delays(self) -> Counter[int]:
        """How many days after its day each part was first asked for, of those whose card does its duty."""
        plans = [customer.plan_id for customer in self.customers if customer.habit is Habit.CARD]
        wanted = (
            select(Instalment.due_on, func.min(Collection.first_tried_on).label("on"))
            .join(Collection, Collection.subject_id == Instalment.id)
            .where(
                Collection.subject_kind == SubjectKind.INSTALMENT,
                Collection.first_tried_on.is_not(None),
                Instalment.plan_id.in_(plans),
            )
            .group_by(Instalment.id, Instalment.due_on)
        )
        with self.days.wired.database.reading() as session:
            return Counter((row.on - row.due_on).days for row in session.execute(wanted))

    def asked(self) -> int:
        """How many parts were asked for, of all plans."""
        wanted = select(func.count(Collection.subject_id.distinct())).where(
            Collection.subject_kind == SubjectKind.INSTALMENT, Collection.first_tried_on.is_not(None)
        )
        with self.days.wired.database.reading() as session:
            return session.scalar(wanted) or 0

    def _signs(self, habit: Habit, number: int) -> Customer:
        wired, chance = self.days.wired, self.chance
        payer = a_payer(wired, email=f"customer.{number}@example.com")
        frequency, count = self.rhythms[(number + number // len(Habit)) % len(self.rhythms)]
        amount = f"{chance.randint(20_000, 90_000) / 100:.2f}"
        day = self.days.clock.now().date()
        invoice_id = owes(wired, payer, amount, day)
        with wired.database.transaction() as session:
            plans = msgspec.structs.replace(PLANS, needs_method=habit in BY_CARD)
            a_policy(session, Sections(plans=plans), account_id=payer.account_id)
            actor = Actor.login(payer.login_id)
            shape = Shape(count=count, frequency=frequency, first_on=day + timedelta(days=chance.randint(5, 28)))
            plan = ask_for(session, payer.account_id, Ask((invoice_id,), shape), login_id=payer.login_id, actor=actor)
            signed(session, wired.store, plan, actor)
            customer = Customer(habit, payer, plan.id)
        if habit in BY_CARD:
            customer.method_ref = self._method_ref(keep_a_card(self.days, payer, BY_CARD[habit]))
        return customer

    def _acts(self, customer: Customer, watched: Watched, number: int) -> None:
        """What a customer does on a day by habit, and whoever has failed in the end, as they are reminded."""
        habit, chance = customer.habit, self.chance
        if habit is Habit.DECLINED_SOMETIMES:
            self._make_card(customer, DECLINES if chance.random() < 0.4 else GOOD)
        if habit is Habit.ASKED and chance.random() < 0.6:
            self._answer(customer)
        if habit is Habit.EXPIRES and number == EXPIRES_ON:
            assert customer.method_ref is not None
            self.days.simulator.expire_card(customer.method_ref)
        if habit is Habit.EXPIRES and watched.is_at_risk and not customer.has_renewed:
            self._renew(customer)
        if habit is Habit.BY_HAND and watched.standing.due_now:
            self._transfer(customer, watched.standing.due_now)
        in_grace = watched.health is Health.IN_GRACE and habit not in (Habit.NEVER, Habit.DECLINED_ALWAYS)
        if (in_grace or (habit is Habit.FORGETFUL and watched.missing)) and chance.random() < 0.5:
            self._transfer(customer, watched.standing.due_now)

    def _make_card(self, customer: Customer, number: str) -> None:
        assert customer.method_ref is not None
        store = self.days.simulator.world.store
        store.put("card", customer.method_ref, (store.get("card", customer.method_ref) or {}) | {"number": number})

    def _answer(self, customer: Customer) -> None:
        """The customer follows the link in the email, and confirms."""
        wired, actor = self.days.wired, Actor.login(customer.payer.login_id)
        with wired.database.transaction() as session:
            asking = session.scalars(
                select(Collection)
                .join(Instalment, Instalment.id == Collection.subject_id)
                .where(
                    Collection.subject_kind == SubjectKind.INSTALMENT,
                    Collection.state == CollectionState.ACTION_REQUIRED,
                    Collection.ends_why.is_(None),
                    Instalment.plan_id == customer.plan_id,
                )
            ).first()
            if asking is None:
                return
            payment = session.get_one(Payment, asking.payment_id)
            attempt_id = starting.retry_saved(
                session,
                payment.id,
                saved_method_id=asking.saved_method_id,
                login_id=None,
                return_url="http://127.0.0.1:1/returned",
                actor=actor,
            )
            intent = payment.intent_id or ""
        sending.send(wired.database, wired.processor, attempt_id, actor=actor)
        self.days.simulator.answer_bank(intent, passed=True)

    def _renew(self, customer: Customer) -> None:
        """The customer keeps another card, and has the plan taken from it."""
        payer = customer.payer
        method_id = keep_a_card(self.days, payer)
        customer.method_ref, customer.has_renewed = self._method_ref(method_id), True
        with self.days.wired.database.transaction() as session:
            methods.use_method(
                session,
                payer.account_id,
                customer.plan_id,
                method_id,
                login_id=payer.login_id,
                actor=Actor.login(payer.login_id),
            )

    def _transfer(self, customer: Customer, amount: Money) -> None:
        with self.days.wired.database.transaction() as session:
            account = lock(session, customer.payer.account_id)
            [invoice] = open_in_order(session, account.id)
            slip = Slip(PaymentMethod.TRANSFER, amount, today(session), wanted={invoice.id: amount})
            record_receipt(session, account.id, slip, actor=OPERATOR)

    def _work(self) -> None:
        """The worker does all that is due, until nothing is."""
        days, wired = self.days, self.days.wired
        days.hear()
        while True:
            did = collecting.do_due(wired) + planning.do_due(wired.database) + keeping.end_unknown_outcomes(wired)
            assert did.failures == 0
            days.hear()
            if not did.done:
                return

    def _look_for_missed(self) -> None:
        """Parts that are due and were not asked for; one waits while an earlier one is tried, and for a new notice."""
        for plan_id, watched in self._watched(BY_CARD).items():
            day = watched.standing.day
            if watched.is_at_risk or watched.is_awaited:
                self.doubted[plan_id] = day
            elif watched.method is not None and watched.method.is_there and day not in self.excused:
                free_from = self.doubted.get(plan_id, date.min) + ANNOUNCED_ANEW
                untried = [part for part in watched.standing.due if watched.taking.get(part.agreed.id) not in TRIED]
                if untried and day >= free_from:
                    self.missed.append((plan_id, day))

    def _watched(self, habits: Container[Habit]) -> dict[int, Watched]:
        """How the plans of customers of these habits go, of those that still live."""
        with self.days.wired.database.reading() as session:
            return watch(session, [one.plan_id for one in self.customers if one.habit in habits])

    def _lives(self) -> bool:
        with self.days.wired.database.reading() as session:
            return session.scalars(select(PaymentPlan.id).where(PaymentPlan.status.in_(SIGNED))).first() is not None

    def _method_ref(self, method_id: int) -> str:
        with self.days.wired.database.reading() as session:
            return session.get_one(SavedMethod, method_id).method_ref


def _taken(session: Session, plan_id: int) -> dict[int, int]:
    """How much was taken by itself for each part of a plan."""
    rows = session.execute(
        select(PlanPayment.instalment_id, func.sum(Payment.amount_minor).label("minor"))
        .join(Payment, Payment.id == PlanPayment.payment_id)
        .where(
            PlanPayment.plan_id == plan_id,
            Payment.method == PaymentMethod.AUTOMATIC,
            Payment.status == PaymentStatus.SUCCEEDED,
        )
        .group_by(PlanPayment.instalment_id)
    )
    return {row.instalment_id: int(row.minor) for row in rows}


def _end(status: PlanStatus, was_missed: bool, was_shaky: bool) -> End:
    if status is not PlanStatus.COMPLETED:
        return End.DEFAULTED if status is PlanStatus.DEFAULTED else End.OTHER
    if was_missed:
        return End.LATE
    return End.REPAIRED if was_shaky else End.KEPT
