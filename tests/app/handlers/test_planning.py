"""The duty of plans: it finds what has a turn, whatever settled or opened it; one that fails keeps no other back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.handlers import planning
from domain.plans import judging
from domain.plans.model import PaymentPlan, PlanStatus
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan, an_asked_plan, signed
from tests.support.watching import Watch


def status(db: Database, plan: PaymentPlan) -> PlanStatus:
    """Where a plan stands."""
    with db.reading() as session:
        return session.get_one(PaymentPlan, plan.id).status


def test_what_nobody_signs_or_starts_in_time_lapses(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        asked = an_asked_plan(session, "150")[-1]
        _, actor, _, begun = an_asked_plan(session, "150", down_minor=30_00)
        signed(session, MemoryStore(), begun, actor)
    clock.advance(days=13)
    before = planning.do_due(db)
    clock.advance(days=2)

    did = planning.do_due(db)

    assert (before.done, did.done, did.failures) == (0, 2, 0)
    assert status(db, asked) is status(db, begun) is PlanStatus.EXPIRED


def test_a_plan_starts_and_ends_by_whatever_settles_its_invoices(db: Database) -> None:
    with db.transaction() as session:
        account, actor, invoices, plan = an_asked_plan(session, "150", down_minor=30_00)
        signed(session, MemoryStore(), plan, actor)
        a_receipt(session, account, "30", today(session), *invoices)
    planning.do_due(db)
    started = status(db, plan)
    with db.transaction() as session:
        a_receipt(session, account, "120", today(session), *invoices)

    planning.do_due(db)

    assert (started, status(db, plan)) == (PlanStatus.ACTIVE, PlanStatus.COMPLETED)
    assert planning.do_due(db).done == 0


def test_one_plan_that_fails_keeps_no_other_from_its_turn(
    db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        plans = [a_running_plan(session, MemoryStore(), "150")[-1] for _ in range(2)]
    broken, fine = (Watch(db, clock, plan.id) for plan in plans)
    clock.move_to(clock.now() + timedelta(days=31))
    judge = judging.judge

    def judge_but_one(session: object, plan_id: int, **more: object) -> bool:
        if plan_id == broken.plan_id:
            raise RuntimeError("a line of code is wrong")
        return judge(session, plan_id, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "judge", judge_but_one)

    did = planning.do_due(db)

    assert (did.done, did.failures) == (1, 1)
    assert ("missed", 1) in fine.told
    assert ("missed", 1) not in broken.told
