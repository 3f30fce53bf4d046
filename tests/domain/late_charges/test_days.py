"""Days: whose turn it is, what was missed, and which rates are asked for."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from domain.late_charges.charging import charge_account
from domain.late_charges.days import Turn, accounts_in, ask_for_rates, begin, end, is_done, settle_known
from domain.late_charges.facts import rules
from domain.policies.rates import RateMissing
from domain.policies.reference_rates import NewRate, enter
from domain.policies.sections import LateInterest, Reference, Sections
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.insolvency import dismissed, insolvent
from tests.support.lateness import DAY, DUE, Overdue
from tests.support.speaking import Spoken

FOLLOWING = Sections(late_interest=LateInterest(reference=Reference.DE_BASE, margin=Decimal("36.5")))
GERMAN = NewRate(Reference.DE_BASE, date(2026, 1, 1), Decimal("0"), "Deutsche Bundesbank")


def a_turn(debt: Overdue, day: date, *, killed: bool = False) -> list[int]:
    """The whole turn of a day, or until it was killed before its end; the accounts that were looked at."""
    debt.go_to(day)
    with debt.db.transaction() as session:
        turn = begin(session)
    with debt.db.reading() as session:
        ruling = rules(session)
        found = accounts_in(session, ruling, turn)
    missing: list[RateMissing] = []
    for account_id in found:
        with debt.db.transaction() as session:
            done = charge_account(
                session, account_id, ruling, before=turn.before, since=turn.since, speak=Spoken, actor=WORKER
            )
            missing.extend(done.missing)
    if not killed:
        with debt.db.transaction() as session:
            ask_for_rates(session, missing)
            end(session, turn)
    return found


def asked(db: Database) -> list[str]:
    """The rates that an open task asks for."""
    with db.reading() as session:
        wanted = select(Task.subject_id).where(Task.kind == TaskKind.RATE_MISSING, Task.done_at.is_(None))
        return list(session.scalars(wanted))


def test_a_day_has_one_turn_and_the_next_goes_on_from_it(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    a_turn(debt, date(2026, 2, 27))
    began = clock.now()

    with db.reading() as session:
        assert is_done(session)

    debt.go_to(date(2026, 3, 4))
    with db.transaction() as session:
        first, again = begin(session), begin(session)
        assert not is_done(session)

    assert first == again == Turn(date(2026, 3, 4), date(2026, 2, 27), began)


def test_a_worker_that_was_away_on_the_charge_day_makes_up_for_it(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)

    a_turn(debt, date(2026, 2, 27))
    a_turn(debt, date(2026, 3, 4))

    assert debt.amounts == [money("32")]


def test_a_turn_that_was_killed_is_made_up_for_and_charges_nothing_twice(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    a_turn(debt, date(2026, 2, 28))

    a_turn(debt, date(2026, 3, 1), killed=True)
    a_turn(debt, date(2026, 3, 1), killed=True)
    a_turn(debt, date(2026, 3, 2))
    a_turn(debt, date(2026, 3, 3))

    assert debt.amounts == [money("29")]


def test_an_account_with_nothing_open_has_a_turn_only_after_something_changed(
    db: Database, clock: MovableClock
) -> None:
    debt = Overdue(db, clock)
    a_turn(debt, DUE + 2 * DAY)
    debt.clock.advance(hours=2)
    debt.pay("1000", DUE)

    looked_at = [a_turn(debt, DUE + number * DAY) for number in (3, 4, 5)]

    assert looked_at == [[debt.account_id], [], []]


def test_a_missing_rate_is_asked_for_once_and_what_waited_is_charged_when_it_is_there(
    db: Database, clock: MovableClock
) -> None:
    debt = Overdue(db, clock, FOLLOWING)
    debt.go_to(date(2026, 2, 10))
    debt.pay("1000", date(2026, 2, 10))
    for number in range(3):
        a_turn(debt, date(2026, 2, 11) + timedelta(days=number))
    waiting = asked(db)

    with db.transaction() as session:
        enter(session, GERMAN, actor=OPERATOR)
        settled = settle_known(session)
    a_turn(debt, date(2026, 2, 14))

    assert (waiting, settled, asked(db)) == (["de_basiszinssatz:2026-01-01"], 1, [])
    assert debt.amounts == [money("10")]


def test_what_was_charged_for_days_that_turn_out_to_be_held_is_taken_back_by_the_next_run(
    db: Database, clock: MovableClock
) -> None:
    debt = Overdue(db, clock)
    a_turn(debt, date(2026, 3, 1))
    debt.pay("1000", date(2026, 3, 1))
    a_turn(debt, date(2026, 3, 2))
    with db.transaction() as session:
        insolvent(session, debt.account_id, date(2026, 2, 20))

    a_turn(debt, date(2026, 3, 3))

    assert debt.amounts == [money("29"), money("-10")]


def test_a_stop_that_was_a_slip_of_the_day_held_nothing(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.go_to(date(2026, 2, 25))
    with db.transaction() as session:
        dismissed(session, insolvent(session, debt.account_id, DUE + DAY))

    a_turn(debt, date(2026, 3, 1))

    assert debt.amounts == [money("29")]
