"""Methods: kept on Stripe's page, renewed by their bank, withdrawn and forgotten."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from domain.payments.processor import ProcessorLacks
from domain.payments.snapshots import CheckoutState, SetupState
from tests.adapters.stripe.gateway.asking import a_request, a_setup, kept


def test_a_card_is_kept_without_a_payment(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    opened = gateway.open_checkout(gateway.compose_setup(a_setup(customer)), key="setup:set1")
    simulator.pay_session(opened.checkout_id)

    done = gateway.checkout(opened.checkout_id)
    setup = gateway.setup(done.setup_ref or "")
    method = gateway.method(setup.method_ref or "")

    assert (done.state, done.intent_id, done.setup_id) == (CheckoutState.COMPLETE, None, "set1")
    assert (setup.state, setup.setup_id, setup.installation) == (SetupState.SUCCEEDED, "set1", "here")
    assert (method.customer_id, method.kind, method.label) == (customer, "card", "Visa •••• 4242")
    assert method.expires == (2029, 12)


def test_a_card_that_could_not_be_kept_says_why(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    opened = gateway.open_checkout(gateway.compose_setup(a_setup(customer)), key="setup:set1")

    simulator.pay_session(opened.checkout_id, card="4000000000000002")
    setup = gateway.setup(gateway.checkout(opened.checkout_id).setup_ref or "")

    assert (setup.state, setup.method_ref) == (SetupState.WAITING, None)
    assert "did not say why" in (setup.failure or "")


@pytest.mark.parametrize("save", [True, False])
def test_a_payment_leaves_its_method_with_the_customer_only_where_that_was_agreed(
    gateway: StripeGateway, simulator: Simulator, customer: str, save: bool
) -> None:
    opened = gateway.open_checkout(gateway.compose_checkout(a_request(customer, save=save)), key="pay:pay1:1")

    simulator.pay_session(opened.checkout_id)
    intent = gateway.intent(gateway.checkout(opened.checkout_id).intent_id or "")

    assert gateway.method(intent.method_ref or "").customer_id == (customer if save else None)


def test_a_renewed_card_expires_later(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    method = kept(gateway, simulator, customer)

    simulator.update_card(method, month=1, year=2034)

    assert gateway.method(method).expires == (2034, 1)


def test_a_method_is_forgotten_once_and_again(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    method = kept(gateway, simulator, customer)

    gateway.detach_method(method)
    gateway.detach_method(method)
    gateway.detach_method("pm_never")

    assert gateway.method(method).customer_id is None


def test_a_bank_account_has_a_mandate_that_its_holder_may_withdraw(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    opened = gateway.open_checkout(gateway.compose_setup(a_setup(customer)), key="setup:set1")
    simulator.pay_session_by_debit(opened.checkout_id, "00012345")
    method = gateway.setup(gateway.checkout(opened.checkout_id).setup_ref or "").method_ref or ""
    mandate = simulator.world.store.all("mandate")[0]["id"]
    before = gateway.mandate(mandate)

    simulator.withdraw_mandate(method)
    account = gateway.method(method)

    assert (before.method_ref, before.ended) == (method, False)
    assert gateway.mandate(mandate).ended
    assert (account.kind, account.label, account.expires) == ("bank_debit", "Bacs Direct Debit •••• 2345", None)


def test_what_stripe_does_not_know_is_lacking(gateway: StripeGateway) -> None:
    for look in (gateway.setup, gateway.method, gateway.mandate):
        with pytest.raises(ProcessorLacks):
            look("never")
