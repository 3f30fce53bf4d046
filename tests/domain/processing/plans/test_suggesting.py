"""Credit beside a plan: of what is on it no more is suggested than is due of it by today."""

from __future__ import annotations

from domain.processing.applying import suggestion
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, an_invoice, money
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan


def test_credit_goes_to_what_is_due_of_a_plan_and_then_to_what_is_on_none(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, (planned,), _ = a_running_plan(session, MemoryStore(), "150")
        other = an_invoice(session, account, "30")
        a_receipt(session, account, "100", today(session))

    with db.reading() as session:
        before = [(use.invoice_id, use.amount) for use in suggestion(session, account.id, "GBP")]
    clock.advance(days=31)
    with db.reading() as session:
        due = [(use.invoice_id, use.amount) for use in suggestion(session, account.id, "GBP")]

    assert before == [(other.id, money("30"))]
    assert due == [(planned.id, money("50")), (other.id, money("30"))]
