"""What our own cases say of each way, once there are enough of the same age, and that the calculator takes it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.placements import ending
from domain.placements.model import Partner, PartnerKind
from domain.placements.routes.model import Route
from domain.plans import changing as plans
from domain.plans.model import PlanStatus
from domain.reporting import handoff_history
from domain.reporting.handoff_history import Case, Past, history, past, step_of
from domain.reporting.handoff_routes import Origin, weigh
from domain.settlements.accepting import decline
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.outside import MemoryStore
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import a_running_plan, somebody_who_binds
from tests.support.recovering import came, spent
from tests.support.settling import an_accepted_offer, an_offer


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases are enough."""
    monkeypatch.setattr(handoff_history, "ENOUGH", 2)


def case(age: int, asked: int, got: int, days: int | None = 10, costs: int = 0) -> Case:
    """A case in whole pounds."""
    return Case(age, asked * 100, got * 100, days, costs * 100)


@pytest.mark.parametrize(("days", "step"), [(0, (0, 90)), (89, (0, 90)), (90, (90, 180)), (900, (365, None))])
def test_ages_are_counted_in_steps(days: int, step: tuple[int, int | None]) -> None:
    assert step_of(days) == step


def test_thirty_cases_of_the_same_age_say_something_and_fewer_do_not() -> None:
    cases = [case(100, 100, 40, 20, 3)] * 29

    assert past(cases, 90) is None
    assert past([*cases, case(30, 100, 100)], 90) is None
    assert past([*cases, case(179, 100, 100, 50)], 90) == Past(30, Decimal("42.0"), 21, 290)


def test_days_are_the_mean_of_those_where_something_came() -> None:
    cases = [case(100, 100, 0, None)] * 29 + [case(100, 100, 100, 60)]

    assert past(cases, 90) == Past(30, Decimal("3.3"), 60, 0)
    assert past([case(100, 100, 0, None)] * 30, 90) == Past(30, Decimal("0.0"), None, 0)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(-(10**6), 10**7)), min_size=30, max_size=40))
def test_never_less_than_nothing_nor_more_than_all_comes(amounts: list[tuple[int, int]]) -> None:
    found = past([Case(100, asked, got, 1) for asked, got in amounts], 100)

    assert found is not None
    assert 0 <= found.percent <= 100


def agency_case(session: Session, partner: Partner, amount: str, got: str | None) -> None:
    """A debt that was with a partner and came back, of which so much came."""
    account, _ = a_late_debt(session, amount, late_days=100)
    made = placed(session, account, partner)
    if got:
        came(session, made, got)
        spent(session, made, "10")
    ending.give_back(session, account.id, made.id, why="Done.", actor=OPERATOR)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("kind", "route"), [(PartnerKind.AGENCY, Route.AGENCY), (PartnerKind.ATTORNEY, Route.SUIT)])
def test_what_partners_brought_back(db: Database, kind: PartnerKind, route: Route) -> None:
    with db.transaction() as session:
        partner = a_partner(session, kind=kind)
        agency_case(session, partner, "1000", "500")
        agency_case(session, partner, "1000", None)
        placed(session, a_late_debt(session, "5000", late_days=100)[0], partner)

        found = history(session, "GBP", 120)

        assert found == {route: Past(2, Decimal("25.0"), 0, 5_00)}
        assert history(session, "GBP", 200) == {}
        assert history(session, "EUR", 120) == {}


@pytest.mark.usefixtures("two")
def test_what_signed_plans_brought(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        for paid in ("150", "30"):
            account, _, (invoice,), plan = a_running_plan(session, MemoryStore(), "150")
            a_receipt(session, account, paid, today(session), invoice)
            plans.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)

        found = history(session, "GBP", 0)[Route.PLAN]

    assert (found.many, found.percent) == (2, Decimal("60.0"))


@pytest.mark.usefixtures("two")
def test_what_offers_to_settle_brought(db: Database) -> None:
    with db.transaction() as session:
        account, _, (invoice,), _ = an_accepted_offer(session, "200", pays="150")
        a_cheque(session, account, "150", wanted={invoice.id: money("150")})
        account, _, made = an_offer(session, "200", pays="150")
        decline(session, account.id, made.id, actor=somebody_who_binds(session, account))

        found = history(session, "GBP", 90)[Route.SETTLEMENT]

    assert (found.many, found.percent, found.days) == (2, Decimal("50.0"), 0)


@pytest.mark.usefixtures("two")
def test_what_came_of_invoices_that_stayed_with_us(db: Database) -> None:
    with db.transaction() as session:
        day = today(session)
        due_on = day - timedelta(days=400)
        account = an_account(session)
        late, never, early, elsewhere = (
            an_invoice(session, account, amount, issued_on=due_on, due_on=due_on)
            for amount in ("100", "100", "7000", "900")
        )
        a_receipt(session, account, "20", due_on + timedelta(days=10), late)
        a_receipt(session, account, "60", due_on + timedelta(days=120), late)
        a_receipt(session, account, "10", due_on + timedelta(days=300), never)
        a_receipt(session, account, "7000", due_on + timedelta(days=30), early)

        found = history(session, "GBP", 100)[Route.KEEP]

        # of 80 + 100 + 900 that was open at 90 days, 60 came within 180 days, 30 days after that
        assert found == Past(3, Decimal("5.6"), 30, 0)
        assert elsewhere.open_minor == 900_00


@pytest.mark.usefixtures("two")
def test_the_calculator_takes_our_own_figures_where_there_are_enough(db: Database) -> None:
    with db.transaction() as session:
        agency = a_partner(session)
        agency_case(session, agency, "1000", "500")
        agency_case(session, agency, "1000", "100")
        account, _ = a_late_debt(session, "1200", late_days=100)

        starts = {start.route: start for start in weigh(session, account.id).starts}

    assert starts[Route.AGENCY].inputs.percent == Decimal("30.0")
    assert starts[Route.AGENCY].inputs.costs == money("10")
    assert str(starts[Route.AGENCY].sources["percent"].words) == "From 2 debts that we handed to agencies."
    assert starts[Route.PLAN].sources["percent"].origin is Origin.ASSUMED
    assert starts[Route.KEEP].sources["percent"].origin is Origin.USUAL
    assert Route.SUIT not in starts
