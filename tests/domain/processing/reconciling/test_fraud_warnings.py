"""An early fraud warning asks for a person while a refund may still help, and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from domain.processing.reconciling.fraud_warnings import reconcile_fraud_warning
from domain.shared.db.session import Database, now
from domain.tasks.model import Task, TaskKind
from tests.support.contesting import (
    a_paid_debt,
    a_warning,
    open_tasks,
)


@pytest.mark.parametrize("actionable", [True, False])
def test_a_warning_asks_for_a_person_while_a_refund_may_help(db: Database, actionable: bool) -> None:
    a_paid_debt(db, "120")

    for _ in range(2):
        with db.transaction() as session:
            reconcile_fraud_warning(session, a_warning(now(session), actionable=actionable))

    assert (TaskKind.FRAUD_WARNING in open_tasks(db)) is actionable
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Task)) == int(actionable)


def test_a_warning_settles_itself_once_nothing_can_be_done_any_more(db: Database) -> None:
    a_paid_debt(db, "120")
    with db.transaction() as session:
        reconcile_fraud_warning(session, a_warning(now(session)))

    with db.transaction() as session:
        warning = reconcile_fraud_warning(session, a_warning(now(session), actionable=False))
    with db.transaction() as session:
        stale = reconcile_fraud_warning(session, a_warning(now(session)))

    assert not warning.actionable
    assert not stale.actionable
    assert open_tasks(db) == set()
