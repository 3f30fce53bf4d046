"""What a partner says nothing about for as long as the terms let it is taken back, and nothing else."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy.orm import Session

from app.handlers import placement_turns
from domain.placements import proposing, queries, sending
from domain.placements.model import Placement, PlacementStatus
from domain.policies.sections import Handoff
from domain.processing.placing import recalling
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.placing import HANDOFF, a_late_debt, a_partner, placed, proposed
from tests.support.recovering import came, did

IMPATIENT = msgspec.structs.replace(HANDOFF, recall_silent_days=30)


def a_placement(session: Session, section: Handoff = IMPATIENT) -> Placement:
    """A debt that a partner has taken."""
    account, _ = a_late_debt(session, section=section)
    return placed(session, account, a_partner(session, term_days=300))


def pass_days(db: Database, clock: MovableClock, days: int) -> None:
    """So many days later the worker does what is due."""
    clock.advance(days=days)
    assert not placement_turns.take_due(db).failures


def state(db: Database, placement_id: int) -> PlacementStatus:
    """Where a placement stands."""
    with db.reading() as session:
        found: PlacementStatus = queries.placement(session, placement_id).status
    return found


def test_after_so_many_days_of_silence_it_is_taken_back_with_a_task(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        made = a_placement(session)
        made_id, account_id = made.id, made.account_id

    pass_days(db, clock, 30)
    before = state(db, made_id)
    pass_days(db, clock, 1)

    assert (before, state(db, made_id)) == (PlacementStatus.ACTIVE, PlacementStatus.RECALLED)
    with db.reading() as session:
        assert queries.changes(session, made_id)[-1].why == recalling.SILENT
        assert TaskKind.PLACEMENT_BACK in [task.kind for task in tasks.tasks_of(session, account_id)]


def test_one_that_nobody_has_answered_is_taken_back_too(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, section=IMPATIENT)
        made = proposed(session, account, a_partner(session, term_days=300))
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
        sending.send(session, account.id, made.id, actor=OPERATOR)
        made_id = made.id

    pass_days(db, clock, 31)

    assert state(db, made_id) is PlacementStatus.RECALLED


def test_without_the_rule_a_partner_may_be_silent_until_its_term(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        made_id = a_placement(session, HANDOFF).id

    pass_days(db, clock, 200)

    assert state(db, made_id) is PlacementStatus.ACTIVE


@pytest.mark.parametrize("heard", ["written", "collected"])
def test_what_is_heard_gives_it_time_anew(db: Database, clock: MovableClock, heard: str) -> None:
    with db.transaction() as session:
        made_id = a_placement(session).id
    pass_days(db, clock, 20)
    with db.transaction() as session:
        say(session, session.get_one(Placement, made_id), heard)

    pass_days(db, clock, 20)
    between = state(db, made_id)
    pass_days(db, clock, 20)

    assert (between, state(db, made_id)) == (PlacementStatus.ACTIVE, PlacementStatus.RECALLED)


def say(session: Session, made: Placement, heard: str) -> None:
    """The partner writes what it did, or tells of money."""
    if heard == "written":
        did(session, made)
    else:
        came(session, made, "10")


def test_one_that_is_on_hold_was_asked_to_be_silent(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        made = a_placement(session)
        made_id = made.id
        stops.write(session, made.account_id, StopKind.BREATHING_SPACE, "hand", actor=OPERATOR)

    pass_days(db, clock, 100)

    assert state(db, made_id) is PlacementStatus.HELD


def test_what_was_heard_before_its_turn_came_leaves_it_there(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        made = a_placement(session)
        made_id, account_id = made.id, made.account_id
    clock.advance(days=31)
    with db.transaction() as session:
        assert recalling.silent(session) == [(account_id, made_id)]
        say(session, session.get_one(Placement, made_id), "written")

        assert not recalling.recall_silent(session, account_id, made_id)

    assert state(db, made_id) is PlacementStatus.ACTIVE
