"""Turns: what each duty of the worker did on each business day, for the page that tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.dunning.model import DUTY_DAYS, DutyDay
from domain.shared.db.inserting import insert_new
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now, today

LONGEST_ERROR = 2_000


@dataclass(frozen=True, slots=True)
class Did:
    """What one turn of a duty did: how much, how much of it failed by itself, and why the last of that failed."""

    done: int = 0
    failures: int = 0
    error: str | None = None

    def __add__(self, other: Did) -> Did:
        return Did(self.done + other.done, self.failures + other.failures, other.error or self.error)


def note(session: Session, duty: str, did: Did) -> None:
    """Add one turn of a duty to its day, whoever else is about to add the first."""
    key = {"duty": duty, "day": today(session)}
    first = {**key, "first_at": now(session), "last_at": now(session), "runs": 0, "done": 0, "failures": 0}
    insert_new(session, DUTY_DAYS, tuple(key), [first], returning=("duty",))
    row = session.get_one(DutyDay, tuple(key.values()), with_for_update=True)
    row.last_at = now(session)
    row.runs += 1
    row.done += did.done
    row.failures += did.failures
    row.last_error = did.error[:LONGEST_ERROR] if did.error else row.last_error
    session.flush()


def on(session: Session, day: date) -> AnyRows:
    """What each duty did on a day, by its name."""
    return session.execute(select(*DutyDay.__table__.columns).where(DutyDay.day == day).order_by(DutyDay.duty)).all()


def since(session: Session, day: date) -> AnyRows:
    """What each duty did on each day from this one on, the last day first, by its name."""
    return session.execute(
        select(*DutyDay.__table__.columns).where(DutyDay.day >= day).order_by(DutyDay.day.desc(), DutyDay.duty)
    ).all()
