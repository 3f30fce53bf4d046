"""Pay links: there is nothing else behind them, and those that do not work all answer the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from domain.notices import pay_links
from domain.notices.model import Notice, PayLink
from domain.shared.actor import OPERATOR, Actor
from tests.portal.conftest import Portal
from tests.portal.linked import Linked, by_link, in_days, link_to, opened
from tests.support.client import Client
from tests.support.counting import counted
from tests.support.routes import Way, go, token, ways

Browser = Callable[[], Client]
GONE = "This link no longer works"


def behind_the_link(portal: Portal) -> list[Way]:
    """Every way for those who have opened a link."""
    return [
        way for way in ways(portal.app) if (way.path == "/l" or way.path.startswith("/l/")) and way.name != "open_link"
    ]


@pytest.mark.parametrize("case", ["none", "unknown", "expired", "revoked"])
def test_a_link_that_does_not_work_is_answered_the_same_everywhere(
    portal: Portal, open_browser: Browser, linked: Linked, case: str
) -> None:
    client = open_browser()
    if case != "none":
        opened(client, "x" * 43 if case == "unknown" else linked.token)
    if case == "expired":
        portal.clock.advance(days=61)
    if case == "revoked":
        with portal.db.transaction() as session:
            pay_links.revoke(session, session.scalars(select(PayLink.id)).one(), actor=OPERATOR)
    values = {"invoice_id": linked.asked[0], "public_id": "x", "promise_id": 1, "dispute_id": 1}

    found = {f"{way.method} {way.path}": go(client, way, way.filled(values)) for way in behind_the_link(portal)}

    assert len(found) == 17
    assert {page.status for page in found.values()} == {410}
    assert all(GONE in page.words and "Sign in" in page.words for page in found.values())


def test_what_is_not_behind_the_link_is_not_found(portal: Portal, open_browser: Browser, linked: Linked) -> None:
    stranger_id, [strangers] = portal.account("5.00", email="tom@elsewhere.example")
    theirs = link_to(portal, stranger_id, [strangers], strangers)
    tom = opened(open_browser(), theirs.token)
    made = everything(portal, tom, theirs)
    bearer = opened(open_browser(), linked.token)

    for invoice_id in (linked.other, strangers):
        values = {**made, "invoice_id": invoice_id}
        form = {"invoice": str(invoice_id), "promised_on": in_days(portal, 3).isoformat(), "step": "promise"}
        form |= {"once": f"once-{invoice_id}", "reason": "other", "amount": "1", "words": "x", "due_on": "2030-01-01"}
        found = {
            f"{way.method} {way.path}": go(bearer, way, way.filled(values), form).status
            for way in behind_the_link(portal)
            if way.wants
        }
        asked = {path: bearer.get(f"{path}?invoice={invoice_id}").status for path in ("/l/pay", "/l/later")}
        sent = {
            path: bearer.post(path, data={"csrf_token": token(bearer), **form}).status
            for path in ("/l/pay", "/l/promises/new")
        }

        assert set(found.values()) == {404}, found
        assert set(asked.values()) == {404}, asked
        assert set(sent.values()) == {404}, sent
    assert by_link(portal).count("payment.started") == 1


def everything(portal: Portal, client: Client, linked: Linked) -> dict[str, object]:
    """A payment, a promise and a dispute that were made with a link, by what their paths name."""
    invoice_id = linked.asked[0]
    complaint = {"reason": "other", "amount": "1", "words": "x", "once": "o1", "csrf_token": token(client)}
    disputed = client.post(f"/l/invoices/{invoice_id}/dispute", data=complaint)
    promise = {
        "invoice": str(invoice_id),
        "promised_on": in_days(portal, 3).isoformat(),
        "step": "promise",
        "once": "o2",
    }
    promised = client.post("/l/promises/new", data={**promise, "csrf_token": token(client)})
    client.get(f"/l/pay?invoice={invoice_id}").submit("Go on to your card")
    [checkout] = portal.processor.sessions.values()
    return {
        "dispute_id": disputed.location.rsplit("/", 1)[1],
        "promise_id": promised.location.rsplit("/", 1)[1],
        "public_id": checkout.payment_id,
    }


def test_what_others_made_on_the_same_invoices_is_not_theirs_to_open(
    portal: Portal, open_browser: Browser, linked: Linked
) -> None:
    made = everything(portal, opened(open_browser(), linked.token), linked)
    with portal.db.transaction() as session:
        second = pay_links.mint(session, session.get_one(Notice, linked.notice_id))
    other = opened(open_browser(), second)

    paths = (
        f"/l/payments/{made['public_id']}",
        f"/l/promises/{made['promise_id']}",
        f"/l/disputes/{made['dispute_id']}",
    )

    assert [other.get(path).status for path in paths] == [404, 404, 404]


def test_a_link_is_no_way_into_the_account(portal: Portal, bearer: Client, linked: Linked) -> None:
    page = bearer.get(f"/accounts/{linked.account_id}")

    assert page.status == 303
    assert page.location.startswith("/sign-in")


def test_who_tries_secret_after_secret_is_asked_to_wait(portal: Portal, open_browser: Browser) -> None:
    client = open_browser()

    statuses = [client.follow(client.get(f"/l/{number:043d}")).status for number in range(31)]

    assert statuses[:30] == [410] * 30
    assert statuses[30] == 429


def test_a_link_that_is_revoked_between_the_page_and_the_press_does_nothing(
    portal: Portal, bearer: Client, linked: Linked
) -> None:
    check = bearer.get(f"/l/pay?invoice={linked.asked[0]}")
    with portal.db.transaction() as session:
        pay_links.revoke(session, session.scalars(select(PayLink.id)).one(), actor=Actor.staff(1))

    answer = check.submit("Go on to your card")

    assert answer.status == 410
    assert portal.processor.sessions == {}


def test_more_invoices_cost_no_more_queries(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account(*["10.00"] * 8)
    one = opened(open_browser(), link_to(portal, account_id, invoices[:1], 0).token)
    many = opened(open_browser(), link_to(portal, account_id, invoices, 0).token)

    asked: dict[str, list[int]] = {}
    for path in ("/l", "/l/later"):
        for whose in (one, many):
            with counted(portal.db.bind) as sent:
                assert whose.get(path).status == 200
            asked.setdefault(path, []).append(len(sent))

    assert asked["/l"][0] == asked["/l"][1]
    assert asked["/l/later"][1] <= asked["/l/later"][0]
