"""Plans at a glance: what each is worth in every state, and what has settled it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.documents.storage import Store
from domain.plans import changing, listing, queries
from domain.plans.following import follow
from domain.plans.health import Health
from domain.plans.listing import Glance
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.standing import instalments
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, live_allocations, money, take_back
from tests.support.counting import counted
from tests.support.planning import a_running_plan, an_asked_plan


def seen(session: Session, plan: PaymentPlan) -> Glance:
    """One plan at a glance."""
    session.flush()
    return listing.glances(session, [queries.plan(session, plan.id)])[plan.id]


def test_while_it_is_talked_about_it_is_worth_what_is_open(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice, _), plan = an_asked_plan(session, "100", "50", count=13)
        a_receipt(session, account, "30", today(session), invoice)

        glance = seen(session, plan)

        assert glance.worth == money("120")
        assert glance.standing is None
        assert glance.next_on is None


def test_a_running_one_is_worth_what_remains_and_says_how_it_goes(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        due = [part.day for part in instalments(session, [plan.id])[plan.id]]
        a_receipt(session, account, "50", due[0], invoice)

        glance = seen(session, plan)

        assert glance.worth == money("100")
        assert glance.next_on == due[1]
        assert glance.watched is not None
        assert glance.watched.health is Health.KEPT


def test_once_it_has_ended_it_is_worth_what_was_signed(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        a_receipt(session, account, "150", today(session), invoice)
        follow(session, plan, actor=OPERATOR)

        assert plan.status is PlanStatus.COMPLETED
        assert seen(session, plan).worth == money("150")


def test_a_defaulted_one_is_worth_what_is_still_open(db: Database, store: Store) -> None:
    with db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, store, "150")
        a_receipt(session, account, "40", today(session), invoice)
        changing.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)

        glance = seen(session, plan)

        assert glance.worth == money("110")
        assert glance.watched is None


def test_what_settles_it_is_one_line_for_each_receipt_and_one_for_what_is_taken_back(
    db: Database, store: Store
) -> None:
    with db.transaction() as session:
        account, _, invoices, plan = a_running_plan(session, store, "100", "50")
        a_receipt(session, account, "120", today(session) + timedelta(days=1), *invoices)
        first = live_allocations(session, invoices[0])[0]
        take_back(session, first, effective_on=today(session) + timedelta(days=2))

        rows = listing.settled_by(session, plan.id)

        assert [(row.taken_back, row.amount_minor) for row in rows] == [(True, -100_00), (False, 120_00)]
        assert rows[0].public_id == rows[1].public_id is not None


def test_many_are_seen_in_as_many_queries_as_one(db: Database, store: Store) -> None:
    with db.transaction() as session:
        for _ in range(4):
            a_running_plan(session, store, "100")
            an_asked_plan(session, "100", count=13)
        session.flush()
        rows = [
            *queries.plans(session, queries.View.RUNNING, limit=9),
            *queries.plans(session, queries.View.REQUESTS, limit=9),
        ]

        with counted(db.bind) as for_two:
            listing.glances(session, [rows[0], rows[-1]])
        with counted(db.bind) as for_all:
            listing.glances(session, rows)

    assert len(rows) == 8
    assert len(for_all) == len(for_two)
