"""A busy day: everything that the simulator can do, once, so that all that it answers can be walked."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from tests.adapters.stripe.simulator.conftest import session_body
from tests.adapters.stripe.simulator.making import paid

BACK = "http://127.0.0.1:8000/back"


def day(simulator: Simulator, client: stripe.StripeClient) -> None:
    """All of it, and then every address that reads."""
    customer = client.v1.customers.create(
        {"email": "ana@example.com", "address": {"line1": "1 High Street"}, "metadata": {"a": "b"}}
    ).id
    sessions(simulator, client, customer)
    saved(simulator, client, customer)
    refused(client, customer)
    gone_back(simulator, client)
    paid_out(simulator, client)
    simulator.advance(days=4)
    read(client, customer)
    client.v1.customers.delete(customer)
    client.v1.customers.retrieve(customer)


def sessions(simulator: Simulator, client: stripe.StripeClient, customer: str) -> None:
    """Sessions of every kind, paid in every way, declined, given up."""
    body = session_body(customer, payment_intent_data={"setup_future_usage": "off_session"})
    declined = client.v1.checkout.sessions.create(body)
    simulator.pay_session(declined.id, "4000000000000002")
    simulator.pay_session(declined.id, "4000002500003155", authenticate=False)
    simulator.pay_session(declined.id, "4000002500003155", authenticate=True)
    given_up = client.v1.checkout.sessions.create(session_body(customer))
    simulator.pay_session(given_up.id, "4000000000009995")
    client.v1.checkout.sessions.expire(given_up.id)
    for account in ("00012345", "22222227", "55555559"):
        session = client.v1.checkout.sessions.create(session_body(customer))
        simulator.pay_session_by_debit(session.id, account)
    for approve in (False, True):
        simulator.pay_session_by_paypal(client.v1.checkout.sessions.create(session_body(customer)).id, approve=approve)
    simulator.pay_session_by_wallet(client.v1.checkout.sessions.create(session_body(customer)).id)
    body = {"mode": "setup", "customer": customer, "currency": "eur", "success_url": BACK}
    simulator.pay_session(client.v1.checkout.sessions.create(body).id)
    simulator.pay_session_by_debit(client.v1.checkout.sessions.create(body).id, "DE89370400440532013000")


def saved(simulator: Simulator, client: stripe.StripeClient, customer: str) -> None:
    """Payment methods saved, changed, renewed, let go; setup intents that fail and end."""
    setup: Any = client.v1.setup_intents.create({"customer": customer})
    asked = {"payment_method": "pm_card_authenticationRequired", "return_url": BACK}
    client.v1.setup_intents.confirm(setup.id, asked)  # type: ignore[arg-type]
    simulator.answer_bank(setup.id, passed=False)
    client.v1.setup_intents.cancel(setup.id)
    account: Any = client.v1.setup_intents.create(
        {"customer": customer, "payment_method": "pm_usBankAccount_success", "confirm": True, "return_url": BACK}
    )
    client.v1.mandates.retrieve(account.mandate)
    simulator.withdraw_mandate(account.payment_method)
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    client.v1.payment_methods.update(card, {"card": {"exp_year": 2033}})
    simulator.update_card(card, month=12, year=2035)
    client.v1.payment_methods.retrieve(card)
    client.v1.payment_methods.detach(card)
    client.v1.customers.update(customer, {"name": "Ana"})


def refused(client: stripe.StripeClient, customer: str) -> None:
    """Intents that wait, are cancelled, or are declined off-session."""
    waiting = client.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "eur",
            "customer": customer,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": BACK,
        }
    )
    client.v1.payment_intents.cancel(waiting.id, {"cancellation_reason": "abandoned"})
    with pytest.raises(stripe.CardError):
        paid(client, customer=customer, payment_method="pm_card_authenticationRequired", off_session=True)
    unconfirmed = paid(client, confirm=False)
    client.v1.payment_intents.confirm(unconfirmed.id)


def gone_back(simulator: Simulator, client: stripe.StripeClient) -> None:
    """Refunds, disputes and warnings of every kind."""
    charges = [simulator.charge_of(paid(client).id) for _ in range(5)]
    simulator.settle()
    refund = client.v1.refunds.create({"charge": charges[0], "amount": 100, "reason": "duplicate"})
    client.v1.refunds.update(refund.id, {"metadata": {"a": "b"}})
    simulator.fail_refund(refund.id)
    pending = client.v1.refunds.create({"payment_intent": paid(client, payment_method="pm_card_pendingRefund").id})
    client.v1.refunds.cancel(pending.id)
    answered = simulator.dispute(charges[1], 1000)["id"]
    file = client.v1.files.create({"file": BytesIO(b"%PDF-1.7"), "purpose": "dispute_evidence"})
    client.v1.disputes.update(
        answered,
        {"evidence": {"receipt": client.v1.files.retrieve(file.id).id, "uncategorized_text": "winning_evidence"}},
    )
    client.v1.disputes.close(simulator.dispute(charges[2])["id"])
    simulator.decide_dispute(simulator.dispute(charges[3], inquiry=True)["id"], won=False)
    simulator.prevent_dispute(charges[4])
    simulator.warn_of_fraud(charges[0])
    client.v1.refunds.create({"charge": charges[0]})


def paid_out(simulator: Simulator, client: stripe.StripeClient) -> None:
    """Payouts that arrive, fail and are cancelled, and what else moves the balance."""
    simulator.book("topup", 500000, "eur")
    simulator.book("moon_tax", -1, "eur", fee=1)
    manual = client.v1.payouts.create({"amount": 100, "currency": "eur"})
    client.v1.payouts.update(manual.id, {"metadata": {"a": "b"}})
    client.v1.payouts.cancel(manual.id)
    payout = simulator.payout("eur")[0]["id"]
    simulator.deliver_payout(payout)
    simulator.fail_payout(payout)


def read(client: stripe.StripeClient, customer: str) -> None:
    """Every address that only reads, lists with what they can expand."""
    reading: Any = client.v1
    query = {"query": "created>0"}
    for searched in (reading.customers, reading.payment_intents, reading.charges):
        searched.search(query)
    expandable: dict[Any, list[str]] = {
        reading.balance_transactions: ["data.source"],
        reading.charges: ["data.balance_transaction", "data.payment_intent.latest_charge"],
        reading.checkout.sessions: ["data.payment_intent", "data.setup_intent.mandate", "data.customer"],
        reading.disputes: ["data.charge", "data.payment_intent"],
        reading.events: [],
        reading.payment_intents: ["data.latest_charge.balance_transaction", "data.payment_method"],
        reading.payouts: ["data.balance_transaction", "data.failure_balance_transaction"],
        reading.radar.early_fraud_warnings: ["data.charge"],
        reading.refunds: ["data.balance_transaction", "data.failure_balance_transaction", "data.charge"],
        reading.setup_intents: ["data.payment_method"],
        reading.customers: [],
    }
    for service, expand in expandable.items():
        found = service.list({"limit": 100, "expand": expand})
        assert found.data, service
        service.retrieve(found.data[0].id)
    reading.payment_methods.list({"customer": customer})
    reading.customers.payment_methods.list(customer)
    reading.checkout.sessions.line_items.list(reading.checkout.sessions.list({"limit": 100}).data[-1].id)
    reading.balance.retrieve()
