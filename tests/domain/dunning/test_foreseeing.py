"""Foreseeing: what is foreseen is what is done then, and nothing is written."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.contacts import ContactDetails, add
from domain.dunning.foreseeing import foresee
from domain.notices.model import HeldBack
from domain.notices.reach.duties import choose
from domain.policies.contacting import Recipient
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from tests.domain.dunning.test_stepping import owing
from tests.support.counting import counted
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


def test_many_accounts_cost_as_many_queries_as_two(db: Database) -> None:
    with db.transaction() as session:
        a_sequence(session)
        a_reachable_and_a_contested_one(session)
    with db.reading() as session, counted(db.bind) as of_two:
        two = list(foresee(session))

    with db.transaction() as session:
        for _ in range(4):
            a_reachable_and_a_contested_one(session)
    with db.reading() as session, counted(db.bind) as of_many:
        many = list(foresee(session))

    assert (len(two), len(many)) == (2, 10)
    assert len(of_many) == len(of_two)


def a_reachable_and_a_contested_one(session: Session) -> None:
    """An account with somebody whom notices are for, and one that contests what is late."""
    account, _ = owing(session, 7)
    ida = add(session, account, ContactDetails("Ida", email=f"ida{account.id}@example.com"), actor=OPERATOR)
    choose(session, account.id, ida.id, Recipient.CONTACT, texts=False, actor=OPERATOR)
    held, (late,) = owing(session, 14)
    contest(session, held, late)
