"""Reconciling movements: what no object of ours books is placed by its category, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.snapshots import Movement
from domain.processing.reconciling.movements import reconcile_movement
from domain.shared.db.session import Database
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.clearing import a_movement


def see(db: Database, movement: Movement) -> bool:
    """Have it booked; whether it was."""
    with db.transaction() as session:
        return reconcile_movement(session, movement)


def standing(db: Database, ledger_account: LedgerAccount) -> str:
    """What stands on a ledger account."""
    with db.reading() as session:
        return str(balances.balance_of(session, ledger_account, "GBP").decimal)


def test_a_fee_is_booked_once(db: Database) -> None:
    fee = a_movement(money("-12"), db.clock.now())

    done = [see(db, fee), see(db, fee)]

    assert done == [True, False]
    assert standing(db, LedgerAccount.PROCESSOR_FEES) == "12.00"
    assert standing(db, LedgerAccount.CARD_CLEARING) == "-12.00"


@pytest.mark.parametrize("category", ["refund", "refund_failure", "dispute", "dispute_reversal", "payout"])
def test_what_has_an_object_of_its_own_is_left_to_it(db: Database, category: str) -> None:
    assert see(db, a_movement(money("-5"), db.clock.now(), category=category)) is False
    assert standing(db, LedgerAccount.CARD_CLEARING) == "0.00"


def test_what_nobody_knows_waits_in_suspense_for_a_person(db: Database) -> None:
    see(db, a_movement(money("-5"), db.clock.now(), category="issuing_transaction", source="ipi_1"))

    assert standing(db, LedgerAccount.PROCESSOR_SUSPENSE) == "5.00"
    with db.reading() as session:
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.subject_id) == (TaskKind.MOVEMENT_UNKNOWN, "txn_1")
        assert task.detail == {"found": "issuing_transaction", "processor": "ipi_1"}


def test_a_top_up_came_from_our_bank(db: Database) -> None:
    see(db, a_movement(money("500"), db.clock.now(), category="topup"))

    assert standing(db, LedgerAccount.CARD_CLEARING) == "500.00"
    assert standing(db, LedgerAccount.PAYOUTS_IN_TRANSIT) == "0.00"
    assert standing(db, LedgerAccount.BANK) == "-500.00"


def test_another_systems_charge_that_fails_late_leaves_nothing_apart(db: Database) -> None:
    see(db, a_movement(money("80"), db.clock.now(), ref="txn_1", category="charge", source="py_1"))
    between = standing(db, LedgerAccount.FOREIGN_RECEIPTS)

    see(db, a_movement(money("-80"), db.clock.now(), ref="txn_2", category="charge_failure", source="py_1"))

    assert between == "-80.00"
    assert standing(db, LedgerAccount.FOREIGN_RECEIPTS) == "0.00"
