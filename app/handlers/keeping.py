"""Keeping: the worker's housework: payments that hang, seals, and what has served its time."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from app.handlers.looking import Busy, look_up_payment
from app.wired import Wired
from domain.accounts import signing_in
from domain.inbox import objects
from domain.ledger.sealing import seal
from domain.payments import janitor, sending
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.sessions import keeping as sessions
from domain.sessions import once
from domain.shared.actor import WORKER

log = structlog.get_logger("keeping")


def end_unknown_outcomes(wired: Wired) -> int:
    """Find out what became of requests that were cut off; how many of them are settled now."""
    with wired.database.reading() as session:
        attempts = janitor.hanging_attempts(session)
    settled = sum(_end(wired, attempt) for attempt in attempts)
    if settled < len(attempts):
        with wired.database.transaction() as session:
            janitor.ask_about_unknown(session)
    return settled


def look_at_the_silent(wired: Wired) -> int:
    """Look at payments of which the processor should have told us something by now; how many there were."""
    with wired.database.transaction() as session:
        silent = janitor.take_silent(session)
    return sum(_looked(wired, silent))


def seal_books(wired: Wired) -> int:
    """Seal what was posted since the last seal."""
    with wired.database.transaction() as session:
        return 0 if seal(session) is None else 1


def forget_old(wired: Wired) -> int:
    """Forget sessions, sign-in requests and leases that have served their time."""
    with wired.database.transaction() as session:
        objects.forget_old(session)
        once.forget_old(session)
        return sessions.forget_old(session) + signing_in.forget_old(session)


def _end(wired: Wired, attempt_id: int) -> bool:
    """Whether the attempt is settled now; one that only a person can settle never keeps the others from their turn."""
    try:
        outcome = sending.send(wired.database, wired.processor, attempt_id, actor=WORKER)
    except Exception:
        log.exception("unknown outcome cannot be ended", attempt=attempt_id)
        return False
    log.info("unknown outcome", attempt=attempt_id, outcome=outcome)
    return outcome is not Outcome.UNKNOWN


def _end_abandoned(wired: Wired, payment_id: int) -> None:
    """End a payment at whose bank nobody has answered, so that its invoices are free."""
    with wired.database.reading() as session:
        public_id = janitor.abandoned(session, payment_id)
    if public_id is not None:
        sending.cancel(wired.database, wired.processor, public_id, actor=WORKER)


def _looked(wired: Wired, payments: Iterable[int]) -> Iterable[bool]:
    """Whether each was looked at, until the processor gives no answer; one that it cannot show holds up no other."""
    for payment_id in payments:
        try:
            look_up_payment(wired, payment_id)
            _end_abandoned(wired, payment_id)
        except Exception as problem:
            expected = isinstance(problem, Busy | ProcessorRefused | ProcessorUnreachable)
            if isinstance(problem, ProcessorUnreachable) and not isinstance(problem, ProcessorConfused):
                return
            log.warning("look-up failed", payment=payment_id, reason=str(problem), exc_info=not expected)
            yield False
        else:
            yield True
