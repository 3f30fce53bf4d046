"""Notices: the sequence that ruled all along gives what was sent; another is told apart; nothing is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import partial
from random import Random

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.dunning import rules
from domain.dunning.stepping import step
from domain.notices.model import Notice
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep, Sections
from domain.reporting.trial.trying import Trial
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops.model import StopKind
from domain.stops.writing import lift, write
from tests.domain.reporting.trial.test_trying import DAY, FIRST, LAST, Quarter, only, some_history
from tests.support.builders import a_receipt

STEPS = (
    DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
    DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
    DunningStep(day=4, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
    DunningStep(day=9, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=4),
    DunningStep(day=16, channel=Channel.EMAIL, wording=Wording.DEMAND, approve=True, gap_days=3),
)
RULED = Sections(dunning=Dunning(steps=STEPS))


def lived(quarter: Quarter, last: date = LAST) -> None:
    """Each day: what was planned for it in the early morning, then the reminders at noon."""
    day = FIRST
    while day <= last:
        quarter.go_to(day)
        for act in quarter.plans.get(day, ()):
            with quarter.db.transaction() as session:
                act(session)
        quarter.clock.move_to(datetime.combine(day, time(12), UTC))
        with quarter.db.transaction() as session:
            book = rules.sequences(session, today(session))
            for account_id in quarter.account_ids:
                step(session, account_id, book, actor=WORKER)
        day += DAY
    quarter.go_to(LAST + DAY)


def told(trial: Trial) -> list[tuple[date, str, int, int]]:
    """Each notice of the only account: its day, its kind, tried, happened."""
    entries = only(trial).entries["notices"]
    return [(entry.on, entry.kind.key if entry.kind else "", entry.would, entry.was) for entry in entries]


@pytest.mark.parametrize("seed", range(2))
def test_the_sequence_that_ruled_all_along_gives_what_was_sent(db: Database, clock: MovableClock, seed: int) -> None:
    quarter, random = Quarter(db, clock, RULED), Random(seed)
    some_history(quarter, random)
    _reached_by_email(quarter)
    _with_stops_and_credit(quarter, random)
    lived(quarter, FIRST + 62 * DAY)

    trial = quarter.tried(RULED, last=FIRST + 62 * DAY)

    behind = [entry for each in trial.currencies for row in each.rows for entry in row.entries.get("notices", ())]
    assert [entry for entry in behind if (entry.would, entry.was) != (1, 1)] == []
    assert len(behind) >= 10
    assert all(entry.in_force == 1 for entry in behind)
    assert all(entry.said[0].params == entry.said[1].params for entry in behind)


def test_another_sequence_is_told_apart_step_by_step(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, RULED)
    account_id = quarter.account(email="ap@example.com")
    quarter.pay(quarter.invoice(account_id, "100", due_on=FIRST + 10 * DAY), "100", FIRST + 20 * DAY)
    lived(quarter, FIRST + 20 * DAY)
    later = Dunning(steps=(STEPS[0], DunningStep(day=6, channel=Channel.LETTER, wording=Wording.FIRST_REMINDER)))

    trial = quarter.tried(Sections(dunning=later))

    assert told(trial) == [
        (FIRST + 7 * DAY, "courtesy-email", 1, 1),
        (FIRST + 10 * DAY, "due_today-email", 0, 1),
        (FIRST + 14 * DAY, "first_reminder-email", 0, 1),
        (FIRST + 16 * DAY, "first_reminder-letter", 1, 0),
        (FIRST + 19 * DAY, "second_reminder-email", 0, 1),
    ]
    (pounds,) = trial.currencies
    assert [(kind.key, number.would, number.in_force, number.was) for kind, number in pounds.kinds["notices"]] == [
        ("courtesy-email", 1, 1, 1),
        ("due_today-email", 0, 1, 1),
        ("first_reminder-email", 0, 1, 1),
        ("first_reminder-letter", 1, 0, 0),
        ("second_reminder-email", 0, 1, 1),
    ]


def test_a_policy_without_reminders_sends_none(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, RULED)
    quarter.invoice(quarter.account(email="ap@example.com"), "100", due_on=FIRST + 10 * DAY)
    lived(quarter, FIRST + 20 * DAY)

    trial = quarter.tried(Sections(), last=FIRST + 20 * DAY)

    assert [(would, was) for _, _, would, was in told(trial)] == [(0, 1)] * 4


def test_what_is_too_little_is_left_alone_in_our_own_currency_only(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    for currency in ("GBP", "USD"):
        quarter.invoice(quarter.account(currency=currency), "100", due_on=FIRST + 10 * DAY)
    quarter.live(FIRST + DAY)
    quarter.go_to(LAST + DAY)

    trial = quarter.tried(Sections(dunning=replace(RULED.dunning or Dunning(steps=()), least_minor=100_01)))

    assert [each.currency for each in trial.currencies] == ["USD"]


def test_what_came_after_the_notices_of_a_day_was_not_known_to_them(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    account_id = quarter.account()
    invoice = quarter.invoice(account_id, "100", due_on=FIRST + 10 * DAY)
    quarter.live(FIRST + 9 * DAY)
    clock.move_to(datetime.combine(FIRST + 10 * DAY, time(9), UTC))
    with db.transaction() as session:
        account = accounts.lock(session, account_id)
        a_receipt(session, account, "100", FIRST + 10 * DAY, invoice(session))
    quarter.go_to(LAST + DAY)

    trial = quarter.tried(RULED)

    assert [(on, kind) for on, kind, *_ in told(trial)] == [
        (FIRST + 7 * DAY, "courtesy-email"),
        (FIRST + 10 * DAY, "due_today-email"),
    ]


def test_a_trial_of_notices_writes_nothing(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, RULED)
    quarter.invoice(quarter.account(email="ap@example.com"), "100", due_on=FIRST + 10 * DAY)
    quarter.live(FIRST + DAY)
    quarter.go_to(LAST + DAY)

    quarter.tried(RULED)

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


def _reached_by_email(quarter: Quarter) -> None:
    """Everybody has an address."""
    for account_id in quarter.account_ids:
        with quarter.db.transaction() as session:
            accounts.lock(session, account_id).email = f"a{account_id}@example.com"


def _with_stops_and_credit(quarter: Quarter, random: Random) -> None:
    """Some accounts are left alone for a while, some have credit that covers a part."""
    for account_id in quarter.account_ids:
        since = FIRST + random.randrange(20, 60) * DAY
        habit = random.choice(["manual", "breathing", "credit", "none"])
        if habit == "manual":
            quarter.plan(since, partial(_hold, account_id=account_id, kind=StopKind.MANUAL))
            quarter.plan(since + random.randrange(1, 20) * DAY, partial(_let_go, account_id=account_id))
        elif habit == "breathing":
            until = since + random.randrange(20) * DAY
            quarter.plan(since, partial(_hold, account_id=account_id, kind=StopKind.BREATHING_SPACE, until=until))
        elif habit == "credit":
            quarter.plan(since, partial(_credit, account_id=account_id, on=since))


def _hold(session: Session, *, account_id: int, kind: StopKind, until: date | None = None) -> None:
    write(session, account_id, kind, f"trial:{account_id}", actor=WORKER, until_on=until)


def _let_go(session: Session, *, account_id: int) -> None:
    lift(session, StopKind.MANUAL, f"trial:{account_id}", actor=WORKER)


def _credit(session: Session, *, account_id: int, on: date) -> None:
    a_receipt(session, accounts.lock(session, account_id), "250", on)
