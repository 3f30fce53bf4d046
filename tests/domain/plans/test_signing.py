"""Signing a plan: what was shown is what is signed; from then on the ledger says how it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.documents.storage import Store
from domain.plans.agreed import as_agreed
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.rules import stand
from domain.plans.signing import start_if_ready
from domain.receivables.held import held_parts
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held
from tests.support.builders import a_receipt, live_allocations, money, take_back
from tests.support.planning import a_running_plan, an_asked_plan, signed


def test_a_signed_plan_protects_its_invoices_and_adds_up(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, invoices, plan = a_running_plan(session, store, "100", "50.01")

        standing = stand(session, [plan.id])[plan.id]
        held = held_parts(session, [account.id], kinds_that_hold(Held.CHASING))

        assert plan.status is PlanStatus.ACTIVE
        assert [part.agreed.minor for part in standing.parts] == [50_01, 50_00, 50_00]
        assert standing.remaining == money("150.01")
        assert not standing.due
        assert held == {invoice.id: invoice.open for invoice in invoices}


def test_money_near_its_day_covers_the_next_part_and_more_shortens_the_plan(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        standing = stand(session, [plan.id])[plan.id]
        near = standing.parts[0].agreed.due_on - timedelta(days=3)

        a_receipt(session, account, "70", near, invoice)

        standing = stand(session, [plan.id])[plan.id]
        assert [part.left for part in standing.parts] == [0, 50_00, 30_00]
        assert standing.remaining == invoice.open == money("80")


def test_what_is_taken_back_uncovers_what_it_had_covered(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        first = stand(session, [plan.id])[plan.id].parts[0].agreed.due_on
        a_receipt(session, account, "50", first, invoice)
        a_receipt(session, account, "50", first, invoice)

        take_back(session, live_allocations(session, invoice)[0], effective_on=first + timedelta(days=9))

        standing = stand(session, [plan.id])[plan.id]
        assert [part.left for part in standing.parts] == [50_00, 50_00, 0]
        assert standing.due_on(standing.parts[0]) == first + timedelta(days=9 + 14)
        assert standing.remaining == invoice.open


def test_a_plan_that_says_something_else_by_now_is_not_signed(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), plan = an_asked_plan(session, "150")
        shown = as_agreed(session, plan).digest
        a_receipt(session, account, "10", today(session), invoice)
        plan_id = plan.id

    with pytest.raises(Conflict), db.transaction() as session:
        signed(session, store, session.get_one(PaymentPlan, plan_id), actor, digest=shown)

    with db.reading() as session:
        assert session.get_one(PaymentPlan, plan_id).status is PlanStatus.OFFERED


def test_a_plan_with_a_down_payment_starts_when_that_is_here(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, actor, (invoice,), plan = an_asked_plan(session, "150", down_minor=30_00)
        signed(session, store, plan, actor)
        accepted = plan.status
        a_receipt(session, account, "30", today(session), invoice)

        start_if_ready(session, plan, actor=OPERATOR)

        assert (accepted, plan.status) == (PlanStatus.ACCEPTED, PlanStatus.ACTIVE)
        assert stand(session, [plan.id])[plan.id].remaining == money("120")
