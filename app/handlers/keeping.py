"""Keeping: the worker's housework: payments that hang, seals, and what has served its time."""

from __future__ import annotations

import structlog

from app.handlers.failing import failed, is_away
from app.handlers.looking import look_up_payment
from app.wired import Wired
from domain.documents import retention
from domain.dunning.turns import Did
from domain.inbox import objects
from domain.ledger.sealing import seal
from domain.payments import janitor, sending
from domain.payments.sending import Outcome
from domain.sessions import keeping as sessions
from domain.sessions import links, once, viewing
from domain.shared.actor import WORKER
from domain.staff.credentials import ceremonies

log = structlog.get_logger("keeping")


def end_unknown_outcomes(wired: Wired) -> Did:
    """Find out what became of requests that were cut off; how many of them are settled now."""
    with wired.database.reading() as session:
        attempts = janitor.hanging_attempts(session)
    did = sum((_end(wired, attempt) for attempt in attempts), Did())
    if did.done < len(attempts):
        with wired.database.transaction() as session:
            janitor.ask_about_unknown(session)
    return did


def look_at_the_silent(wired: Wired) -> Did:
    """Look at payments of which the processor should have told us something by now, until it gives no answer."""
    with wired.database.transaction() as session:
        silent = janitor.take_silent(session)
    did = Did()
    for payment_id in silent:
        try:
            look_up_payment(wired, payment_id)
            _end_abandoned(wired, payment_id)
            did += Did(1)
        except Exception as problem:
            did += failed("silent payments", f"payment {payment_id}", problem)
            if is_away(problem):
                break
    return did


def seal_books(wired: Wired) -> int:
    """Seal what was posted since the last seal."""
    with wired.database.transaction() as session:
        return 0 if seal(session) is None else 1


def forget_old(wired: Wired) -> int:
    """Forget sessions, sign-in requests and leases that have served their time."""
    with wired.database.transaction() as session:
        objects.forget_old(session)
        once.forget_old(session)
        ceremonies.forget_old(session)
        return sessions.forget_old(session) + links.forget_old(session) + viewing.forget_old(session)


def watch_retention(wired: Wired) -> int:
    """Have somebody look while papers are due to be erased."""
    with wired.database.transaction() as session:
        return retention.watch(session)


def _end(wired: Wired, attempt_id: int) -> Did:
    """Whether the attempt is settled now; one that only a person can settle never keeps the others from their turn."""
    try:
        outcome = sending.send(wired.database, wired.processor, attempt_id, actor=WORKER)
    except Exception as problem:
        return failed("unknown outcomes", f"attempt {attempt_id}", problem)
    log.info("unknown outcome", attempt=attempt_id, outcome=outcome)
    return Did(int(outcome is not Outcome.UNKNOWN))


def _end_abandoned(wired: Wired, payment_id: int) -> None:
    """End a payment at whose bank nobody has answered, so that its invoices are free."""
    with wired.database.reading() as session:
        public_id = janitor.abandoned(session, payment_id)
    if public_id is not None:
        sending.cancel(wired.database, wired.processor, public_id, actor=WORKER)
