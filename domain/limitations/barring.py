"""Barring: reminders stop where the time of a debt is over, and go on where it turns out not to be."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.limitations import queries
from domain.limitations.facts import timed
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.stops import writing as stops
from domain.stops.model import Stop, StopKind, StopLift


def follow(session: Session, account_id: int, *, actor: Actor) -> int:
    """Write and lift what a locked account's debts need today; how many changed. Safe to repeat.

    A reminder that threatens a court where none would help is no fair one, so none goes out.
    """
    day = today(session)
    held = _held(session, [account_id])
    known = timed(session, held)
    barred = {one.invoice_id for one in queries.over(session, accounts=[account_id])}
    barred |= {invoice_id for invoice_id, one in known.items() if one.is_barred(day)}
    for invoice_id in sorted(barred - set(held)):
        stops.write(session, account_id, StopKind.BARRED, _source(invoice_id), actor=actor, invoice_id=invoice_id)
    for invoice_id in sorted(set(held) - barred):
        stops.lift(session, StopKind.BARRED, _source(invoice_id), actor=actor)
    return len(barred ^ set(held))


def accounts_to_follow(session: Session) -> list[int]:
    """The accounts of which a debt is over and not held for it, or held for it and not over."""
    day = today(session)
    held = _held(session, None)
    barred = {one.invoice_id: one.account_id for one in queries.over(session)}
    lifted = {one.invoice_id: one.account_id for one in timed(session, held).values() if not one.is_barred(day)}
    late = {account_id for invoice_id, account_id in barred.items() if invoice_id not in held}
    return sorted(late | set(lifted.values()))


def _source(invoice_id: int) -> str:
    return f"limitation:{invoice_id}"


def _held(session: Session, account_ids: Collection[int] | None) -> dict[int, int]:
    """The invoices that are held for it now, with their account."""
    wanted = (
        select(Stop.invoice_id, Stop.account_id)
        .outerjoin(StopLift, StopLift.stop_id == Stop.id)
        .where(Stop.kind == StopKind.BARRED, StopLift.id.is_(None))
    )
    if account_ids is not None:
        wanted = wanted.where(Stop.account_id.in_(account_ids))
    return {row.invoice_id: row.account_id for row in session.execute(wanted)}
