"""The register of holds: it follows what holds new credit, and somebody may lift one for a while."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from domain.accounts.queries import lock
from domain.credit.holding import end_lifting, lift, review, review_all
from domain.credit.limits import end_limit, set_limit
from domain.credit.model import CreditHold, HoldReason
from domain.credit.queries import history, registered
from domain.credit.standing import standing_of
from domain.policies.sections import Limits
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.crediting import ruled

DAY = date(2026, 3, 16)
BOSS = Actor.staff(7)


@pytest.fixture
def account(db: Database) -> int:
    """An account that uses 80 of 50."""
    ruled(db, Limits(limit_minor=50_00))
    with db.transaction() as session:
        made = an_account(session)
        an_invoice(session, made, "80")
        return made.id


def reasons(db: Database, account_id: int) -> list[tuple[HoldReason, bool]]:
    """The register's holds of an account, and whether each has ended."""
    with db.reading() as session:
        rows = session.scalars(select(CreditHold).where(CreditHold.account_id == account_id).order_by(CreditHold.id))
        return [(row.reason, row.ended_at is not None) for row in rows]


def test_a_hold_begins_once_ends_when_it_is_paid_and_begins_anew(db: Database, account: int) -> None:
    assert review_all(db) >= 1
    assert review_all(db) == 0
    assert reasons(db, account) == [(HoldReason.ABOVE_LIMIT, False)]

    with db.transaction() as session:
        a_receipt(session, lock(session, account), "80", today(session))
    assert review_all(db) == 1
    assert reasons(db, account) == [(HoldReason.ABOVE_LIMIT, True)]

    with db.transaction() as session:
        an_invoice(session, lock(session, account), "90")
    review_all(db)
    assert reasons(db, account) == [(HoldReason.ABOVE_LIMIT, True), (HoldReason.ABOVE_LIMIT, False)]


def test_a_lifted_hold_lets_through_until_its_day_and_holds_again_after_it(
    db: Database, account: int, clock: MovableClock
) -> None:
    with db.transaction() as session:
        lift(
            session,
            account,
            HoldReason.ABOVE_LIMIT,
            until_on=DAY + timedelta(days=2),
            why="The transfer is seen",
            role=Role.MANAGER,
            actor=BOSS,
        )
        lifted = standing_of(session, account)
    clock.advance(days=3)
    with db.reading() as session:
        later = standing_of(session, account)
        [row] = history(session, account)

    assert (lifted.on_hold, lifted.holds[0].lifted_why) == (False, "The transfer is seen")
    assert later.on_hold
    assert (row.why, row.actor_id, row.until_on) == ("The transfer is seen", 7, DAY + timedelta(days=2))


def test_a_lifting_that_is_ended_holds_again_at_once_whatever_was_granted_before(db: Database, account: int) -> None:
    lift_it = partial(lift, reason=HoldReason.ABOVE_LIMIT, role=Role.MANAGER, actor=BOSS)
    with db.transaction() as session:
        for days, why in ((9, "The transfer is seen"), (5, "And the rest")):
            lift_it(session, account, until_on=DAY + timedelta(days=days), why=why)
    with db.transaction() as session:
        end_lifting(session, account, HoldReason.ABOVE_LIMIT, why="It came back", role=Role.MANAGER, actor=BOSS)

    with db.reading() as session:
        held, rows = standing_of(session, account), history(session, account)
        [listed] = registered(session)
    assert (held.on_hold, held.holds[0].lifted_until, listed.lifted_until) == (True, None, None)
    assert [(row.why, row.lift_ended_why, row.lift_ended_by) for row in rows] == [
        ("And the rest", "It came back", 7),
        ("The transfer is seen", "It came back", 7),
    ]
    with db.transaction() as session:
        lift_it(session, account, until_on=DAY, why="Now it is here")
        assert standing_of(session, account).holds[0].lifted_by == 7


def test_what_is_not_lifted_has_no_lifting_to_end(db: Database, account: int) -> None:
    with pytest.raises(Conflict, match="not lifted"), db.transaction() as session:
        end_lifting(session, account, HoldReason.ABOVE_LIMIT, why="x", role=Role.MANAGER, actor=BOSS)


def test_only_who_could_lift_a_hold_ends_its_lifting(db: Database, account: int) -> None:
    with db.transaction() as session:
        lift(session, account, HoldReason.ABOVE_LIMIT, until_on=DAY, why="x", role=Role.MANAGER, actor=BOSS)

    with pytest.raises(NotAllowed), db.transaction() as session:
        end_lifting(session, account, HoldReason.ABOVE_LIMIT, why="x", role=Role.COLLECTOR, actor=BOSS)


def test_the_list_says_which_are_lifted(db: Database, account: int) -> None:
    review_all(db)
    with db.transaction() as session:
        before = [row.lifted_until for row in registered(session) if row.account_id == account]
        lift(session, account, HoldReason.ABOVE_LIMIT, until_on=DAY, why="Paid", role=Role.MANAGER, actor=BOSS)
        after = [row.lifted_until for row in registered(session) if row.account_id == account]

    assert (before, after) == ([None], [DAY])


def test_only_who_has_the_authority_lifts_a_hold(db: Database, account: int) -> None:
    with pytest.raises(NotAllowed) as refused, db.transaction() as session:
        lift(session, account, HoldReason.ABOVE_LIMIT, until_on=DAY, why="x", role=Role.COLLECTOR, actor=BOSS)

    assert refused.value.who_can == ("Manager",)


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), DAY + timedelta(days=93)])
def test_a_hold_is_lifted_from_today_for_three_months_at_most(db: Database, account: int, day: date) -> None:
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        lift(session, account, HoldReason.ABOVE_LIMIT, until_on=day, why="x", role=Role.MANAGER, actor=BOSS)

    assert refused.value.field == "until_on"


def test_what_does_not_hold_cannot_be_lifted(db: Database, account: int) -> None:
    with pytest.raises(Conflict), db.transaction() as session:
        lift(session, account, HoldReason.OVERDUE, until_on=DAY, why="x", role=Role.MANAGER, actor=BOSS)


def test_a_higher_limit_ends_the_hold_at_once_and_its_end_brings_it_back(db: Database, account: int) -> None:
    with db.transaction() as session:
        review(session, account)
        set_limit(session, account, money("80"), why="Grows", role=Role.COLLECTOR, actor=BOSS)
    ended = reasons(db, account)
    with db.transaction() as session:
        end_limit(session, account, why="Back to usual", role=Role.COLLECTOR, actor=BOSS)

    assert ended == [(HoldReason.ABOVE_LIMIT, True)]
    assert reasons(db, account)[-1] == (HoldReason.ABOVE_LIMIT, False)


def test_more_than_a_role_may_decide_alone_is_refused(db: Database, account: int) -> None:
    with pytest.raises(NotAllowed), db.transaction() as session:
        set_limit(session, account, money("5000.01"), why="x", role=Role.COLLECTOR, actor=OPERATOR)


def test_without_a_limit_of_the_policy_only_who_has_none_ends_an_own_one(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session).id
        set_limit(session, account, money("10"), why="New", role=Role.COLLECTOR, actor=OPERATOR)

    with pytest.raises(NotAllowed), db.transaction() as session:
        end_limit(session, account, why="x", role=Role.COLLECTOR, actor=OPERATOR)
    with db.transaction() as session:
        end_limit(session, account, why="x", role=Role.MANAGER, actor=OPERATOR)
        assert standing_of(session, account).limit is None


def test_the_timeline_says_why_new_credit_was_held_lifted_and_free_again(db: Database, account: int) -> None:
    review_all(db)
    with db.transaction() as session:
        lift(session, account, HoldReason.ABOVE_LIMIT, until_on=DAY, why="Seen", role=Role.MANAGER, actor=BOSS)
        end_lifting(session, account, HoldReason.ABOVE_LIMIT, why="Gone", role=Role.MANAGER, actor=BOSS)
        set_limit(session, account, money("100"), why="Grows", role=Role.MANAGER, actor=BOSS)

    with db.reading() as session:
        happened = timeline(session, account, Topic.MONEY).happenings
    told = [str(one.words) for one in happened if "old" in str(one.words)]
    assert sorted(told) == [
        "A hold on new credit has ended",
        "Hold on new credit counts again: Gone",
        "Hold on new credit lifted: Seen",
        "New credit on hold: more is used than the credit limit allows",
    ]
