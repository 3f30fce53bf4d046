"""Payment plans as staff see them: asked for, answered by authority, offered, signed on paper, paused, listed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.accounts.model import Account
from domain.plans import changing
from domain.plans.model import PaymentPlan, PlanStatus
from domain.policies.sections import Sections
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.planning import PLANS, a_running_plan, an_asked_plan
from tests.support.policies import a_policy

PAPER = {"file": ("signed.pdf", b"%PDF-1.7 signed")}


def asked(office: Office, count: int = 13, *amounts: str) -> str:
    """The page of a plan that a customer has asked for: of thirteen months, where twelve are inside the fence."""
    with office.db.transaction() as session:
        return f"/plans/{an_asked_plan(session, *(amounts or ('120', '80')), count=count)[3].id}"


def running(office: Office) -> str:
    """The page of a plan that runs, in three months."""
    with office.db.transaction() as session:
        return f"/plans/{a_running_plan(session, office.store, '150')[3].id}"


def of(office: Office, path: str) -> PaymentPlan:
    """The plan of a page."""
    with office.db.reading() as session:
        return session.get_one(PaymentPlan, int(path.rpartition("/")[2]))


def day_of(office: Office) -> date:
    """Today."""
    with office.db.reading() as session:
        return today(session)


def late(office: Office) -> Account:
    """An account with two late invoices, and plans of up to twelve months."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour")
        a_policy(session, Sections(plans=PLANS), account_id=account.id)
        day = today(session) - timedelta(days=40)
        for amount in ("200", "100"):
            an_invoice(session, account, amount, issued_on=day, due_on=day + timedelta(days=30))
        return account


def test_what_is_asked_for_waits_in_its_list_in_the_navigation_and_as_a_task(office: Office) -> None:
    path = asked(office)
    client = office.browser(Role.COLLECTOR)

    listed = client.get("/plans")
    by_task = client.get("/worklist").follow("A customer asks for a payment plan").follow("Go to the payment plan")

    assert "Asked for 1" in listed.words
    assert "£200.00" in listed.words
    assert "Payment plans1 waiting" in listed.words
    assert by_task.path == path
    assert "Plan 1 over £200.00" in by_task.words


def test_a_request_shows_its_dates_and_what_is_beyond_the_policy(office: Office) -> None:
    page = office.browser(Role.COLLECTOR).get(asked(office))

    assert "The customer asked for" in page.words
    assert "At most 12 instalments can be agreed here." in page.words
    assert "The last one has to fall within 12 months." in page.words
    assert "It takes 13 months. That can be agreed to by Manager." in page.words
    assert "£15.39" in page.words


def test_a_collector_is_told_who_can_agree_and_a_manager_agrees(office: Office) -> None:
    path = asked(office)
    office.person(Role.MANAGER)

    refused = office.browser(Role.COLLECTOR).get(path).submit("Agree")
    before = of(office, path).status
    done = (manager := office.browser(Role.MANAGER)).follow(manager.get(path).submit("Agree", agreeing="By phone"))

    assert refused.status == 403
    assert "13 months are more than you can decide alone. It can be done by Manager Jones" in refused.words
    assert refused.all("input", name="count")[0].get("value") == "13"
    assert before is PlanStatus.REQUESTED
    assert of(office, path).status is PlanStatus.OFFERED
    assert "To be signed" in done.words
    assert "By phone" in done.words


def test_a_counter_offer_shows_its_dates_before_it_goes(office: Office) -> None:
    path = asked(office)
    client = office.browser(Role.COLLECTOR)
    first_on = (day_of(office) + timedelta(days=20)).isoformat()
    typed = {"count": "6", "frequency": "monthly", "first_on": first_on, "down": "20", "words": "So it fits"}

    shown = client.get(path).submit("See the dates", typed)
    done = client.follow(shown.submit("Send the counter-offer"))

    assert shown.status == 200
    assert "Inside what the policy allows" in shown.words
    assert "£30.00" in shown.words
    assert "Counter-offer" in done.words
    assert "We proposed" in done.words
    assert "So it fits" in done.words
    assert of(office, path).status is PlanStatus.COUNTERED


def test_a_counter_offer_beyond_ones_authority_is_refused_and_nothing_typed_is_lost(office: Office) -> None:
    path = asked(office)
    first_on = (day_of(office) + timedelta(days=20)).isoformat()
    typed = {"count": "20", "frequency": "monthly", "first_on": first_on, "words": "Longer still"}

    refused = office.browser(Role.COLLECTOR).get(path).submit("Send the counter-offer", typed)

    assert refused.status == 403
    assert "Longer still" in refused.words
    assert of(office, path).status is PlanStatus.REQUESTED


@pytest.mark.parametrize(
    "typed",
    [{"count": "0"}, {"count": "many"}, {"first_on": ""}, {"first_on": "2020-01-01"}, {"down": "900"}, {"down": "x"}],
)
def test_a_shape_that_cannot_be_is_told_beside_its_field(office: Office, typed: dict[str, str]) -> None:
    page = office.browser(Role.MANAGER).get(asked(office))

    refused = page.submit("See the dates", typed)

    assert refused.status == 422
    assert refused.all("input", name=next(iter(typed)))[0].get("aria-invalid") == "true"


def test_declining_needs_a_reason_that_the_customer_reads(office: Office) -> None:
    path = asked(office)
    client = office.browser(Role.COLLECTOR)
    page = client.get(path)

    silent = page.submit("Decline")
    done = client.follow(page.submit("Decline", why="The last two were not kept."))

    assert silent.status == 422
    assert "The last two were not kept." in done.words
    assert of(office, path).status is PlanStatus.DECLINED
    assert "Agree to it" not in done.words


def test_an_auditor_reads_and_decides_nothing(office: Office) -> None:
    page = office.browser(Role.AUDITOR).get(asked(office))

    assert "The customer asked for" in page.words
    assert "Agree to it" not in page.words


def test_staff_offer_a_plan_from_the_accounts_page(office: Office) -> None:
    account = late(office)
    client = office.browser(Role.COLLECTOR)
    first_on = (day_of(office) + timedelta(days=10)).isoformat()

    form = client.get(f"/accounts/{account.id}/plans").follow("Offer a payment plan")
    shown = form.submit("See the dates", count="3", frequency="monthly", first_on=first_on, words="As we said")
    done = client.follow(shown.submit("Offer it"))

    assert "£300.00" in shown.words
    assert "To be signed" in done.words
    assert "As we said" in done.words
    assert "Take the offer back" in done.words
    assert "Nobody can sign it in the portal" in done.words


def test_offering_begins_from_what_the_policy_allows(office: Office) -> None:
    account = late(office)
    client = office.browser(Role.COLLECTOR)

    form = client.get(f"/accounts/{account.id}/plans/new")
    longest = form.follow("12 instalments")

    assert form.all("input", name="count")[0].get("value") == "3"
    assert longest.all("input", name="count")[0].get("value") == "12"
    assert longest.submit("See the dates").status == 200


def test_an_offer_that_is_sent_twice_is_one(office: Office) -> None:
    account = late(office)
    form = office.browser(Role.MANAGER).get(f"/accounts/{account.id}/plans/new")
    typed = {"count": "3", "frequency": "monthly", "first_on": (day_of(office) + timedelta(days=10)).isoformat()}

    answers = [form.submit("Offer it", typed).status for _ in "ab"]

    assert answers == [303, 303]
    assert "Wait for the customer 1" in office.browser(Role.MANAGER).get("/plans").words


def test_without_plans_in_the_terms_none_can_be_offered(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "100")

    page = office.browser(Role.MANAGER).get(f"/accounts/{account.id}/plans/new")

    assert "No plan can be made here" in page.words


def test_a_paper_that_was_signed_by_hand_is_filed_and_protects_the_invoices(office: Office) -> None:
    path = asked(office, 3, "300")
    client = office.browser(Role.COLLECTOR)
    form = client.get(path).follow("File a signed paper")
    signer = {"name": "Olive Owner", "job_title": "Owner", "signed_on": day_of(office).isoformat()}

    printed = form.follow("The agreement, to print")
    silent = form.submit("File the signed paper", signer)
    done = client.follow(form.submit("File the signed paper", signer, files=PAPER))

    assert printed.is_download
    assert silent.status == 422
    assert "on paper, filed by staff" in done.words
    assert "Olive Owner" in done.words
    assert of(office, path).status is PlanStatus.ACTIVE
    assert "Kept" in done.words
    assert "No. 3" in done.words


def test_a_paper_over_something_else_by_now_is_not_filed(office: Office) -> None:
    with office.db.transaction() as session:
        account, _, (invoice,), plan = an_asked_plan(session, "300", count=3)
        path = f"/plans/{plan.id}"
    form = office.browser(Role.COLLECTOR).get(f"{path}/paper")
    with office.db.transaction() as session:
        a_receipt(session, session.merge(account), "30", today(session), session.merge(invoice))
    signer = {"name": "Olive Owner", "job_title": "Owner", "signed_on": day_of(office).isoformat()}

    refused = form.submit("File the signed paper", signer, files=PAPER)

    assert refused.status == 422
    assert "Something has changed since this was shown" in refused.words
    assert of(office, path).status is PlanStatus.OFFERED


def test_a_running_plan_shows_its_parts_and_what_has_settled_them(office: Office) -> None:
    with office.db.transaction() as session:
        account, _, (invoice,), plan = a_running_plan(session, office.store, "150")
        near = today(session) + timedelta(days=20)
        a_receipt(session, account, "50", near, invoice)
    client = office.browser(Role.COLLECTOR)

    page = client.get(f"/plans/{plan.id}")
    of_invoice = client.get(f"/accounts/{account.id}/invoices/{invoice.id}").follow(f"See plan {plan.id}")
    of_account = client.get(f"/accounts/{account.id}")

    assert "£50.00 of £150.00 settled" in page.words
    assert "Remains£100.00" in page.words
    assert "What has settled it" in page.words
    assert "Olive Owner" in page.words
    assert of_invoice.path == page.path
    assert of_account.link("On a plan") == page.path
    assert of_account.link(f"Plan {plan.id}") == page.path
    assert of_account.link("Being paid by a plan") == page.path


def test_a_plan_that_is_late_says_for_how_long_in_its_list(office: Office) -> None:
    running(office)
    office.clock.advance(days=33)

    listed = office.browser(Role.COLLECTOR).get("/plans?show=running")

    assert "days late" in listed.words
    assert "£50.00" in listed.words


def test_a_plan_that_was_not_kept_leads_to_offering_another(office: Office) -> None:
    with office.db.transaction() as session:
        account, _, _, plan = a_running_plan(session, office.store, "150")
        changing.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)
    client = office.browser(Role.COLLECTOR)

    page = client.get("/plans?show=defaulted").follow(f"Plan {plan.id}")
    form = page.follow("Offer another plan")

    assert "Its invoices are chased again where they were." in page.words
    assert form.path == f"/accounts/{account.id}/plans/new"
    assert "£150.00" in form.words


def test_a_pause_shows_what_it_moves_and_needs_the_authority(office: Office) -> None:
    path = running(office)
    office.clock.advance(days=10)
    client = office.browser(Role.COLLECTOR)
    until = day_of(office) + timedelta(days=30)
    form = client.get(path).follow("Pause")

    shown = form.submit("See what it moves", until_on=until.isoformat(), reason="Flooded")
    refused = form.submit("Pause it", until_on=(until + timedelta(days=30)).isoformat(), reason="Flooded")
    done = client.follow(shown.submit("Pause it"))
    again = client.follow(done.submit("Let it run again", why="Dry again"))

    assert "Due then" in shown.words
    assert refused.status == 403
    assert "Paused" in done.words
    assert "Flooded" in done.words
    assert of(office, path).status is PlanStatus.ACTIVE
    assert "Dry again" in again.words


def test_a_running_plan_is_ended_with_a_reason_once_it_was_read_what_that_means(office: Office) -> None:
    path = running(office)
    client = office.browser(Role.COLLECTOR)
    form = client.get(path).follow("End the plan")

    refused = form.submit("End the plan")
    done = client.follow(refused.submit("End the plan", why="They have asked us to"))
    again = client.get(f"{path}/end")

    assert "Its invoices are due as they were before" in form.words
    assert refused.status == 422
    assert "Say why: the customer reads it." in refused.words
    assert "Cancelled" in done.words
    assert "What was agreed" in done.words
    assert "Not paid by it" in done.words
    assert "Remains" not in done.words
    assert "They have asked us to" in done.words
    assert of(office, path).status is PlanStatus.CANCELLED
    assert again.status == 422


def test_ending_what_has_many_months_left_is_left_to_who_has_the_authority(office: Office) -> None:
    with office.db.transaction() as session:
        path = f"/plans/{a_running_plan(session, office.store, '150', count=9)[3].id}"
    office.person(Role.MANAGER)

    refused = office.browser(Role.COLLECTOR).get(f"{path}/end").submit("End the plan", why="Let us end it")

    assert refused.status == 403
    assert "9 months are more than you can decide alone. It can be done by Manager Jones" in refused.words
    assert "Let us end it" in refused.words
    assert of(office, path).status is PlanStatus.ACTIVE


def test_a_running_plan_is_changed_by_offering_another_over_what_is_left(office: Office) -> None:
    path = running(office)
    client = office.browser(Role.COLLECTOR)
    first_on = (day_of(office) + timedelta(days=15)).isoformat()

    form = client.get(path).follow("Change the plan")
    shown = form.submit("See the dates")
    new = client.follow(form.submit("Offer it", count="5", frequency="monthly", first_on=first_on))
    old = client.get(path)

    assert form.all("input", name="count")[0].get("value") == "3"
    assert "Inside what the policy allows" in shown.words
    assert "It is to replace a plan that runs" in new.words
    assert "Another plan was made to replace it" in old.words
    assert of(office, path).status is PlanStatus.ACTIVE


@pytest.mark.parametrize("show", ["requests", "waiting", "running", "defaulted", "ended", "nonsense"])
def test_every_list_says_what_would_be_there(office: Office, show: str) -> None:
    page = office.browser(Role.AUDITOR).get(f"/plans?show={show}")

    assert page.status == 200
    assert page.all("div", class_="empty")
