"""Plans in a trial: late debt that customers could pay by a plan of their own, and requests that need nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.plans.negotiating import counter
from domain.policies.sections import Plans, Sections
from domain.reporting.trial.scope import ALL, accounts_of
from domain.reporting.trial.trying import Trial, try_out
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.staff.model import Role
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.domain.reporting.trial.test_trying import only, sums
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryStore
from tests.support.planning import PLANS, a_running_plan, an_asked_plan, monthly

DAY = timedelta(days=1)
STRICT = Plans(most_months=2, first_days=31)


def tried(db: Database, plans: Plans | None) -> Trial:
    """The trial of this fence on all accounts, of the past month up to today."""
    with db.reading() as session:
        day = today(session)
        return try_out(session, Sections(plans=plans), accounts_of(session, 0, ALL), day - 30 * DAY, day)


def late(session: Session, *amounts: str, days: int = 20) -> list[int]:
    """An account with late invoices over these amounts, by id; the last one is not due yet."""
    account, day = an_account(session), today(session)
    made = [an_invoice(session, account, each, issued_on=day - days * DAY, due_on=day - days * DAY) for each in amounts]
    an_invoice(session, account, "70", issued_on=day, due_on=day + DAY)
    return [invoice.id for invoice in made]


def test_all_that_is_late_makes_one_plan_that_is_inside_the_fence_or_not(db: Database) -> None:
    with db.transaction() as session:
        late(session, "300", "200")

    fits = tried(db, Plans(most_months=12, most_minor=500_00))
    too_much = tried(db, Plans(most_months=12, most_minor=499_99))
    off = tried(db, None)

    assert sums(fits, "plans") == (500_00, 0)
    assert [(entry.would, entry.number is not None) for entry in only(fits).entries["plans"]] == [
        (300_00, True),
        (200_00, True),
    ]
    assert "in up to 12 instalments" in str(only(fits).entries["plans"][0].said[0])
    assert (sums(too_much, "plans"), sums(off, "plans")) == ((0, 0), (0, 0))


def test_what_is_contested_or_was_paid_is_left_out(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        contested, _ = (
            an_invoice(session, account, each, issued_on=day - 9 * DAY, due_on=day - 9 * DAY) for each in ("300", "200")
        )
        write(session, account.id, StopKind.DISPUTE, "test", invoice_id=contested.id, actor=OPERATOR)

    assert sums(tried(db, PLANS), "plans") == (200_00, 0)


def test_what_is_on_a_plan_happened(db: Database) -> None:
    with db.transaction() as session:
        a_running_plan(session, MemoryStore(), "120")

    strict, same = tried(db, Plans(most_months=12, most_minor=1_00)), tried(db, PLANS)

    assert (sums(strict, "plans"), sums(same, "plans")) == ((0, 120_00), (120_00, 120_00))
    assert only(same).numbers["plans"].in_force == 120_00


@pytest.mark.parametrize(("asked_under", "inside_then"), [(PLANS, 1), (STRICT, 0)])
def test_a_request_is_judged_by_what_it_asked_for_then(db: Database, asked_under: Plans, inside_then: int) -> None:
    with db.transaction() as session:
        _, _, _, plan = an_asked_plan(session, "120", "60", count=6, plans=asked_under)
    with db.transaction() as session:
        if not inside_then:
            shape = monthly(session, 2)
            counter(session, plan.account_id, plan.id, shape, "Two will do?", role=Role.MANAGER, actor=OPERATOR)

    wide, strict, off = (tried(db, each) for each in (PLANS, STRICT, None))

    assert sums(wide, "plan_requests") == (1, inside_then)
    assert sums(strict, "plan_requests") == sums(off, "plan_requests") == (0, inside_then)
    assert "180.00 GBP in 6 instalments" in str(only(wide).entries["plan_requests"][0].said[0])


def test_a_request_before_the_period_does_not_count(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        an_asked_plan(session, "120")
    clock.advance(days=40)

    assert sums(tried(db, PLANS), "plan_requests") == (0, 0)
