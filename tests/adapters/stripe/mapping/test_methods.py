"""Methods: every means of payment has a name and a sort, and states that we do not know are for a person."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from adapters.stripe.mapping.methods import mandate_snapshot, method_snapshot, setup_snapshot
from adapters.stripe.mapping.reading import UnknownAnswer
from domain.payments.snapshots import SetupState

SETUP: dict[str, Any] = {
    "id": "seti_1",
    "object": "setup_intent",
    "last_setup_error": None,
    "metadata": {},
    "payment_method": "pm_1",
    "status": "requires_action",
}


@pytest.mark.parametrize(
    ("details", "kind", "label"),
    [
        ({"type": "sepa_debit", "sepa_debit": {"last4": "3000"}}, "bank_debit", "SEPA Direct Debit •••• 3000"),
        ({"type": "us_bank_account", "us_bank_account": {"last4": "6789"}}, "bank_debit", "ACH Direct Debit •••• 6789"),
        ({"type": "paypal", "paypal": {"payer_email": "ana@example.com"}}, "wallet", "PayPal"),
        ({"type": "twint", "twint": {}}, "wallet", "Twint"),
    ],
)
def test_what_is_no_card_has_a_name_without_its_owners(details: dict[str, Any], kind: str, label: str) -> None:
    method = stripe.PaymentMethod.construct_from({"id": "pm_1", "customer": "cus_1", **details}, None)

    snapshot = method_snapshot(method)

    assert (snapshot.kind, snapshot.label, snapshot.expires) == (kind, label, None)


def test_until_it_has_succeeded_the_keeping_of_a_method_has_brought_none() -> None:
    snapshot = setup_snapshot(stripe.SetupIntent.construct_from(SETUP, None))

    assert (snapshot.state, snapshot.method_ref) == (SetupState.WAITING, None)


def test_a_state_of_a_setup_that_we_do_not_know_is_for_a_person() -> None:
    with pytest.raises(UnknownAnswer, match="seti_1"):
        setup_snapshot(stripe.SetupIntent.construct_from({**SETUP, "status": "pondering"}, None))


@pytest.mark.parametrize(("status", "ended"), [("active", False), ("pending", False), ("inactive", True)])
def test_a_mandate_ends_only_when_it_was_withdrawn(status: str, ended: bool) -> None:
    mandate = stripe.Mandate.construct_from({"id": "mandate_1", "payment_method": "pm_1", "status": status}, None)

    assert mandate_snapshot(mandate).ended is ended
