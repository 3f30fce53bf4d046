"""Methods: SetupIntents, PaymentMethods and mandates as snapshots."""

from __future__ import annotations

import stripe

from adapters.stripe.mapping.naming import kind_of, named
from adapters.stripe.mapping.reading import INSTALLATION, SETUP, UnknownAnswer, failure, id_of, mark, must_be_there
from domain.payments.snapshots import MandateSnapshot, MethodSnapshot, SetupSnapshot, SetupState

SETUP_STATES = {
    "requires_payment_method": SetupState.WAITING,
    "requires_confirmation": SetupState.WAITING,
    "requires_action": SetupState.WAITING,
    "processing": SetupState.WAITING,
    "succeeded": SetupState.SUCCEEDED,
    "canceled": SetupState.CANCELED,
}


def setup_snapshot(setup: stripe.SetupIntent) -> SetupSnapshot:
    """A SetupIntent as it stands."""
    if setup.status not in SETUP_STATES:
        raise UnknownAnswer(f"the SetupIntent {setup.id} has the unknown status {setup.status}")
    state = SETUP_STATES[setup.status]
    return SetupSnapshot(
        setup_ref=setup.id,
        setup_id=mark(setup.metadata, SETUP),
        installation=mark(setup.metadata, INSTALLATION),
        state=state,
        method_ref=id_of(setup.payment_method) if state is SetupState.SUCCEEDED else None,
        failure=failure(setup.last_setup_error),
    )


def method_snapshot(method: stripe.PaymentMethod) -> MethodSnapshot:
    """A PaymentMethod as it stands; it outlives its being detached, but without a customer."""
    card = getattr(method, "card", None)
    return MethodSnapshot(
        method_ref=method.id,
        customer_id=id_of(method.customer),
        kind=kind_of(method.type),
        label=named(method.to_dict()),
        expires=(card.exp_year, card.exp_month) if card is not None else None,
    )


def mandate_snapshot(mandate: stripe.Mandate) -> MandateSnapshot:
    """A mandate as it stands; one that is still pending is not over."""
    return MandateSnapshot(
        mandate_ref=mandate.id,
        method_ref=must_be_there(id_of(mandate.payment_method), f"the payment method of the mandate {mandate.id}"),
        ended=mandate.status == "inactive",
    )
