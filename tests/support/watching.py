"""Watching: days go by for a plan, and the worker has its turn on each; what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.handlers import planning
from domain.outbox.model import OUTBOX
from domain.plans.health import Health
from domain.plans.messages import TellPlan
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.rules import stand
from domain.plans.standing import Standing
from domain.plans.watching import watch
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database


@dataclass(frozen=True)
class Watch:
    """One plan under watch."""

    db: Database
    clock: MovableClock
    plan_id: int

    def until(self, day: date) -> None:
        """To the noon of that day, with a turn of the worker on each day."""
        while self.clock.now().date() < day:
            self.clock.move_to(self.clock.now() + timedelta(days=1))
            self.turn()

    def leap(self, day: date) -> None:
        """To the noon of that day, as if the worker had been away."""
        self.clock.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
        self.turn()

    def turn(self) -> None:
        """The worker has its turn, and nothing fails."""
        assert planning.do_due(self.db).failures == 0

    @property
    def status(self) -> PlanStatus:
        """Where the plan stands."""
        with self.db.reading() as session:
            return session.get_one(PaymentPlan, self.plan_id).status

    @property
    def health(self) -> Health | None:
        """How it goes, while it is active."""
        with self.db.reading() as session:
            watched = watch(session, [self.plan_id]).get(self.plan_id)
            return None if watched is None else watched.health

    @property
    def standing(self) -> Standing:
        """How it stands by the ledger."""
        with self.db.reading() as session:
            return stand(session, [self.plan_id])[self.plan_id]

    @property
    def days(self) -> list[date]:
        """The days on which its parts are due now."""
        return [part.agreed.day for part in self.standing.parts]

    @property
    def told(self) -> list[tuple[str, int | None]]:
        """What the customer was told, and of which part."""
        with self.db.reading() as session:
            rows = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.kind == TellPlan.kind).order_by(OUTBOX.c.id))
            return [(each["news"], each.get("part")) for each in rows if each["plan_id"] == self.plan_id]
