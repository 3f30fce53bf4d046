"""Disputes: withdrawn, reinstated, in part and more than once; inquiries, deadlines, evidence and early warnings."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.simulator import Simulator
from domain.shared.clock import MovableClock
from tests.adapters.stripe.simulator.making import entries, paid, types_since


@pytest.fixture
def charge(client: stripe.StripeClient, simulator: Simulator) -> str:
    """A settled charge over 50.00 EUR."""
    key = simulator.charge_of(paid(client).id)
    simulator.settle()
    return key


def test_a_chargeback_takes_the_amount_and_a_fee_and_forbids_refunds(
    client: stripe.StripeClient, simulator: Simulator, charge: str
) -> None:
    before = len(simulator.world.store.all("event"))

    made = simulator.dispute(charge, 2000)

    dispute = client.v1.disputes.retrieve(made["id"])
    assert (dispute.status, dispute.amount, dispute.is_charge_refundable) == ("needs_response", 2000, False)
    assert [(entry.amount, entry.fee, entry.net) for entry in dispute.balance_transactions] == [(-2000, 1500, -3500)]
    assert entries(client, "dispute") == [("adjustment", "dispute", -2000, 1500, dispute.id)]
    assert types_since(simulator, before) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError, match="has been charged back; cannot issue a refund"):
        client.v1.refunds.create({"charge": charge})


@pytest.mark.parametrize("fee_returned", [False, True])
def test_a_won_dispute_brings_the_money_back(
    client: stripe.StripeClient, simulator: Simulator, charge: str, fee_returned: bool
) -> None:
    key = simulator.dispute(charge)["id"]
    before = len(simulator.world.store.all("event"))

    simulator.decide_dispute(key, won=True, fee_returned=fee_returned)

    dispute = client.v1.disputes.retrieve(key)
    assert (dispute.status, sum(entry.amount for entry in dispute.balance_transactions)) == ("won", 0)
    assert sum(entry.fee for entry in dispute.balance_transactions) == (0 if fee_returned else 1500)
    assert entries(client, "dispute_reversal")[0][2] == 5000
    assert types_since(simulator, before) == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


def test_several_disputes_befall_one_charge(client: stripe.StripeClient, simulator: Simulator, charge: str) -> None:
    first, second = simulator.dispute(charge, 1000), simulator.dispute(charge, 4000, reason="duplicate")
    simulator.decide_dispute(first["id"], won=True)

    with pytest.raises(ValueError, match="nothing to decide"):
        simulator.decide_dispute(first["id"], won=False)
    found = client.v1.disputes.list({"charge": charge}).data

    assert [(one.id, one.status) for one in found] == [(second["id"], "needs_response"), (first["id"], "won")]


def test_no_more_than_the_charge_can_be_disputed(simulator: Simulator, charge: str) -> None:
    for amount in (0, 5001):
        with pytest.raises(ValueError, match="cannot be disputed"):
            simulator.dispute(charge, amount)


def test_an_inquiry_takes_no_money_until_it_becomes_a_chargeback(
    client: stripe.StripeClient, simulator: Simulator, charge: str
) -> None:
    inquiry = simulator.dispute(charge, inquiry=True)
    refund = client.v1.refunds.create({"charge": charge, "amount": 1})

    escalated = simulator.decide_dispute(inquiry["id"], won=False)

    assert (inquiry["status"], inquiry["balance_transactions"], refund.status) == (
        "warning_needs_response",
        [],
        "succeeded",
    )
    assert (escalated["status"], len(escalated["balance_transactions"])) == ("needs_response", 1)


def test_an_inquiry_that_comes_to_nothing_is_closed(
    client: stripe.StripeClient, simulator: Simulator, charge: str
) -> None:
    key = simulator.dispute(charge, inquiry=True)["id"]

    client.v1.disputes.update(key, {"evidence": {"uncategorized_text": "It was sent."}})
    reviewed = client.v1.disputes.retrieve(key).status
    simulator.advance(days=121)

    assert (reviewed, client.v1.disputes.retrieve(key).status) == ("warning_under_review", "warning_closed")


def test_an_unanswered_dispute_is_lost_at_its_deadline(
    client: stripe.StripeClient, simulator: Simulator, charge: str, clock: MovableClock
) -> None:
    made = simulator.dispute(charge)
    due_by: int = made["evidence_details"]["due_by"]

    clock.advance(seconds=due_by - made["created"] - 1)
    before = client.v1.disputes.retrieve(made["id"]).status
    clock.advance(seconds=1)
    lost = client.v1.disputes.retrieve(made["id"])

    assert (before, lost.status, lost.evidence_details.past_due) == ("needs_response", "lost", True)


@pytest.mark.parametrize(("words", "outcome"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_evidence_is_handed_in_once_and_decided_by_its_words(
    client: stripe.StripeClient, simulator: Simulator, charge: str, clock: MovableClock, words: str, outcome: str
) -> None:
    key = simulator.dispute(charge)["id"]
    staged = client.v1.disputes.update(key, {"evidence": {"product_description": "Steel"}, "submit": False})

    submitted = client.v1.disputes.update(key, {"evidence": {"uncategorized_text": words}})
    with pytest.raises(stripe.InvalidRequestError, match="already been submitted"):
        client.v1.disputes.update(key, {"evidence": {"uncategorized_text": "More"}})
    clock.advance(minutes=1)

    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    assert (submitted.status, submitted.evidence_details.submission_count) == ("under_review", 1)
    assert client.v1.disputes.retrieve(key).status == outcome


def test_a_dispute_can_be_given_up_once(client: stripe.StripeClient, simulator: Simulator, charge: str) -> None:
    key = simulator.dispute(charge)["id"]

    closed = client.v1.disputes.close(key)

    assert closed.status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(key)


def test_a_prevented_dispute_costs_no_fee(client: stripe.StripeClient, simulator: Simulator, charge: str) -> None:
    prevented = simulator.prevent_dispute(charge)

    assert (prevented["status"], entries(client, "dispute")) == (
        "prevented",
        [("adjustment", "dispute", -5000, 0, prevented["id"])],
    )


@pytest.mark.parametrize(
    ("token", "statuses"),
    [
        ("pm_card_createDispute", ["needs_response"]),
        ("pm_card_createDisputeProductNotReceived", ["needs_response"]),
        ("pm_card_createDisputeInquiry", ["warning_needs_response"]),
        ("pm_card_createMultipleDisputes", ["needs_response", "needs_response"]),
    ],
)
def test_test_cards_bring_their_disputes(
    client: stripe.StripeClient, clock: MovableClock, token: str, statuses: list[str]
) -> None:
    intent = paid(client, payment_method=token)
    at_once = client.v1.disputes.list().data

    clock.advance(minutes=1)

    found = client.v1.disputes.list({"payment_intent": intent.id}).data
    assert at_once == []
    assert [dispute.status for dispute in found] == statuses
    assert sum(dispute.amount for dispute in found) == 5000


def test_an_early_fraud_warning_is_answered_by_a_full_refund(
    client: stripe.StripeClient, simulator: Simulator, clock: MovableClock
) -> None:
    intent = paid(client, payment_method="pm_card_createIssuerFraudRecord")
    clock.advance(minutes=1)
    warnings: Any = client.v1.radar.early_fraud_warnings
    warning = warnings.list({"payment_intent": intent.id}).data[0]

    client.v1.refunds.create({"payment_intent": intent.id})

    assert (warning.actionable, warnings.retrieve(warning.id).actionable) == (True, False)
    assert simulator.warn_of_fraud(warning.charge)["actionable"] is False


def test_a_full_refund_closes_an_inquiry(client: stripe.StripeClient, simulator: Simulator, charge: str) -> None:
    key = simulator.dispute(charge, inquiry=True)["id"]

    client.v1.refunds.create({"charge": charge, "amount": 4999})
    before = client.v1.disputes.retrieve(key).status
    client.v1.refunds.create({"charge": charge})

    assert (before, client.v1.disputes.retrieve(key).status) == ("warning_needs_response", "warning_closed")
