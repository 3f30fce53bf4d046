"""Recovering: several lost payments of one account come back at once, and each of them once."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

from sqlalchemy import select

from domain.payments.model import Payment, PaymentStatus
from domain.processing.reconciling.payments import reconcile_intent
from domain.shared.db.session import Database, now
from tests.support.builders import an_account, money
from tests.support.fakes import a_success


def test_two_workers_that_find_lost_payments_of_one_account_wait_for_each_other(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        account_id = an_account(session).id
        at = now(session)
    start, ended = Barrier(6), list[str]()

    def find(number: int) -> None:
        seen = replace(
            a_success(f"LOST{number // 2}", money("10"), at, intent_id=f"pi_{number // 2}"), account_id=account_id
        )
        start.wait()
        with committed_db.transaction() as session:
            payment = reconcile_intent(session, seen)
        ended.append(payment.public_id if payment is not None else "foreign")

    threads = [Thread(target=find, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ended) == ["LOST0", "LOST0", "LOST1", "LOST1", "LOST2", "LOST2"]
    with committed_db.reading() as session:
        assert [payment.status for payment in session.scalars(select(Payment))] == [PaymentStatus.SUCCEEDED] * 3
