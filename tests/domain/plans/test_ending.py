"""Ending a plan: staff end a signed one with a reason, within their authority; then it protects and takes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.accounts.queries import lock
from domain.plans import ending, negotiating, pausing, queries
from domain.plans.model import PaymentPlan, PlanChange, PlanStatus
from domain.plans.pausing import Wish
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid
from domain.staff.model import Role
from domain.stops.model import StopKind
from tests.support.builders import a_receipt
from tests.support.planning import an_asked_plan, monthly
from tests.support.watching import Watch

Make = Callable[..., Watch]
WHY = "Your lorries have been sold, you wrote."


def end(watched: Watch, why: str = WHY, role: Role = Role.COLLECTOR) -> None:
    """Somebody in that role ends it."""
    with watched.db.transaction() as session:
        plan = session.get_one(PaymentPlan, watched.plan_id)
        ending.end(session, plan.account_id, plan.id, why=why, role=role, actor=OPERATOR)


def protected(watched: Watch) -> int:
    """How many invoices a plan protects on its account."""
    with watched.db.reading() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        return len(held_parts(session, [account_id], frozenset({StopKind.PLAN})))


def test_an_ended_plan_protects_nothing_and_its_customer_is_told_why(watch: Make, db: Database) -> None:
    watched = watch()
    before = protected(watched)

    end(watched)

    assert (before, protected(watched)) == (1, 0)
    assert watched.status is PlanStatus.CANCELLED
    assert watched.told[-1] == ("cancelled", None)
    with db.reading() as session:
        assert session.scalars(select(PlanChange.why).order_by(PlanChange.id.desc())).first() == WHY


def test_what_comes_after_the_end_is_none_of_its_own(watch: Make, db: Database, clock: MovableClock) -> None:
    watched = watch()
    with db.transaction() as session:
        plan = session.get_one(PaymentPlan, watched.plan_id)
        invoice = session.get_one(Invoice, queries.invoices(session, plan.id)[0].id)
        a_receipt(session, lock(session, plan.account_id), "60", today(session), invoice)
    end(watched)
    clock.advance(days=1)
    with db.transaction() as session:
        account = lock(session, session.get_one(PaymentPlan, watched.plan_id).account_id)
        a_receipt(session, account, "90", today(session), session.get_one(Invoice, invoice.id))

    paid = [part.covered for part in watched.standing.parts]

    assert paid == [0, 1000, 5000]


def test_a_paused_plan_can_be_ended_and_nothing_of_it_comes_back(watch: Make, db: Database) -> None:
    watched = watch()
    with db.transaction() as session:
        plan, day = session.get_one(PaymentPlan, watched.plan_id), today(session)
        wish = Wish(day, watched.days[0], "Ill")
        pausing.pause(session, plan.account_id, plan.id, wish, role=Role.MANAGER, actor=OPERATOR)

    end(watched)
    watched.leap(watched.days[-1])

    assert watched.status is PlanStatus.CANCELLED
    assert watched.told[-1] == ("cancelled", None)


def test_it_takes_the_authority_for_the_months_that_are_left(watch: Make) -> None:
    watched = watch(count=8)

    with pytest.raises(BeyondAuthority) as refused:
        end(watched)
    end(watched, role=Role.MANAGER)

    assert refused.value.params["many"] == 8
    assert watched.status is PlanStatus.CANCELLED


@pytest.mark.parametrize("why", [" ", "x" * 501])
def test_nothing_ends_without_a_reason_that_can_be_read(watch: Make, why: str) -> None:
    watched = watch()

    with pytest.raises(Invalid) as refused:
        end(watched, why)

    assert refused.value.field == "why"
    assert watched.status is PlanStatus.ACTIVE


def test_what_has_ended_or_was_never_signed_is_not_ended(watch: Make, db: Database) -> None:
    watched = watch()
    end(watched)
    with db.transaction() as session:
        asked = an_asked_plan(session, "90")[-1]

    for plan_id in (watched.plan_id, asked.id):
        with pytest.raises(Conflict):
            end(Watch(db, watched.clock, plan_id))


def test_its_invoices_can_be_put_on_another_plan(watch: Make, db: Database) -> None:
    watched = watch()
    end(watched)

    with db.transaction() as session:
        account_id = session.get_one(PaymentPlan, watched.plan_id).account_id
        ids = tuple(negotiating.plannable(session, account_id))
        ask = negotiating.Ask(ids, monthly(session, 2))
        again = negotiating.offer(session, account_id, ask, role=Role.COLLECTOR, actor=OPERATOR)

    assert len(ids) == 1
    assert again.status is PlanStatus.OFFERED
