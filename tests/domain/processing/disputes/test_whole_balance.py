"""Whatever is contested, decided, joined, split and paid: what is chased, disputed and on plans is all that is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes import ageing
from domain.disputes.checks import check_disputes
from domain.disputes.joining import merge, split
from domain.disputes.model import Dispute
from domain.disputes.queries import contested
from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.reasons import Reason
from domain.disputes.reopening import reopen
from domain.disputes.resolving import accept_settled, reject
from domain.disputes.talking import ask, write_to_us
from domain.dunning.second_look import look
from domain.dunning.selecting import DueStep
from domain.notices.model import HeldBack
from domain.plans.model import SIGNED, PaymentPlan
from domain.plans.rules import stand
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.processing.disputes.accepting import accept
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import an_invoice
from tests.support.credit import a_cheque
from tests.support.outside import MemoryStore
from tests.support.planning import an_asked_plan, signed
from tests.support.proving import Prove

STEP = DunningStep(day=3, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER)
WORDS = "Half of it is missing."


class Life:
    """An account with two invoices on a plan and two that are not, and what can happen to their disputes."""

    def __init__(self, session: Session) -> None:
        account, actor, planned, plan = an_asked_plan(session, "120", "80")
        signed(session, MemoryStore(), plan, actor)
        due_on = today(session) - timedelta(days=5)
        late = [an_invoice(session, account, each, tax="7", issued_on=due_on, due_on=due_on) for each in ("100", "60")]
        self.session, self.account, self.invoices = session, account, [*planned, *late]
        self.acts: list[Callable[[st.DataObject], object]] = [
            self.contest,
            self.decide,
            self.withdraw,
            self.join,
            self.part,
            self.again,
            self.talk,
            self.pay,
        ]

    def contest(self, data: st.DataObject) -> None:
        complaint = Complaint(data.draw(st.sampled_from(Reason)), WORDS, data.draw(st.none() | AMOUNTS))
        invoice_id = data.draw(st.sampled_from(self.invoices)).id
        raise_dispute(self.session, self.account.id, invoice_id, complaint, login_id=None, actor=OPERATOR)

    def decide(self, data: st.DataObject) -> None:
        dispute, how = self._one(data), data.draw(st.sampled_from(["accept", "settled", "reject"]))
        if how == "accept":
            amount = min(dispute.amount, data.draw(AMOUNTS))
            accept(self.session, self.account.id, dispute.id, amount, answer=WORDS, role=Role.MANAGER, actor=OPERATOR)
        else:
            decide = accept_settled if how == "settled" else reject
            decide(self.session, self.account.id, dispute.id, answer=WORDS, actor=OPERATOR)

    def withdraw(self, data: st.DataObject) -> None:
        withdraw(self.session, self.account.id, self._one(data).id, actor=OPERATOR)

    def join(self, data: st.DataObject) -> None:
        merge(self.session, self.account.id, self._one(data).id, self._one(data).id, actor=OPERATOR)

    def part(self, data: st.DataObject) -> None:
        complaint = Complaint(Reason.TAX, WORDS, data.draw(AMOUNTS))
        split(self.session, self.account.id, self._one(data).id, complaint, actor=OPERATOR)

    def again(self, data: st.DataObject) -> None:
        reopen(self.session, self.account.id, self._one(data).id, WORDS, actor=OPERATOR)

    def talk(self, data: st.DataObject) -> None:
        say = data.draw(st.sampled_from([ask, write_to_us]))
        say(self.session, self.account.id, self._one(data).id, WORDS, actor=OPERATOR)

    def pay(self, data: st.DataObject) -> None:
        invoice = data.draw(st.sampled_from(self.invoices))
        self.session.refresh(invoice)
        amount = min(data.draw(AMOUNTS), invoice.open)
        if amount:
            a_cheque(self.session, self.account, str(amount.decimal), wanted={invoice.id: amount})

    def _one(self, data: st.DataObject) -> Dispute:
        found = self.session.scalars(select(Dispute).where(Dispute.account_id == self.account.id)).all()
        if not found:
            raise Refused("there is none yet")
        return data.draw(st.sampled_from(found))


AMOUNTS = st.integers(1, 130_00).map(lambda minor: Money(minor, "GBP"))


def parts(session: Session, account: Account, invoices: list[Invoice]) -> tuple[Money, Money, Money, Money]:
    """What is chased (or covered by unused credit), disputed, on plans, and open in all."""
    for invoice in invoices:
        session.refresh(invoice)
    steps = [
        DueStep(each.id, each.number, each.due_on, each.open_minor, STEP, version_id=1)
        for each in invoices
        if each.open
    ]
    seen = look(session, account, steps)
    chased = Money.sum((each.asked for each in seen), "GBP")
    credited = Money.sum((each.left_out for each in seen if each.why is HeldBack.CREDIT), "GBP")
    disputed = Money.sum(ageing.disputed(session, today(session), account.id).get("GBP", {}).values(), "GBP")
    running = session.scalars(
        select(PaymentPlan.id).where(PaymentPlan.account_id == account.id, PaymentPlan.status.in_(SIGNED))
    ).all()
    planned = Money.sum((each.remaining - each.parked for each in stand(session, running).values()), "GBP")
    return chased + credited, disputed, planned, Money.sum((each.open for each in invoices), "GBP")


def live(db: Database, data: st.DataObject, *, steps: int) -> int:
    """A life of so many acts; how many of them were not refused."""
    done = 0
    with db.transaction() as session:
        life = Life(session)
        for _ in range(steps):
            try:
                with session.begin_nested():
                    data.draw(st.sampled_from(life.acts))(data)
                    session.flush()
                done += 1
            except Refused:
                continue
            chased, disputed, planned, open_ = parts(session, life.account, life.invoices)
            assert chased + disputed + planned == open_
            held = contested(session, [each.id for each in life.invoices])
            assert disputed.minor == sum(min(each.open_minor, held.get(each.id, 0)) for each in life.invoices)
        assert list(check_disputes(session)) == []
        session.rollback()
    return done


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_chased_disputed_and_on_plans_is_all_that_is_open(db: Database, data: st.DataObject) -> None:
    live(db, data, steps=8)


@pytest.mark.faults
def test_so_it_is_in_many_lives(db: Database, prove: Prove) -> None:
    lives = acts = 0

    @settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def many(data: st.DataObject) -> None:
        nonlocal lives, acts
        lives, acts = lives + 1, acts + live(db, data, steps=25)

    many()
    prove(
        4,
        "disputes at random beside a plan",
        f"{lives} lives, {acts} acts, 0 cents neither chased, disputed nor planned",
    )
