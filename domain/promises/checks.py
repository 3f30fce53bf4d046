"""Checks: a promise that runs holds what it is about, one that has ended holds nothing, and its parts add up."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import String, and_, cast, func, literal, select
from sqlalchemy.orm import Session

from domain.ledger.findings import Finding
from domain.promises.model import PromisePart, PromiseStatus, PromiseToPay
from domain.stops.model import Stop, StopKind, StopLift

SOURCE = literal("promise:").concat(cast(PromisePart.promise_id, String))
PARTS = (
    select(
        PromisePart.promise_id,
        PromisePart.amount_minor,
        PromiseToPay.status,
        Stop.amount_minor.label("held"),
        StopLift.id.label("lifted"),
    )
    .join(PromiseToPay, PromiseToPay.id == PromisePart.promise_id)
    .outerjoin(
        Stop, and_(Stop.kind == StopKind.PROMISE, Stop.source == SOURCE, Stop.invoice_id == PromisePart.invoice_id)
    )
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .order_by(PromisePart.id)
)
TOTAL = func.coalesce(func.sum(PromisePart.amount_minor), 0)
UNEQUAL = (
    select(PromiseToPay.id, PromiseToPay.amount_minor, TOTAL.label("total"))
    .outerjoin(PromisePart, PromisePart.promise_id == PromiseToPay.id)
    .group_by(PromiseToPay.id, PromiseToPay.amount_minor)
    .having(PromiseToPay.amount_minor != TOTAL)
)


def check_promises(session: Session) -> Iterator[Finding]:
    """Every part of a promise whose stop is missing or outlives it, and every promise whose parts do not add up."""
    for row in session.execute(PARTS):
        held = row.held if row.lifted is None else None
        expected = row.amount_minor if row.status is PromiseStatus.OPEN else None
        if held != expected:
            words = "a promise and the register of stops do not agree about what is held"
            yield Finding("promise", str(row.promise_id), words, str(expected or 0), str(held or 0))
    for sum_ in session.execute(UNEQUAL):
        words = "a promise is not the sum of its parts"
        yield Finding("promise", str(sum_.id), words, str(sum_.amount_minor), str(sum_.total))
