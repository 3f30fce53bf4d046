"""Paying for several clients: chosen, checked, and gone through one by one; left and come back to; each paid once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from domain.accounts.logins import grant, revoke
from domain.accounts.model import ALL_RIGHTS, Right
from domain.accounts.queries import lock, logins_on
from domain.payments.model import Payment, PaymentStatus
from domain.payments.processor import ProcessorUnreachable
from domain.payments.snapshots import CheckoutState, IntentSnapshot, IntentState
from domain.policies.sections import Sections
from domain.processing.reconciling.payments import reconcile_checkout, reconcile_intent
from domain.receivables.model import Invoice
from domain.settlements.accepting import accept
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import now
from domain.shared.money import Money
from domain.staff.model import Role
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.counting import counted
from tests.support.fakes import a_success
from tests.support.paying import Debt, open_page
from tests.support.policies import a_policy
from tests.support.routes import token
from tests.support.saving import VISA, a_method, an_intent
from tests.support.settling import SETTLEMENTS, wanted

BANK = "https://processor.example/question"


class Office:
    """Maya, who pays for a client in pounds and one in euros; each owes something late and something that is not."""

    def __init__(self, portal: Portal, open_browser: Callable[[], Client]) -> None:
        self.portal, self.open_browser = portal, open_browser
        self.alder, self.of_alder, self.maya = self.client("Alder Ltd", "GBP", "120", "30")
        self.birch, self.of_birch, _ = self.client("Birch GmbH", "EUR", "75", "5")
        self.browser = sign_in(portal, open_browser())

    def client(self, name: str, currency: str, late: str, coming: str) -> tuple[int, list[int], int]:
        """An account for which Maya may pay: its id, its invoices, and her login."""
        with self.portal.db.transaction() as session:
            account = an_account(session, name=name, currency=currency)
            login = grant(session, account, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
            long_ago = now(session).date().replace(year=2020, day=1)
            invoices = [an_invoice(session, account, late, issued_on=long_ago), an_invoice(session, account, coming)]
            return account.id, [invoice.id for invoice in invoices], login.id

    def begin(self) -> Page:
        """The list of all that is late, begun as people begin it."""
        chosen = self.browser.get("/several").submit("Go on to the invoices")
        return self.browser.follow(chosen.submit("Check it").submit("Begin to pay"))

    def keep_a_card(self, account_id: int) -> int:
        """A card that Maya has kept for one of the accounts."""
        return a_method(self.portal.db, account_id, self.maya, replace(VISA, method_ref=f"pm_{account_id}"))

    def bank_says(self, state: IntentState, **more: Any) -> None:
        """What becomes of a payment from a card that is kept."""

        def answer(body: Mapping[str, Any], *, key: str) -> IntentSnapshot:
            minor, currency = body["amount"]
            intent_id = f"pi_{body['payment']}"
            if state is not IntentState.SUCCEEDED:
                return an_intent(body["payment"], state, amount=Money(minor, currency), intent_id=intent_id, **more)
            with self.portal.db.reading() as session:
                success = a_success(body["payment"], Money(minor, currency), now(session), intent_id=intent_id)
            self.portal.processor.intents[intent_id] = success
            return success

        self.portal.processor.pay_saved = answer  # type: ignore[method-assign]

    def news_comes(self) -> None:
        """The processor's news of every payment that succeeded is worked off."""
        for success in list(self.portal.processor.intents.values()):
            with self.portal.db.transaction() as session:
                reconcile_intent(session, success)

    def payments(self) -> list[Payment]:
        """All payments, in order."""
        with self.portal.db.reading() as session:
            return list(session.scalars(select(Payment).order_by(Payment.id)))


@pytest.fixture
def office(portal: Portal, open_browser: Callable[[], Client]) -> Office:
    return Office(portal, open_browser)


def test_the_switcher_leads_there_where_two_accounts_can_be_paid(office: Office) -> None:
    with_two = office.browser.get("/accounts")
    with office.portal.db.transaction() as session:
        tom = grant(
            session, lock(session, office.alder), email="tom@one.example", name="Tom", rights=ALL_RIGHTS, actor=OPERATOR
        )
        looks_only = lock(session, office.birch)
        grant(session, looks_only, email=tom.email, name="Tom", rights={Right.VIEW}, actor=OPERATOR)
    with_one = sign_in(office.portal, office.open_browser(), "tom@one.example").get("/accounts")

    assert with_two.link("Pay for several clients") == "/several"
    assert "Pay for several clients" not in with_one.words


def test_totals_stand_by_currency_and_late_comes_first(office: Office) -> None:
    accounts = office.browser.get("/several")
    invoices = accounts.submit("Go on to the invoices")
    check = invoices.submit("Check it")
    single = invoices.submit("Check it", {"due": [], "invoice": [str(office.of_alder[1])]})

    assert "Late, in EUR€75.00" in accounts.words
    assert "Open, in GBP£150.00" in accounts.words
    ticks = [tick.get("value") for tick in invoices.all("input", name="invoice")]
    assert ticks == [str(each) for each in (*office.of_alder, *office.of_birch)]
    assert "Total in EUR€75.00" in check.words
    assert "Total in GBP£120.00" in check.words
    assert "It becomes 2 payments" in check.words
    assert "Total in GBP£30.00" in single.words


def test_nothing_chosen_is_said_and_loses_nothing(office: Office) -> None:
    nobody = office.browser.get("/several/invoices")
    nothing = office.browser.get("/several").submit("Go on to the invoices").submit("Check it", {"due": []})

    assert (nobody.status, nothing.status) == (422, 422)
    assert "Choose at least one account" in nobody.words
    assert "Choose at least one invoice that nobody is paying" in nothing.words
    assert len(nothing.all("input", name="account")) == 2


def test_one_press_for_each_account_with_a_card_that_is_kept(office: Office) -> None:
    office.keep_a_card(office.alder)
    office.keep_a_card(office.birch)
    office.bank_says(IntentState.SUCCEEDED)
    first = office.begin()

    second = office.browser.follow(first.submit("Pay £120.00 now"))
    ended = office.browser.follow(second.submit("Pay €75.00 now"))
    office.news_comes()
    done = office.browser.get(first.path)

    assert "Next: Alder Ltd" in first.words
    assert "Next: Birch GmbH" in second.words
    assert "We are confirming it" in second.words
    assert ended.all("section", id="progress")[0].get("data-hx-get")
    assert "2 of 2 paid" in done.words
    assert "Nothing is left to do" in done.words
    assert not done.all("section", id="progress")[0].get("data-hx-get")
    assert [payment.amount for payment in office.payments()] == [Money.of("120", "GBP"), Money.of("75", "EUR")]
    assert office.portal.nudges


def test_without_a_card_the_processors_page_leads_back_to_the_list(office: Office) -> None:
    listed = office.begin()

    handed_over = listed.submit("Go on to your card")
    [payment] = office.payments()
    address = office.portal.processor.bodies[f"pay:{payment.public_id}:1"]["success_url"]
    back = office.browser.follow(office.browser.get(address.removeprefix("http://127.0.0.1:8000")))
    left_and_back = office.browser.get("/several")
    unfinished = office.browser.follow(office.browser.get(left_and_back.link("Go on with it")))

    assert handed_over.location == "https://processor.example/cs_1"
    assert back.path.startswith(listed.path)
    assert "We are confirming it" in back.words
    assert "Next: Birch GmbH" in back.words
    assert unfinished.link("Go on with it") == "https://processor.example/cs_1"
    assert "Not finished" in unfinished.words
    assert "Begun, not paid yet, in GBP£120.00" in unfinished.words


def test_what_is_cancelled_can_be_paid_again_or_skipped(office: Office) -> None:
    listed = office.begin()
    listed.submit("Go on to your card")

    cancelled = office.browser.follow(office.browser.get(listed.path).submit("Cancel it"))
    skipped = office.browser.follow(cancelled.submit("Skip this account"))
    after_all = office.browser.get(skipped.link("Pay it after all").partition("#")[0])

    assert office.payments()[0].status is PaymentStatus.CANCELED
    assert "Next: Alder Ltd" in cancelled.words
    assert "Cancelled" in cancelled.words
    assert "Next: Birch GmbH" in skipped.words
    assert "Skipped" in skipped.words
    assert "Next: Alder Ltd" in after_all.words


def test_a_no_of_the_bank_says_what_to_do_and_the_list_goes_on(office: Office) -> None:
    office.keep_a_card(office.alder)
    office.bank_says(IntentState.WAITING, failure="The account has not enough money.")

    refused = office.begin().submit("Pay £120.00 now")
    office.bank_says(IntentState.SUCCEEDED)
    again = refused.submit("Pay £120.00 now")

    assert refused.status == 422
    assert "The account has not enough money." in refused.words
    assert "Did not go through" in refused.words
    assert again.location.endswith("/returned")
    assert [each.status for each in office.payments()] == [PaymentStatus.FAILED, PaymentStatus.PENDING]


def test_the_bank_asks_on_its_own_page(office: Office) -> None:
    office.keep_a_card(office.alder)
    office.bank_says(IntentState.REQUIRES_ACTION, confirm_url=BANK)

    listed = office.begin()
    pressed = listed.submit("Pay £120.00 now")

    assert pressed.location == BANK
    assert office.browser.get(listed.path).link("Go on with it") == BANK


def test_pressing_twice_is_one_payment(office: Office) -> None:
    office.keep_a_card(office.alder)
    office.bank_says(IntentState.SUCCEEDED)
    page = office.begin()

    page.submit("Pay £120.00 now")
    again = page.submit("Pay £120.00 now")
    office.news_comes()
    afterwards = page.submit("Pay £120.00 now")

    assert [again.location, afterwards.location] == [page.path, page.path]
    assert len(office.payments()) == 1


def test_beginning_twice_is_one_list(office: Office) -> None:
    check = office.browser.get("/several").submit("Go on to the invoices").submit("Check it")

    first, again = check.submit("Begin to pay"), check.submit("Begin to pay")

    assert again.location == first.location


def test_somebody_elses_claim_is_told_before_and_at_the_press(office: Office) -> None:
    office.keep_a_card(office.alder)
    page = office.begin()
    with office.portal.db.transaction() as session:
        account = lock(session, office.alder)
        ben = grant(session, account, email="ben@alder.example", name="Ben", rights=ALL_RIGHTS, actor=OPERATOR).id
    debt = Debt(office.alder, office.of_alder, ben, ben)
    open_page(office.portal.db, office.portal.processor, debt, {office.of_alder[0]: Money.of("120", "GBP")})

    pressed = page.submit("Pay £120.00 now")
    listed = office.browser.get(page.path)

    assert pressed.status == 409
    assert "Ben is paying it" in pressed.words
    assert "Nothing was charged to you" in pressed.words
    assert "Next: Birch GmbH" in listed.words
    assert "Ben is paying it" in listed.words
    assert len(office.payments()) == 1


def test_a_page_that_is_out_of_date_takes_nothing(office: Office) -> None:
    office.keep_a_card(office.alder)
    page = office.begin()

    changed = page.submit("Pay £120.00 now", {"expected": "10000"})

    assert changed.status == 422
    assert "It comes to £120.00 now" in changed.words
    assert office.payments() == []


def test_a_payment_service_that_is_away_is_told(office: Office) -> None:
    office.portal.processor.trouble = ProcessorUnreachable()

    page = office.begin().submit("Go on to your card")

    assert page.status == 503
    assert "We cannot reach the payment service" in page.words


def test_a_page_that_ran_out_can_be_tried_again(office: Office) -> None:
    listed = office.begin()
    listed.submit("Go on to your card")
    office.portal.processor.finish("cs_1", CheckoutState.EXPIRED)
    with office.portal.db.transaction() as session:
        reconcile_checkout(session, office.portal.processor.sessions["cs_1"])

    page = office.browser.get(listed.path)

    assert "Next: Birch GmbH" in page.words
    assert page.link("Try again").endswith("#current")


def test_nobody_elses_list_is_there_and_a_lost_right_ends_it(office: Office) -> None:
    page = office.begin()
    step = page.all("form")[0].get("action") or ""
    with office.portal.db.transaction() as session:
        account = lock(session, office.alder)
        grant(session, account, email="ben@alder.example", name="Ben", rights=ALL_RIGHTS, actor=OPERATOR)
    ben = sign_in(office.portal, office.open_browser(), "ben@alder.example")
    form = {"csrf_token": token(ben), "expected": "12000", "once": "ben"}

    others = [
        ben.get(page.path).status,
        ben.get(f"{page.path}/state").status,
        ben.post(step, data=form).status,
        ben.get(f"/several/invoices?account={office.birch}").status,
        ben.post("/several", data={**form, "account": str(office.birch), "invoice": str(office.of_birch[0])}).status,
    ]
    with office.portal.db.transaction() as session:
        revoke(session, lock(session, office.alder), office.maya, actor=OPERATOR)
    lost = page.submit("Go on to your card")

    assert step.endswith("/pay")
    assert others == [404] * 5
    assert lost.status == 404
    assert "Alder" not in office.browser.get(page.path).words
    assert office.payments() == []


def test_forty_accounts_cost_as_many_queries_as_two(office: Office) -> None:
    few = _queries(office)
    for number in range(38):
        office.client(f"Client {number}", "GBP", "10", "20")

    many = _queries(office)

    assert many == few
    with office.portal.db.reading() as session:
        assert len(logins_on(session, office.alder)) == 1


def _queries(office: Office) -> list[int]:
    """How many queries each page takes: accounts, invoices, check, list, what it asks again and again."""
    counts = []
    accounts = office.browser.get("/several")
    invoices = accounts.submit("Go on to the invoices")
    check = invoices.submit("Check it")
    listed = office.browser.follow(check.submit("Begin to pay"))
    pages: list[Callable[[], Page]] = [
        lambda: office.browser.get("/several"),
        lambda: accounts.submit("Go on to the invoices"),
        lambda: invoices.submit("Check it"),
        lambda: office.browser.get(listed.path),
        lambda: office.browser.fragment(f"{listed.path}/state"),
    ]
    for open_it in pages:
        with counted(office.portal.db.bind) as sent:
            assert open_it().status == 200
        counts.append(len(sent))
    return counts


def test_a_list_that_was_begun_before_a_settlement_asks_what_is_asked_today(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    office = Office(portal, open_browser)
    listed = office.begin()
    with portal.db.transaction() as session:
        a_policy(session, Sections(settlements=SETTLEMENTS), account_id=office.alder)
        invoice = session.get_one(Invoice, office.of_alder[0])
        made = offer(session, office.alder, wanted(session, "90", invoice), role=Role.MANAGER, actor=OPERATOR)
        accept(session, office.alder, made.id, parts=1, actor=Actor.login(office.maya))

    today, pressed = office.browser.get(listed.path), listed.submit("Go on to your card")
    paid = office.browser.get(listed.path).submit("Go on to your card")

    assert "£120.00" in listed.words
    assert ("£90.00" in today.words, "£120.00" in today.words) == (True, False)
    assert (pressed.status, "It comes to £90.00 now." in pressed.words) == (422, True)
    assert paid.status == 303
    with portal.db.reading() as session:
        assert session.scalars(select(Payment.amount_minor)).all() == [9000]
