"""Promises as staff see them: written down, listed, withdrawn; a broken one is a task."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.promises.model import PromiseToPay
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.promising import judged


def owed(office: Office, amount: str = "120") -> str:
    """The path of an account that owes so much."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour")
        an_invoice(session, account, amount)
        return f"/accounts/{account.id}"


def written(client: Client, office: Office, path: str, days: int = 7, **typed: str) -> Page:
    """What comes back when staff write a promise of all that is open down."""
    form = client.get(path).follow("Promise to pay")
    with office.db.reading() as session:
        day = today(session) + timedelta(days=days)
    [tick] = [str(box.get("value")) for box in form.all("input", name="invoice")]
    given = {"invoice": tick, "promised_on": day.isoformat(), "words": "Ana, by phone"}
    return form.submit("Write it down", given | typed)


def test_staff_write_it_down_and_it_stands_everywhere_it_matters(office: Office) -> None:
    path = owed(office)
    client = office.browser(Role.COLLECTOR)

    page = client.follow(written(client, office, path))
    account, listed = client.get(path), client.get("/promises")

    assert "Ana, by phone" in page.words
    assert "The customer has promised to pay" in account.words
    assert "Promise to pay by" in account.words
    assert "Harbour" in listed.words
    assert "£120.00" in listed.words


@pytest.mark.parametrize(
    ("days", "typed", "said"),
    [(7, {"words": ""}, "Say who promised it, and how."), (-3, {}, "still to come"), (7, {"amount": "121"}, "£120.00")],
)
def test_what_cannot_be_promised_is_said_beside_the_field(
    office: Office, days: int, typed: dict[str, str], said: str
) -> None:
    path = owed(office)

    refused = written(office.browser(Role.COLLECTOR), office, path, days, **typed)

    assert refused.status == 422
    assert said in refused.words


def test_waiting_longer_than_ones_authority_says_who_can(office: Office) -> None:
    path = owed(office)

    refused = written(office.browser(Role.COLLECTOR), office, path, days=30)
    granted = written(office.browser(Role.MANAGER), office, path, days=30)

    assert refused.status == 403
    assert "Manager" in refused.words
    assert granted.status == 303


def test_one_that_holds_no_more_is_withdrawn(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    page = client.follow(written(client, office, owed(office)))

    done = client.follow(page.submit("Withdraw it", why="Ana called: they cannot"))

    assert "Promise withdrawn" in done.words
    assert "Ana called: they cannot" in done.words


def test_a_broken_one_is_a_task_that_leads_to_it(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    page = client.follow(written(client, office, owed(office), days=0))
    office.clock.advance(days=1)
    with office.db.transaction() as session:
        judged(session, session.get_one(PromiseToPay, int(page.path.rpartition("/")[2])))

    tasks = office.browser(Role.COLLECTOR).get("/worklist")
    task = tasks.follow("A promise to pay was not kept").follow("Go to the promise")

    assert "Not kept" in task.words
    assert task.path == page.path
