"""Paying in parts in the portal: proposals, one's own plan, signing, what goes beyond the fence; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.accounts.queries import lock
from domain.invoicing.debit_notes import issue_debit_note
from domain.plans import ending, negotiating, queries
from domain.plans.model import PaymentPlan, PlanSignature, PlanStatus, Side
from domain.plans.schedule import Shape
from domain.policies.sections import EarlyDiscount, Frequency, Plans, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client, Page
from tests.support.planning import PLANS
from tests.support.policies import a_policy

MANAGER = Actor.staff(1, "203.0.113.9")
SIGNED = {"job_title": "Owner", "read": "yes", "may": "yes"}


@pytest.fixture
def owed(portal: Portal) -> tuple[int, list[int]]:
    """An account with two open invoices, where customers may pay in up to twelve parts."""
    account_id, invoice_ids = portal.account("900.00", "300.00")
    rules(portal, PLANS)
    return account_id, invoice_ids


@pytest.fixture
def maya(portal: Portal, owed: tuple[int, list[int]], open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def rules(portal: Portal, plans: Plans) -> None:
    """What the policy says of plans."""
    with portal.db.transaction() as session:
        a_policy(session, Sections(plans=plans))


def in_days(portal: Portal, days: int) -> date:
    """The day in so many days."""
    with portal.db.reading() as session:
        return today(session) + timedelta(days=days)


def plans(portal: Portal) -> list[tuple[PlanStatus, int]]:
    """The plans: how each stands, and how many invoices it is about."""
    with portal.db.reading() as session:
        rows = session.scalars(select(PaymentPlan).order_by(PaymentPlan.id)).all()
        return [(row.status, len(queries.invoices(session, row.id))) for row in rows]


def shapes(maya: Client, owed: tuple[int, list[int]]) -> Page:
    """The page of proposals over both invoices, from home."""
    return maya.get(f"/accounts/{owed[0]}").follow("I need more time").follow("Pay in parts").submit("Go on")


def own(portal: Portal, **typed: str) -> dict[str, str]:
    """One's own plan: six monthly payments, the first in ten days."""
    first_on = in_days(portal, 10).isoformat()
    return {"plan": "own", "frequency": "monthly", "count": "6", "first_on": first_on} | typed


def test_from_more_time_to_a_signed_plan_in_six_screens(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    choose = shapes(maya, owed)
    read = maya.follow(choose.submit("Go on", plan="3"))
    before = plans(portal)
    agreement = maya.get(read.link("The agreement as PDF"))

    running = maya.follow(read.submit("Sign the plan", SIGNED))
    kept = maya.get(running.link("The agreement as PDF"))

    assert "£1,200.00" in choose.words
    assert "We can agree to this at once" in choose.words
    assert before == [(PlanStatus.OFFERED, 2)]
    assert "£400.00" in read.words
    assert plans(portal) == [(PlanStatus.ACTIVE, 2)]
    assert "£0.00 of £1,200.00 paid" in running.words
    assert agreement.is_download
    assert kept.response.content == agreement.response.content
    with portal.db.reading() as session:
        assert session.scalars(select(PlanSignature.name)).one() == "Maya"


def test_a_second_press_asks_once_and_signs_once(portal: Portal, maya: Client, owed: tuple[int, list[int]]) -> None:
    choose = shapes(maya, owed)
    first, second = choose.submit("Go on", plan="3"), choose.submit("Go on", plan="3")
    read = maya.follow(first)
    signed = read.submit("Sign the plan", SIGNED), read.submit("Sign the plan", SIGNED)

    assert second.location == first.location
    assert [page.status for page in signed] == [303, 303]
    assert plans(portal) == [(PlanStatus.ACTIVE, 2)]


def test_one_invoice_needs_no_choice_of_invoices(portal: Portal, maya: Client, owed: tuple[int, list[int]]) -> None:
    later = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1][0]}").follow("This one will be late")

    choose = later.follow("Pay in parts")

    assert "Pay £900.00 in parts" in choose.words


def test_ones_own_plan_is_shown_before_it_is_asked_for(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    shown = shapes(maya, owed).submit("Show me the dates", own(portal))
    ticked: dict[str, str | list[str]] = {"invoice": [str(one) for one in owed[1]], **own(portal)}
    live = maya.fragment(f"/accounts/{owed[0]}/plans/new", params=ticked)
    by_amount = shapes(maya, owed).submit("Show me the dates", own(portal, count="", each="250", down="200"))

    assert "6 payments of £200.00" in shown.words
    assert "6 payments of £200.00" in live.words
    assert live.all("html") == []
    assert "4 payments of £250.00" in by_amount.words
    assert "£200.00 at once" in by_amount.words
    assert plans(portal) == []


def test_nothing_is_called_wrong_before_anything_is_typed(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    typed: dict[str, str | list[str]] = {"invoice": [str(one) for one in owed[1]], **own(portal, count="")}

    shown = maya.get(f"/accounts/{owed[0]}/plans/new", params=typed)

    assert "Say how many payments, or how much each is to be, and they appear here." in shown.words
    assert "Enter a whole number" not in shown.words


def test_what_is_lost_by_paying_in_parts_is_said_in_money(portal: Portal, open_browser: Callable[[], Client]) -> None:
    early = EarlyDiscount(percent=Decimal(2), days=10)
    with portal.db.transaction() as session:
        a_policy(session, Sections(plans=PLANS, early_discount=early))
    account_id, _ = portal.account("512.11")
    maya = sign_in(portal, open_browser())

    choose = maya.get(f"/accounts/{account_id}/plans/new")

    assert "Paid all at once by 26 Mar 2026, £10.24 less is enough: paying in parts, you lose that." in choose.words
    assert "costs you nothing more" not in choose.words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"count": "", "each": ""}, "Enter a whole number from 1 to 260."),
        ({"first_on": "2020-01-01"}, "Choose a first day within the next twelve months."),
        ({"down": "1200"}, "The down payment has to be less than £1,200.00."),
        ({"first_on": "soon"}, "Enter a day"),
    ],
)
def test_what_no_plan_can_be_is_said_beside_the_field_and_nothing_is_lost(
    portal: Portal, maya: Client, owed: tuple[int, list[int]], typed: dict[str, str], said: str
) -> None:
    refused = shapes(maya, owed).submit("Go on", own(portal, frequency="weekly") | typed)

    assert refused.status == 422
    assert said in refused.words
    assert [each.get("value") for each in refused.all("option") if each.get("selected") is not None] == ["weekly"]
    assert plans(portal) == []


def test_the_dates_of_what_no_plan_can_be_are_refused_beside_the_fields(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    choose, typed = shapes(maya, owed), own(portal, count="0", down="abc")

    refused = choose.submit("Show me the dates", typed)
    live = maya.fragment(f"/accounts/{owed[0]}/plans/new", params={"invoice": [str(one) for one in owed[1]], **typed})

    assert (refused.status, live.status) == (422, 200)
    assert "Enter an amount, such as £12.50." in words_of(refused, "down-error")
    assert "Enter a whole number from 1 to 260." in words_of(refused, "count-error")
    assert [refused.all("input", name=name)[0].get("value") for name in ("count", "down")] == ["0", "abc"]
    assert "They appear here as soon as" in refused.words
    assert "Enter a whole number from 1 to 260." in live.words


def test_none_of_the_invoices_is_refused_and_nothing_is_ticked_again(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    with portal.db.transaction() as session:
        late = session.get_one(Invoice, owed[1][0])
        charge = issue_debit_note(
            session, lock(session, owed[0]), late, Money(1250, "GBP"), reason="Late", actor=OPERATOR
        )
        number = charge.number
    which = maya.get(f"/accounts/{owed[0]}/plans/new")

    refused = which.submit("Go on", invoice=[])
    one = refused.submit("Go on", invoice=[str(owed[1][0])])

    assert len([box for box in which.all("input", type="checkbox") if box.get("checked") is not None]) == 3
    assert f"Late charge {number}" in which.words
    assert "All of them together: £1,212.50" in which.words
    assert refused.status == 422
    assert "Choose at least one invoice." in words_of(refused, "invoice-error")
    assert [box.get("checked") for box in refused.all("input", type="checkbox")] == [None] * 3
    assert "Pay £900.00 in parts" in one.words


def test_beyond_the_fence_somebody_is_asked_and_the_page_says_what_comes(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    beyond = shapes(maya, owed).submit("Go on", own(portal, count="24"))
    before = plans(portal)
    page = maya.follow(beyond.submit("Ask for this", words="We open again in spring"))

    assert before == []
    assert "At most 12 instalments can be agreed here." in beyond.words
    assert plans(portal) == [(PlanStatus.REQUESTED, 2)]
    assert "What happens next" in page.words
    assert "We open again in spring" in page.words


def test_a_counter_offer_is_read_beside_what_was_asked_and_taken(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    page = maya.follow(shapes(maya, owed).submit("Go on", own(portal, count="24")).submit("Ask for this"))
    counter(portal, owed[0], 8, "Eight months is what we can do")

    offered = maya.get(page.path)
    running = maya.follow(offered.submit("Sign the plan", SIGNED))

    assert "24 payments" in offered.words
    assert "8 payments of £150.00" in offered.words
    assert "Eight months is what we can do" in offered.words
    assert plans(portal) == [(PlanStatus.ACTIVE, 2)]
    assert "£0.00 of £1,200.00 paid" in running.words


def test_a_counter_offer_is_countered_and_withdrawn(portal: Portal, maya: Client, owed: tuple[int, list[int]]) -> None:
    page = maya.follow(shapes(maya, owed).submit("Go on", own(portal, count="24")).submit("Ask for this"))
    counter(portal, owed[0], 8, "Eight")

    asked = maya.get(page.path).follow("Propose something else").submit("Go on", own(portal, count="20"))
    again = maya.follow(asked.submit("Ask for this", words="Twenty"))
    over = maya.follow(again.submit("Withdraw the request"))

    assert again.path == page.path
    assert "Twenty" in again.words
    assert plans(portal) == [(PlanStatus.WITHDRAWN, 2)]
    assert "It was withdrawn before it had started." in over.words


def test_a_plan_that_staff_have_ended_says_why_and_what_can_be_done(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    read = maya.follow(shapes(maya, owed).submit("Go on", plan="3"))
    read.submit("Sign the plan", SIGNED)
    with portal.db.transaction() as session:
        plan_id = session.scalars(select(PaymentPlan.id)).one()
        ending.end(session, owed[0], plan_id, why="As you have asked us", role=Role.MANAGER, actor=MANAGER)

    page = maya.get(read.path)

    assert "We have ended this plan" in page.words
    assert "As you have asked us" in page.words
    assert page.words.count("Not paid by it") == 3
    assert "Pay £1,200.00 in parts" in page.follow("Ask for a new plan").submit("Go on").words


def test_who_may_not_bind_reads_it_and_is_told_who_can(
    portal: Portal, maya: Client, owed: tuple[int, list[int]], open_browser: Callable[[], Client]
) -> None:
    read = maya.follow(shapes(maya, owed).submit("Go on", plan="3"))
    with portal.db.transaction() as session:
        account = lock(session, owed[0])
        rights = {Right.VIEW, Right.PAY, Right.PROMISE}
        grant(session, account, email="eve@harbour.example", name="Eve", rights=rights, actor=OPERATOR)
    eve = sign_in(portal, open_browser(), "eve@harbour.example")

    page = eve.get(read.path)
    forced = eve.post(
        f"{read.path}/sign", data={"csrf_token": page.all("input", name="csrf_token")[0].get("value") or ""}
    )

    assert "These people may sign it" in page.words
    assert "Maya" in page.words
    assert forced.status == 403
    assert plans(portal) == [(PlanStatus.OFFERED, 2)]


def test_nothing_is_signed_without_the_ticks_or_when_it_says_something_else_by_now(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    read = maya.follow(shapes(maya, owed).submit("Go on", plan="3"))

    without = read.submit("Sign the plan", job_title="Owner")
    portal.clock.advance(days=3)
    moved = sign_in(portal, maya).get(read.path)
    stale = moved.submit("Sign the plan", SIGNED | {"digest": "0" * 64})

    assert (without.status, stale.status) == (422, 422)
    assert "tick this if you agree to it" in without.words
    assert "Something has changed since this was shown" in stale.words
    assert plans(portal) == [(PlanStatus.OFFERED, 2)]


def test_a_policy_that_asks_what_they_can_pay_keeps_the_answer(
    portal: Portal, maya: Client, owed: tuple[int, list[int]]
) -> None:
    rules(portal, Plans(most_months=12, needs_method=False, on_business_days=False, asks_capacity=True))

    missing = shapes(maya, owed).submit("Go on", plan="3")
    maya.follow(shapes(maya, owed).submit("Go on", plan="3", can_pay="400 a month", money_comes="on the 20th"))

    assert "Write what you can pay" in missing.words
    with portal.db.reading() as session:
        plan_id = session.scalars(select(PaymentPlan.id)).one()
        assert queries.rounds(session, plan_id)[0].capacity == "400 a month\non the 20th"


def test_where_the_terms_have_no_plans_the_page_says_what_to_do(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    later = maya.get(f"/accounts/{account_id}/later")
    page = maya.get(f"/accounts/{account_id}/plans/new")

    assert "Pay in parts" not in later.words
    assert "Write to us or call us." in page.words


def words_of(page: Page, id: str) -> str:
    """What the element with this id says."""
    return " ".join("".join(page.all("p", id=id)[0].itertext()).replace("\xa0", " ").split())


def counter(portal: Portal, account_id: int, count: int, words: str) -> None:
    """A manager proposes so many monthly payments."""
    with portal.db.transaction() as session:
        plan_id = session.scalars(select(PaymentPlan.id)).one()
        shape = Shape(count=count, frequency=Frequency.MONTHLY, first_on=today(session) + timedelta(days=10))
        negotiating.counter(session, account_id, plan_id, shape, words, role=Role.MANAGER, actor=MANAGER)
        assert queries.latest_shape(session, plan_id)[1] is Side.US
