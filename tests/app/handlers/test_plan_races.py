"""Workers and a customer at the same part of a plan at the same moment: it is charged once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlalchemy import select

from adapters.stripe.simulator import Simulator
from app.handlers import planning
from domain.collecting.model import Collection, SubjectKind
from domain.payments import starting
from domain.payments.starting import AlreadyClaimed
from domain.plans import paying
from domain.plans.model import PaymentPlan
from domain.plans.rules import stand
from domain.processing.collecting import collect
from domain.receivables.allocating import open_in_order
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from tests.app.handlers.test_collecting_plans import a_collected_plan, due_days
from tests.support.builders import money
from tests.support.collecting import Days, Payer


def test_workers_and_a_customer_who_pays_ahead_charge_a_part_once(
    days: Days, payer: Payer, simulator: Simulator, clock: MovableClock
) -> None:
    plan_id = a_collected_plan(days, payer)
    database, processor = days.wired.database, days.wired.processor
    days.until(due_days(days)[0] - timedelta(days=1))
    clock.advance(days=1)
    with database.reading() as session:
        of_parts = select(Collection.id).where(Collection.subject_kind == SubjectKind.INSTALMENT)
        collection_id = session.scalars(of_parts.order_by(Collection.id)).first()
        method_id = session.get_one(PaymentPlan, plan_id).saved_method_id
        [invoice] = open_in_order(session, payer.account_id)
        invoice_id = invoice.id
    assert collection_id is not None
    assert method_id is not None
    barrier = Barrier(6)

    def work() -> str:
        barrier.wait()
        collect(database, processor, collection_id)
        return "worked"

    def look() -> str:
        barrier.wait()
        return "looked" if not planning.do_due(database).failures else "failed"

    def pay() -> str:
        barrier.wait()
        try:
            with database.transaction() as session:
                started = starting.start_saved(
                    session,
                    processor,
                    payer.account_id,
                    {invoice_id: money("50")},
                    saved_method_id=method_id,
                    login_id=payer.login_id,
                    return_url="http://127.0.0.1:1/payments/{payment}/returned",
                    actor=Actor.login(payer.login_id),
                )
                paying.mark(session, started.payment_id, plan_id)
        except AlreadyClaimed:
            return "told"
        return "started"

    with ThreadPoolExecutor(6) as pool:
        said = [future.result() for future in [pool.submit(act) for act in (work, look, pay) * 2]]
    clock.advance(minutes=2)
    days.settle()

    assert "failed" not in said
    assert sum(simulator.charges_by_metadata("payment").values()) == 1
    with database.reading() as session:
        assert [part.left for part in stand(session, [plan_id])[plan_id].parts] == [0, 50_00, 50_00]
