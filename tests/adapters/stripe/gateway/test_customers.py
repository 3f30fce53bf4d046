"""Customers: our accounts at Stripe, made once, and missed when they are gone."""

from __future__ import annotations

import pytest
import stripe

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Fault, Simulator
from domain.payments.processor import ProcessorLacks
from tests.adapters.stripe.gateway.asking import a_customer


def test_a_customer_is_made_once_under_one_key(gateway: StripeGateway, customer: str) -> None:
    assert gateway.create_customer(a_customer(), key="customer:1") == customer


def test_a_saved_error_does_not_keep_a_customer_out_for_a_day(gateway: StripeGateway, simulator: Simulator) -> None:
    simulator.order_fault(Fault("answer", "POST", "/v1/customers", status=500))

    assert gateway.create_customer(a_customer(), key="customer:2").startswith("cus_")


def test_a_customer_that_was_deleted_stands_no_more(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    before = gateway.customer_stands(customer)

    stripe.StripeClient("sk_test_simulated", http_client=simulator.http_client()).v1.customers.delete(customer)

    assert before
    assert not gateway.customer_stands(customer)


def test_an_account_whose_customer_was_deleted_becomes_known_anew_under_the_same_key(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    stripe.StripeClient("sk_test_simulated", http_client=simulator.http_client()).v1.customers.delete(customer)

    anew = gateway.create_customer(a_customer(), key="customer:1")

    assert anew != customer
    assert gateway.customer_stands(anew)
    assert gateway.create_customer(a_customer(), key="customer:1") == anew


def test_a_customer_that_never_was_is_lacking(gateway: StripeGateway) -> None:
    with pytest.raises(ProcessorLacks):
        gateway.customer_stands("cus_never")
