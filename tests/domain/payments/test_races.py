"""Fault 5: many people paying the same invoice at once, and a success that is forced past the claim."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from domain.accounts.model import Login
from domain.ledger import balances
from domain.payments import sending, starting
from domain.payments.model import Payment, PaymentClaim
from domain.payments.starting import AlreadyClaimed
from domain.processing.reconciling.payments import reconcile_intent
from domain.receivables.queries import totals
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import Invalid
from domain.tasks.model import Task
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import a_debt, open_minor, open_page, succeed

PEOPLE = 50


def test_fifty_people_paying_the_same_invoice_make_one_claim_and_one_charge(committed_db: Database) -> None:
    db, processor, barrier = committed_db, FakeProcessor(), Barrier(PEOPLE)
    debt = a_debt(db, "120")
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        people = [
            Login(email=f"person{index}@example.com", name=f"Person {index}", language="en", created_at=now(session))
            for index in range(PEOPLE)
        ]
        session.add_all(people)
        session.flush()
        logins = [person.id for person in people]

    def pay(login_id: int) -> str:
        barrier.wait()
        try:
            with db.transaction() as session:
                started = starting.start(
                    session,
                    processor,
                    debt.account_id,
                    {debt.invoices[0]: money("120")},
                    login_id=login_id,
                    return_url="https://portal.example/{payment}",
                    cancel_url="https://portal.example/",
                    language="en",
                    actor=Actor.login(login_id),
                )
        except AlreadyClaimed:
            return "told that somebody is paying"
        except Invalid:
            return "told that it is settled"
        sending.send(db, processor, started.attempt_id, actor=Actor.login(login_id))
        succeed(db, started.public_id, money("120"))
        return "paid"

    with ThreadPoolExecutor(PEOPLE) as pool:
        ends = Counter(pool.map(pay, logins))

    print(f"fault 5: {PEOPLE} people at once, {dict(ends)}, {len(processor.sessions)} page opened")
    assert ends["paid"] == 1
    assert ends.total() == PEOPLE
    assert len(processor.sessions) == 1
    assert open_minor(db, debt.invoices[0]) == 0
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
        assert session.scalar(select(func.count()).select_from(PaymentClaim)) == 1
        assert balances.receivable(session, debt.account_id) == money("0")


def test_the_same_success_reported_by_many_at_once_is_posted_once(committed_db: Database) -> None:
    db, processor, barrier = committed_db, FakeProcessor(), Barrier(16)
    debt = a_debt(db, "120")
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.reading() as session:
        success = a_success(started.public_id, money("120"), now(session))

    def report(_: int) -> None:
        barrier.wait()
        with db.transaction() as session:
            reconcile_intent(session, success)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(report, range(16)))

    with db.reading() as session:
        assert balances.receivable(session, debt.account_id) == money("0")
        assert totals(session, debt.account_id, "GBP").credit == money("0")


def test_successes_forced_past_the_claim_become_credit_and_tasks_and_nothing_is_lost(committed_db: Database) -> None:
    db, processor, barrier = committed_db, FakeProcessor(), Barrier(2)
    debt = a_debt(db, "120")
    first = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        claim = session.scalars(select(PaymentClaim)).one()
        claim.released_at = now(session)
    second = open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    def report(paid: tuple[str, str]) -> None:
        barrier.wait()
        succeed(db, paid[0], money("120"), intent_id=paid[1])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(report, [(first.public_id, "pi_1"), (second.public_id, "pi_2")]))

    with db.reading() as session:
        assert totals(session, debt.account_id, "GBP").credit == money("120")
        assert balances.receivable(session, debt.account_id) == money("-120")
        assert session.scalar(select(func.count()).select_from(Task)) == 1
