"""Looking: fetch an object of the processor's outside any transaction, then apply what was seen within one."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.handlers.looks import Look, look_at_checkout, look_at_intent
from app.wired import Wired
from domain.inbox import objects
from domain.payments import queries as payments
from domain.payments import sending
from domain.payments.model import AttemptState, Payment
from domain.shared.actor import WORKER

PROCESS = secrets.token_hex(6)


class Busy(Exception):
    """Somebody else is looking at this object right now."""


def holder() -> str:
    """The name under which this thread holds objects."""
    return f"{PROCESS}-{os.getpid()}-{threading.get_ident()}"


def look_up_payment(wired: Wired, payment_id: int) -> None:
    """Find out how one of our payments stands, and act on it.

    Raises Busy while somebody else looks, and what the processor raises.
    """
    with wired.database.reading() as session:
        payment = session.get_one(Payment, payment_id)
        attempt = payments.attempt_of(session, payment_id)
    if attempt.state is not AttemptState.ANSWERED:
        sending.send(wired.database, wired.processor, attempt.id, actor=WORKER)
    elif payment.checkout_id is not None:
        look_under_lease(wired, look_at_checkout, payment.checkout_id)
    elif payment.intent_id is not None:
        look_under_lease(wired, look_at_intent, payment.intent_id)


def look_under_lease(wired: Wired, look: Look, ref: str) -> None:
    """Take the object, look at it, apply what was seen, and let others have it again.

    Raises Busy while somebody else looks, and what the processor raises.
    """
    with leased(wired, ref):
        apply = look(wired.processor, ref)
        with wired.database.transaction() as session:
            apply(session)


@contextmanager
def leased(wired: Wired, ref: str) -> Iterator[None]:
    """Have the object to ourselves during the block; raises Busy while somebody else looks at it."""
    with wired.database.transaction() as session:
        if not objects.take_object(session, ref, holder()):
            raise Busy(ref)
    try:
        yield
    finally:
        with wired.database.transaction() as session:
            objects.release_object(session, ref, holder())
