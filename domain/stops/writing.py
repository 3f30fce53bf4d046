"""Writing: put a stop into the register and lift it, in the transaction of whoever owns it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.stops.model import Stop, StopKind, StopLift, StopWhy


def write(
    session: Session,
    account_id: int,
    kind: StopKind,
    source: str,
    *,
    actor: Actor,
    invoice_id: int | None = None,
    amount: Money | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    why: str | None = None,
) -> Stop:
    """Hold what `kind` holds on an account, or on (a part of) one invoice, until it is lifted or ends.

    `from_on` is its first day (None: today), `until_on` its last; `why` is for stops that belong to nothing that
    would say it.
    """
    stop = Stop(
        account_id=account_id,
        invoice_id=invoice_id,
        amount_minor=amount.minor if amount else None,
        kind=kind,
        source=source,
        from_on=from_on or today(session),
        until_on=until_on,
        written_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(stop)
    session.flush()
    if why:
        session.add(StopWhy(stop_id=stop.id, why=why))
        session.flush()
    return stop


def lift(session: Session, kind: StopKind, source: str, *, actor: Actor, why: str | None = None) -> int:
    """Lift every stop of this kind and source that still holds; how many there were."""
    lifted = select(StopLift.stop_id)
    stops = session.scalars(
        select(Stop.id).where(Stop.kind == kind, Stop.source == source, Stop.id.not_in(lifted)).order_by(Stop.id)
    ).all()
    for stop_id in stops:
        lift_one(session, stop_id, actor=actor, why=why)
    return len(stops)


def lift_one(session: Session, stop_id: int, *, actor: Actor, why: str | None = None) -> None:
    """Lift a stop that has not been lifted; `why` takes 500 letters."""
    lifted = StopLift(stop_id=stop_id, lifted_at=now(session), actor_kind=actor.kind.value, actor_id=actor.id, why=why)
    session.add(lifted)
    session.flush()


def lift_whole(session: Session, account_id: int, kind: StopKind, *, actor: Actor, why: str | None = None) -> int:
    """Lift every stop of this kind on the whole of an account that still holds, whatever it belongs to; how many."""
    lifted = select(StopLift.stop_id)
    wanted = select(Stop.id).where(
        Stop.account_id == account_id, Stop.kind == kind, Stop.invoice_id.is_(None), Stop.id.not_in(lifted)
    )
    stops = session.scalars(wanted.order_by(Stop.id)).all()
    for stop_id in stops:
        lift_one(session, stop_id, actor=actor, why=why)
    return len(stops)
