"""Contested: chargebacks with their deadlines and movements, given in to or decided, and warnings."""

from __future__ import annotations

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from domain.payments.processor import ProcessorLacks, ProcessorRefused
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


PDF = b"%PDF-1.7\n\x00\xff\r\n--not the end\r\n%%EOF"


def test_evidence_with_a_file_is_handed_in_for_good_under_our_mark(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    ref = simulator.dispute(charge_of(paid(gateway, simulator, customer)))["id"]
    file = gateway.upload_evidence(PDF, 'receipt "7".pdf', key="file-1")
    same = gateway.upload_evidence(PDF, 'receipt "7".pdf', key="file-1")
    evidence = {"customer_name": "Ana", "uncategorized_text": "It was sent. " * 1000, "receipt": file}

    before = gateway.chargeback(ref)
    after = gateway.answer_chargeback(ref, evidence, answer="answer-1", key="answer-1")
    again = gateway.answer_chargeback(ref, evidence, answer="answer-1", key="answer-1")

    kept = simulator.world.find("file", file)
    assert same == file
    assert (kept["filename"], kept["size"], kept["type"]) == ("receipt %227%22.pdf", len(PDF), "pdf")
    assert (before.is_answered, before.answer, before.can_answer) == (False, None, True)
    assert (after.is_answered, after.answer, after.can_answer) == (True, "answer-1", False)
    assert after.state == "under_review"
    assert again == after
    assert simulator.world.find("dispute", ref)["evidence"]["receipt"] == file


def test_evidence_handed_in_twice_or_beyond_the_limits_is_refused(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    ref = simulator.dispute(charge_of(paid(gateway, simulator, customer)))["id"]
    large = {
        name: gateway.upload_evidence(PDF + bytes(2_300_000), "large.pdf", key=name)
        for name in ("receipt", "uncategorized_file")
    }
    refused: list[dict[str, str]] = [large, {"uncategorized_text": "x" * 20_001}, {"receipt": "file_elsewhere"}]

    for number, evidence in enumerate(refused):
        with pytest.raises(ProcessorRefused):
            gateway.answer_chargeback(ref, evidence, answer="a", key=f"refused-{number}")
    with pytest.raises(ProcessorRefused):
        gateway.upload_evidence(b"GIF89a", "moving.gif", key="gif")
    waiting = gateway.chargeback(ref)
    gateway.answer_chargeback(ref, {"uncategorized_text": "It was sent."}, answer="a", key="first")

    assert waiting.can_answer
    with pytest.raises(ProcessorRefused):
        gateway.answer_chargeback(ref, {"uncategorized_text": "More."}, answer="b", key="second")


def test_chargebacks_of_one_card_bear_one_fingerprint(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    seen = [
        gateway.chargeback(simulator.dispute(charge_of(paid(gateway, simulator, customer)))["id"]) for _ in range(2)
    ]

    assert seen[0].card
    assert seen[0].card == seen[1].card
