"""Going back: what Stripe leaves out, and states that we have never heard of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from adapters.stripe.mapping.going_back import chargeback_snapshot, refund_snapshot
from adapters.stripe.mapping.reading import UnknownAnswer
from domain.payments.snapshots import RefundState
from tests.support.builders import money

REFUND: dict[str, Any] = {
    "id": "re_1",
    "object": "refund",
    "amount": 1250,
    "balance_transaction": "txn_1",
    "charge": "ch_1",
    "created": 1_773_662_400,
    "currency": "gbp",
    "metadata": {},
    "payment_intent": "pi_1",
    "status": "pending",
}

DISPUTE: dict[str, Any] = {
    "id": "du_1",
    "object": "dispute",
    "amount": 1250,
    "balance_transactions": [],
    "charge": "ch_1",
    "created": 1_773_662_400,
    "currency": "gbp",
    "metadata": {},
    "evidence_details": {"due_by": 1_774_267_200, "past_due": False, "submission_count": 0},
    "payment_intent": "pi_1",
    "reason": "fraudulent",
    "status": "needs_response",
}


def test_a_refund_that_did_not_fail_has_nothing_to_say_of_failing() -> None:
    snapshot = refund_snapshot(stripe.Refund.construct_from(REFUND, None))

    assert (snapshot.state, snapshot.failure, snapshot.failure_movement) == (RefundState.PENDING, None, None)


def test_a_movement_that_was_not_expanded_is_not_there_yet() -> None:
    assert refund_snapshot(stripe.Refund.construct_from(REFUND, None)).movement is None


def test_a_reason_that_we_do_not_know_is_told_as_none() -> None:
    failed = stripe.Refund.construct_from({**REFUND, "status": "failed", "failure_reason": "gremlins"}, None)

    assert "did not say why" in (refund_snapshot(failed).failure or "")


def test_a_lost_card_is_not_called_lost() -> None:
    failed = stripe.Refund.construct_from({**REFUND, "status": "failed", "failure_reason": "lost_or_stolen_card"}, None)

    assert "lost" not in (refund_snapshot(failed).failure or "lost")


@pytest.mark.parametrize("status", ["reversed", None])
def test_a_state_of_a_refund_that_we_do_not_know_is_for_a_person(status: str | None) -> None:
    with pytest.raises(UnknownAnswer, match="re_1"):
        refund_snapshot(stripe.Refund.construct_from({**REFUND, "status": status}, None))


@pytest.mark.parametrize(
    ("changes", "can_answer"),
    [
        ({}, True),
        ({"status": "appeal_needs_response"}, True),
        ({"status": "under_review"}, False),
        ({"status": "gone_to_the_moon"}, False),
        ({"evidence_details": {"due_by": 1_774_267_200, "past_due": True, "submission_count": 0}}, False),
        ({"evidence_details": {"due_by": 0, "past_due": False, "submission_count": 0}}, False),
        ({"evidence_details": {"due_by": None, "past_due": False, "submission_count": 0}}, False),
    ],
)
def test_a_chargeback_can_be_answered_until_its_deadline(changes: dict[str, Any], can_answer: bool) -> None:
    dispute = stripe.Dispute.construct_from({**DISPUTE, **changes}, None)

    assert chargeback_snapshot(dispute).can_answer is can_answer


def test_no_deadline_is_none_and_a_state_is_stripes_own_word() -> None:
    changes = {
        "status": "gone_to_the_moon",
        "evidence_details": {"due_by": 0, "past_due": False, "submission_count": 0},
    }

    snapshot = chargeback_snapshot(stripe.Dispute.construct_from({**DISPUTE, **changes}, None))

    assert (snapshot.state, snapshot.evidence_by, snapshot.amount) == ("gone_to_the_moon", None, money("12.50"))
    assert snapshot.created_at == datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def test_a_chargeback_of_no_charge_makes_no_sense() -> None:
    with pytest.raises(UnknownAnswer, match="du_1"):
        chargeback_snapshot(stripe.Dispute.construct_from({**DISPUTE, "charge": None}, None))
