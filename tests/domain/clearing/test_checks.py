"""Checks: a payout in transit that is none, and a movement that the ledger does not have, are found."""

from __future__ import annotations

import pytest

from domain.clearing.checks import check_clearing, check_payouts
from domain.clearing.model import BalanceTransaction, Payout
from domain.payments.snapshots import PayoutState
from domain.processing.reconciling.payouts import reconcile_payout
from domain.shared.db.session import Database, now
from tests.support.builders import money
from tests.support.clearing import a_payout


@pytest.mark.parametrize("state", PayoutState)
def test_a_payout_in_any_state_leaves_whole_books(db: Database, state: PayoutState) -> None:
    with db.transaction() as session:
        reconcile_payout(session, a_payout(money("10"), now(session), state))

        assert [*check_clearing(session), *check_payouts(session)] == []


@pytest.mark.tampers
def test_a_payout_that_is_said_to_have_arrived_and_has_not_is_found(db: Database) -> None:
    with db.transaction() as session:
        reconcile_payout(session, a_payout(money("10"), now(session)))
        payout = session.query(Payout).one()
        payout.arrived_on = payout.arrives_on
        session.flush()

        findings = list(check_payouts(session))

    assert [(each.place, each.expected, each.found) for each in findings] == [("processor:gbp", "0", "1000")]


@pytest.mark.tampers
def test_a_movement_without_an_entry_is_found(db: Database) -> None:
    with db.transaction() as session:
        at = now(session)
        session.add(
            BalanceTransaction(
                external_id="txn_loose",
                category="fee",
                currency="GBP",
                amount_minor=-100,
                fee_minor=0,
                net_minor=-100,
                created_at=at,
                available_on=at.date(),
                recorded_at=at,
            )
        )
        session.flush()

        findings = list(check_clearing(session))

    assert [(each.place, each.expected, each.found) for each in findings] == [("processor:gbp", "-100", "0")]
