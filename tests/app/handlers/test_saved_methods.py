"""Saved methods against the simulator: kept as agreed, paid with one press, confirmed at the bank, forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import inbox, keeping, outbox
from app.wired import Wired
from domain.payments import queries as payments
from domain.payments import sending, starting
from domain.payments.model import PaymentMethod, PaymentStatus
from domain.payments.sending import Outcome
from domain.payments.setting_up import send_setup, start_setup
from domain.payments.starting import Started
from domain.processing.checks import check_books
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.keeping import remove
from domain.saved_methods.model import MethodSetup
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.outside import MemoryMail
from tests.support.paying import Debt, a_debt, open_minor
from tests.support.saving import AGREED, start_automatic, start_saved
from tests.support.simulated import payment

Deliver = Callable[[bytes, Mapping[str, str]], int]

CHALLENGED = "4000002760003184"
DECLINES_LATER = "4000000000000341"


@pytest.fixture
def debt(wired: Wired) -> Debt:
    return a_debt(wired.database, "120.00", "30.00")


@pytest.fixture
def settle(wired: Wired, simulator: Simulator, deliver: Deliver) -> Callable[[], None]:
    """Let everything that is due happen: webhooks, events, messages."""

    def act() -> None:
        simulator.settle()
        while simulator.deliver_pending(deliver) + inbox.handle_due(wired) + outbox.handle_due(wired):
            pass
        with wired.database.reading() as session:
            assert check_books(session) == []

    return act


def pay_on_page(wired: Wired, debt: Debt, amount: str, *, keeps: bool) -> Started:
    """Start a payment on the processor's page."""
    sending.know_customer(wired.database, wired.processor, debt.account_id)
    with wired.database.transaction() as session:
        started = starting.start(
            session,
            wired.processor,
            debt.account_id,
            {debt.invoices[0]: money(amount)},
            login_id=debt.ana,
            return_url="http://127.0.0.1:1/payments/{payment}/returned",
            cancel_url="http://127.0.0.1:1/payments/{payment}",
            language="en",
            actor=Actor.login(debt.ana),
            agreement=AGREED if keeps else None,
        )
    assert sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER) is Outcome.OPENED
    return started


def page_of(wired: Wired, started: Started) -> str:
    """The name of the processor's page."""
    return payment(wired, started.public_id).checkout_id or ""


def kept(wired: Wired, debt: Debt) -> list[AnyRow]:
    """What Ana has saved."""
    with wired.database.reading() as session:
        return list(saved_methods.of_login(session, debt.account_id, debt.ana))


def keep_a_card(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None], card: str = "4242424242424242"
) -> AnyRow:
    """Keep a card without a payment; its row."""
    sending.know_customer(wired.database, wired.processor, debt.account_id)
    with wired.database.transaction() as session:
        setup_id = start_setup(
            session,
            wired.processor,
            debt.account_id,
            login_id=debt.ana,
            agreement=AGREED,
            return_url="http://127.0.0.1:1/ways/{setup}",
            cancel_url="http://127.0.0.1:1/ways",
        ).id
    assert send_setup(wired.database, wired.processor, setup_id) is Outcome.OPENED
    with wired.database.reading() as session:
        checkout_id = session.get_one(MethodSetup, setup_id).checkout_id or ""
    simulator.pay_session(checkout_id, card=card, authenticate=True)
    settle()
    return kept(wired, debt)[-1]


def press(wired: Wired, debt: Debt, method: AnyRow, wanted: dict[int, Money]) -> tuple[Started, Outcome]:
    """Pay with one press."""
    started = start_saved(wired.database, wired.processor, debt, wanted, method.id)
    return started, sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)


def test_a_card_is_kept_with_a_payment_and_the_next_payment_is_one_press(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    first = pay_on_page(wired, debt, "120.00", keeps=True)
    simulator.pay_session(page_of(wired, first))
    settle()
    [card] = kept(wired, debt)

    second, outcome = press(wired, debt, card, {debt.invoices[1]: money("30")})
    settle()

    assert (card.label, card.kind, card.shared) == ("Visa •••• 4242", "card", False)
    assert outcome is Outcome.TAKEN
    assert payment(wired, second.public_id).status is PaymentStatus.SUCCEEDED
    assert payment(wired, second.public_id).method is PaymentMethod.SAVED
    assert [open_minor(wired.database, invoice) for invoice in debt.invoices] == [0, 0]


def test_without_the_tick_nothing_is_kept(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    started = pay_on_page(wired, debt, "120.00", keeps=False)
    simulator.pay_session(page_of(wired, started))
    settle()

    assert kept(wired, debt) == []


@pytest.mark.parametrize(
    ("passed", "status", "left"), [(True, PaymentStatus.SUCCEEDED, 0), (False, PaymentStatus.FAILED, 12000)]
)
def test_the_banks_question_is_answered_and_only_then_is_it_known(
    wired: Wired,
    simulator: Simulator,
    debt: Debt,
    settle: Callable[[], None],
    passed: bool,
    status: PaymentStatus,
    left: int,
) -> None:
    card = keep_a_card(wired, simulator, debt, settle, CHALLENGED)

    started, outcome = press(wired, debt, card, {debt.invoices[0]: money("120")})
    asked = payment(wired, started.public_id)
    simulator.answer_bank(asked.intent_id or "", passed=passed)
    settle()

    assert outcome is Outcome.OPENED
    assert (asked.status, bool(asked.checkout_url)) == (PaymentStatus.REQUIRES_ACTION, True)
    assert payment(wired, started.public_id).status is status
    assert open_minor(wired.database, debt.invoices[0]) == left


def test_a_decline_leaves_nothing_at_the_processor_and_another_way_is_free(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    card = keep_a_card(wired, simulator, debt, settle, DECLINES_LATER)

    started, outcome = press(wired, debt, card, {debt.invoices[0]: money("120")})
    settle()
    other = pay_on_page(wired, debt, "120.00", keeps=False)
    simulator.pay_session(page_of(wired, other))
    settle()

    assert outcome is Outcome.DECLINED
    assert payment(wired, started.public_id).status is PaymentStatus.FAILED
    left = wired.processor.intent(payment(wired, started.public_id).intent_id or "")
    assert left.state == "canceled"
    assert open_minor(wired.database, debt.invoices[0]) == 0


def test_a_cut_connection_takes_the_money_once(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None], clock: MovableClock
) -> None:
    card = keep_a_card(wired, simulator, debt, settle)
    simulator.order_fault(Fault("cut", "POST", "/v1/payment_intents", times=5))

    started, outcome = press(wired, debt, card, {debt.invoices[0]: money("120")})
    simulator.clear()
    clock.advance(minutes=2)
    keeping.end_unknown_outcomes(wired)
    settle()

    assert outcome is Outcome.UNKNOWN
    assert payment(wired, started.public_id).status is PaymentStatus.SUCCEEDED
    assert simulator.charges_by_metadata("payment") == {started.public_id: 1}


def test_a_question_that_nobody_answers_frees_the_invoice_after_an_hour(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None], clock: MovableClock
) -> None:
    card = keep_a_card(wired, simulator, debt, settle, CHALLENGED)
    started, _ = press(wired, debt, card, {debt.invoices[0]: money("120")})

    clock.advance(hours=1, minutes=2)
    keeping.look_at_the_silent(wired)
    settle()

    assert payment(wired, started.public_id).status is PaymentStatus.CANCELED
    again, _ = press(wired, debt, card, {debt.invoices[0]: money("120")})
    assert again.is_new


def test_an_automatic_payment_is_declined_without_its_payer_and_confirmed_with_them(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    card = keep_a_card(wired, simulator, debt, settle, CHALLENGED)
    started = start_automatic(
        wired.database,
        wired.processor,
        debt,
        {debt.invoices[0]: money("120")},
        card.id,
    )
    first = sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)
    settle()
    with wired.database.transaction() as session:
        asked = payments.waits_for_bank(session, payment(wired, started.public_id))
        attempt_id = starting.retry_saved(
            session,
            started.payment_id,
            saved_method_id=card.id,
            login_id=None,
            return_url="http://127.0.0.1:1/payments/{payment}",
            actor=Actor.login(debt.ana),
        )

    second = sending.send(wired.database, wired.processor, attempt_id, actor=Actor.login(debt.ana))
    simulator.answer_bank(payment(wired, started.public_id).intent_id or "", passed=True)
    settle()

    assert (first, asked, second) == (Outcome.DECLINED, True, Outcome.OPENED)
    assert payment(wired, started.public_id).status is PaymentStatus.SUCCEEDED
    assert simulator.charges_by_metadata("payment") == {started.public_id: 1}


@pytest.mark.parametrize(("account", "arrives"), [("00012345", True), ("22222227", False)])
def test_a_bank_debit_is_on_its_way_for_days_and_then_arrives_or_is_told(
    wired: Wired,
    simulator: Simulator,
    debt: Debt,
    settle: Callable[[], None],
    clock: MovableClock,
    account: str,
    arrives: bool,
) -> None:
    started = pay_on_page(wired, debt, "120.00", keeps=True)
    simulator.pay_session_by_debit(page_of(wired, started), account)
    settle()
    coming = payment(wired, started.public_id).status
    [saved] = kept(wired, debt)

    clock.advance(days=4)
    settle()

    after = payment(wired, started.public_id)
    assert coming is PaymentStatus.PROCESSING
    assert (saved.kind, saved.label.startswith("Bacs Direct Debit")) == ("bank_debit", True)
    assert after.status is (PaymentStatus.SUCCEEDED if arrives else PaymentStatus.FAILED)
    assert open_minor(wired.database, debt.invoices[0]) == (0 if arrives else 12000)
    assert isinstance(wired.mailer, MemoryMail)
    subjects = [mail.subject for mail in wired.mailer.sent]
    assert any("did not arrive" in subject for subject in subjects) is not arrives
    with wired.database.reading() as session:
        told = [str(one.words) for one in timeline(session, debt.account_id, Topic.ALL).happenings]
    assert any("did not come" in words for words in told) is not arrives


def test_a_renewed_card_and_a_withdrawn_mandate_are_noticed(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    card = keep_a_card(wired, simulator, debt, settle)
    with wired.database.reading() as session:
        ref = saved_methods.method_of(session, debt.account_id, card.id).method_ref
    simulator.update_card(ref, month=9, year=2037)
    settle()
    started = pay_on_page(wired, debt, "120.00", keeps=True)
    simulator.pay_session_by_debit(page_of(wired, started), "00012345")
    settle()
    with wired.database.reading() as session:
        debit = saved_methods.method_of(session, debt.account_id, kept(wired, debt)[-1].id).method_ref

    simulator.withdraw_mandate(debit)
    settle()

    renewed, withdrawn = kept(wired, debt)
    assert (renewed.expires_year, renewed.expires_month, renewed.lost_at) == (2037, 9, None)
    assert withdrawn.lost_at is not None


def test_what_is_removed_is_forgotten_at_the_processor(
    wired: Wired, simulator: Simulator, debt: Debt, settle: Callable[[], None]
) -> None:
    card = keep_a_card(wired, simulator, debt, settle)
    with wired.database.transaction() as session:
        ref = remove(session, debt.account_id, card.id, login_id=debt.ana, actor=Actor.login(debt.ana)).method_ref

    settle()

    assert wired.processor.method(ref).customer_id is None
    assert kept(wired, debt) == []
