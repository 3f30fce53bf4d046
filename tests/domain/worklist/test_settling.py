"""Settling: what is paid is asked for no more, and every amount that is shown is the one of now."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.promises import changing
from domain.promises.model import PromisePart, PromiseStatus
from domain.receivables.allocating import apply
from domain.receivables.model import CreditItem, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task
from domain.worklist import queue, settling, worth
from domain.worklist.explaining import why_now
from domain.worklist.queue import Item, Wanted, Whose
from tests.domain.dunning.test_escalating import STEPS
from tests.domain.dunning.test_stepping import owing
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back
from tests.support.promising import a_promise
from tests.support.reminding import a_sequence, days_pass, reminded


def escalated(db: Database, clock: MovableClock, *late_by: int) -> tuple[Account, list[Invoice]]:
    """An account whose reminders are through, so that somebody is asked to decide."""
    with db.transaction() as session:
        a_sequence(session, STEPS, escalate_day=20)
        account, invoices = owing(session, *late_by)
    reminded(db)
    days_pass(db, clock, 15)
    return account, invoices


def pay(db: Database, account: Account, amount: str, *invoices: Invoice) -> None:
    with db.transaction() as session:
        a_receipt(session, account, amount, today(session), *invoices)


def settle(db: Database) -> int:
    with db.transaction() as session:
        return settling.settle_paid(session)


def waiting(db: Database) -> list[TaskKind]:
    with db.reading() as session:
        return list(session.scalars(select(TASKS.c.kind).where(TASKS.c.done_at.is_(None)).order_by(TASKS.c.id)))


def is_over(db: Database) -> bool:
    with db.reading() as session:
        return settling.is_over(session)


def items(db: Database) -> list[Item]:
    with db.reading() as session:
        return queue.items(session, Wanted(Whose.ALL, staff_id=0))


def test_nobody_is_asked_what_else_to_do_about_what_is_paid(db: Database, clock: MovableClock) -> None:
    account, (invoice, other) = escalated(db, clock, 7, 7)
    pay(db, account, "120", invoice)
    part_paid = (is_over(db), settle(db), waiting(db))

    pay(db, account, "120", other)

    assert part_paid == (False, 0, [TaskKind.ESCALATION])
    assert is_over(db)
    assert settle(db) == 1
    assert not is_over(db)
    assert waiting(db) == []


def test_what_is_late_besides_does_not_keep_it_waiting(db: Database, clock: MovableClock) -> None:
    account, (invoice,) = escalated(db, clock, 7)
    with db.transaction() as session:
        due_on = today(session) - timedelta(days=1)
        an_invoice(session, account, "10", issued_on=due_on, due_on=due_on)
    pay(db, account, "120", invoice)

    assert settle(db) == 1


def test_a_debt_that_is_open_again_is_asked_about_anew(db: Database, clock: MovableClock) -> None:
    account, (invoice,) = escalated(db, clock, 7)
    pay(db, account, "120", invoice)
    settle(db)
    with db.transaction() as session:
        other = an_invoice(session, account, "120", due_on=today(session) + timedelta(days=30))
        take_back(
            session, live_allocations(session, session.get_one(Invoice, invoice.id))[0], effective_on=today(session)
        )
        apply(session, session.scalars(select(CreditItem)).one(), other, money("120"))

    days_pass(db, clock, 2)

    assert waiting(db) == [TaskKind.ESCALATION]


def test_a_broken_promise_is_over_once_its_invoices_are_settled(db: Database) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, "120", of="50")
        changing.end(session, promise, PromiseStatus.BROKEN, missing=money("50"), actor=OPERATOR)
        invoice = session.get_one(Invoice, session.scalars(select(PromisePart.invoice_id)).one())
    open_still = settle(db)

    pay(db, account, "120", invoice)

    assert open_still == 0
    assert settle(db) == 1
    assert waiting(db) == []


def test_nobody_is_traced_who_owes_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "70")
        open_task(session, TaskKind.TRACE, subject=("account", account.id), account_id=account.id)
    open_still = settle(db)

    pay(db, account, "70", invoice)

    assert open_still == 0
    assert settle(db) == 1
    assert waiting(db) == []


def test_the_amounts_are_those_of_now_and_the_same_on_every_card(db: Database, clock: MovableClock) -> None:
    account, (invoice,) = escalated(db, clock, 7)
    with db.transaction() as session:
        open_task(session, TaskKind.MESSAGE_IN, subject=("incoming", 1), account_id=account.id)
    with db.transaction() as session:
        owed = session.get_one(Invoice, invoice.id)
        issue_credit_note(session, session.get_one(Account, account.id), owed, money("20"), reason="x", actor=OPERATOR)

    shown = items(db)

    assert [(one.worth, one.worth_name) for one in shown] == [(money("100"), worth.LATE)] * 2
    assert {why_now(one.known, today_of(db)).params["amount"] for one in shown} == {money("100")}


def test_what_is_open_and_not_late_is_called_so(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "70", due_on=today(session) + timedelta(days=5))
        open_task(session, TaskKind.TRACE, subject=("account", account.id), account_id=account.id, worth=money("99"))
        surplus = an_account(session)
        payment = a_receipt(session, surplus, "50", today(session))
        subject = ("payment", payment.public_id)
        open_task(session, TaskKind.SURPLUS, subject=subject, account_id=surplus.id, worth=money("50"))
    with db.transaction() as session:
        used = an_invoice(session, surplus, "30", due_on=today(session) + timedelta(days=5))
        apply(session, session.scalars(select(CreditItem)).one(), used, money("30"))

    found = {one.kind: (one.worth, one.worth_name) for one in items(db)}

    assert found[TaskKind.TRACE] == (money("70"), worth.OPEN)
    assert found[TaskKind.SURPLUS] == (money("20"), worth.NAMES[TaskKind.SURPLUS])


def today_of(db: Database) -> date:
    with db.reading() as session:
        return today(session)
