"""Backfilling: how far everything at the processor has been walked without any event, and what is worth a look.

Webhooks only make things faster: whatever they leave out is found here, also after an old backup was restored.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.chargebacks.model import Chargeback
from domain.clearing import queries as clearing
from domain.clearing.model import BOOKMARKS, Payout
from domain.clearing.queries import MOST_AT_ONCE
from domain.payments.model import BY_PROCESSOR, LIVE, Payment, PaymentStatus
from domain.payments.snapshots import Movement, ObjectKind, ObjectRef, PayoutState
from domain.refunds.model import UNFINISHED, Refund, RefundStatus
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now

OVERLAP = timedelta(hours=1)
"""How much of what was walked before is walked again: clocks differ, and lists lag behind."""

_FINAL: dict[ObjectKind, tuple[InstrumentedAttribute[str | None] | InstrumentedAttribute[str], ColumnElement[bool]]] = {
    ObjectKind.INTENT: (Payment.intent_id, Payment.settled_at.is_not(None)),
    ObjectKind.CHECKOUT: (
        Payment.checkout_id,
        Payment.settled_at.is_not(None) | Payment.status.not_in((*LIVE, PaymentStatus.SUCCEEDED)),
    ),
    ObjectKind.REFUND: (Refund.refund_ref, (Refund.status == RefundStatus.SUCCEEDED) & Refund.moved_at.is_not(None)),
    ObjectKind.PAYOUT: (
        Payout.external_id,
        (Payout.state == PayoutState.PAID) & (Payout.tied_at.is_not(None) | ~Payout.automatic),
    ),
}
"""Which of our rows bears an object's name, and when it has nothing more to tell but what a movement will show."""


def walk_from(session: Session, kind: ObjectKind) -> datetime:
    """From when on objects of this kind are listed: the bookmark, less an overlap.

    Without a bookmark, from our first payment on: what was at the processor before these books is not theirs.
    """
    seen: datetime | None = session.scalar(select(BOOKMARKS.c.seen_until).where(BOOKMARKS.c.kind == kind))
    if seen is None:
        first = select(func.min(Payment.created_at)).where(Payment.method.in_(BY_PROCESSOR))
        seen = session.scalar(first) or now(session)
    return seen - OVERLAP


def bookmarks(session: Session) -> dict[ObjectKind, datetime]:
    """Up to when each kind has been walked."""
    return {row.kind: row.seen_until for row in session.execute(select(BOOKMARKS))}


def walked(session: Session, kind: ObjectKind, until: datetime) -> None:
    """Everything of this kind that was made until then has been seen; a bookmark never moves back."""
    row = {"kind": kind, "seen_until": until, "walked_at": now(session)}
    if insert_new(session, BOOKMARKS, ("kind",), [row], returning=("kind",)):
        return
    session.execute(update(BOOKMARKS).where(BOOKMARKS.c.kind == kind).values(walked_at=now(session)))
    later = (BOOKMARKS.c.kind == kind, BOOKMARKS.c.seen_until < until)
    session.execute(update(BOOKMARKS).where(*later).values(seen_until=until))


def worth_a_look(session: Session, kind: ObjectKind, refs: Sequence[ObjectRef]) -> list[ObjectRef]:
    """Those of the listed objects that may have something to tell us."""
    if kind not in _FINAL:
        return list(refs)
    column, final = _FINAL[kind]
    done: set[str | None] = set()
    for start in range(0, len(refs), MOST_AT_ONCE):
        some = [each.ref for each in refs[start : start + MOST_AT_ONCE]]
        done.update(session.scalars(select(column).where(column.in_(some), final)))
    return [each for each in refs if each.ref not in done]


def unfinished(session: Session) -> list[tuple[ObjectKind, str]]:
    """Our own refunds and payouts of which the processor still owes us some word, and what a bank has yet to decide.

    Whenever they were made. Payments that hang are looked up by the worker's own round.
    """
    refunds = select(Refund.refund_ref).where(UNFINISHED).order_by(Refund.id)
    found = [(ObjectKind.REFUND, ref) for ref in session.scalars(refunds) if ref is not None]
    contested = select(Chargeback.chargeback_ref).where(Chargeback.closed_at.is_(None)).order_by(Chargeback.id)
    found += [(ObjectKind.CHARGEBACK, ref) for ref in session.scalars(contested)]
    return [*found, *((ObjectKind.PAYOUT, ref) for ref in clearing.unfinished_payouts(session))]


def unbooked(session: Session, movements: Sequence[Movement]) -> list[Movement]:
    """Those of the movements that the books do not have, the oldest first."""
    known = clearing.booked(session, [each.external_id for each in movements])
    missing = [each for each in movements if each.external_id not in known]
    return sorted(missing, key=lambda each: (each.created_at, each.external_id))
