"""Approvals in the back office: asked for from the form that was too much, approved on one page, seen in time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.accounts.queries import lock
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.contesting import a_paid_debt, contest
from tests.support.counting import counted
from tests.support.planning import PLANS
from tests.support.policies import a_policy

BROKEN = "Delivered broken"


def a_debt(office: Office, amount: str = "900") -> str:
    """The page of an open invoice."""
    with office.db.transaction() as session:
        account = an_account(session)
        a_policy(session, Sections(plans=PLANS), account_id=account.id)
        day = today(session)
        made = an_invoice(session, account, amount, issued_on=day - timedelta(days=30), due_on=day, number="INV-900")
        return f"/accounts/{account.id}/invoices/{made.id}"


def open_minor(office: Office, path: str) -> int:
    """What is open of the invoice."""
    with office.db.reading() as session:
        return session.get_one(Invoice, int(path.rpartition("/")[2])).open_minor


def pressed(browser: Client, page: Page, button: str, **said: str) -> Page:
    """Press a button, and go where that leads."""
    return browser.follow(page.submit(button, said))


def asked_for(office: Office, path: str, amount: str = "900", **more: str) -> Page:
    """A collector asks for a credit note: the page of the request."""
    collector = office.browser(Role.COLLECTOR)
    refused = collector.get(f"{path}/credit").submit("See what it will do", amount=amount, reason=BROKEN)
    return pressed(collector, refused, "Ask for approval", **more)


def test_a_collector_asks_and_a_manager_approves(office: Office) -> None:
    path = a_debt(office)
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)

    form = collector.get(f"{path}/credit")
    refused = form.submit("See what it will do", amount="900", reason=BROKEN)
    request = pressed(collector, refused, "Ask for approval", ask_note="See the photos")
    before = open_minor(office, path)
    worklist = manager.get("/worklist")
    listed = manager.get("/approvals").follow("Credit note")
    approved = pressed(manager, listed, "Approve and do it")

    assert "Up to £500.00 you decide alone" in form.words
    assert not form.all("button", name="ask")
    assert (refused.status, "It can be done by" in refused.words) == (403, True)
    assert "Withdraw the request" in request.words
    assert not request.all("button", value="approve")
    assert "A colleague may not decide something alone" in worklist.words
    assert all(words in listed.words for words in (BROKEN, "See the photos", "Collector Jones", "INV-900", "£900.00"))
    assert "Approved and done" in approved.words
    assert (before, open_minor(office, path)) == (900_00, 0)


def test_it_is_seen_on_the_account_and_the_invoice_and_not_on_the_askers_worklist(office: Office) -> None:
    path = a_debt(office)
    asked_for(office, path)
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)

    invoice, account = manager.get(path), manager.get(path.partition("/invoices")[0])

    assert "Waits for approval: Credit note" in invoice.words
    assert "Waits for approval: Credit note" in account.words
    assert "Approval asked for: Credit note" in account.words
    assert "A colleague may not decide" not in collector.get("/worklist").words
    assert "A colleague may not decide" not in collector.get("/worklist?whose=nobody").words


def test_a_refusal_is_told_to_whoever_asked_until_they_have_read_it(office: Office) -> None:
    path = a_debt(office)
    asked_for(office, path)
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    request = manager.get("/approvals").follow("Credit note")

    without = request.submit("Refuse it")
    refused = pressed(manager, request, "Refuse it", answer="Ask for the photos first")
    told = collector.get("/worklist")
    answer = collector.get("/approvals?show=asked").follow("Credit note")
    read = pressed(collector, answer, "I have read it")

    assert (without.status, "Say why" in without.words) == (422, True)
    assert "Not approved" in refused.words
    assert "What you asked approval for has been decided" in told.words
    assert "Ask for the photos first" in answer.words
    assert "I have read it" not in read.words
    assert "has been decided" not in collector.get("/worklist").words
    assert open_minor(office, path) == 900_00


def test_what_no_longer_fits_says_so_and_is_not_done(office: Office) -> None:
    path = a_debt(office)
    asked_for(office, path)
    manager = office.browser(Role.MANAGER)
    shown = manager.get("/approvals").follow("Credit note")
    with office.db.transaction() as session:
        invoice = session.get_one(Invoice, int(path.rpartition("/")[2]))
        a_receipt(session, lock(session, invoice.account_id), "100", today(session), invoice)

    late = shown.submit("Approve and do it")
    anew = manager.get("/approvals").follow("Credit note")

    assert (late.status, "Something has changed since this was asked for" in late.words) == (422, True)
    assert "This no longer fits" in anew.words
    assert not anew.all("button", value="approve")
    assert open_minor(office, path) == 800_00


def test_a_request_is_withdrawn_by_whoever_made_it(office: Office) -> None:
    path = a_debt(office)
    request = asked_for(office, path)

    gone = pressed(office.browser(Role.COLLECTOR), request, "Withdraw the request")

    assert "Withdrawn" in gone.words
    assert "Nothing here" in office.browser(Role.MANAGER).get("/approvals").words


def test_a_second_request_for_the_same_says_that_one_waits_and_loses_nothing(office: Office) -> None:
    path = a_debt(office)
    asked_for(office, path)
    collector = office.browser(Role.COLLECTOR)
    refused = collector.get(f"{path}/credit").submit("See what it will do", amount="800", reason=BROKEN)

    again = refused.submit("Ask for approval", ask_note="See the photos")

    assert (again.status, "This waits for approval already" in again.words) == (422, True)
    assert (again.all("textarea", name="ask_note")[0].text or "").strip() == "See the photos"
    assert again.all("input", name="amount")[0].get("value") == "800"


def test_in_another_currency_nobody_is_told_that_they_may_go_so_far_alone(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session, currency="EUR")
        path = f"/accounts/{account.id}/invoices/{an_invoice(session, account, '900').id}"

    form = office.browser(Role.COLLECTOR).get(f"{path}/credit")

    assert "Up to €0.00 you decide alone" in form.words


def test_the_code_is_asked_for_before_anything_is_approved(office: Office) -> None:
    path = a_debt(office)
    asked_for(office, path)
    browser = office.browser(Role.MANAGER, is_sure=False)

    asked = browser.get("/approvals").follow("Credit note").submit("Approve and do it")

    assert asked.all("input", name="confirm_code")
    assert open_minor(office, path) == 900_00


def test_what_nobody_has_to_approve_is_not_done_by_asking_for_it(office: Office) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, "lost", "120")
    form = office.browser(Role.MANAGER, is_sure=False).get("/chargebacks/du_1/debt")

    asked = form.submit("Decide", choice="stands", why="They still owe it", ask="yes")

    assert (asked.status, "You may do this alone" in asked.words) == (422, True)
    assert "Decide what becomes of the debt" in office.browser().get("/chargebacks/du_1").words


def test_a_note_that_cannot_be_kept_is_refused_beside_it_and_line_ends_count_once(office: Office) -> None:
    path = a_debt(office)
    collector = office.browser(Role.COLLECTOR, reads=False)
    refused = collector.get(f"{path}/credit").submit("See what it will do", amount="900", reason=BROKEN)

    unreadable = refused.submit("Ask for approval", ask_note="See\x00the photos")
    kept = pressed(collector, refused, "Ask for approval", ask_note="See them\r\n" * 111)

    assert (unreadable.status, "There is a character in this" in unreadable.response.text) == (422, True)
    assert "See them" in kept.words


FORMS = {
    "extend": ("extend", "Set the new day", {"due_on": "+60", "reason": "Flooded"}),
    "promise": ("../../promises/new", "Write it down", {"promised_on": "+60", "words": "Ana, by phone"}),
    "limit": ("../../credit-limit", "Set the limit", {"limit": "9000", "why": "They grow"}),
    "plan": (
        "../../plans/new",
        "Offer it",
        {"count": "14", "frequency": "monthly", "first_on": "+30", "words": "Take your time"},
    ),
}
"""Forms, the button that does it, and what is typed; days are counted from today."""


@pytest.mark.parametrize("name", FORMS)
def test_other_forms_offer_it_as_well(office: Office, name: str) -> None:
    path = a_debt(office)
    page, button, typed = FORMS[name]
    account, _, rest = path.partition("/invoices")
    with office.db.reading() as session:
        day = today(session)
    said = {
        field: (day + timedelta(days=int(value))).isoformat() if value.startswith("+") else value
        for field, value in typed.items()
    }
    if name in ("promise", "plan"):
        said["invoice"] = rest.strip("/")
    where = f"{account}/{page.removeprefix('../../')}" if page.startswith("..") else f"{path}/{page}"
    collector = office.browser(Role.COLLECTOR)

    refused = collector.get(where).submit(button, said)
    request = pressed(collector, refused, "Ask for approval")
    manager = office.browser(Role.MANAGER)
    approved = pressed(manager, manager.get(request.path), "Approve and do it")

    assert refused.status == 403
    assert "Waits for approval" in request.words
    assert "Approved and done" in approved.words


def test_a_hold_that_one_may_not_lift_can_be_asked_for_at_once(office: Office) -> None:
    account = a_debt(office).partition("/invoices")[0]
    manager, collector = office.browser(Role.MANAGER), office.browser(Role.COLLECTOR)
    pressed(manager, manager.get(f"{account}/credit-limit"), "Set the limit", limit="10", why="Careful")
    with office.db.reading() as session:
        until_on = (today(session) + timedelta(days=9)).isoformat()

    form = collector.get(f"{account}/credit-limit")
    request = pressed(collector, form, "Ask for approval", until_on=until_on, lift_why="One more order")
    approved = pressed(manager, manager.get(request.path), "Approve and do it")

    assert "This hold can be lifted by Manager Jones" in form.words
    assert "Approved and done" in approved.words
    assert "Lifted by Manager Jones" in collector.get(f"{account}/credit-limit").words


def test_the_list_costs_as_many_queries_with_many_requests_as_with_one(office: Office) -> None:
    asked_for(office, a_debt_numbered(office, 1))
    manager = office.browser(Role.MANAGER)
    with counted(office.db.bind) as one:
        manager.get("/approvals")
    for number in range(2, 6):
        asked_for(office, a_debt_numbered(office, number))
    with counted(office.db.bind) as many:
        page = manager.get("/approvals")

    assert page.words.count("Collector Jones") == 5
    assert len(many) == len(one)


def chosen(page: Page) -> list[str]:
    """The list that is shown, with how many it has."""
    return [" ".join(" ".join(link.itertext()).split()) for link in page.all("a") if link.get("aria-current") == "page"]


def test_the_lists_open_on_what_there_is_to_do_for_whoever_looks_and_say_how_much_they_have(office: Office) -> None:
    nothing = office.browser(Role.COLLECTOR).get("/approvals")
    asked_for(office, a_debt_numbered(office, 1))

    theirs, to_decide = office.browser(Role.COLLECTOR).get("/approvals"), office.browser(Role.MANAGER).get("/approvals")

    assert "For you to decide 0" in chosen(nothing)
    assert "Asked by you 1" in chosen(theirs)
    assert "For you to decide 1" in chosen(to_decide)
    for words in ("For you to decide 0", "All that wait 1", "Ended 0"):
        assert words in theirs.words
    assert "For you to decide 0" in chosen(office.browser(Role.COLLECTOR).get("/approvals?show=to_decide"))


def a_debt_numbered(office: Office, number: int) -> str:
    """The page of an open invoice of a customer of its own."""
    with office.db.transaction() as session:
        account = an_account(session)
        made = an_invoice(session, account, "900", number=f"INV-{number}")
        return f"/accounts/{account.id}/invoices/{made.id}"
