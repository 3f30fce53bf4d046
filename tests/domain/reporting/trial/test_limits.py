"""Limits: the days on which a trial would have held new credit, and those in the register."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.credit.holding import review
from domain.credit.limits import set_limit
from domain.policies.sections import Limits, Sections
from domain.reporting.trial.spells import Spell, spells
from domain.reporting.trial.trying import Trial
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.domain.reporting.trial.test_trying import DAY, FIRST, Quarter, only
from tests.support.builders import money

LAST = FIRST + 60 * DAY
HOLDING = Limits(limit_minor=1_000_00, hold_overdue_days=10, hold_overdue_least_minor=100_00)


def reviewed(quarter: Quarter) -> None:
    """Every account's register is looked over at the end of each day."""
    for number in range((LAST - FIRST).days + 1):
        for account_id in quarter.account_ids:
            quarter.plan(FIRST + number * DAY, lambda session, each=account_id: _review(session, each))  # type: ignore[misc]


def _review(session: Session, account_id: int) -> None:
    review(session, account_id)


def tried(quarter: Quarter, section: Limits) -> Trial:
    return quarter.tried(Sections(limits=section), FIRST, LAST)


def test_the_section_that_ruled_all_along_gives_the_days_of_the_register(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, Sections(limits=HOLDING))
    account_id = quarter.account()
    quarter.pay(quarter.invoice(account_id, "900", due_on=FIRST + 5 * DAY), "900", FIRST + 30 * DAY)
    quarter.invoice(account_id, "400", FIRST + 7 * DAY, due_on=FIRST + 40 * DAY)
    reviewed(quarter)
    quarter.live(LAST)

    row = only(tried(quarter, HOLDING))

    # Above the limit while both were open; overdue from the eleventh day after each due day on.
    assert (row.numbers["above_limit"].would, row.numbers["above_limit"].was) == (23, 23)
    assert (row.numbers["overdue"].would, row.numbers["overdue"].was) == (14 + 10, 14 + 10)
    assert [entry.on for entry in row.entries["overdue"] if entry.would] == [FIRST + 16 * DAY, FIRST + 51 * DAY]


def test_an_own_limit_counts_from_the_day_of_its_decision(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    account_id = quarter.account()
    quarter.invoice(account_id, "900")
    quarter.plan(
        FIRST + 20 * DAY,
        lambda session: set_limit(  # type: ignore[arg-type]
            session, account_id, money("850"), why="careful", role=Role.MANAGER, actor=OPERATOR
        ),
    )
    quarter.live(LAST)

    row = only(tried(quarter, HOLDING))

    assert [(entry.on, entry.would, entry.was) for entry in row.entries["above_limit"]] == [
        (FIRST + 20 * DAY, 41, 0),
        (FIRST + 20 * DAY, 0, 41),
    ]


def test_what_is_disputed_does_not_count_as_overdue(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    account_id = quarter.account()
    invoice = quarter.invoice(account_id, "300", due_on=FIRST + 5 * DAY)

    def contest(session: Session) -> None:
        found = invoice(session)
        accounts.lock(session, account_id)
        write(session, account_id, StopKind.DISPUTE, source="dispute:1", invoice_id=found.id, actor=OPERATOR)

    quarter.plan(FIRST + 30 * DAY, contest)
    quarter.live(LAST)

    row = only(tried(quarter, HOLDING))

    assert [(entry.on, entry.would) for entry in row.entries["overdue"]] == [(FIRST + 16 * DAY, 14)]


def test_in_another_currency_any_overdue_amount_holds_and_no_limit_of_the_policy_does(
    db: Database, clock: MovableClock
) -> None:
    quarter = Quarter(db, clock, Sections(limits=HOLDING))
    account_id = quarter.account(currency="USD")
    quarter.invoice(account_id, "99", due_on=FIRST + 5 * DAY)
    quarter.invoice(account_id, "1000", due_on=LAST)
    reviewed(quarter)
    quarter.live(LAST)

    row = only(tried(quarter, HOLDING))

    assert (row.numbers["overdue"].would, row.numbers["overdue"].was) == (45, 45)
    assert (row.numbers["above_limit"].would, row.numbers["above_limit"].was) == (0, 0)


def test_without_limits_only_an_own_limit_holds(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    quarter.invoice(quarter.account(), "90000", due_on=FIRST)
    quarter.live(LAST)

    assert quarter.tried(Sections(), FIRST, LAST).currencies == []


@given(
    changes=some.lists(some.tuples(some.integers(-20, 80), some.integers(-5, 5)), max_size=12),
    least=some.integers(1, 6),
)
def test_spells_are_exactly_the_days_on_which_there_is_enough(changes: list[tuple[int, int]], least: int) -> None:
    deltas: dict[date, int] = {}
    for day, minor in changes:
        deltas[FIRST + day * DAY] = deltas.get(FIRST + day * DAY, 0) + minor

    found = list(spells(deltas, FIRST, LAST, least=least))

    levels = {
        FIRST + number * DAY: sum(minor for day, minor in deltas.items() if day <= FIRST + number * DAY)
        for number in range(61)
    }
    covered = {spell.since + timedelta(days=number) for spell in found for number in range(spell.days)}
    assert covered == {day for day, level in levels.items() if level >= least}
    assert all(
        spell
        == Spell(spell.since, spell.until, max(levels[spell.since + number * DAY] for number in range(spell.days)))
        for spell in found
    )
