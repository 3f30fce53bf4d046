"""Refunding: have the processor send refunds that may go out, and find out what became of those that were cut off."""

from __future__ import annotations

import structlog

from app.handlers.failing import failed
from app.wired import Wired
from domain.dunning.turns import Did
from domain.processing.messages import SendRefund
from domain.processing.refunds import sending
from domain.processing.refunds.sending import Outcome
from domain.shared.actor import WORKER

log = structlog.get_logger("refunding")


def send_refund(wired: Wired, message: SendRefund) -> None:
    """Ask the processor; where the outcome stays unknown, the housework asks again."""
    outcome = sending.send(wired.database, wired.processor, message.refund_id, actor=WORKER)
    log.info("refund sent", refund=message.refund_id, outcome=outcome)


def end_unknown_refunds(wired: Wired) -> Did:
    """Find out what became of refunds that the processor should have taken by now; how many are settled now."""
    with wired.database.reading() as session:
        hanging = sending.hanging(session)
    did = sum((_end(wired, refund_id) for refund_id in hanging), Did())
    if did.done < len(hanging):
        with wired.database.transaction() as session:
            sending.ask_about_unknown(session)
    return did


def _end(wired: Wired, refund_id: int) -> Did:
    """Whether it is settled now; one that only a person can settle never keeps the others from their turn."""
    try:
        outcome = sending.send(wired.database, wired.processor, refund_id, actor=WORKER)
    except Exception as problem:
        return failed("unknown refunds", f"refund {refund_id}", problem)
    return Did(int(outcome is not Outcome.UNKNOWN))
