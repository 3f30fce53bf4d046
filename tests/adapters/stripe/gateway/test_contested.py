"""Contested: chargebacks with their deadlines and movements, given in to or decided, and warnings."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from domain.payments.processor import ProcessorLacks
from tests.adapters.stripe.gateway.asking import NOON, charge_of, paid
from tests.support.builders import money


def test_a_chargeback_comes_with_what_it_took_and_until_when_it_can_be_answered(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)

    seen = gateway.chargeback(simulator.dispute(charge_of(intent), 500)["id"])

    assert (seen.charge_id, seen.intent_id) == (charge_of(intent), intent.intent_id)
    assert (seen.amount, seen.state, seen.reason) == (money("5.00"), "needs_response", "fraudulent")
    assert seen.can_answer
    assert seen.evidence_by is not None
    assert seen.evidence_by > NOON
    (taken,) = seen.movements
    assert (taken.category, taken.amount, taken.source_ref) == ("dispute", -money("5.00"), seen.chargeback_ref)
    assert taken.fee > money("0")


def test_a_chargeback_that_was_won_brings_the_money_back_last(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)
    ref = simulator.dispute(charge_of(intent))["id"]

    simulator.decide_dispute(ref, won=True)
    won = gateway.chargeback(ref)

    assert (won.state, won.can_answer) == ("won", False)
    assert [moved.amount for moved in won.movements] == [-money("12.50"), money("12.50")]


def test_an_inquiry_moves_nothing(gateway: StripeGateway, simulator: Simulator, customer: str) -> None:
    intent = paid(gateway, simulator, customer)

    asked = gateway.chargeback(simulator.dispute(charge_of(intent), inquiry=True)["id"])

    assert (asked.state, asked.can_answer, asked.movements) == ("warning_needs_response", True, ())


def test_giving_in_loses_and_giving_in_again_changes_nothing(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    ref = simulator.dispute(charge_of(paid(gateway, simulator, customer)))["id"]

    first = gateway.accept_chargeback(ref)
    again = gateway.accept_chargeback(ref)

    assert (first.state, first.can_answer) == ("lost", False)
    assert again == first


def test_a_debit_that_the_bank_took_back_cannot_be_answered(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)

    taken = gateway.chargeback(simulator.take_debit_back(charge_of(intent))["id"])

    assert (taken.state, taken.can_answer) == ("lost", False)


def test_a_warning_names_the_charge_that_may_be_contested(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)

    warned = gateway.fraud_warning(simulator.warn_of_fraud(charge_of(intent))["id"])

    assert (warned.charge_id, warned.intent_id) == (charge_of(intent), intent.intent_id)
    assert (warned.kind, warned.actionable, warned.created_at) == ("made_with_stolen_card", True, NOON)


def test_what_stripe_does_not_know_is_lacking(gateway: StripeGateway) -> None:
    for look in (gateway.chargeback, gateway.accept_chargeback, gateway.fraud_warning):
        with pytest.raises(ProcessorLacks):
            look("never")
