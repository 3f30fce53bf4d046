"""Reconciling saved methods: bring them to what the processor says of them now, and keep what somebody agreed to."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting import turning
from domain.payments.model import Payment, ProcessorCustomer
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, MethodSnapshot, SetupSnapshot, SetupState
from domain.plans.following import adopt_method
from domain.saved_methods import keeping, queries
from domain.saved_methods import model as saved
from domain.saved_methods.consenting import consent_for, source_of_payment, source_of_setup
from domain.saved_methods.keeping import Kept
from domain.saved_methods.model import MethodKind, MethodSetup, SavedMethod
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import business


def reconcile_setup(session: Session, setup: SetupSnapshot, method: MethodSnapshot | None) -> SavedMethod | None:
    """Save the method of a setup that has succeeded, for whoever agreed to it; None where there is nothing to save."""
    ours = _setup(session, setup.setup_id, setup.installation)
    if ours is None:
        return None
    accounts.lock(session, ours.account_id)
    session.refresh(ours)
    if setup.state is SetupState.CANCELED and ours.state is not saved.SetupState.SAVED:
        ours.state = saved.SetupState.ENDED
    if setup.failure is not None and ours.state is not saved.SetupState.SAVED:
        ours.failure = setup.failure
    if setup.state is not SetupState.SUCCEEDED or method is None:
        return None
    kept = _keep(session, source_of_setup(ours.public_id), method)
    if kept is not None:
        ours.state, ours.failure = saved.SetupState.SAVED, None
    return kept


def setup_page_closed(session: Session, checkout: CheckoutSnapshot) -> None:
    """The page of a setup is closed without a method: nothing will come of it."""
    ours = _setup(session, checkout.setup_id, checkout.installation)
    if ours is None or checkout.state is not CheckoutState.EXPIRED:
        return
    accounts.lock(session, ours.account_id)
    session.refresh(ours)
    if ours.state is not saved.SetupState.SAVED:
        ours.state = saved.SetupState.ENDED


def keep_from_payment(session: Session, payment_id: int, method: MethodSnapshot) -> SavedMethod | None:
    """Save the method with which a payment was made, where its payer agreed to that."""
    payment = session.get_one(Payment, payment_id)
    return _keep(session, source_of_payment(payment.public_id), method)


def reconcile_method(session: Session, method: MethodSnapshot) -> SavedMethod | None:
    """Refresh a saved method's name and last month, or note that the processor has it no longer; None when not ours."""
    known = queries.by_ref(session, method.method_ref)
    if known is None:
        return None
    accounts.lock(session, known.account_id)
    session.refresh(known)
    if method.customer_id is None:
        _lose(session, known)
    else:
        keeping.refresh(session, known, _kept(method), actor=PROCESSOR)
    return known


def method_lost(session: Session, method_ref: str) -> SavedMethod | None:
    """Its bank has withdrawn the permission to take money from it, or the processor knows it no longer."""
    known = queries.by_ref(session, method_ref)
    if known is None:
        return None
    accounts.lock(session, known.account_id)
    session.refresh(known)
    _lose(session, known)
    return known


def customer_lost(session: Session, customer_id: str) -> list[SavedMethod]:
    """The processor no longer keeps the account: all that was saved there is lost; the next payment makes it known."""
    customer = session.scalars(
        select(ProcessorCustomer).where(ProcessorCustomer.customer_id == customer_id)
    ).one_or_none()
    if customer is None:
        return []
    accounts.lock(session, customer.account_id)
    methods = list(session.scalars(select(SavedMethod).where(SavedMethod.account_id == customer.account_id)))
    session.delete(customer)
    return [method for method in methods if _lose(session, method)]


def _lose(session: Session, method: SavedMethod) -> bool:
    """Nobody can pay with it any more, automatically neither; whether that is news."""
    is_news = keeping.lose(session, method, actor=PROCESSOR)
    turning.turn_off_unfit(session, method.account_id, actor=PROCESSOR)
    return is_news


def _setup(session: Session, public_id: str | None, installation: str | None) -> MethodSetup | None:
    if public_id is None or installation != business(session).installation:
        return None
    return session.scalars(select(MethodSetup).where(MethodSetup.public_id == public_id)).one_or_none()


def _keep(session: Session, source: str, method: MethodSnapshot) -> SavedMethod | None:
    consent = consent_for(session, source)
    if consent is None or method.customer_id is None:
        return None
    kept = keeping.keep(session, consent, _kept(method), actor=PROCESSOR)
    adopt_method(session, kept, actor=PROCESSOR)
    return kept


def _kept(method: MethodSnapshot) -> Kept:
    return Kept(method.method_ref, MethodKind(method.kind), method.label, method.expires)
