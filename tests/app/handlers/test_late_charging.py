"""The worker's late charges: once a day, and an account that fails holds up no other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.handlers import late_charging
from app.handlers.late_charging import charge_due
from domain.dunning.turns import Did
from domain.late_charges import charging
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import money
from tests.support.lateness import Overdue


def test_each_day_is_done_once(committed_db: Database, clock: MovableClock) -> None:
    debt = Overdue(committed_db, clock)
    debt.go_to(date(2026, 3, 1))

    made = [charge_due(committed_db) for _ in range(2)]

    assert made == [Did(1), Did()]
    assert debt.amounts == [money("29")]


def test_an_account_that_fails_has_its_turn_again_and_holds_up_no_other(
    committed_db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = Overdue(committed_db, clock), Overdue(committed_db, clock)
    whole.go_to(date(2026, 3, 1))

    def failing(session: Any, account_id: int, *more: Any, **named: Any) -> Any:
        if account_id == broken.account_id:
            raise RuntimeError("out of order")
        return charging.charge_account(session, account_id, *more, **named)

    with monkeypatch.context() as patched:
        patched.setattr(late_charging, "charge_account", failing)
        first = charge_due(committed_db)
    second = charge_due(committed_db)

    assert (first, second) == (Did(1, 1, f"account {broken.account_id}: out of order"), Did(1))
    assert [(row.account_id, row.amount) for row in whole.charges] == [
        (whole.account_id, money("29")),
        (broken.account_id, money("29")),
    ]


def test_without_terms_that_charge_nothing_is_looked_at(committed_db: Database) -> None:
    assert charge_due(committed_db) == Did()
