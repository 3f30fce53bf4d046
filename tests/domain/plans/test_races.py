"""Plans and people who act at the same moment: one signature, and nothing that is paid goes missing."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from sqlalchemy import func, select

from domain.documents.storage import Store
from domain.payments import sending, starting
from domain.payments.model import PaymentMethod
from domain.plans.agreed import as_agreed
from domain.plans.model import Instalment, PaymentPlan, PlanSignature, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.plans.rules import stand
from domain.processing.receipts.recording import Slip, record_receipt
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.stops.model import Stop, StopKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.planning import an_asked_plan, monthly, signed

PEOPLE = 8


@dataclass
class Asked:
    """A plan over 150.00 that can be signed, as it was shown."""

    db: Database
    store: Store
    account_id: int
    invoice_id: int
    plan_id: int
    digest: str
    actor: Actor

    def sign(self) -> str:
        """Sign what was shown."""
        try:
            with self.db.transaction() as session:
                signed(session, self.store, session.get_one(PaymentPlan, self.plan_id), self.actor, digest=self.digest)
        except Conflict:
            return "told that it has moved on"
        return "signed"

    def expect_it_adds_up(self) -> None:
        """There is one signature at most, its parts once, one stop; and what is left of the plan is what is open."""
        with self.db.reading() as session:
            plan = session.get_one(PaymentPlan, self.plan_id)
            many = 0 if plan.signed_on is None else 1
            assert session.scalar(select(func.count()).select_from(PlanSignature)) == many
            assert session.scalar(select(func.count()).select_from(Instalment)) == 3 * many
            stops = select(func.count()).select_from(Stop).where(Stop.kind == StopKind.PLAN)
            assert session.scalar(stops) == many
            if many:
                still_open = session.get_one(Invoice, self.invoice_id).open_minor
                assert stand(session, [plan.id])[plan.id].remaining.minor == still_open


@pytest.fixture
def asked(committed_db: Database, store: Store) -> Asked:
    """A plan that everybody is about to do something with."""
    with committed_db.transaction() as session:
        account, actor, (invoice,), plan = an_asked_plan(session, "150")
        digest = as_agreed(session, plan).digest
        return Asked(committed_db, store, account.id, invoice.id, plan.id, digest, actor)


def test_who_sign_at_once_make_one_signature(asked: Asked) -> None:
    barrier = Barrier(PEOPLE)

    def sign(_: int) -> str:
        barrier.wait()
        return asked.sign()

    with ThreadPoolExecutor(PEOPLE) as pool:
        said = Counter(pool.map(sign, range(PEOPLE)))

    assert said == {"signed": 1, "told that it has moved on": PEOPLE - 1}
    asked.expect_it_adds_up()


def test_money_that_comes_while_it_is_signed_is_in_it_or_covers_it(asked: Asked) -> None:
    barrier = Barrier(4)

    def sign() -> str:
        barrier.wait()
        return asked.sign()

    def pay() -> str:
        barrier.wait()
        with asked.db.transaction() as session:
            slip = Slip(PaymentMethod.CHEQUE, money("40"), today(session), wanted={asked.invoice_id: money("40")})
            record_receipt(session, asked.account_id, slip, actor=Actor.staff(1))
        return "paid"

    with ThreadPoolExecutor(4) as pool:
        said = Counter(each.result() for each in [pool.submit(act) for act in (sign, pay) * 2])

    assert said["paid"] == 2
    assert said["signed"] <= 1
    asked.expect_it_adds_up()
    with asked.db.reading() as session:
        assert session.get_one(Invoice, asked.invoice_id).open_minor == 70_00


def test_it_is_not_signed_while_somebody_is_paying_and_may_be_paid_once_it_is(asked: Asked) -> None:
    processor, barrier = FakeProcessor(), Barrier(6)
    sending.know_customer(asked.db, processor, asked.account_id)

    def sign() -> str:
        barrier.wait()
        return asked.sign()

    def pay() -> str:
        barrier.wait()
        try:
            with asked.db.transaction() as session:
                starting.start(
                    session,
                    processor,
                    asked.account_id,
                    {asked.invoice_id: money("150")},
                    login_id=asked.actor.id,
                    return_url="https://portal.example/{payment}",
                    cancel_url="https://portal.example/",
                    language="en",
                    actor=asked.actor,
                )
        except (starting.AlreadyClaimed, Invalid, Conflict):
            return "told"
        return "is paying"

    with ThreadPoolExecutor(6) as pool:
        said = Counter(each.result() for each in [pool.submit(act) for act in (sign, pay) * 3])

    assert said["signed"] <= 1
    assert said["is paying"] + said["signed"] > 0
    asked.expect_it_adds_up()


def test_who_ask_at_once_leave_one_plan_to_sign(asked: Asked) -> None:
    barrier = Barrier(PEOPLE)
    assert asked.actor.id is not None
    login_id = asked.actor.id

    def ask(_: int) -> int:
        barrier.wait()
        with asked.db.transaction() as session:
            wish = Ask((asked.invoice_id,), monthly(session, 3))
            return ask_for(session, asked.account_id, wish, login_id=login_id, actor=OPERATOR).id

    with ThreadPoolExecutor(PEOPLE) as pool:
        made = list(pool.map(ask, range(PEOPLE)))

    with asked.db.reading() as session:
        left = session.scalars(select(PaymentPlan.id).where(PaymentPlan.status == PlanStatus.OFFERED)).all()
    assert left == [max(made)]
