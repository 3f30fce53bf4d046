"""Backfilling: walk what was made at the processor since the bookmarks, and book what no event told us of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import structlog

from app.handlers.failing import failed, is_away
from app.handlers.looking import look_under_lease
from app.handlers.looks import LOOKS_AT
from app.wired import Wired
from domain.clearing import queries as clearing
from domain.clearing.categories import booking_of
from domain.dunning.turns import Did
from domain.payments.processor import ProcessorUnreachable
from domain.payments.snapshots import Movement, ObjectKind, ObjectRef
from domain.processing.reconciling import backfilling
from domain.processing.reconciling.movements import reconcile_movement

log = structlog.get_logger("backfilling")

WALKED = (
    ObjectKind.INTENT,
    ObjectKind.CHECKOUT,
    ObjectKind.REFUND,
    ObjectKind.CHARGEBACK,
    ObjectKind.FRAUD_WARNING,
    ObjectKind.PAYOUT,
)
"""Payments first: what goes back finds what it goes back from."""
CHUNK = 500
"""Movements that are compared with the books at once."""


@dataclass
class Backfilled:
    """What one walk came to; `left` are names of objects and movements that it has to come back for.

    `failed` counts those of them that failed.
    """

    looked: int = 0
    booked: int = 0
    left: list[str] = field(default_factory=list)
    failed: Did = field(default_factory=Did)


def backfill(wired: Wired, since: datetime | None = None) -> Backfilled:
    """Walk intents, checkouts, refunds, chargebacks, payouts and every movement of our balance since the bookmarks.

    A bookmark moves on to when the walk began, or only to the oldest thing that could not be dealt with: so nothing
    made before it is missing. Safe to repeat and to run beside the inbox. Raises ProcessorUnreachable.
    """
    found = Backfilled()
    for kind in WALKED:
        _walk(wired, kind, since, found)
    _walk_movements(wired, since, found)
    return found


def backfill_due(wired: Wired) -> Did:
    """The worker's walk; how much it booked. Where the processor does not answer, the next one goes on."""
    try:
        found = backfill(wired)
    except ProcessorUnreachable as problem:
        return failed("backfill", "the walk", problem)
    if found.booked or found.left:
        log.info("backfilled", looked=found.looked, booked=found.booked, left=len(found.left))
    return Did(found.booked) + found.failed


def look_at_unfinished(wired: Wired) -> Did:
    """Look at refunds, payouts and chargebacks of which the processor still owes us some word."""
    with wired.database.reading() as session:
        waiting = backfilling.unfinished(session)
    found = Backfilled()
    try:
        for kind, ref in waiting:
            _look(wired, kind, ref, found)
    except ProcessorUnreachable as problem:
        found.failed += failed("unfinished", "the look", problem)
    return Did(found.looked) + found.failed


def _walk(wired: Wired, kind: ObjectKind, since: datetime | None, found: Backfilled) -> None:
    began = wired.database.clock.now()
    refs = list(wired.processor.made_since(kind, since or _walk_from(wired, kind)))
    with wired.database.reading() as session:
        worth = backfilling.worth_a_look(session, kind, refs)
    failed = [each for each in reversed(worth) if not _look(wired, kind, each.ref, found)]
    _mark(wired, kind, began, failed)


def _walk_movements(wired: Wired, since: datetime | None, found: Backfilled) -> None:
    began = wired.database.clock.now()
    listed = wired.processor.movements_since(since or _walk_from(wired, ObjectKind.MOVEMENT))
    left: list[Movement] = []
    while movements := list(islice(listed, CHUNK)):
        with wired.database.reading() as session:
            missing = backfilling.unbooked(session, movements)
        left += _book(wired, missing, found)
    found.left += [each.external_id for each in left]
    _mark(wired, ObjectKind.MOVEMENT, began, left)


def _book(wired: Wired, missing: list[Movement], found: Backfilled) -> list[Movement]:
    """Have each movement booked by the object that it came from, else by its category; those that still are not.

    An object that could not be looked at may yet say how: what came from it waits.
    """
    objects = {(kind, each.source_ref): None for each in missing if (kind := booking_of(each.category).object)}
    unseen = {(kind, ref) for kind, ref in objects if not _look(wired, kind, ref, found)}
    with wired.database.reading() as session:
        still = backfilling.unbooked(session, missing)
    found.booked += len(missing) - len(still)
    return [
        each
        for each in still
        if (booking_of(each.category).object, each.source_ref) in unseen or not _booked(wired, each, found)
    ]


def _booked(wired: Wired, movement: Movement, found: Backfilled) -> bool:
    """Whether the books have it now; one that only a person can settle never keeps the others from their turn."""
    try:
        with wired.database.transaction() as session:
            if reconcile_movement(session, movement):
                found.booked += 1
                return True
            return bool(clearing.booked(session, [movement.external_id]))
    except Exception as problem:
        found.failed += failed("backfill", movement.external_id, problem)
        return False


def _walk_from(wired: Wired, kind: ObjectKind) -> datetime:
    with wired.database.reading() as session:
        return backfilling.walk_from(session, kind)


def _mark(wired: Wired, kind: ObjectKind, began: datetime, left: Iterable[ObjectRef | Movement]) -> None:
    with wired.database.transaction() as session:
        backfilling.walked(session, kind, min([began, *(each.created_at for each in left)]))


def _look(wired: Wired, kind: ObjectKind, ref: str, found: Backfilled) -> bool:
    """Whether the object was looked at; one that only a person can settle never keeps the others from their turn.

    Neither does one that the processor itself cannot show. Raises ProcessorUnreachable where it gives no answer at all.
    """
    try:
        look_under_lease(wired, LOOKS_AT[kind], ref)
    except Exception as problem:
        if is_away(problem):
            raise
        found.failed += failed("backfill", ref, problem)
        found.left.append(ref)
        return False
    found.looked += 1
    return True
