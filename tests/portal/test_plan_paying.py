"""A plan in the portal once it is signed: how it starts, how its parts are paid, and that nothing else is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from domain.accounts.queries import lock, logins_on
from domain.payments.model import Payment, PaymentLine
from domain.payments.snapshots import MethodSnapshot, SetupSnapshot, SetupState
from domain.plans import queries
from domain.plans.coverage import Extra
from domain.plans.model import PaymentPlan, PlanPayment, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.plans.rules import stand
from domain.policies.sections import Plans, Sections
from domain.processing.reconciling.setups import reconcile_setup
from domain.saved_methods.model import MethodSetup
from domain.shared.actor import Actor
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.portal.linked import link_to, opened
from tests.support.builders import an_invoice, money
from tests.support.client import Client, Page
from tests.support.paying import succeed
from tests.support.planning import PLANS, monthly, signed
from tests.support.policies import a_policy
from tests.support.saving import VISA, a_method

Browser = Callable[[], Client]
A_WEEK = timedelta(days=7)
WITH_METHOD = Plans(most_months=12, on_business_days=False)
SIGNED = {"job_title": "Owner", "read": "yes", "may": "yes"}


def a_plan(portal: Portal, plans: Plans = PLANS, *, down_minor: int = 0) -> tuple[int, list[int], int]:
    """Maya has signed a plan of three monthly parts over two of three invoices: account, invoices, plan."""
    account_id, invoice_ids = portal.account("900.00", "300.00", "50.00")
    with portal.db.transaction() as session:
        a_policy(session, Sections(plans=plans))
        login_id = logins_on(session, account_id)[0].id
        actor = Actor.login(login_id, "203.0.113.7")
        ask = Ask((invoice_ids[0], invoice_ids[1]), monthly(session, 3, down_minor=down_minor))
        plan = ask_for(session, account_id, ask, login_id=login_id, actor=actor)
        signed(session, portal.store, plan, actor)
        return account_id, invoice_ids, plan.id


def saved(portal: Portal, account_id: int, name: str = "pm_1") -> int:
    """A card of Maya's."""
    with portal.db.reading() as session:
        login_id = logins_on(session, account_id)[0].id
    return a_method(portal.db, account_id, login_id, replace(VISA, method_ref=name, label=f"Visa {name}"))


def meant(portal: Portal) -> list[tuple[int | None, Extra | None]]:
    """What each payment was written down to be for: the number of the part, and what becomes of more."""
    with portal.db.reading() as session:
        numbers = {
            part.agreed.id: part.agreed.number
            for each in session.scalars(select(PaymentPlan.id)).all()
            for part in stand(session, [each])[each].parts
        }
        rows = session.scalars(select(PlanPayment).order_by(PlanPayment.payment_id)).all()
        return [(numbers.get(row.instalment_id or 0), row.extra) for row in rows]


def lines(portal: Portal) -> dict[int, int]:
    """What the newest payment pays of each invoice."""
    with portal.db.reading() as session:
        newest = session.scalars(select(Payment.id).order_by(Payment.id.desc())).first()
        rows = session.scalars(select(PaymentLine).where(PaymentLine.payment_id == newest))
        return {row.invoice_id: row.amount_minor for row in rows}


def paid(portal: Portal, amount: str) -> None:
    """The newest payment comes."""
    with portal.db.reading() as session:
        public_id = session.scalars(select(Payment.public_id).order_by(Payment.id.desc())).first()
    assert public_id is not None
    succeed(portal.db, public_id, money(amount))


def setup_id(portal: Portal) -> str:
    """What the newest saving is called."""
    with portal.db.reading() as session:
        return session.scalars(select(MethodSetup.public_id).order_by(MethodSetup.id.desc())).first() or ""


def came_back(portal: Portal) -> str:
    """Where the processor's page leads whoever has saved something there, as it was asked to."""
    return str(list(portal.processor.bodies.values())[-1]["success_url"]).removeprefix("http://127.0.0.1:8000")


def keep(portal: Portal) -> None:
    """The processor tells that a card was saved."""
    with portal.db.transaction() as session:
        reconcile_setup(
            session,
            SetupSnapshot("seti_1", setup_id(portal), "quittance", SetupState.SUCCEEDED, "pm_9", None),
            MethodSnapshot("pm_9", "cus_1", "card", "Visa •••• 1111", (2040, 12)),
        )


def status(portal: Portal) -> PlanStatus:
    """How the plan stands."""
    with portal.db.reading() as session:
        return session.scalars(select(PaymentPlan.status)).one()


def after(portal: Portal, browser: Client, days: int) -> Client:
    """Maya, so many days later."""
    portal.clock.advance(days=days)
    return sign_in(portal, browser)


def test_nothing_of_what_is_on_a_plan_is_asked_for_but_its_part(portal: Portal, open_browser: Browser) -> None:
    account_id, invoice_ids, _ = a_plan(portal)
    maya = after(portal, open_browser(), 40)

    home, invoices = maya.get(f"/accounts/{account_id}"), maya.get(f"/accounts/{account_id}/invoices")
    invoice = maya.get(f"/accounts/{account_id}/invoices/{invoice_ids[0]}")
    check = maya.get(f"/accounts/{account_id}/pay?invoice={invoice_ids[0]}")
    statement = maya.get(f"/accounts/{account_id}/statement")

    assert "£400.00 of it is due now. Nothing else of it is asked for." in home.words
    assert "Pay £50.00" in home.words
    assert "£1,200.00 of it is on your payment plan." in home.words
    assert [box.get("value") for box in invoices.all("input", name="invoice")] == [str(invoice_ids[2])]
    assert "On your payment plan" in invoice.words
    assert "Pay £900.00" not in invoice.words
    assert [field.get("value") for field in check.all("input", name=f"amount-{invoice_ids[0]}")] == [""]
    assert "£400.00 is due now." in statement.words


def test_what_comes_next_has_the_part_among_the_invoices_by_its_day(portal: Portal, open_browser: Browser) -> None:
    account_id, _, _ = a_plan(portal)
    with portal.db.transaction() as session:
        account = lock(session, account_id)
        sooner, later = (
            an_invoice(session, account, "20", due_on=today(session) + days) for days in (A_WEEK, 6 * A_WEEK)
        )

    home = sign_in(portal, open_browser()).get(f"/accounts/{account_id}")

    named = [link for item in home.all("ol", class_="next")[0].iter("a") if (link := "".join(item.itertext()))]
    assert named.index(f"{sooner.number} is due") < named.index("A part of your payment plan")
    assert named.index("A part of your payment plan") < named.index(f"{later.number} is due")


def test_a_link_of_a_notice_asks_nothing_of_what_is_on_a_plan(portal: Portal, open_browser: Browser) -> None:
    account_id, invoice_ids, _ = a_plan(portal)
    linked = link_to(portal, account_id, invoice_ids[:2], invoice_ids[2])

    page = opened(open_browser(), linked.token).get("/l")

    assert "It is on your payment plan" in page.words
    assert "£900.00" not in page.words
    assert page.all("form", action="/l/pay") == []


def test_a_part_is_paid_from_a_saved_card_and_counts_for_that_part(portal: Portal, open_browser: Browser) -> None:
    account_id, invoice_ids, plan_id = a_plan(portal)
    saved(portal, account_id)
    maya = after(portal, open_browser(), 31)

    answer = maya.get(f"/accounts/{account_id}/plans/{plan_id}").follow("Pay £400.00").submit("Pay now")
    paid(portal, "400")
    page = maya.get(f"/accounts/{account_id}/plans/{plan_id}")

    assert answer.status == 303
    assert meant(portal) == [(1, None)]
    assert lines(portal) == {invoice_ids[0]: 40000}
    assert "£400.00 of £1,200.00 paid" in page.words


@pytest.mark.parametrize(("extra", "next_left"), [("tail", 40000), ("next", 10000)])
def test_more_makes_it_shorter_or_pays_the_next_ahead_as_its_payer_chose(
    portal: Portal, open_browser: Browser, extra: str, next_left: int
) -> None:
    account_id, _, plan_id = a_plan(portal)
    maya = sign_in(portal, open_browser())

    form = maya.get(f"/accounts/{account_id}/plans/{plan_id}").follow("Pay more, or pay it off")
    form.submit("Go on to your card", what="more", amount="300", extra=extra)
    paid(portal, "300")

    assert meant(portal) == [(None, Extra(extra))]
    with portal.db.reading() as session:
        assert stand(session, [plan_id])[plan_id].parts[0].left == next_left


def test_all_that_is_left_is_paid_off(portal: Portal, open_browser: Browser) -> None:
    account_id, invoice_ids, plan_id = a_plan(portal)
    maya = sign_in(portal, open_browser())

    maya.get(f"/accounts/{account_id}/plans/{plan_id}/pay").submit("Go on to your card", what="all")
    paid(portal, "1200")
    page = maya.get(f"/accounts/{account_id}/plans/{plan_id}")

    assert lines(portal) == {invoice_ids[0]: 90000, invoice_ids[1]: 30000}
    assert status(portal) is PlanStatus.COMPLETED
    assert "All of it is paid" in page.words


@pytest.mark.parametrize(
    ("amount", "said"), [("1201", "Enter an amount up to £1,200.00."), ("", "Enter an amount, such as")]
)
def test_an_amount_that_cannot_be_paid_is_said_beside_its_field(
    portal: Portal, open_browser: Browser, amount: str, said: str
) -> None:
    account_id, _, plan_id = a_plan(portal)
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/plans/{plan_id}/pay").submit(
        "Go on to your card", what="more", amount=amount, extra="tail"
    )

    assert page.status == 422
    assert said in page.words
    assert meant(portal) == []


def test_a_plan_starts_once_one_of_ones_own_cards_is_chosen(portal: Portal, open_browser: Browser) -> None:
    account_id, _, _ = a_plan(portal, WITH_METHOD)
    method_id = saved(portal, account_id)
    maya = sign_in(portal, open_browser())
    start = maya.get(f"/accounts/{account_id}").follow("Start the plan")
    before = status(portal)

    running = maya.follow(start.submit("Start the plan", method=str(method_id)))

    assert before is PlanStatus.ACCEPTED
    assert status(portal) is PlanStatus.ACTIVE
    assert "Taken on its day from Visa pm_1." in running.words


def test_without_a_card_one_is_saved_on_the_processors_page(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal, WITH_METHOD)
    maya = sign_in(portal, open_browser())

    answer = maya.get(f"/accounts/{account_id}/plans/{plan_id}").submit("Start the plan")
    ways = maya.get(f"/accounts/{account_id}/ways-to-pay")

    assert answer.status == 303
    assert status(portal) is PlanStatus.ACCEPTED
    assert ways.link("Your payment plan") == f"/accounts/{account_id}/plans/{plan_id}"
    with portal.db.reading() as session:
        assert len(session.scalars(select(MethodSetup)).all()) == 1


def test_who_saves_a_card_for_a_plan_comes_back_to_the_plan(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal, WITH_METHOD)
    maya = sign_in(portal, open_browser())
    plan = f"/accounts/{account_id}/plans/{plan_id}"

    maya.get(plan).submit("Start the plan")
    waiting = maya.get(came_back(portal))
    polled = waiting.all("div", id="ways")[0].get("data-hx-get") or ""
    still = maya.fragment(polled)
    keep(portal)
    done, live, again = maya.get(waiting.path), maya.fragment(polled), maya.get(waiting.path.partition("?")[0])

    assert waiting.path == f"/accounts/{account_id}/ways-to-pay/added/{setup_id(portal)}?{urlencode({'back': plan})}"
    assert "We are confirming" in still.words
    assert waiting.link("Look again") == waiting.path
    assert (done.location, live.headers["hx-redirect"]) == (plan, plan)
    assert again.location == f"/accounts/{account_id}/ways-to-pay"
    assert "Taken on its day from" in maya.get(plan).words


def test_a_new_card_for_a_running_plan_is_chosen_when_its_owner_comes_back(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, _, plan_id = a_plan(portal)
    saved(portal, account_id)
    maya = sign_in(portal, open_browser())

    maya.get(f"/accounts/{account_id}/plans/{plan_id}/method").submit("Use this", method="new")
    keep(portal)
    form = maya.follow(maya.get(came_back(portal)))
    page = maya.follow(form.submit("Use this"))

    assert form.path == f"/accounts/{account_id}/plans/{plan_id}/method?saved=yes"
    assert "Taken on its day from Visa •••• 1111" in page.words


@pytest.mark.parametrize("back", ["https://evil.example/plans/1", "//evil.example", "/accounts/0/plans/1", "/sign-out"])
def test_the_way_back_leads_nowhere_but_to_a_plan_of_the_account(
    portal: Portal, open_browser: Browser, back: str
) -> None:
    account_id, _, plan_id = a_plan(portal, WITH_METHOD)
    maya = sign_in(portal, open_browser())
    maya.get(f"/accounts/{account_id}/plans/{plan_id}").submit("Start the plan")
    keep(portal)

    page = maya.get(came_back(portal).partition("?")[0], params={"back": back})

    assert page.location == f"/accounts/{account_id}/ways-to-pay"


def test_a_down_payment_is_paid_with_a_card_that_is_kept(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal, WITH_METHOD, down_minor=30000)
    maya = sign_in(portal, open_browser())

    answer = maya.get(f"/accounts/{account_id}/plans/{plan_id}").submit("Pay £300.00 and start")

    assert answer.status == 303
    assert meant(portal) == [(0, None)]
    assert [body["save"] for body in portal.processor.bodies.values()] == [True]


def test_the_card_of_a_running_plan_can_be_changed_for_another_of_ones_own(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, _, plan_id = a_plan(portal)
    saved(portal, account_id)
    second = saved(portal, account_id, "pm_2")
    maya = sign_in(portal, open_browser())

    form = maya.get(f"/accounts/{account_id}/plans/{plan_id}").follow("Have it taken by itself")
    page = maya.follow(form.submit("Use this", method=str(second)))
    removal = maya.get(f"/accounts/{account_id}/ways-to-pay/{second}/remove")

    assert "Taken on its day from Visa pm_2." in page.words
    assert removal.link("Choose another for the plan first") == f"/accounts/{account_id}/plans/{plan_id}/method"


def test_a_change_is_asked_for_and_takes_the_place_of_the_plan(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal)
    maya = sign_in(portal, open_browser())

    which = maya.get(f"/accounts/{account_id}/plans/{plan_id}").follow("Ask for a change")
    read = maya.follow(which.submit("Go on").submit("Go on", plan="3"))
    maya.follow(read.submit("Sign the plan", SIGNED))
    old = maya.get(f"/accounts/{account_id}/plans/{plan_id}")

    assert "It takes the place of the plan that you have" in read.words
    assert "See the plan that took its place" in old.words
    with portal.db.reading() as session:
        rows = queries.of_account(session, account_id)
        assert [row.status for row in rows] == [PlanStatus.ACTIVE, PlanStatus.SUPERSEDED]


def test_what_is_late_says_so_and_is_paid_in_two_clicks(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal)
    saved(portal, account_id)
    maya = after(portal, open_browser(), 33)

    page = maya.get(f"/accounts/{account_id}/plans/{plan_id}")
    answer: Page = page.follow("Pay £400.00").submit("Pay now")

    assert "3 days late" in page.words
    assert "Due now" in page.words
    assert answer.status == 303


def test_a_plan_is_not_among_those_of_another_account(portal: Portal, open_browser: Browser) -> None:
    account_id, _, plan_id = a_plan(portal)
    other, _ = portal.account("5.00", email="tom@elsewhere.example")
    tom = sign_in(portal, open_browser(), "tom@elsewhere.example")

    pages = [
        tom.get(f"/accounts/{account}/plans/{plan_id}{rest}")
        for account in (account_id, other)
        for rest in ("", "/pay", "/method", "/counter", "/agreement")
    ]

    assert {page.status for page in pages} == {404}
