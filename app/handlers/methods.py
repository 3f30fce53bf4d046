"""Methods: what is done about saved methods in the background: one is kept, looked up, or forgotten."""

from __future__ import annotations

from app.handlers.looking import look_under_lease
from app.handlers.looks import look_at_checkout
from app.wired import Wired
from domain.payments import setting_up
from domain.processing.messages import KeepMethod, LookUpSetup
from domain.processing.reconciling.setups import keep_from_payment
from domain.saved_methods.messages import ForgetMethod
from domain.saved_methods.model import MethodSetup, SavedMethod


def keep_method(wired: Wired, message: KeepMethod) -> None:
    """Save the method with which a payment was made."""
    method = wired.processor.method(message.method_ref)
    with wired.database.transaction() as session:
        keep_from_payment(session, message.payment_id, method)


def look_up_setup(wired: Wired, message: LookUpSetup) -> None:
    """Find out whether the method was kept that somebody is waiting for."""
    with wired.database.reading() as session:
        setup = session.get_one(MethodSetup, message.setup_id)
    if setup.state not in setting_up.UNDER_WAY:
        return
    if setup.checkout_id is None:
        setting_up.send_setup(wired.database, wired.processor, setup.id)
    else:
        look_under_lease(wired, look_at_checkout, setup.checkout_id)


def forget_method(wired: Wired, message: ForgetMethod) -> None:
    """Have the processor forget a method that its owner has removed."""
    with wired.database.reading() as session:
        method = session.get_one(SavedMethod, message.saved_method_id)
    wired.processor.detach_method(method.method_ref)
