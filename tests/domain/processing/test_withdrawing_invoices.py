"""Withdrawing an invoice that should never have been: not where a plan has, or had it."""

from __future__ import annotations

import pytest

from domain.documents.storage import Store
from domain.plans import changing
from domain.plans.model import PlanStatus
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from domain.staff.model import Role
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan


@pytest.mark.parametrize("ended", [None, PlanStatus.DEFAULTED, PlanStatus.CANCELLED])
def test_an_invoice_on_a_plan_is_credited_and_not_withdrawn(db: Database, ended: PlanStatus | None) -> None:
    store: Store = MemoryStore()
    with db.transaction() as session:
        account, _, (invoice, *_), plan = a_running_plan(session, store, "100", "50")
        if ended is not None:
            changing.change(session, plan, ended, actor=OPERATOR)
        account_id, invoice_id = account.id, invoice.id

    with pytest.raises(Conflict), db.transaction() as session:
        withdraw_invoice(session, account_id, invoice_id, why="A slip", role=Role.MANAGER, actor=OPERATOR)

    with db.reading() as session:
        assert session.get_one(Invoice, invoice_id).status is InvoiceStatus.ISSUED
