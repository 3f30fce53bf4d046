"""Pausing: while everything is paused nobody is reminded, and afterwards nothing is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.dunning.pausing import pause, paused, resume
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from tests.domain.dunning.test_stepping import FIRST, owing
from tests.support.audited import acts
from tests.support.reminding import a_sequence, days_pass, reminded, said

STAFF = Actor.staff(7)


def test_nobody_is_reminded_until_it_is_resumed(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 7)
        pause(session, why="The bank's file is missing", until_on=None, actor=STAFF)
    held = [reminded(db), *days_pass(db, clock, 3)]

    with db.transaction() as session:
        resume(session, actor=STAFF)
    reminded(db)

    assert [turn.did.done for turn in held] == [0] * 4
    with db.reading() as session:
        assert said(session) == [FIRST]
        assert {"dunning.paused", "dunning.resumed"} <= set(acts(session))


def test_it_ends_by_itself_after_its_day(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        owing(session, 7)
        pause(session, why="Holidays", until_on=today(session) + timedelta(days=1), actor=STAFF)

    turns = [reminded(db), *days_pass(db, clock, 2)]

    assert [turn.notices for turn in turns] == [0, 0, 1]


def test_what_cannot_be_meant_is_refused(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        pause(session, why="", until_on=None, actor=STAFF)
    with pytest.raises(Invalid), db.transaction() as session:
        pause(session, why="Why not", until_on=today(session) - timedelta(days=1), actor=STAFF)
    with pytest.raises(Conflict), db.transaction() as session:
        resume(session, actor=STAFF)
    with db.transaction() as session:
        pause(session, why="Holidays", until_on=None, actor=STAFF)
        assert paused(session) is not None
    with pytest.raises(Conflict), db.transaction() as session:
        pause(session, why="Again", until_on=None, actor=STAFF)
