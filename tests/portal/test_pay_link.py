"""Pay links: what whoever holds one sees and can do without signing in, and that there is nothing else behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.audit.model import AuditEntry
from domain.disputes.model import Dispute
from domain.notices import pay_links
from domain.notices.model import Notice, PayLink
from domain.payments.model import Payment, PaymentMethod
from domain.payments.snapshots import CheckoutState
from domain.policies.sections import Extensions, Promises, Sections
from domain.promises.model import PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor, ActorKind
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.counting import counted
from tests.support.linking import a_notice
from tests.support.paying import succeed
from tests.support.policies import a_policy
from tests.support.routes import Way, go, ways

Browser = Callable[[], Client]
GONE = "This link no longer works"


@dataclass
class Linked:
    """An account with a notice of its first two invoices, and the secret of the link in it."""

    account_id: int
    asked: list[int]
    other: int
    notice_id: int
    token: str


@pytest.fixture
def linked(portal: Portal) -> Linked:
    """Two invoices that the notice asks for and one that it does not; customers may promise, and set later."""
    account_id, [first, second, other] = portal.account("120.00", "30.00", "77.00")
    return link_to(portal, account_id, [first, second], other)


def link_to(portal: Portal, account_id: int, asked: list[int], other: int) -> Linked:
    """A link to some of the invoices of an account."""
    with portal.db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14), extensions=Extensions(most_days=10)))
        account = session.get_one(Account, account_id)
        notice = a_notice(session, account, *(session.get_one(Invoice, one) for one in asked))
        return Linked(account_id, asked, other, notice.id, pay_links.mint(session, notice))


@pytest.fixture
def bearer(open_browser: Browser, linked: Linked) -> Client:
    """Somebody who has opened the link."""
    return opened(open_browser(), linked.token)


def opened(client: Client, token: str) -> Client:
    """Open a link as a browser does."""
    client.follow(client.get(f"/l/{token}"))
    return client


def by_link(portal: Portal) -> list[str]:
    """The acts of holders of links, in their order."""
    with portal.db.reading() as session:
        wanted = select(AuditEntry.act).where(AuditEntry.actor_kind == ActorKind.PAY_LINK)
        return list(session.scalars(wanted.order_by(AuditEntry.id)))


def was_used(portal: Portal) -> bool:
    """Whether the link counts as used."""
    with portal.db.reading() as session:
        return session.scalars(select(PayLink)).one().first_used_at is not None


def paid(portal: Portal, page: Page, amount: str) -> str:
    """Have the processor report the payment whose page was opened; the payment's public id."""
    checkout = portal.processor.sessions[page.location.rsplit("/", 1)[1]]
    assert checkout.payment_id is not None
    succeed(portal.db, checkout.payment_id, money(amount), intent_id=f"pi_{checkout.checkout_id}")
    return checkout.payment_id


def numbers(portal: Portal, *ids: int) -> list[str]:
    """What these invoices are called."""
    with portal.db.reading() as session:
        return [session.get_one(Invoice, one).number for one in ids]


def in_days(portal: Portal, days: int) -> date:
    """The day in so many days."""
    with portal.db.reading() as session:
        return today(session) + timedelta(days=days)


def test_the_secret_leaves_the_address_and_is_kept_for_the_pages_of_the_link_alone(
    portal: Portal, open_browser: Browser, linked: Linked
) -> None:
    client = open_browser()

    answer = client.get(f"/l/{linked.token}")

    [cookie] = [value for value in answer.headers.get_list("set-cookie") if linked.token in value]
    assert (answer.status, answer.location) == (303, "/l")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert {"Path=/l", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert linked.token not in client.get("/l").response.text


def test_looking_changes_nothing_and_proves_nothing(portal: Portal, bearer: Client, linked: Linked) -> None:
    for path in ("/l", f"/l/pay?invoice={linked.asked[0]}", "/l/later", f"/l/invoices/{linked.asked[0]}/dispute"):
        assert bearer.get(path).status == 200
    bearer.head(f"/l/{linked.token}")

    assert not was_used(portal)
    assert by_link(portal) == []


def test_it_shows_what_the_notice_asks_for_and_nothing_else_of_the_account(
    portal: Portal, bearer: Client, linked: Linked
) -> None:
    first, second, other = numbers(portal, *linked.asked, linked.other)

    page = bearer.get("/l")

    assert "£150.00 is open" in page.words
    assert first in page.words
    assert second in page.words
    for secret in (other, "77.00", "Harbour Café", "maya@", "Maya", f"/accounts/{linked.account_id}"):
        assert secret not in page.response.text


def test_both_are_paid_and_the_receipt_names_them(portal: Portal, bearer: Client, linked: Linked) -> None:
    check = bearer.get("/l").submit("Pay £150.00")

    handed_over = check.submit("Go on to your card")
    waiting = bearer.get(f"/l/payments/{portal.processor.sessions['cs_1'].payment_id}/returned")
    public_id = paid(portal, handed_over, "150")
    receipt = bearer.get(f"/l/payments/{public_id}")
    done = bearer.get("/l")

    assert "Save" not in check.words
    assert "Harbour" not in check.response.text
    assert handed_over.location == "https://processor.example/cs_1"
    assert portal.processor.bodies["pay:" + public_id + ":1"]["success_url"].endswith(
        f"/l/payments/{public_id}/returned"
    )
    assert "We are confirming your payment" in waiting.words
    assert "Thank you. We have your £150.00" in receipt.words
    assert "Receipt RCT-000001" in receipt.words
    assert "You still owe" not in receipt.words
    assert "Nothing is open" in done.words
    assert was_used(portal)
    assert by_link(portal) == ["payment.started"]
    with portal.db.reading() as session:
        payment = session.scalars(select(Payment)).one()
        assert (payment.login_id, payment.method) == (None, PaymentMethod.CHECKOUT)


def test_no_card_is_kept_whatever_the_form_says(portal: Portal, bearer: Client, linked: Linked) -> None:
    check = bearer.get("/l").submit("Pay £150.00")

    check.submit("Go on to your card", save="on", method="1")

    assert [body["save"] for body in portal.processor.bodies.values()] == [False]


def test_a_part_of_one_is_paid(portal: Portal, bearer: Client, linked: Linked) -> None:
    check = bearer.get(f"/l/pay?invoice={linked.asked[0]}")

    handed_over = check.submit("Go on to your card", {f"amount-{linked.asked[0]}": "20.5"})
    paid(portal, handed_over, "20.50")

    assert "£129.50 is open" in bearer.get("/l").words


def test_a_colleague_is_told_and_the_holder_is_told_without_names(
    portal: Portal, open_browser: Browser, bearer: Client, linked: Linked
) -> None:
    maya = sign_in(portal, open_browser())
    ask = f"/accounts/{linked.account_id}/pay?invoice={linked.asked[0]}"
    check = bearer.get(f"/l/pay?invoice={linked.asked[0]}")
    maya.get(ask).submit("Go on to your card")

    seen = bearer.get("/l")
    told = check.submit("Go on to your card")
    forced = check.submit("Go on to your card", instead_of=portal.processor.sessions["cs_1"].payment_id or "")

    assert told.status == 409
    assert "Somebody is paying this" in told.words
    assert "Somebody is paying it" in seen.words
    assert "Maya" not in told.response.text + seen.response.text
    assert "Take over" not in told.words
    assert forced.status == 404
    assert portal.processor.sessions["cs_1"].state is CheckoutState.OPEN


def test_the_holder_goes_on_with_their_own_payment_and_maya_is_told(
    portal: Portal, open_browser: Browser, bearer: Client, linked: Linked
) -> None:
    check = bearer.get(f"/l/pay?invoice={linked.asked[0]}")
    first = check.submit("Go on to your card")

    again = check.submit("Go on to your card")
    maya = sign_in(portal, open_browser())
    told = maya.get(f"/accounts/{linked.account_id}/pay?invoice={linked.asked[0]}").submit("Go on to your card")
    home = maya.get(f"/accounts/{linked.account_id}")

    assert again.location == first.location
    assert told.status == 409
    assert "Somebody is paying this" in told.words
    assert "Somebody is paying £120.00" in home.words


def test_a_payment_is_given_up(portal: Portal, bearer: Client, linked: Linked) -> None:
    bearer.get(f"/l/pay?invoice={linked.asked[0]}").submit("Go on to your card")
    waiting = bearer.get(f"/l/payments/{portal.processor.sessions['cs_1'].payment_id}")

    ended = bearer.follow(waiting.submit("Cancel this payment"))

    assert "This payment was cancelled" in ended.words
    assert portal.processor.sessions["cs_1"].state is CheckoutState.EXPIRED


def test_a_day_is_promised(portal: Portal, bearer: Client, linked: Linked) -> None:
    form = bearer.get("/l").follow("I need more time").follow("Promise a day")

    check = form.submit("Go on", promised_on=in_days(portal, 5).isoformat(), words="Our customer pays us then")
    page = bearer.follow(check.submit("Promise it"))
    after = bearer.get("/l")

    assert "£150.00" in check.words
    assert "from the link in a message of ours" in page.words
    assert "Promised for" in after.words
    assert was_used(portal)
    assert "promise.made" in by_link(portal)
    with portal.db.reading() as session:
        promise = session.scalars(select(PromiseToPay)).one()
        assert (promise.amount_minor, promise.made_by) == (15000, None)


def test_beyond_the_fence_a_promise_is_refused_beside_its_field(portal: Portal, bearer: Client) -> None:
    form = bearer.get("/l/promises/new")
    every = [str(box.get("value")) for box in form.all("input", name="invoice")]

    refused = form.submit("Go on", invoice=every, promised_on=in_days(portal, 90).isoformat())

    assert refused.status == 422
    assert "Choose a day from" in refused.words


def test_how_promises_went_before_is_not_told(portal: Portal, bearer: Client, linked: Linked) -> None:
    with portal.db.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14, most_broken=-1)))

    form = bearer.get("/l/promises/new")
    forced = bearer.post(
        "/l/promises/new",
        data={"csrf_token": csrf(bearer), "invoice": str(linked.asked[0]), "promised_on": str(in_days(portal, 2))},
    )

    assert "Call us or write to us" in form.words
    assert "Earlier promises" not in form.response.text + forced.response.text


def test_a_later_day_is_set(portal: Portal, bearer: Client, linked: Linked) -> None:
    with portal.db.reading() as session:
        later = session.get_one(Invoice, linked.asked[0]).due_on + timedelta(days=6)
    choices = bearer.get(f"/l/later?invoice={linked.asked[0]}")

    check = choices.follow("Choose the new date").submit("Go on", due_on=later.isoformat())
    page = bearer.follow(check.submit("Set the new day"))

    [number] = numbers(portal, linked.asked[0])
    assert f"{number} is now due on {later:%-d %b %Y}." in page.words
    assert "invoice.extended" in by_link(portal)
    assert was_used(portal)


def test_what_is_wrong_is_told_and_left_out(portal: Portal, bearer: Client, linked: Linked) -> None:
    form = bearer.get("/l").follow("There is a problem with this")

    page = bearer.follow(form.submit("Send it to us", reason="damaged", amount="20", words="Two of the six leak"))
    after = bearer.get("/l")

    assert "We have it, and will write to you" in page.words
    assert "Withdraw" not in page.words
    assert "£130.00 is open" in after.words
    assert "dispute.raised" in by_link(portal)
    assert was_used(portal)
    with portal.db.reading() as session:
        dispute = session.scalars(select(Dispute)).one()
        assert (dispute.amount_minor, dispute.raised_by) == (2000, None)


def behind_the_link(portal: Portal) -> list[Way]:
    """Every way for those who have opened a link."""
    return [
        way for way in ways(portal.app) if (way.path == "/l" or way.path.startswith("/l/")) and way.name != "open_link"
    ]


def csrf(client: Client) -> str:
    """The token of this browser's forms."""
    return str(client.get("/l").all("input", name="csrf_token")[0].get("value"))


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

    assert len(found) == 16
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
            path: bearer.post(path, data={"csrf_token": csrf(bearer), **form}).status
            for path in ("/l/pay", "/l/promises/new")
        }

        assert set(found.values()) == {404}, found
        assert set(asked.values()) == {404}, asked
        assert set(sent.values()) == {404}, sent
    assert by_link(portal).count("payment.started") == 1


def everything(portal: Portal, client: Client, linked: Linked) -> dict[str, object]:
    """A payment, a promise and a dispute that were made with a link, by what their paths name."""
    invoice_id = linked.asked[0]
    complaint = {"reason": "other", "amount": "1", "words": "x", "once": "o1", "csrf_token": csrf(client)}
    disputed = client.post(f"/l/invoices/{invoice_id}/dispute", data=complaint)
    promise = {
        "invoice": str(invoice_id),
        "promised_on": in_days(portal, 3).isoformat(),
        "step": "promise",
        "once": "o2",
    }
    promised = client.post("/l/promises/new", data={**promise, "csrf_token": csrf(client)})
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
