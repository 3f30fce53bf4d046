"""The check finds chargebacks that do not add up, and stops that outlive theirs."""

from __future__ import annotations

import pytest

from domain.chargebacks.checks import check_chargebacks
from domain.chargebacks.model import ChargebackMovement
from domain.chargebacks.queries import by_ref
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, now
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.support.contesting import a_paid_debt, contest


@pytest.mark.tampers
def test_money_that_moved_and_was_taken_from_no_credit_is_found(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "lost", "120")
    with db.transaction() as session:
        found = by_ref(session, "du_1")
        session.add(
            ChargebackMovement(
                chargeback_id=found.id,
                external_id="txn_x",
                amount_minor=-1,
                occurred_at=now(session),
                recorded_at=now(session),
            )
        )

    with db.reading() as session:
        findings = list(check_chargebacks(session))

    assert [(one.expected, one.found) for one in findings] == [("12001", "12000")]


@pytest.mark.tampers
def test_a_stop_that_outlives_its_chargeback_is_found(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "won", "120")
    with db.transaction() as session:
        write(session, debt.account_id, StopKind.CHARGEBACK, "chargeback:du_1", actor=OPERATOR)

    with db.reading() as session:
        findings = list(check_chargebacks(session))

    assert len(findings) == 1
    assert "holds things up" in str(findings[0])


def test_all_that_went_and_came_adds_up(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "won", "60", name="du_1")
    contest(db, "lost", "60", name="du_2")

    with db.reading() as session:
        assert list(check_chargebacks(session)) == []
