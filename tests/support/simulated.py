"""Simulated: start payments against the simulator as the portal does, and pay them as a person does."""

from __future__ import annotations

from datetime import timedelta

from adapters.stripe.simulator import Simulator
from app.wired import Wired
from domain.payments import queries as payments
from domain.payments import sending, starting
from domain.payments.model import Payment
from domain.payments.sending import Outcome
from domain.payments.snapshots import CheckoutLine, CheckoutRequest, CustomerRequest
from domain.shared.actor import Actor
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.paying import Debt


def start(wired: Wired, debt: Debt, *amounts: str) -> tuple[str, int]:
    """Start a payment of so much on each invoice; its public id and its attempt."""
    sending.know_customer(wired.database, wired.processor, debt.account_id)
    wanted = {invoice: Money.of(amount, "GBP") for invoice, amount in zip(debt.invoices, amounts, strict=True)}
    with wired.database.transaction() as session:
        started = starting.start(
            session,
            wired.processor,
            debt.account_id,
            wanted,
            login_id=debt.ana,
            return_url="http://127.0.0.1:1/payments/{payment}/returned",
            cancel_url="http://127.0.0.1:1/payments/{payment}",
            language="en",
            actor=Actor.login(debt.ana),
        )
    return started.public_id, started.attempt_id


def open_page(wired: Wired, debt: Debt, *amounts: str) -> Payment:
    """Start a payment and have its page opened."""
    public_id, attempt_id = start(wired, debt, *amounts)
    actor = Actor.login(debt.ana)
    assert sending.send(wired.database, wired.processor, attempt_id, actor=actor) is Outcome.OPENED
    return payment(wired, public_id)


def payment(wired: Wired, public_id: str) -> Payment:
    """The payment as it stands."""
    with wired.database.reading() as session:
        return payments.by_public_id(session, public_id)


def pay_unknown_to_the_books(wired: Wired, simulator: Simulator, account_id: int) -> str:
    """Somebody pays 75.00 for an account, and then an older backup is restored; the payment's public id."""
    public_id, at = new_public_id(wired.database.clock.now()), wired.database.clock.now()
    customer = CustomerRequest(account_id, "quittance", "A-1", "Harbour Café Ltd", None)
    body = wired.processor.compose_checkout(
        CheckoutRequest(
            payment_id=public_id,
            installation="quittance",
            customer_id=wired.processor.create_customer(customer, key=f"customer:{public_id}"),
            lines=[CheckoutLine("INV-1", money("75"))],
            success_url="http://127.0.0.1:1/paid",
            cancel_url="http://127.0.0.1:1/",
            expires_at=at + timedelta(minutes=60),
            language="en",
            account_id=account_id,
        )
    )
    opened = wired.processor.open_checkout(body, key=f"pay:{public_id}:1")
    simulator.pay_session(opened.checkout_id)
    simulator.settle()
    return public_id
