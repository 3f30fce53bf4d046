"""The list of accounts: narrowed to what is needed, kept under a name, and as quick as it was."""

from __future__ import annotations

import pytest

from domain.accounts.model import Account
from domain.assignments.assigning import assign
from domain.notes.tags import tag
from domain.processing.stopping import Wish, set_stop
from domain.shared.actor import Actor
from domain.staff.model import Role, StaffMember
from domain.stops.model import StopKind
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.disputing import contest
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import a_running_plan


def shown(page: Page) -> list[str]:
    return [str(link.text) for link in page.all("a") if str(link.get("href")).removeprefix("/accounts/").isdigit()]


def some_accounts(office: Office) -> None:
    """Four accounts that differ in everything the list can be narrowed by."""
    collector, manager = office.person(Role.COLLECTOR), office.person(Role.MANAGER)
    actor = Actor.staff(manager)
    with office.db.transaction() as session:
        quay = an_account(session, name="Quay", country="DE")
        an_invoice(session, quay, "100")
        tag(session, [quay.id], "key customer", actor=actor)
        harbour = an_account(session, name="Harbour", country="ES")
        contest(session, harbour, an_invoice(session, harbour, "250"))
        lane = an_account(session, name="Lane")
        an_invoice(session, lane, "900")
        set_stop(session, lane.id, Wish(StopKind.MANUAL, "They asked."), actor=actor)
        an_account(session, name="Nothing")
        assign(session, [quay.id, lane.id], collector, actor=actor)
        session.get_one(StaffMember, collector).team = "North"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"tag": "Key customer"}, ["Quay"]),
        ({"keeper": "0"}, ["Harbour", "Nothing"]),
        ({"keeper": "2"}, ["Lane", "Quay"]),
        ({"team": "North"}, ["Lane", "Quay"]),
        ({"team": "South"}, []),
        ({"country": "es"}, ["Harbour"]),
        ({"going": "dispute"}, ["Harbour"]),
        ({"going": "held"}, ["Lane"]),
        ({"going": "plan"}, []),
        ({"least": "200"}, ["Harbour", "Lane"]),
        ({"least": "0"}, ["Harbour", "Lane", "Nothing", "Quay"]),
        ({"least": "200", "most": "500"}, ["Harbour"]),
        ({"most": "100"}, ["Nothing", "Quay"]),
        ({"q": "lane", "keeper": "2"}, ["Lane"]),
        ({"keeper": "2", "least": "500"}, ["Lane"]),
        ({"keeper": "x", "going": "x", "sort": "x", "show": "x"}, ["Harbour", "Lane", "Nothing", "Quay"]),
    ],
)
def test_the_list_shows_only_what_it_is_narrowed_to(
    office: Office, manager: Client, asked: dict[str, str], names: list[str]
) -> None:
    some_accounts(office)

    assert shown(manager.get("/accounts", params=asked)) == names


def test_plans_and_handoffs_narrow_the_list(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        planned = a_running_plan(session, office.store, "150")[0]
        late: Account = a_late_debt(session)[0]
        placed(session, late, a_partner(session))
        ids = planned.id, late.id

    for going, account_id in zip(("plan", "placed"), ids, strict=True):
        page = manager.get("/accounts", params={"going": going})
        assert [a.get("href") for a in page.all("a") if a.get("href") == f"/accounts/{account_id}"] != []
        assert len(shown(page)) == 1


def test_what_is_no_amount_is_said_beside_its_field(office: Office, manager: Client) -> None:
    page = manager.get("/accounts", params={"least": "much"})

    assert page.all("p", id="least-error")


def test_a_narrowed_list_goes_on_page_by_page(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        for number in range(52):
            an_account(session, name=f"North {number:02}", country="DE")

    first = manager.get("/accounts", params={"country": "DE", "sort": "open"})
    second = first.follow("More accounts")

    assert (len(shown(first)), len(shown(second))) == (50, 2)


def test_a_view_is_kept_shown_renamed_and_removed(office: Office, manager: Client) -> None:
    some_accounts(office)
    narrowed = manager.get("/accounts", params={"country": "DE", "sort": "open"})
    kept = manager.follow(narrowed.follow("Keep this view").submit("Keep this view", name="Germany"))
    again = manager.get("/accounts").follow("Germany")
    views = manager.follow(manager.get("/accounts/views").submit("Rename Germany", name="The north"))
    gone = manager.follow(views.submit("Remove The north"))

    assert shown(kept) == shown(again) == ["Quay"]
    assert "The north" in views.words
    assert "Germany" not in views.words
    assert "You keep no views yet" in gone.words


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "Mine"])
def test_a_name_that_is_none_too_long_or_taken_is_refused(office: Office, manager: Client, name: str) -> None:
    form = manager.get("/accounts/views", params={"show": "late"})
    form.submit("Keep this view", name="Mine")

    refused = form.submit("Keep this view", name=name)

    assert refused.status == 422
    assert refused.all("p", id="name-error")


def test_a_view_is_its_owners_alone(office: Office, manager: Client) -> None:
    manager.get("/accounts/views", params={"show": "late"}).submit("Keep this view", name="Mine")
    other = office.browser(Role.COLLECTOR)

    assert "Mine" not in other.get("/accounts").words
    form = other.get("/accounts/views", params={"show": "late"})
    token = str(form.all("input", name="csrf_token")[0].get("value"))
    for act in ("remove", "rename"):
        sent = other.post("/accounts/views/1", data={"csrf_token": token, "act": act, "name": "Ours"})
        assert sent.status == 404
    assert "Mine" in manager.get("/accounts").words


def test_a_view_of_the_whole_list_needs_a_name_too_and_a_new_name_is_asked_beside_its_view(
    office: Office, manager: Client
) -> None:
    form = manager.get("/accounts/views", params={"show": "late"})
    form.submit("Keep this view", name="Mine")
    token = str(form.all("input", name="csrf_token")[0].get("value"))

    unnamed = manager.post("/accounts/views", data={"csrf_token": token})
    renamed = manager.post("/accounts/views/1", data={"csrf_token": token, "name": ""})

    assert (unnamed.status, renamed.status) == (422, 422)
    assert unnamed.all("p", id="name-error")
    assert renamed.all("p", id="name-1-error")


def test_what_the_list_is_narrowed_to_stands_above_it_and_each_is_let_go_of(office: Office) -> None:
    with office.db.transaction() as session:
        an_account(session, name="Harbour", country="GB")
    manager = office.browser(Role.MANAGER)

    page = manager.get("/accounts", params={"q": "harb", "keeper": "0", "country": "gb", "least": "1"})
    chips = {" ".join("".join(one.itertext()).split()): one.get("href") for one in page.all("a", class_="tag")}

    assert set(chips) == {
        "Words: harb (let go of it)×",
        "Looked after by nobody (let go of it)×",
        "Country: GB (let go of it)×",
        "Open from 1 (let go of it)×",
    }
    assert chips["Country: GB (let go of it)×"] == "/accounts?q=harb&keeper=0&least=1"
    assert page.all("details", class_="disclosure", open="")
