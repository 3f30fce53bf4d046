"""Never: over random lives in every time zone no notice is decided that a person would be ashamed of.

A dictionary world beside the database knows what is paid, held, promised or unwelcome; it asks of each notice, at the
moment at which it was decided, whether it was true and whether it was the hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.handlers.dunning import decide_due
from app.handlers.planning import do_due as plans_do_due
from app.handlers.promising import judge_due
from domain.accounts.model import Account, LegalForm
from domain.disputes.raising import withdraw
from domain.notices.model import Notice, NoticePart, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.plans import changing
from domain.plans.model import SIGNED, PaymentPlan, PlanInvoice, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, PlanInterest, Promises, Sections
from domain.processing.checks import check_books
from domain.processing.extending import extend
from domain.receivables.model import Invoice
from domain.settlements import offering
from domain.settlements.model import STANDING, OfferInvoice, SettlementOffer
from domain.shared.actor import OPERATOR, Actor
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops import writing as stops
from domain.stops.model import StopKind
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.databases import rolled_back
from tests.support.disputing import contest
from tests.support.outside import MemoryStore
from tests.support.planning import PLANS, monthly, signed, somebody_who_binds
from tests.support.policies import a_policy
from tests.support.promising import promised
from tests.support.proving import Prove
from tests.support.settling import SETTLEMENTS, wanted

START = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
STEPS = [
    DunningStep(day=-2, channel=Channel.EMAIL, wording=Wording.COURTESY),
    DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
    DunningStep(day=2, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=5, channel=Channel.CALL, wording=Wording.SECOND_REMINDER),
    DunningStep(day=8, channel=Channel.EMAIL, wording=Wording.DEMAND, approve=True, gap_days=2),
    DunningStep(day=11, channel=Channel.LETTER, wording=Wording.FINAL_NOTICE, gap_days=2),
]
OF_THE_ACCOUNT = [StopKind.INSOLVENCY, StopKind.BREATHING_SPACE, StopKind.CEASE, StopKind.MANUAL]
OF_AN_INVOICE = [StopKind.CHARGEBACK, StopKind.MANUAL]
ACTS = [
    "plan",
    "plan over both",
    "plan that bears",
    "settle",
    "end it",
    "pay",
    "pay part",
    "dispute",
    "dispute part",
    "withdraw",
    "promise",
    "extend",
    "stop",
    "stop all",
    "lift",
]
ACTS += ["opt out", "opt in", "nothing", "nothing"]


@dataclass
class Debt:
    """An invoice as the dictionary world knows it, in minor units."""

    account: int
    due_on: date
    open: int
    disputed: int = 0
    dispute_id: int | None = None
    promised: int = 0
    promised_on: date | None = None
    stopped: set[StopKind] = field(default_factory=set)
    steps: list[int] = field(default_factory=list)
    agreed: tuple[str, int] | None = None
    """The plan, or the offer to settle, that holds it."""


@dataclass
class World:
    """What is true, beside the database."""

    db: Database
    clock: MovableClock
    zones: dict[int, str] = field(default_factory=dict)
    forms: dict[int, LegalForm] = field(default_factory=dict)
    debts: dict[int, Debt] = field(default_factory=dict)
    stopped: dict[int, set[StopKind]] = field(default_factory=dict)
    signers: dict[int, Actor] = field(default_factory=dict)
    unwelcome: set[int] = field(default_factory=set)
    seen: int = 0
    counted: int = 0

    def email(self, account_id: int) -> str:
        """Where this account is written to."""
        return f"ap{account_id}@example.com"

    def may_ask(self, debt: Debt, local_day: date) -> int:
        """The most that may be asked for of a debt: what is open and not held."""
        if self.stopped[debt.account] or debt.stopped or debt.agreed:
            return 0
        promised_ = debt.promised if debt.promised_on and local_day <= debt.promised_on else 0
        return max(debt.open - debt.disputed - promised_, 0)

    def agree(self) -> None:
        """Take over which debts a signed plan or a standing offer is about: what is agreed, not what is held."""
        with self.db.reading() as session:
            plans = session.execute(
                select(PlanInvoice.invoice_id, PaymentPlan.id)
                .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
                .where(PaymentPlan.status.in_(SIGNED))
            ).all()
            offers = session.execute(
                select(OfferInvoice.invoice_id, SettlementOffer.id)
                .join(SettlementOffer, SettlementOffer.id == OfferInvoice.offer_id)
                .where(SettlementOffer.status.in_(STANDING))
            ).all()
        agreed = {row.invoice_id: ("plan", row.id) for row in plans} | {
            row.invoice_id: ("offer", row.id) for row in offers
        }
        for invoice_id, debt in self.debts.items():
            debt.agreed = agreed.get(invoice_id)

    def check(self) -> None:
        """Every notice that was decided since the last look is true, welcome, and within its hours."""
        with self.db.reading() as session:
            rows = session.scalars(select(Notice).where(Notice.id > self.seen).order_by(Notice.id)).all()
            for notice in rows:
                self.seen = notice.id
                if notice.status is not NoticeStatus.SUPPRESSED:
                    self._check(session, notice)

    def _check(self, session: Session, notice: Notice) -> None:
        self.counted += 1
        local = notice.decided_at.astimezone(ZoneInfo(self.zones[notice.account_id]))
        first, last = HOURS[(self.forms[notice.account_id] is LegalForm.COMPANY, notice.channel)]
        assert first <= local.time() < last, (notice.channel, local)
        if notice.channel is Channel.CALL and self.forms[notice.account_id] is LegalForm.COMPANY:
            assert local.weekday() < 5
        assert notice.channel is not Channel.EMAIL or notice.account_id not in self.unwelcome
        parts = session.scalars(select(NoticePart).where(NoticePart.notice_id == notice.id)).all()
        assert notice.total_minor == sum(part.asked_minor for part in parts) > 0
        for part in parts:
            debt = self.debts[part.invoice_id]
            assert part.asked_minor <= self.may_ask(debt, local.date()), (notice.wording, debt)
            assert part.step_day is not None
            assert part.step_day <= (notice.decided_on - debt.due_on).days
            if part.asked_minor:
                assert not debt.steps or part.step_day > debt.steps[-1], "a step came twice, or an earlier one after it"
                debt.steps.append(part.step_day)
        others = select(Notice.id).where(
            Notice.account_id == notice.account_id,
            Notice.decided_on == notice.decided_on,
            Notice.status != NoticeStatus.SUPPRESSED,
        )
        assert len(session.scalars(others).all()) == 1, "two on one day"


ANY_HOUR = (time(0), time.max)
HOURS = {
    (True, Channel.EMAIL): (time(6), time(22)),
    (True, Channel.CALL): (time(8), time(18)),
    (True, Channel.LETTER): ANY_HOUR,
    (False, Channel.EMAIL): (time(8), time(21)),
    (False, Channel.CALL): (time(8), time(21)),
    (False, Channel.LETTER): ANY_HOUR,
}
"""Between which hours of their day companies, and anybody else, may be contacted."""

life = st.lists(
    st.tuples(st.integers(1, 40), st.sampled_from(ACTS), st.integers(0, 5), st.integers(0, 4)), min_size=10, max_size=30
)
"""After so many hours, an act, on one of six invoices, with a choice."""
people = st.lists(
    st.tuples(st.sampled_from(ZONES), st.sampled_from([LegalForm.COMPANY, LegalForm.NATURAL_PERSON])),
    min_size=3,
    max_size=3,
)


def settle_in(world: World, who: list[tuple[str, LegalForm]]) -> None:
    """Three customers with two invoices each, due in the days to come."""
    with world.db.transaction() as session:
        dunning = Dunning(steps=tuple(STEPS), least_minor=0, escalate_day=None)
        rules = Sections(dunning=dunning, promises=Promises(most_days=14), plans=PLANS, settlements=SETTLEMENTS)
        a_policy(session, rules)
        for number, (zone, form) in enumerate(who):
            account = an_account(
                session, time_zone=zone, legal_form=form, address="1 Quay\nLeith", phone="+441632960001", country="GB"
            )
            account.email = world.email(account.id)
            world.zones[account.id], world.forms[account.id] = zone, form
            world.stopped[account.id] = set()
            world.signers[account.id] = somebody_who_binds(session, account)
            for days in (number, number + 4):
                due_on = today(session) + timedelta(days=days)
                invoice = an_invoice(session, account, "100", issued_on=today(session), due_on=due_on)
                world.debts[invoice.id] = Debt(account.id, due_on, 10000)


def live(world: World, act: str, invoice_id: int, choice: int) -> None:
    """Do an act in the database and, where that does not refuse it, in the dictionary world."""
    debt = world.debts[invoice_id]
    try:
        with world.db.transaction() as session:
            account, invoice = session.get_one(Account, debt.account), session.get_one(Invoice, invoice_id)
            done = _do(session, world, act, account, invoice, choice)
    except Refused:
        return
    if done is not None:
        for name, value in done.items():
            setattr(debt, name, value)


def _do(
    session: Session, world: World, act: str, account: Account, invoice: Invoice, choice: int
) -> dict[str, object] | None:
    debt = world.debts[invoice.id]
    actor = OPERATOR
    match act:
        case "pay" | "pay part" if debt.open:
            part = debt.open if act == "pay" else -(-debt.open // 3)
            a_receipt(session, account, str(part / 100), today(session), invoice)
            return {"open": debt.open - part}
        case "dispute" | "dispute part" if debt.dispute_id is None and debt.open:
            part = debt.open if act == "dispute" else -(-debt.open // 4)
            dispute = contest(session, account, invoice, str(part / 100))
            return {"disputed": part, "dispute_id": dispute.id}
        case "withdraw" if debt.dispute_id is not None:
            withdraw(session, account.id, debt.dispute_id, actor=actor)
            return {"disputed": 0, "dispute_id": None}
        case "promise" if debt.open:
            promise = promised(session, account, invoice, days=choice + 1)
            return {"promised": promise.amount_minor, "promised_on": promise.promised_on}
        case "plan" | "plan over both" | "plan that bears" | "settle" | "end it":
            _agree(session, world, act, account, invoice, choice)
            return None
        case "extend":
            later = invoice.due_on + timedelta(days=choice + 1)
            extend(
                session, account.id, invoice.id, later, reason="Asked for on the phone", role=Role.MANAGER, actor=actor
            )
            return {"due_on": later}
        case _:
            _hold(session, world, act, account, invoice, choice)
    return None


def _agree(session: Session, world: World, act: str, account: Account, invoice: Invoice, choice: int) -> None:
    """A plan is signed, or an offer to settle is made, over the invoice or both of them; or what there is, ends."""
    actor = world.signers[account.id]
    kind, number = world.debts[invoice.id].agreed or ("", 0)
    if act == "end it" and kind == "plan":
        ends = PlanStatus.DEFAULTED if choice % 2 else PlanStatus.CANCELLED
        changing.change(session, session.get_one(PaymentPlan, number), ends, actor=actor)
    elif act == "end it" and kind == "offer":
        offering.withdraw(session, account.id, number, why="Asked", actor=actor)
    elif act == "settle" and invoice.open_minor:
        half = Money(invoice.open_minor // 2, "GBP")
        offering.offer(session, account.id, wanted(session, str(half.decimal), invoice), role=Role.MANAGER, actor=actor)
    elif act.startswith("plan"):
        both = [each for each, debt in world.debts.items() if debt.account == account.id and debt.open]
        about = both if act == "plan over both" else [invoice.id]
        assert actor.id is not None
        ask = Ask(tuple(about), monthly(session, choice + 1))
        plan = ask_for(session, account.id, ask, login_id=actor.id, actor=actor)
        plan.interest = PlanInterest.CONTINUED if act == "plan that bears" else PlanInterest.STOPPED
        signed(session, MemoryStore(), plan, actor)


def _hold(session: Session, world: World, act: str, account: Account, invoice: Invoice, choice: int) -> None:
    """Stops and wishes, which are written down without asking whether they fit."""
    debt, actor = world.debts[invoice.id], OPERATOR
    match act:
        case "stop":
            kind = OF_AN_INVOICE[choice % len(OF_AN_INVOICE)]
            stops.write(session, account.id, kind, f"i{invoice.id}{kind}", actor=actor, invoice_id=invoice.id)
            debt.stopped.add(kind)
        case "stop all":
            kind = OF_THE_ACCOUNT[choice % len(OF_THE_ACCOUNT)]
            stops.write(session, account.id, kind, f"a{account.id}{kind}", actor=actor)
            world.stopped[account.id].add(kind)
        case "lift":
            for kind in StopKind:
                stops.lift(session, kind, f"a{account.id}{kind}", actor=actor)
                stops.lift(session, kind, f"i{invoice.id}{kind}", actor=actor)
            debt.stopped.clear()
            world.stopped[account.id].clear()
        case "opt out" | "opt in":
            kinds = {"opt out": AddressKind.OPTED_OUT, "opt in": AddressKind.OPTED_IN}
            addresses.note(session, Channel.EMAIL, world.email(account.id), kinds[act], how="test", actor=actor)
            (world.unwelcome.add if act == "opt out" else world.unwelcome.discard)(account.id)


def lived(engine: Engine, who: list[tuple[str, LegalForm]], acts: list[tuple[int, str, int, int]]) -> int:
    """Live one life, looking after every turn of the worker; how many notices were decided in it."""
    with rolled_back(engine) as connection:
        clock = MovableClock(START)
        world = World(Database(connection, clock, Business()), clock)
        settle_in(world, who)
        for hours, act, which, choice in acts:
            clock.advance(hours=hours)
            live(world, act, list(world.debts)[which], choice)
            judge_due(world.db)
            assert plans_do_due(world.db).failures == 0
            world.agree()
            turn = decide_due(world.db)
            assert turn.failed.failures == 0
            world.check()
        with world.db.reading() as session:
            assert check_books(session) == []
        return world.counted


@settings(max_examples=3)
@given(who=people, acts=life)
def test_no_notice_that_is_not_true_or_not_welcome(
    engine: Engine, who: list[tuple[str, LegalForm]], acts: list[tuple[int, str, int, int]]
) -> None:
    lived(engine, who, acts)


@pytest.mark.faults
def test_nor_in_many_lives(engine: Engine, prove: Prove) -> None:
    counted = 0

    @settings(max_examples=150, database=None)
    @given(who=people, acts=life)
    def many(who: list[tuple[str, LegalForm]], acts: list[tuple[int, str, int, int]]) -> None:
        nonlocal counted
        counted += lived(engine, who, acts)

    many()
    prove(8, "150 lives of six invoices each in any of all time zones", f"{counted} notices, 0 untrue or out of hours")
