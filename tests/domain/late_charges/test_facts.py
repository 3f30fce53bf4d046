"""Facts: which debts late charges are about, and which they leave alone."""

from __future__ import annotations

from datetime import date

from domain.accounts.model import Account
from domain.receivables.model import Invoice
from domain.settlements.accepting import accept
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.support.lateness import Overdue
from tests.support.planning import somebody_who_binds
from tests.support.settling import wanted


def test_a_debt_that_is_settled_for_less_bears_nothing_while_that_is_kept(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.go_to(date(2026, 2, 10))
    with db.transaction() as session:
        asked = wanted(session, "700", session.get_one(Invoice, debt.invoice_id))
        made = offer(session, debt.account_id, asked, role=Role.MANAGER, actor=OPERATOR).id
        actor = somebody_who_binds(session, session.get_one(Account, debt.account_id))
        accept(session, debt.account_id, made, parts=1, actor=actor)

    debt.charge_daily(date(2026, 2, 11), date(2026, 3, 2))

    assert debt.papers == []
