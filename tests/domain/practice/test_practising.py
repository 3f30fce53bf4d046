"""Practising: a session goes turn by turn, is logged once, is its owner's, and touches nothing but its own tables."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.notices.model import CallOutcome
from domain.practice import queries
from domain.practice.model import SESSIONS, TURNS, PracticeSession
from domain.practice.moves import Move
from domain.practice.practising import SURPRISE, begin, log, say, share
from domain.practice.situation import Logged, Told
from domain.practice.situations import ALL
from domain.shared.db.base import Base
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff.model import Role
from tests.support.assigning import a_colleague
from tests.support.builders import an_account, an_invoice
from tests.support.practising import practised

OWN_TABLES = {"practice_session", "practice_turn"}


def everything_else(session: Session) -> dict[str, list[str]]:
    """Every row of every table but those of practice."""
    return {
        table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
        for table in Base.metadata.sorted_tables
        if table.name not in OWN_TABLES
    }


def test_whole_sessions_change_nothing_but_their_own_tables(session: Session) -> None:
    an_invoice(session, an_account(session), "120")
    ana = a_colleague(session, "Ana").id
    before = everything_else(session)

    for key in ALL:
        share(session, ana, practised(session, ana, key), shared=True)
    say(session, ana, begin(session, ana, "short"), 1, Told(Move.THREATEN, "We send the police"))

    assert everything_else(session) == before
    assert sum(map(len, before.values())) > 5
    assert all(tries.is_full for tries in queries.progress(session, ana).values())
    assert len(session.execute(select(TURNS)).all()) >= sum(len(one.model) for one in ALL.values())


def test_another_try_is_another_customer(session: Session) -> None:
    ana = a_colleague(session, "Ana").id

    tries = [session.get_one(PracticeSession, begin(session, ana, "paid")).seed for _ in range(3)]

    assert tries == [1, 2, 3]


def test_a_surprise_is_what_was_practised_least(session: Session) -> None:
    ana = a_colleague(session, "Ana").id

    begun = [session.get_one(PracticeSession, begin(session, ana, SURPRISE)) for _ in ALL]

    assert {one.situation for one in begun} == set(ALL)
    assert all(one.is_surprise for one in begun)


def test_a_turn_that_was_sent_twice_counts_once(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    session_id = begin(session, ana, "short")

    for _ in range(2):
        say(session, ana, session_id, 1, Told(Move.INTRODUCE, " Good day. "))
    say(session, ana, session_id, 7, Told(Move.END))

    assert queries.told(session, session_id) == [Told(Move.INTRODUCE, "Good day.")]


def test_nothing_is_said_after_the_end(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    session_id = begin(session, ana, "short")

    say(session, ana, session_id, 1, Told(Move.END))
    say(session, ana, session_id, 2, Told(Move.INTRODUCE))

    assert [one.move for one in queries.told(session, session_id)] == [Move.END]


def test_what_cannot_be_said_here_is_refused(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    session_id = begin(session, ana, "short")

    with pytest.raises(Invalid):
        say(session, ana, session_id, 1, Told(Move.TAKE_LAWYER))
    with pytest.raises(Invalid):
        say(session, ana, session_id, 1, Told(Move.INTRODUCE, "x" * 2_001))
    with pytest.raises(Invalid):
        begin(session, ana, "nothing_like_it")


def test_a_call_is_logged_once_it_is_over_and_once(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    session_id = begin(session, ana, "short")
    with pytest.raises(Conflict):
        log(session, ana, session_id, Logged(CallOutcome.VOICEMAIL))

    say(session, ana, session_id, 1, Told(Move.END))
    with pytest.raises(Invalid):
        log(session, ana, session_id, Logged(CallOutcome.REACHED, " "))
    log(session, ana, session_id, Logged(CallOutcome.VOICEMAIL))
    log(session, ana, session_id, Logged(CallOutcome.REACHED, "Once more, and better"))

    found = session.get_one(PracticeSession, session_id)
    assert found.outcome is CallOutcome.VOICEMAIL
    assert found.points is not None
    assert found.most is not None
    assert found.points < found.most


def test_a_message_is_looked_back_on_at_once_and_never_logged(session: Session) -> None:
    ana = a_colleague(session, "Ana").id

    session_id = practised(session, ana, "paid_letter")

    assert session.get_one(PracticeSession, session_id).marked_at is not None
    with pytest.raises(NotFound):
        log(session, ana, session_id, Logged(CallOutcome.VOICEMAIL))


def test_a_session_is_its_owners_until_it_is_shared(session: Session) -> None:
    ana, boss = a_colleague(session, "Ana").id, a_colleague(session, "Boss", Role.MANAGER).id
    begun, done = begin(session, ana, "paid"), practised(session, ana)

    with pytest.raises(NotFound):
        queries.session_of(session, done, boss, is_boss=True)
    with pytest.raises(NotFound):
        say(session, boss, begun, 1, Told(Move.INTRODUCE))
    with pytest.raises(NotFound):
        share(session, boss, done, shared=True)
    with pytest.raises(Conflict):
        share(session, ana, begun, shared=True)
    share(session, ana, done, shared=True)
    assert queries.session_of(session, done, boss, is_boss=True).id == done
    with pytest.raises(NotFound):
        queries.session_of(session, done, boss, is_boss=False)
    share(session, ana, done, shared=False)
    with pytest.raises(NotFound):
        queries.session_of(session, done, boss, is_boss=True)


def test_progress_counts_what_was_finished(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    practised(session, ana)
    practised(session, ana)
    practised(session, ana, "paid", is_logged=False)
    badly = begin(session, ana, "left")
    say(session, ana, badly, 1, Told(Move.END))
    log(session, ana, badly, Logged(CallOutcome.VOICEMAIL))

    assert queries.progress(session, ana) == {"short": queries.Tries(2, True), "left": queries.Tries(1, False)}
    assert [row.situation for row in queries.lately(session, ana)] == ["left", "paid", "short", "short"]


def test_the_team_is_listed_by_name_with_what_they_know_and_no_points(session: Session) -> None:
    zoe, ana = a_colleague(session, "Zoe").id, a_colleague(session, "Ana").id
    practised(session, zoe, "left")
    shared = practised(session, zoe, "paid")
    share(session, zoe, shared, shared=True)
    practised(session, ana, "short", is_logged=False)

    team = queries.team(session, [Role.COLLECTOR])

    assert [(one.name, set(one.situations)) for one in team] == [("Ana", set()), ("Zoe", {"left", "paid"})]
    assert [row.id for row in team[1].shared] == [shared]
    assert team[0].last_at is None
    assert not {"points", "most"} & set(dir(team[1])) | {"points", "most"} & set(team[1].shared[0]._fields)


def test_the_database_itself_refuses_points_without_an_end(session: Session) -> None:
    ana = a_colleague(session, "Ana").id
    session_id = begin(session, ana, "short")

    with pytest.raises(IntegrityError, match="ck_practice_session"), session.begin_nested():
        session.execute(SESSIONS.update().where(SESSIONS.c.id == session_id).values(points=1))
