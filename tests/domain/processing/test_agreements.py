"""Agreements follow their invoices at once, whichever way money comes, moves or goes."""

from __future__ import annotations

from domain.documents.storage import Store
from domain.plans.model import PlanStatus
from domain.processing.applying import use_credit
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, money
from tests.support.credit import a_cheque
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan


def test_credit_that_settles_a_plans_invoices_completes_it(db: Database) -> None:
    store: Store = MemoryStore()
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        a_receipt(session, account, "150", today(session))

        use_credit(session, account.id, {invoice.id: money("150")}, actor=OPERATOR)

        assert plan.status is PlanStatus.COMPLETED


def test_a_cheque_that_bounces_opens_the_plan_that_it_had_completed(db: Database) -> None:
    store: Store = MemoryStore()
    with db.transaction() as session:
        account, _, _, plan = a_running_plan(session, store, "150")
        payment = a_cheque(session, account, "150")
        completed = plan.status

        return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        assert (completed, plan.status) == (PlanStatus.COMPLETED, PlanStatus.ACTIVE)
