"""Handoffs in a trial: which late debt meets the criteria that are tried, beside what lay with a partner."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.orm import Session

from domain.placements import ending
from domain.policies.sections import Handoff, Sections
from domain.reporting.trial.scope import ALL, accounts_of
from domain.reporting.trial.trying import Trial, try_out
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.stops import writing as stops
from domain.stops.model import StopKind
from tests.domain.reporting.trial.test_trying import only, sums
from tests.support.placing import HANDOFF, a_late_debt, a_partner, placed

DAY = timedelta(days=1)


def tried(db: Database, section: Handoff | None) -> Trial:
    """The trial of this section on all accounts, of the past month up to today."""
    with db.reading() as session:
        day = today(session)
        return try_out(session, Sections(handoff=section), accounts_of(session, 0, ALL), day - 30 * DAY, day)


def with_partner(session: Session, amount: str = "500") -> None:
    """A debt that lies with a partner."""
    placed(session, a_late_debt(session, amount)[0], a_partner(session))


def test_what_meets_the_criteria_could_be_handed_over(db: Database) -> None:
    with db.transaction() as session:
        a_late_debt(session, "1200", late_days=90)
        a_late_debt(session, "300", late_days=59)
        a_late_debt(session, "99", late_days=90)

    found = tried(db, HANDOFF)

    ((entry,),) = [row.entries["handoffs"] for row in found.currencies[0].rows if "handoffs" in row.entries]
    assert sums(found, "handoffs") == (1_200_00, 0)
    assert str(entry.said[0]) == "Tried: 90 days late; 1200.00 GBP of the account could be handed over."


@pytest.mark.parametrize(
    "change",
    [{"late_days": 91}, {"least_minor": 1_200_01}, {"least_notices": 2}],
    ids=lambda change: next(iter(change)),
)
def test_a_section_that_asks_for_more_hands_over_less(db: Database, change: dict[str, int]) -> None:
    with db.transaction() as session:
        a_late_debt(session, "1200", late_days=90)

    assert sums(tried(db, HANDOFF), "handoffs") == (1_200_00, 0)
    assert tried(db, msgspec.structs.replace(HANDOFF, **change)).currencies[0].totals["handoffs"].would == 0


def test_without_the_section_nothing_is_handed_over_and_what_lay_with_a_partner_was(db: Database) -> None:
    with db.transaction() as session:
        with_partner(session)

    off, same = tried(db, None), tried(db, HANDOFF)

    assert sums(off, "handoffs") == (0, 500_00)
    assert sums(same, "handoffs") == (500_00, 500_00)
    assert [str(words) for words in only(same).entries["handoffs"][0].said][-1] == (
        "Happened: with a partner on the last day."
    )


def test_what_is_held_otherwise_stays(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        stops.write(session, account.id, StopKind.BREATHING_SPACE, "hand", actor=OPERATOR)

    assert [each for each in tried(db, HANDOFF).currencies if each.totals["handoffs"].says] == []


def test_what_came_back_before_the_last_day_was_not_with_a_partner_then(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "500")
        made = placed(session, account, a_partner(session))
    clock.advance(days=5)
    with db.transaction() as session:
        ending.recall(session, made.account_id, made.id, why="They agreed a plan.", actor=OPERATOR)
    clock.advance(days=5)

    assert sums(tried(db, None), "handoffs") == (0, 0)
