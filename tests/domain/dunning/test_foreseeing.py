"""Foreseeing: what is foreseen is what is done then, and nothing is written."""

from __future__ import annotations

from domain.dunning.foreseeing import foresee
from domain.notices.model import HeldBack
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from tests.domain.dunning.test_stepping import owing
from tests.support.disputing import contest
from tests.support.reminding import a_sequence, notices, reminded


def test_it_says_who_gets_what_when_and_who_does_not_and_why(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_sequence(session)
        told, _ = owing(session, 7)
        held, (late,) = owing(session, 14)
        asleep, _ = owing(session, 0, time_zone="Pacific/Auckland")
        contest(session, held, late)

    with db.reading() as session:
        foreseen = {each.account_id: each for each in foresee(session)}
        assert foreseen[told.id].at == now(session)
        assert (foreseen[held.id].at, foreseen[held.id].why) == (None, HeldBack.DISPUTED)
        tomorrow = foreseen[asleep.id].at
        assert tomorrow is not None
        assert tomorrow > now(session)
        assert notices(session) == []

    reminded(db)

    with db.reading() as session:
        done = {each.account_id: each for each in notices(session)}
        assert set(done) == {told.id, held.id}
        for account_id, notice in done.items():
            plan = foreseen[account_id].plan
            assert (notice.wording, notice.step_day, notice.total) == (
                plan.what.wording,
                plan.what.step_day,
                plan.total,
            )
