"""Looks: what each kind of the processor's objects is fetched with, and what is then done about it in the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from domain.payments.processor import Processor, ProcessorLacks
from domain.payments.snapshots import ObjectKind
from domain.processing.reconciling.chargebacks import reconcile_chargeback
from domain.processing.reconciling.fraud_warnings import reconcile_fraud_warning
from domain.processing.reconciling.payments import reconcile_charge, reconcile_checkout, reconcile_intent
from domain.processing.reconciling.payouts import reconcile_payout
from domain.processing.reconciling.refunds import reconcile_refund
from domain.processing.reconciling.setups import customer_lost, method_lost, reconcile_method, reconcile_setup

Apply: TypeAlias = Callable[[Session], object]
Look: TypeAlias = Callable[[Processor, str], Apply]
"""Fetches the object of that name and returns what is to be done about it."""


def look_at_checkout(processor: Processor, ref: str) -> Apply:
    """A Session with its intent, from which alone money comes, or with the method that it keeps for later."""
    checkout = processor.checkout(ref)
    intent = processor.intent(checkout.intent_id) if checkout.intent_id is not None else None
    apply_setup = look_at_setup(processor, checkout.setup_ref) if checkout.setup_ref is not None else None

    def apply(session: Session) -> None:
        reconcile_checkout(session, checkout, intent)
        if apply_setup is not None:
            apply_setup(session)

    return apply


def look_at_intent(processor: Processor, ref: str) -> Apply:
    """An intent with its charge."""
    intent = processor.intent(ref)

    def apply(session: Session) -> None:
        reconcile_intent(session, intent)

    return apply


def look_at_charge(processor: Processor, ref: str) -> Apply:
    """A charge with what the processor has booked for it."""
    charge = processor.charge(ref)

    def apply(session: Session) -> None:
        reconcile_charge(session, charge)

    return apply


def look_at_charge_and_intent(processor: Processor, ref: str) -> Apply:
    """A charge that no event told us of, with the intent that it came from where it has one."""
    charge = processor.charge(ref)
    intent = processor.intent(charge.intent_id) if charge.intent_id is not None else None

    def apply(session: Session) -> None:
        if intent is not None:
            reconcile_intent(session, intent)
        reconcile_charge(session, charge)

    return apply


def look_at_refund(processor: Processor, ref: str) -> Apply:
    """A refund, and before it the charge that it came from: its news may be the first that we hear of the payment."""
    refund = processor.refund(ref)
    apply_charge = look_at_charge_and_intent(processor, refund.charge_id) if refund.charge_id is not None else None

    def apply(session: Session) -> None:
        if apply_charge is not None:
            apply_charge(session)
        reconcile_refund(session, refund)

    return apply


def look_at_chargeback(processor: Processor, ref: str) -> Apply:
    """A chargeback, and before it the charge that it contests: of which this may be the first that we hear."""
    chargeback = processor.chargeback(ref)
    apply_charge = look_at_charge_and_intent(processor, chargeback.charge_id)

    def apply(session: Session) -> None:
        apply_charge(session)
        reconcile_chargeback(session, chargeback)

    return apply


def look_at_fraud_warning(processor: Processor, ref: str) -> Apply:
    """An early fraud warning, and before it the charge that it is about."""
    warning = processor.fraud_warning(ref)
    apply_charge = look_at_charge_and_intent(processor, warning.charge_id)

    def apply(session: Session) -> None:
        apply_charge(session)
        reconcile_fraud_warning(session, warning)

    return apply


def look_at_payout(processor: Processor, ref: str) -> Apply:
    """A payout and, once the processor has named all of it, the movements in it."""
    payout = processor.payout(ref)
    items = tuple(processor.movements_of_payout(ref)) if payout.complete else ()

    def apply(session: Session) -> None:
        reconcile_payout(session, payout, items)

    return apply


def look_at_setup(processor: Processor, ref: str) -> Apply:
    """The keeping of a method, and the method once it is there."""
    setup = processor.setup(ref)
    method = processor.method(setup.method_ref) if setup.method_ref is not None else None

    def apply(session: Session) -> None:
        reconcile_setup(session, setup, method)

    return apply


def look_at_method(processor: Processor, ref: str) -> Apply:
    """A saved method; one that the processor has forgotten altogether is lost."""
    try:
        method = processor.method(ref)
    except ProcessorLacks:
        return lambda session: method_lost(session, ref)

    return lambda session: reconcile_method(session, method)


def look_at_mandate(processor: Processor, ref: str) -> Apply:
    """The permission to take money from a bank account: without it the method is lost."""
    mandate = processor.mandate(ref)
    if not mandate.ended:
        return lambda session: None
    return lambda session: method_lost(session, mandate.method_ref)


def look_at_customer(processor: Processor, ref: str) -> Apply:
    """An account as the processor knows it: once it is gone, so is all that was saved there."""
    if processor.customer_stands(ref):
        return lambda session: None
    return lambda session: customer_lost(session, ref)


LOOKS_AT: dict[ObjectKind, Look] = {
    ObjectKind.INTENT: look_at_intent,
    ObjectKind.CHECKOUT: look_at_checkout,
    ObjectKind.CHARGE: look_at_charge_and_intent,
    ObjectKind.REFUND: look_at_refund,
    ObjectKind.CHARGEBACK: look_at_chargeback,
    ObjectKind.FRAUD_WARNING: look_at_fraud_warning,
    ObjectKind.PAYOUT: look_at_payout,
}
"""How an object is looked at that was found in a list, without any event."""
