"""Absences: days that hold, one at a time, with somebody else who can do the work; and teams."""

from __future__ import annotations

from datetime import date

import pytest

from domain.assignments import absences
from domain.assignments.teams import set_team, teams
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff.changing import disable
from domain.staff.model import Role
from tests.support.assigning import a_colleague
from tests.support.audited import acts


def march(day: int) -> date:
    """A day of the month in which the tests are."""
    return date(2026, 3, day)


def test_an_absence_is_shown_to_both_until_it_is_over(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        eva, tom, ana = (a_colleague(session, name).id for name in ("Eva", "Tom", "Ana"))
        absences.write_down(session, eva, stand_in_id=tom, first_on=march(18), last_on=march(20), actor=OPERATOR)
        assert len(absences.coming(session)) == 1
        assert [len(absences.coming(session, of=one)) for one in (eva, tom, ana)] == [1, 1, 0]
        assert acts(session)[-1] == "absence.written_down"
    clock.advance(days=5)
    with db.reading() as session:
        assert absences.coming(session) == []


def test_two_absences_of_one_person_do_not_overlap(db: Database) -> None:
    with db.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom").id
        first = absences.write_down(
            session, eva, stand_in_id=tom, first_on=march(18), last_on=march(20), actor=OPERATOR
        )
        for days in ((16, 18), (19, 19), (20, 25), (16, 30)):
            with pytest.raises(Invalid, match="is away from"):
                absences.write_down(
                    session, eva, stand_in_id=tom, first_on=march(days[0]), last_on=march(days[1]), actor=OPERATOR
                )
        absences.write_down(session, eva, stand_in_id=tom, first_on=march(21), last_on=march(22), actor=OPERATOR)
        absences.end(session, first, actor=OPERATOR)
        absences.write_down(session, eva, stand_in_id=tom, first_on=march(19), last_on=march(19), actor=OPERATOR)


def test_two_people_do_not_stand_in_for_each_other_on_the_same_days(db: Database) -> None:
    with db.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom").id
        absences.write_down(session, eva, stand_in_id=tom, first_on=march(18), last_on=march(20), actor=OPERATOR)
        with pytest.raises(Invalid) as refused:
            absences.write_down(session, tom, stand_in_id=eva, first_on=march(20), last_on=march(21), actor=OPERATOR)
        assert refused.value.field == "stand_in_id"
        absences.write_down(session, tom, stand_in_id=eva, first_on=march(21), last_on=march(21), actor=OPERATOR)


def test_what_cannot_be_is_refused_beside_its_field(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, gone = (a_colleague(session, name) for name in ("Eva", "Tom", "Gone"))
        auditor = a_colleague(session, "Ada", Role.AUDITOR)
        disable(session, gone.id, actor=OPERATOR)
        wrong = [
            (eva.id, tom.id, 20, 18, "last_on"),
            (eva.id, tom.id, 10, 12, "last_on"),
            (eva.id, eva.id, 18, 20, "stand_in_id"),
            (eva.id, gone.id, 18, 20, "stand_in_id"),
            (eva.id, auditor.id, 18, 20, "stand_in_id"),
            (auditor.id, gone.id, 18, 20, "stand_in_id"),
            (gone.id, tom.id, 18, 20, "staff_id"),
        ]
        for staff_id, stand_in_id, first, last, field in wrong:
            with pytest.raises(Invalid) as refused:
                absences.write_down(
                    session,
                    staff_id,
                    stand_in_id=stand_in_id,
                    first_on=march(first),
                    last_on=march(last),
                    actor=OPERATOR,
                )
            assert refused.value.field == field
        absences.write_down(
            session, auditor.id, stand_in_id=tom.id, first_on=march(18), last_on=march(20), actor=OPERATOR
        )


def test_an_absence_is_ended_once(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom").id
        first = absences.write_down(
            session, eva, stand_in_id=tom, first_on=march(16), last_on=march(20), actor=OPERATOR
        )
        second = absences.write_down(
            session,
            tom,
            stand_in_id=a_colleague(session, "Ana").id,
            first_on=march(17),
            last_on=march(17),
            actor=OPERATOR,
        )
        absences.end(session, first, actor=OPERATOR)
        with pytest.raises(Conflict):
            absences.end(session, first, actor=OPERATOR)
        with pytest.raises(NotFound):
            absences.end(session, 10**9, actor=OPERATOR)
    clock.advance(days=3)
    with db.transaction() as session, pytest.raises(Conflict):
        absences.end(session, second, actor=OPERATOR)


def test_a_team_is_whoever_names_it_whatever_the_case(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, gone = (a_colleague(session, name) for name in ("Eva", "Tom", "Gone"))
        set_team(session, eva.id, " North ", actor=OPERATOR)
        set_team(session, tom.id, "NORTH", actor=OPERATOR)
        assert (eva.team, tom.team, teams(session)) == ("North", "North", ["North"])
        many = len(acts(session))
        set_team(session, tom.id, "north", actor=OPERATOR)
        assert len(acts(session)) == many

        set_team(session, eva.id, "", actor=OPERATOR)
        set_team(session, tom.id, None, actor=OPERATOR)
        assert teams(session) == []

        with pytest.raises(Invalid):
            set_team(session, eva.id, "x" * 61, actor=OPERATOR)
        with pytest.raises(NotFound):
            set_team(session, 10**9, "North", actor=OPERATOR)
        disable(session, gone.id, actor=OPERATOR)
        with pytest.raises(Conflict):
            set_team(session, gone.id, "North", actor=OPERATOR)
