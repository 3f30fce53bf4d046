"""The queue: in the order of what is known, in lists by whose it is, page by page, and put off for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from domain.accounts.model import Account
from domain.assignments.model import ABSENCES, ASSIGNMENTS
from domain.audit.model import AUDIT_ENTRIES
from domain.promises import changing
from domain.promises.model import PromiseStatus
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff.adding import add
from domain.staff.model import Role
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.worklist import gathering, queue, snoozing, tuning, weighing
from domain.worklist.queue import Wanted, Whose
from domain.worklist.ranking import Factor, Weights
from domain.worklist.snoozing import Until
from tests.support.builders import an_account, an_invoice, money
from tests.support.contesting import contest
from tests.support.lettering import a_letter
from tests.support.outside import MemoryStore
from tests.support.promising import a_promise

ALL = Wanted(Whose.ALL, staff_id=0)


def a_person(db: Database, name: str, team: str | None = None) -> int:
    with db.transaction() as session:
        member, _ = add(
            session,
            email=f"{name}@office.example",
            name=name,
            role=Role.COLLECTOR,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
        member.team = team
        return member.id


def a_task(
    db: Database,
    worth: str | None = None,
    *,
    account: Account | None = None,
    kind: TaskKind | None = None,
    currency: str = "GBP",
) -> int:
    """Work about an amount of its own, or about what is late on an account."""
    kind = kind or (TaskKind.SURPLUS if worth else TaskKind.ESCALATION)
    with db.transaction() as session:
        account = account or an_account(session, currency=currency)
        subject = ("account", account.id)
        amount = money(worth, currency) if worth else None
        task_id = open_task(session, kind, subject=subject, account_id=account.id, worth=amount)
    assert task_id is not None
    return task_id


def a_late_account(db: Database, amount: str, days: int, currency: str = "GBP") -> Account:
    with db.transaction() as session:
        account = an_account(session, currency=currency)
        due_on = today(session) - timedelta(days=days)
        an_invoice(session, account, amount, issued_on=due_on, due_on=due_on)
    return account


def weigh(db: Database) -> int:
    with db.transaction() as session:
        return weighing.weigh(session, weighing.usual_amounts(session))


def order(db: Database, wanted: Wanted = ALL) -> list[int]:
    with db.reading() as session:
        return [item.id for item in queue.items(session, wanted)]


def test_what_is_worth_more_stands_first(db: Database) -> None:
    small, great, middle = (a_task(db, worth) for worth in ("10", "9000", "700"))

    a_late_account(db, "500", 5)
    weigh(db)

    assert order(db) == [great, middle, small]


def test_amounts_of_two_currencies_are_compared_by_what_is_usual_in_each(db: Database) -> None:
    a_late_account(db, "100", 5)
    a_late_account(db, "10000", 5, currency="EUR")

    much, little = a_task(db, "500"), a_task(db, "5000", currency="EUR")
    weigh(db)

    assert order(db) == [much, little]


def test_what_is_late_longer_stands_first(db: Database) -> None:
    new, old = (a_task(db, "100", account=a_late_account(db, "100", days)) for days in (3, 90))

    weigh(db)

    assert order(db) == [old, new]


def test_a_broken_promise_raises_and_a_live_one_waits(db: Database) -> None:
    with db.transaction() as session:
        promised, _ = a_promise(session)
        broken, promise = a_promise(session)
        changing.end(session, promise, PromiseStatus.BROKEN, actor=OPERATOR)
    waits, plain, urgent = (
        a_task(db, account=account) for account in (promised, a_late_account(db, "120", 10), broken)
    )

    weigh(db)

    assert order(db, Wanted(Whose.ALL, 0, kind=TaskKind.ESCALATION)) == [urgent, plain, waits]


def test_a_chargeback_stands_on_top_with_its_last_day(db: Database) -> None:
    a_task(db, "500")
    contest(db, "needs_response", "120")

    weigh(db)

    with db.reading() as session:
        first = queue.items(session, ALL)[0]
    assert first.kind is TaskKind.CHARGEBACK
    assert first.known.days_left == 9


def test_pages_follow_each_other_without_a_gap(db: Database) -> None:
    for worth in ("10", "20", "20", "30", "20"):
        a_task(db, worth)
    weigh(db)

    found: list[int] = []
    place = None
    while True:
        with db.reading() as session:
            page = queue.items(session, ALL, after=place, limit=2)
        if not page:
            break
        found += [item.id for item in page]
        place = page[-1].place

    assert found == order(db)
    assert len(found) == 5


def test_each_list_holds_its_own(db: Database) -> None:
    eva, tom, ola = a_person(db, "eva", "north"), a_person(db, "tom", "north"), a_person(db, "ola")
    given, looked_after, toms, nobodys = (a_task(db) for _ in range(4))
    with db.transaction() as session:
        working.take(session, given, actor=Actor.staff(eva))
        working.take(session, toms, actor=Actor.staff(tom))
        account_id = queue.of_tasks(session, [looked_after])[0].account_id
        values = {"account_id": account_id, "staff_id": eva, "assigned_at": now(session)}
        session.execute(insert(ASSIGNMENTS), values)

    def holds(whose: Whose, staff_id: int, team: str | None = None) -> set[int]:
        return set(order(db, Wanted(whose, staff_id, team)))

    assert holds(Whose.MINE, eva) == {given, looked_after}
    assert holds(Whose.TEAM, tom, "north") == {given, looked_after, toms}
    assert holds(Whose.TEAM, ola) == set()
    assert holds(Whose.NOBODY, eva) == {nobodys}
    assert holds(Whose.ALL, ola) == {given, looked_after, toms, nobodys}
    with db.reading() as session:
        counts = queue.counts(session, Wanted(Whose.ALL, eva, "north"))
        owners = {item.id: item.owner_id for item in queue.items(session, ALL)}
    assert counts == {Whose.MINE: 2, Whose.TEAM: 3, Whose.NOBODY: 1, Whose.ALL: 4, Whose.SNOOZED: 0}
    assert owners == {given: eva, looked_after: eva, toms: tom, nobodys: None}


def test_who_stands_in_does_the_work_of_who_is_away(db: Database) -> None:
    eva, tom = a_person(db, "eva"), a_person(db, "tom")
    task_id = a_task(db)
    with db.transaction() as session:
        working.take(session, task_id, actor=Actor.staff(eva))
        day = today(session)
        values = {"staff_id": eva, "stand_in_id": tom, "first_on": day, "last_on": day, "created_at": now(session)}
        session.execute(insert(ABSENCES), values)

    assert order(db, Wanted(Whose.MINE, tom)) == [task_id]
    with db.reading() as session:
        assert queue.items(session, ALL)[0].owner_id == tom


def test_one_kind_alone_and_how_many_of_each(db: Database) -> None:
    trace = a_task(db, kind=TaskKind.TRACE)
    for _ in range(2):
        a_task(db)

    with db.reading() as session:
        assert queue.kinds(session, ALL) == {TaskKind.ESCALATION: 2, TaskKind.TRACE: 1}
    assert order(db, Wanted(Whose.ALL, 0, kind=TaskKind.TRACE)) == [trace]


def test_the_next_one_follows_and_after_the_last_the_first(db: Database) -> None:
    low, high = a_task(db, "10"), a_task(db, "900")
    weigh(db)

    with db.transaction() as session:
        assert queue.following(session, ALL, None) == high
        assert queue.following(session, ALL, queue.place_of(session, high)) == low
        assert queue.following(session, ALL, queue.place_of(session, low)) == high
        working.done(session, high, actor=Actor.staff(1))
        assert queue.following(session, ALL, queue.place_of(session, high)) == low
        working.done(session, low, actor=Actor.staff(1))
        assert queue.following(session, ALL, queue.place_of(session, low)) is None


def test_what_is_put_off_comes_back_by_itself(db: Database, clock: MovableClock) -> None:
    task_id = a_task(db)
    with db.transaction() as session:
        snoozing.snooze(session, task_id, today(session) + timedelta(days=1), actor=Actor.staff(1))

    assert order(db) == []
    assert order(db, Wanted(Whose.SNOOZED, 0)) == [task_id]
    clock.advance(days=1)
    assert order(db) == [task_id]
    with db.reading() as session:
        acts = session.scalars(select(AUDIT_ENTRIES.c.act).order_by(AUDIT_ENTRIES.c.id.desc()).limit(1)).all()
    assert acts == ["task.snoozed"]


def test_it_is_called_back_before(db: Database) -> None:
    task_id = a_task(db)
    with db.transaction() as session:
        snoozing.snooze(session, task_id, today(session) + timedelta(days=9), actor=Actor.staff(1))
        snoozing.wake(session, task_id, actor=Actor.staff(1))

    assert order(db) == [task_id]


def test_nothing_is_put_off_into_the_past_too_far_or_beyond_its_last_day(db: Database) -> None:
    task_id = a_task(db)
    contest(db, "needs_response", "120")
    with db.transaction() as session:
        day = today(session)
        [dated] = queue.items(session, Wanted(Whose.ALL, 0, kind=TaskKind.CHARGEBACK))
        for wrong in (day, day + snoozing.LONGEST + timedelta(days=1)):
            with pytest.raises(Invalid):
                snoozing.snooze(session, task_id, wrong, actor=Actor.staff(1))
        with pytest.raises(Invalid):
            snoozing.snooze(session, dated.id, day + timedelta(days=30), actor=Actor.staff(1))
        working.done(session, task_id, actor=Actor.staff(1))
        with pytest.raises(Conflict):
            snoozing.snooze(session, task_id, day + timedelta(days=1), actor=Actor.staff(1))
        with pytest.raises(NotFound):
            snoozing.wake(session, 999_999, actor=Actor.staff(1))


def test_the_days_of_the_choices(db: Database) -> None:
    with db.reading() as session:
        day = today(session)

    assert snoozing.day_of(Until.TOMORROW, day) == day + timedelta(days=1)
    assert snoozing.day_of(Until.THREE_DAYS, day) == day + timedelta(days=3)
    monday = snoozing.day_of(Until.NEXT_WEEK, day)
    assert monday is not None
    assert monday.weekday() == 0
    assert timedelta(0) < monday - day <= timedelta(days=7)
    assert snoozing.day_of(Until.DAY, day) is None


def test_places_are_worked_out_anew_after_an_hour_and_not_before(db: Database, clock: MovableClock) -> None:
    a_task(db)

    assert weigh(db) == 1
    assert weigh(db) == 0
    clock.advance(hours=1, seconds=1)
    assert weigh(db) == 1


def test_other_weights_give_the_order_that_was_shown_before(db: Database, clock: MovableClock) -> None:
    a_late_account(db, "100", 5)
    eva = a_person(db, "eva")
    rich = a_task(db, "9000", account=a_late_account(db, "10", 1))
    old = a_task(db, "10", account=a_late_account(db, "10", 170))
    weigh(db)
    assert order(db) == [rich, old]
    weights = Weights(amount=0)

    with db.reading() as session:
        shown = tuning.preview(session, weights)
    clock.advance(seconds=1)
    with db.transaction() as session:
        tuning.tune(session, weights, actor=Actor.staff(eva))
    clock.advance(seconds=1)
    weigh(db)

    assert [(one.task_id, one.place, one.before) for one in shown] == [(old, 1, 2), (rich, 2, 1)]
    assert order(db) == [old, rich]
    with db.reading() as session:
        assert tuning.current(session) == weights


def test_weights_stay_within_bounds(db: Database) -> None:
    with db.transaction() as session, pytest.raises(Invalid):
        tuning.tune(session, Weights(chance=501), actor=Actor.staff(1))


def test_letters_that_wait_are_one_piece_of_work_until_they_are_printed(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        for _ in range(2):
            a_letter(session, MemoryStore(), account)
        assert gathering.gather(session) == 1
        assert gathering.gather(session) == 0

    with db.reading() as session:
        assert [item.kind for item in queue.items(session, ALL)].count(TaskKind.LETTERS_TO_PRINT) == 1


def test_what_is_new_is_explained_before_it_is_weighed(db: Database) -> None:
    task_id = a_task(db, "120", account=a_late_account(db, "120", 12))

    with db.reading() as session:
        found = queue.item(session, task_id)

    assert found is not None
    assert found.known.days_late == 12
    assert set(found.parts) == set(Factor)
