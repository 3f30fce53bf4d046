"""Superseding: a plan replaces a running one when it starts, whatever has become of that one meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.documents.storage import Store
from domain.plans import changing
from domain.plans.following import follow_account
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.negotiating import Ask, ask_for, offer
from domain.plans.rules import stand
from domain.plans.schedule import Shape
from domain.policies.sections import Frequency
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.staff.model import Role
from domain.stops.model import StopKind
from tests.support.builders import a_receipt, money
from tests.support.placing import handed_over
from tests.support.planning import a_running_plan, an_asked_plan, monthly, signed


def _changed(
    session: Session, account: Account, plan: PaymentPlan, invoice: Invoice, actor: Actor, *, down_minor: int = 0
) -> PaymentPlan:
    """Another plan is asked for in place of one that runs."""
    assert actor.id is not None
    ask = Ask((invoice.id,), monthly(session, 2, down_minor=down_minor))
    return ask_for(session, account.id, ask, login_id=actor.id, actor=actor, changes=plan.id)


def _pays(session: Session, account: Account, amount: str, invoice: Invoice) -> None:
    a_receipt(session, account, amount, today(session), invoice)
    follow_account(session, account.id, [invoice.id], actor=OPERATOR)


def test_the_new_plan_starts_and_the_old_one_ends(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), old = a_running_plan(session, store, "150")

        new = signed(session, store, _changed(session, account, old, invoice, actor), actor)

        held = held_parts(session, [account.id], {StopKind.PLAN})
        assert (old.status, new.status) == (PlanStatus.SUPERSEDED, PlanStatus.ACTIVE)
        assert held == {invoice.id: money("150")}
        assert stand(session, [new.id])[new.id].remaining == money("150")


def test_the_old_one_runs_until_the_down_payment_of_the_new_one_is_here(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), old = a_running_plan(session, store, "150")
        new = signed(session, store, _changed(session, account, old, invoice, actor, down_minor=30_00), actor)
        before = (old.status, new.status)

        _pays(session, account, "30", invoice)

        assert before == (PlanStatus.ACTIVE, PlanStatus.ACCEPTED)
        assert (old.status, new.status) == (PlanStatus.SUPERSEDED, PlanStatus.ACTIVE)


def test_money_that_ends_both_is_taken(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), old = a_running_plan(session, store, "150")
        new = signed(session, store, _changed(session, account, old, invoice, actor, down_minor=30_00), actor)

        _pays(session, account, "150", invoice)

        assert (old.status, new.status) == (PlanStatus.COMPLETED, PlanStatus.COMPLETED)
        assert held_parts(session, [account.id], {StopKind.PLAN}) == {}


def test_a_plan_starts_in_place_of_one_that_has_defaulted_meanwhile(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), old = a_running_plan(session, store, "150")
        new = signed(session, store, _changed(session, account, old, invoice, actor, down_minor=30_00), actor)
        changing.change(session, old, PlanStatus.DEFAULTED, actor=OPERATOR)

        _pays(session, account, "30", invoice)

        assert (old.status, new.status) == (PlanStatus.DEFAULTED, PlanStatus.ACTIVE)
        assert held_parts(session, [account.id], {StopKind.PLAN}) == {invoice.id: money("120")}


def test_one_plan_is_not_replaced_by_two(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), old = a_running_plan(session, store, "150")
        signed(session, store, _changed(session, account, old, invoice, actor, down_minor=30_00), actor)
        second_id = _changed(session, account, old, invoice, actor).id

    with pytest.raises(Conflict), db.transaction() as session:
        signed(session, store, session.get_one(PaymentPlan, second_id), actor)


def test_what_somebody_else_collects_is_not_signed_for_as_well(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), plan = an_asked_plan(session, "150")
        handed_over(session, account, invoice)
        plan_id = plan.id

    with pytest.raises(Conflict), db.transaction() as session:
        signed(session, store, session.get_one(PaymentPlan, plan_id), actor)


def test_a_plan_is_signed_before_its_first_day(db: Database, store: Store, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), _ = an_asked_plan(session, "150")
        shape = Shape(count=2, frequency=Frequency.WEEKLY, first_on=today(session) + timedelta(days=3))
        plan_id = offer(session, account.id, Ask((invoice.id,), shape), role=Role.MANAGER, actor=OPERATOR).id
    clock.advance(days=3)

    with pytest.raises(Conflict), db.transaction() as session:
        signed(session, store, session.get_one(PaymentPlan, plan_id), actor)
