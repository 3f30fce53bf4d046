"""Pay links: what whoever holds one sees and can do without signing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from domain.disputes.model import Dispute
from domain.disputes.resolving import reject
from domain.disputes.talking import ask, note_down, write_to_us
from domain.notices.model import PayLink
from domain.payments.model import Payment, PaymentMethod
from domain.payments.snapshots import CheckoutState
from domain.policies.sections import Promises, Sections
from domain.promises.model import PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from tests.portal.conftest import Portal, sign_in
from tests.portal.linked import Linked, by_link, in_days
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.paying import succeed
from tests.support.policies import a_policy
from tests.support.routes import token

Browser = Callable[[], Client]


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
        data={"csrf_token": token(bearer), "invoice": str(linked.asked[0]), "promised_on": str(in_days(portal, 2))},
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
    assert "DSP-000001 Our turn: we have it, and will answer" in after.words
    assert "£130.00 is open" in after.words
    assert "dispute.raised" in by_link(portal)
    assert was_used(portal)
    with portal.db.reading() as session:
        dispute = session.scalars(select(Dispute)).one()
        assert (dispute.amount_minor, dispute.raised_by) == (2000, None)


def test_what_we_ask_stands_on_the_link_and_is_answered_there(portal: Portal, bearer: Client, linked: Linked) -> None:
    form = bearer.get("/l").follow("There is a problem with this")
    bearer.follow(form.submit("Send it to us", reason="damaged", amount="20", words="Two of the six leak"))
    with portal.db.transaction() as session:
        dispute_id = session.scalars(select(Dispute.id)).one()
        account_id = linked.account_id
        write_to_us(session, account_id, dispute_id, "I am Maya, and it is three.", actor=OPERATOR)
        note_down(session, account_id, dispute_id, "The driver is new.", actor=OPERATOR)
        ask(session, account_id, dispute_id, "Which two leak?", actor=OPERATOR)

    asked = bearer.get("/l")
    page = asked.follow("Answer")
    empty = page.submit("Send", {"words": " "})
    answered = bearer.follow(page.submit("Send", {"words": "The two blue ones."}))
    with portal.db.transaction() as session:
        reject(session, account_id, dispute_id, answer="They were whole.", actor=OPERATOR)
    decided = bearer.get(page.path)
    late = bearer.post(f"{page.path}/write", data={"csrf_token": token(bearer), "words": "Look again.", "once": "o9"})

    assert "We have a question about dispute DSP-000001" in asked.words
    assert "Which two leak?" in asked.words
    assert empty.status == 422
    assert "The two blue ones." in answered.words
    assert "We are looking into it, and will write to you" in answered.words
    assert "Decided: we do not accept it" in bearer.get("/l").words
    assert "They were whole." in decided.words
    assert (late.status, "has ended already" in late.words) == (422, True)
    for seen in (asked, page, answered, decided):
        assert "Maya" not in seen.words
        assert "driver" not in seen.words
    assert by_link(portal) == ["dispute.raised", "dispute.written"]
