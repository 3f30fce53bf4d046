"""Chapters of payment plans: one is signed, a part of one is taken; each cut short anywhere and done again."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.handlers import collecting
from domain.collecting.model import Collection, CollectionState, SubjectKind
from domain.documents.model import Category, Document
from domain.ledger.posting import EntryKind
from domain.payments.model import Payment
from domain.plans.model import Instalment, PaymentPlan, PlanSignature, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.plans.rules import stand
from domain.plans.schedule import Shape
from domain.policies.sections import Frequency, Plans, Sections
from domain.receivables.held import held_parts
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.stops.model import StopKind
from tests.faults.chapters import Chapter
from tests.faults.scene import Scene
from tests.support.builders import money
from tests.support.collecting import Days, a_payer, keep_a_card, owes
from tests.support.house import ledger_owes
from tests.support.planning import PLANS, signed
from tests.support.policies import a_policy

WEEK = timedelta(days=7)
PARTS = 3


class PlanChapter(Chapter):
    """Ana owes 150.00, and may pay it in three weekly parts."""

    rules: Plans = PLANS

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.days = Days(self.wired, scene.simulator, scene.clock, scene.deliver)
        self.payer = a_payer(self.wired, email=f"ana{scene.clock.now().timestamp():.0f}@example.com")
        self.actor = Actor.login(self.payer.login_id)
        with self.database.transaction() as session:
            a_policy(session, Sections(plans=self.rules), account_id=self.payer.account_id)
            self.first_on = today(session) + WEEK
            due = today(session)
        self.invoice = owes(self.wired, self.payer, "150.00", due)

    def sign(self) -> None:
        """Ask for it and sign it, where that was not done before."""
        with self.database.transaction() as session:
            if self.plan(session) is None:
                ask = Ask((self.invoice,), Shape(count=PARTS, frequency=Frequency.WEEKLY, first_on=self.first_on))
                ask_for(session, self.payer.account_id, ask, login_id=self.payer.login_id, actor=self.actor)
        with self.database.transaction() as session:
            plan = self.plan(session)
            assert plan is not None
            if plan.status is PlanStatus.OFFERED:
                signed(session, self.wired.store, plan, self.actor)

    def plan(self, session: Session) -> PaymentPlan | None:
        """Ana's plan, if there is one."""
        return session.scalars(select(PaymentPlan).where(PaymentPlan.account_id == self.payer.account_id)).one_or_none()


class SignAPlan(PlanChapter):
    """A plan is asked for and signed."""

    def act(self) -> None:
        """Ask, sign, and do what is due for that."""
        self.sign()
        self.hear()

    def assert_once(self) -> None:
        """One plan runs, signed once, with its parts and its paper, and it holds its invoice."""
        with self.database.reading() as session:
            plan = self.plan(session)
            assert plan is not None
            assert plan.status is PlanStatus.ACTIVE
            of_it = (Instalment.plan_id == plan.id, PlanSignature.plan_id == plan.id)
            assert [session.scalar(select(func.count()).where(each)) for each in of_it] == [PARTS, 1]
            papers = select(func.count()).where(
                Document.account_id == self.payer.account_id, Document.category == Category.AGREEMENT
            )
            assert session.scalar(papers) == 1
            assert held_parts(session, [self.payer.account_id], {StopKind.PLAN}) == {self.invoice: money("150")}
            assert stand(session, [plan.id])[plan.id].remaining == money("150")


class TakeAPart(PlanChapter):
    """The first part of a plan is taken from its card, on its day."""

    rules = msgspec.structs.replace(PLANS, needs_method=True)

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.sign()
        scene.simulator.webhooks.resume()
        keep_a_card(self.days, self.payer)
        self.days.until(self.first_on - timedelta(days=1), every=6)
        scene.simulator.webhooks.hold()
        scene.later(days=1)

    def act(self) -> None:
        """Take it, and hear of it."""
        collecting.do_due(self.wired)
        self.hear()

    def assert_once(self) -> None:
        """One charge, one entry; its part is covered, and the others are not."""
        with self.database.reading() as session:
            plan = self.plan(session)
            assert plan is not None
            mine = session.scalars(select(Payment.public_id).where(Payment.account_id == self.payer.account_id)).all()
            states = session.scalars(
                select(Collection.state)
                .join(Instalment, Instalment.id == Collection.subject_id)
                .where(Instalment.plan_id == plan.id, Collection.subject_kind == SubjectKind.INSTALMENT)
                .order_by(Instalment.number)
            ).all()
            lefts = [part.left for part in stand(session, [plan.id])[plan.id].parts]
        charged = self.scene.simulator.charges_by_metadata("payment")
        assert sum(charged.get(public_id, 0) for public_id in mine) == 1
        assert self.posted(EntryKind.CARD_PAYMENT, self.payer.account_id) == 1
        assert states[0] is CollectionState.DONE
        assert lefts == [0, 50_00, 50_00]
        assert ledger_owes(self.database, self.payer.account_id) == money("100")


PLAN_CHAPTERS: dict[str, type[Chapter]] = {"sign a plan": SignAPlan, "take a part of a plan": TakeAPart}
