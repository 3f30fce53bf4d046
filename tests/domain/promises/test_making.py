"""Making promises: within the policy's fence, in place of the one before, and never for more than is open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.outbox.model import OutboxMessage
from domain.policies.sections import Promises, Sections
from domain.promises import queries
from domain.promises.judging import judge, waiting
from domain.promises.making import Word, fence_of, promise_alone, record_promise, withdraw
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held
from domain.stops.queries import live
from domain.tasks.model import Task, TaskKind
from tests.support.applying import somebody
from tests.support.assigning import a_colleague
from tests.support.audited import acts
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.policies import a_policy
from tests.support.promising import a_promise, judged, promised


def owing(session: Session, *amounts: str) -> tuple[Account, list[Invoice]]:
    """An account with invoices over these amounts, all late."""
    account = an_account(session)
    due_on = today(session) - timedelta(days=10)
    return account, [an_invoice(session, account, each, issued_on=due_on, due_on=due_on) for each in amounts]


def alone(
    session: Session, account_id: int, login_id: int, on: date, invoice_id: int, amount: str | None = None
) -> PromiseToPay:
    """The customer promises by themselves."""
    word = Word(on, (invoice_id,), money(amount) if amount else None)
    return promise_alone(session, account_id, word, login_id=login_id, actor=Actor.login(login_id))


def test_until_the_day_what_is_promised_is_left_alone(db: Database) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session, "120", "80")
        held = {what: held_parts(session, [account.id], kinds_that_hold(what)) for what in Held}

        assert promise.amount == money("200")
        parts = {part.invoice_id: Money(part.amount_minor, "GBP") for part in queries.parts(session, promise.id)}
        assert held[Held.CHASING] == held[Held.COLLECTION] == parts
        assert held[Held.INTEREST] == {}
        assert session.scalars(select(OutboxMessage.kind)).all() == ["tell_promise"]


def test_who_holds_a_link_promises_inside_the_same_fence(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")
        a_policy(session, Sections(promises=Promises(most_days=14)), account_id=account.id)
        day = today(session) + timedelta(days=3)
        bearer = Actor.pay_link(7)

        promise = promise_alone(session, account.id, Word(day, (invoice.id,)), login_id=None, actor=bearer)
        with pytest.raises(Invalid):
            promise_alone(
                session, account.id, Word(day + timedelta(days=90), (invoice.id,)), login_id=None, actor=bearer
            )

        row = queries.promise(session, promise.id)
        assert (row.pay_link_id, row.made_by_name) == (7, None)
        assert queries.promised_days(session, [invoice.id]) == {invoice.id: day}


def test_a_part_covers_what_is_due_first(db: Database) -> None:
    with db.transaction() as session:
        account, (first, second) = owing(session, "120", "80")
        first.due_on -= timedelta(days=5)

        promise = promised(session, account, second, first, of="150")

        parts = [(part.invoice_id, part.amount_minor) for part in queries.parts(session, promise.id)]
        assert parts == [(first.id, 12000), (second.id, 3000)]


@pytest.mark.parametrize("amount", ["120.01", "0"])
def test_no_more_than_is_open_and_no_nothing(db: Database, amount: str) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")

        with pytest.raises(Invalid) as refused:
            promised(session, account, invoice, of=amount)

        assert refused.value.field == "amount"


def test_nothing_that_is_settled_nor_anybody_elses_can_be_promised(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")
        other, (strange,) = owing(session, "50")
        a_cheque(session, account, "120", wanted={invoice.id: money("120")})

        with pytest.raises(Conflict):
            promised(session, account, invoice)
        with pytest.raises(NotFound):
            promised(session, account, strange)
        with pytest.raises(Invalid):
            promised(session, other)


def test_a_new_one_takes_the_place_of_the_one_before(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")
        before = promised(session, account, invoice)

        after = promised(session, account, invoice, days=9)

        assert before.status is PromiseStatus.REPLACED
        assert [stop.source for stop in live(session, account.id)] == [after.source]


@pytest.mark.parametrize(("again", "ends"), [((0, 1), True), ((1,), False)])
def test_a_new_one_ends_the_task_about_a_broken_one_of_which_it_leaves_nothing_out(
    db: Database, clock: MovableClock, again: tuple[int, ...], ends: bool
) -> None:
    with db.transaction() as session:
        account, invoices = owing(session, "120", "80")
        promised(session, account, *invoices)
        ids, account_id, who = [one.id for one in invoices], account.id, Actor.staff(a_colleague(session).id)
    clock.advance(days=10)
    with db.transaction() as session:
        for _, promise_id in waiting(session, limit=50):
            judge(session, account_id, promise_id, actor=WORKER)
    with db.transaction() as session:
        word = Word(today(session) + timedelta(days=3), tuple(ids[one] for one in again), words="Ana, by phone")

        record_promise(session, account_id, word, role=Role.MANAGER, actor=who)

        task = session.scalars(select(Task).where(Task.kind == TaskKind.PROMISE_BROKEN)).one()
        assert (task.done_at is not None) == ends
        assert (task.done_by, task.detail.get("note")) == ((who.id, "Ana, by phone") if ends else (None, None))


def test_a_withdrawn_one_holds_nothing_and_is_not_broken(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, promise = a_promise(session)

        withdraw(session, account.id, promise.id, why="Ana called: they cannot", actor=OPERATOR)

        assert not live(session, account.id)
    clock.advance(days=10)
    with db.transaction() as session:
        promise = session.get_one(PromiseToPay, promise.id)
        assert judged(session, promise) is PromiseStatus.WITHDRAWN
        with pytest.raises(Conflict):
            withdraw(session, account.id, promise.id, why="again", actor=OPERATOR)


def test_staff_wait_as_long_as_their_role_may_and_say_who_promised(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")
        far = Word(today(session) + timedelta(days=22), (invoice.id,), words="Ana, by phone")

        with pytest.raises(NotAllowed) as refused:
            record_promise(session, account.id, far, role=Role.COLLECTOR, actor=OPERATOR)
        with pytest.raises(Invalid) as unsaid:
            record_promise(session, account.id, Word(far.promised_on, (invoice.id,)), role=Role.MANAGER, actor=OPERATOR)

        assert refused.value.who_can == ("Manager",)
        assert unsaid.value.field == "words"
        assert record_promise(session, account.id, far, role=Role.MANAGER, actor=OPERATOR).status is PromiseStatus.OPEN


def test_customers_promise_nothing_where_no_policy_lets_them(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = owing(session, "120")

        assert fence_of(session, account.id, [invoice.id]) is None


def test_customers_promise_inside_the_fence(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14, least_percent=50)))
        account, (invoice,) = owing(session, "120")
        account_id, invoice_id, day = account.id, invoice.id, today(session)
    login_id = somebody(db, account_id)

    for on, amount, field in [(15, None, "promised_on"), (-1, None, "promised_on"), (14, "59.99", "amount")]:
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            alone(session, account_id, login_id, day + timedelta(days=on), invoice_id, amount)
        assert refused.value.field == field
    with db.transaction() as session:
        promise = alone(session, account_id, login_id, day + timedelta(days=14), invoice_id, "60")

        assert promise.amount == money("60")
        assert acts(session)[-1] == "promise.made"


def test_moving_the_day_again_and_again_leads_no_further(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14)))
        account, (invoice,) = owing(session, "120")
        account_id, invoice_id, day = account.id, invoice.id, today(session)
    login_id = somebody(db, account_id)
    with db.transaction() as session:
        alone(session, account_id, login_id, day + timedelta(days=7), invoice_id)
    clock.advance(days=5)

    with db.transaction() as session:
        fence = fence_of(session, account_id, [invoice_id])

    assert fence is not None
    assert (fence.earliest, fence.latest) == (day + timedelta(days=5), day + timedelta(days=14))


def test_who_broke_too_many_talks_to_us_first(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14, most_broken=0)))
        account, (invoice,) = owing(session, "120")
        promise = promised(session, account, invoice, days=1)
        account_id, invoice_id = account.id, invoice.id
    clock.advance(days=2)
    with db.transaction() as session:
        judged(session, session.get_one(PromiseToPay, promise.id))
        assert fence_of(session, account_id, [invoice_id]) is None
    clock.advance(days=366)

    with db.reading() as session:
        assert fence_of(session, account_id, [invoice_id]) is not None


def test_of_what_is_not_due_yet_the_days_are_counted_from_its_due_day(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14)))
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        fence = fence_of(session, account.id, [invoice.id])

        assert fence is not None
        assert fence.earliest == today(session)
        assert fence.latest == invoice.due_on + timedelta(days=14)
