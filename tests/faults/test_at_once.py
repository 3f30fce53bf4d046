"""Fault 5 over HTTP: fifty people press the button at once, and two successes are forced past the claim."""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from sqlalchemy import func, select

from domain.payments.model import PaymentClaim
from domain.receivables.queries import totals
from domain.shared.db.session import now
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.calling import Caller
from tests.support.house import House
from tests.support.waiting import until

PEOPLE = 50
SESSION = re.compile(r"/c/pay/(cs_\w+)")


def opened_session(location: str) -> str:
    """The name of the processor's page that a redirect leads to."""
    found = SESSION.search(location)
    assert found, location
    return found[1]


def test_fifty_people_paying_the_same_invoice_over_http_make_one_claim_and_one_charge(
    house: House, engine_kind: str
) -> None:
    debt, barrier = house.customer("120.00", email="maya@harbour.example"), Barrier(PEOPLE)
    with ExitStack() as stack:
        people = [stack.enter_context(Caller(house, debt, f"p{number}@harbour.example")) for number in range(PEOPLE)]

        def press(person: Caller) -> tuple[int, str]:
            person.check()
            barrier.wait(60)
            answer = person.pay("120.00")
            return answer.status_code, answer.headers.get("location", "")

        with ThreadPoolExecutor(PEOPLE) as pool:
            answers = list(pool.map(press, people))

    statuses = Counter(status for status, _ in answers)
    [to_pay] = [location for status, location in answers if status == 303]
    house.simulator.pay_session(opened_session(to_pay))
    until(lambda: house.owed(debt.account_id) == money("0"), "the payment to be posted")
    print(f"fault 5 over HTTP, {engine_kind}: {PEOPLE} people at once, answers {dict(statuses)}")
    assert statuses == {303: 1, 409: PEOPLE - 1}
    assert house.payments(debt.account_id) == [("succeeded", 12000)]
    assert list(house.simulator.charges_by_metadata("payment").values()) == [1]
    with house.wired.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PaymentClaim)) == 1


def test_a_second_success_forced_past_the_claim_becomes_credit_and_a_task(house: House) -> None:
    debt = house.customer("120.00", email="maya@harbour.example")
    with Caller(house, debt, "ana@harbour.example") as ana, Caller(house, debt, "ben@harbour.example") as ben:
        ana.check()
        ben.check()
        first = opened_session(ana.pay("120.00").headers["location"])
        with house.wired.database.transaction() as session:
            session.scalars(select(PaymentClaim)).one().released_at = now(session)
        second = opened_session(ben.pay("120.00").headers["location"])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(house.simulator.pay_session, [first, second]))
        until(lambda: house.owed(debt.account_id) == money("-120"), "both payments to be posted")

    assert house.payments(debt.account_id) == [("succeeded", 12000), ("succeeded", 12000)]
    with house.wired.database.reading() as session:
        assert totals(session, debt.account_id, "GBP").credit == money("120")
        assert [task.kind for task in session.scalars(select(Task))] == [TaskKind.SURPLUS]
