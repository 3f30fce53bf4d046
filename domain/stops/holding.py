"""Holding: what of which invoice was held on which days, as the register has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.stops.model import HOLDS, Held, Stop, StopKind, StopLift

EVER = (
    select(
        Stop.account_id,
        Stop.invoice_id,
        Stop.kind,
        Stop.amount_minor,
        Stop.from_on,
        Stop.until_on,
        Stop.written_at,
        StopLift.lifted_at,
    )
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(
        Stop.account_id.in_(bindparam("accounts", expanding=True)), Stop.kind.in_(bindparam("kinds", expanding=True))
    )
    .order_by(Stop.id)
)


@dataclass(frozen=True, slots=True)
class Hold:
    """`minor` of an invoice (None: all of it) was held from `from_on` through `last_on` (None: it still is)."""

    kind: StopKind
    minor: int | None
    from_on: date
    last_on: date | None

    def is_on(self, day: date) -> bool:
        """Whether it holds that day."""
        return self.from_on <= day and (self.last_on is None or day <= self.last_on)


def holds_on(
    session: Session, invoices: Mapping[int, int], kinds: Collection[StopKind] | None = None
) -> dict[int, list[Hold]]:
    """Every hold there ever was on these invoices (id → account id), those on their whole account included.

    A stop that was lifted does not hold on the day on which it was lifted; one that was lifted on the day on which it
    was written was a slip, and never held.
    """
    asked = {"accounts": list(set(invoices.values())), "kinds": list(StopKind if kinds is None else kinds)}
    rows = session.execute(EVER, asked)
    zone = business(session).time_zone
    own: dict[int, list[Hold]] = {}
    whole: dict[int, list[Hold]] = {}
    for row in rows:
        if row.lifted_at and day_in(row.lifted_at, zone) == day_in(row.written_at, zone):
            continue
        lifted = day_in(row.lifted_at, zone) - timedelta(days=1) if row.lifted_at else None
        last = min((day for day in (row.until_on, lifted) if day), default=None)
        hold = Hold(row.kind, row.amount_minor, row.from_on, last)
        if row.invoice_id is None:
            whole.setdefault(row.account_id, []).append(hold)
        else:
            own.setdefault(row.invoice_id, []).append(hold)
    return {
        invoice_id: found
        for invoice_id, account_id in invoices.items()
        if (found := [*own.get(invoice_id, ()), *whole.get(account_id, ())])
    }


def kinds_that_hold(what: Held) -> frozenset[StopKind]:
    """The kinds of stop that hold it."""
    return frozenset(kind for kind in StopKind if what in HOLDS[kind])


def held(holds: Collection[Hold], day: date, of_minor: int) -> int:
    """How much of `of_minor` is held on a day: holds over parts add up, never to more than there is."""
    minors = [of_minor if hold.minor is None else hold.minor for hold in holds if hold.is_on(day)]
    return min(sum(minors), of_minor)
