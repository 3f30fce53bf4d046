"""Who looks after an account on a day: whoever it was given to, or whoever stands in for them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assignments.absences import end, write_down
from domain.assignments.assigning import assign
from domain.assignments.queries import DEEPEST, responsible, stand_ins
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.staff.changing import disable
from tests.support.assigning import a_colleague
from tests.support.builders import an_account

DAY = date(2026, 3, 16)
SOON = DAY + timedelta(days=4)


def away(session: Session, who: int, stand_in: int, first_on: date = DAY, last_on: date = SOON) -> int:
    """Somebody is away."""
    return write_down(session, who, stand_in_id=stand_in, first_on=first_on, last_on=last_on, actor=OPERATOR)


def keeper(session: Session, account_id: int, day: date = DAY) -> int | None:
    """Who looks after the account on a day."""
    found = responsible(day)
    return session.scalar(select(found.c.staff_id).where(found.c.account_id == account_id))


def test_whoever_it_was_given_to_looks_after_an_account(db: Database) -> None:
    with db.transaction() as session:
        eva, account, other = a_colleague(session), an_account(session), an_account(session)
        assign(session, [account.id], eva.id, actor=OPERATOR)

        assert keeper(session, account.id) == eva.id
        assert keeper(session, other.id) is None
        assert stand_ins(session, DAY) == {}


def test_the_stand_in_does_on_the_days_of_an_absence(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session)
        assign(session, [account.id], eva.id, actor=OPERATOR)
        absence = away(session, eva.id, tom.id, DAY + timedelta(days=1), SOON)

        found = {day: keeper(session, account.id, DAY + timedelta(days=day)) for day in range(6)}
        assert found == {0: eva.id, 1: tom.id, 2: tom.id, 3: tom.id, 4: tom.id, 5: eva.id}
        assert stand_ins(session, SOON) == {eva.id: tom.id}

        end(session, absence, actor=OPERATOR)
        assert keeper(session, account.id, SOON) == eva.id


@pytest.mark.parametrize("away_too", range(DEEPEST + 2))
def test_a_stand_in_who_is_away_too_is_stood_in_for(db: Database, away_too: int) -> None:
    with db.transaction() as session:
        people = [a_colleague(session, f"P{number}").id for number in range(away_too + 1)]
        account = an_account(session)
        assign(session, [account.id], people[0], actor=OPERATOR)
        for first, second in pairwise(people):
            away(session, first, second)

        expected = people[-1] if away_too <= DEEPEST else people[0]
        assert keeper(session, account.id) == expected


def test_where_everybody_in_a_ring_is_away_each_keeps_their_own(db: Database) -> None:
    with db.transaction() as session:
        people = [a_colleague(session, f"P{number}").id for number in range(3)]
        accounts = [an_account(session).id for _ in people]
        for account_id, who, stand_in in zip(accounts, people, people[1:] + people[:1], strict=True):
            assign(session, [account_id], who, actor=OPERATOR)
            away(session, who, stand_in)

        assert [keeper(session, account_id) for account_id in accounts] == people


def test_a_stand_in_who_left_stands_in_no_more(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session)
        assign(session, [account.id], eva.id, actor=OPERATOR)
        away(session, eva.id, tom.id)
        disable(session, tom.id, actor=OPERATOR)

        assert keeper(session, account.id) == eva.id
