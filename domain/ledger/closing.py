"""Closing: through which day the books are closed, so that nothing is posted into a period that was reported."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.ledger.model import CLOSES, GENESIS, STREAMS
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.hashing import row_hash


def books_closed_through(session: Session) -> date | None:
    """The last closed day, or None while no period was ever closed."""
    last: date | None = session.scalar(select(func.max(CLOSES.c.closed_through)))
    return last


def close_books(session: Session, through: date) -> None:
    """Close the books through a day that is over; whatever is learned later about it goes to the first open day.

    Waits for every posting under way. Raises Invalid for a day that is not over, or that is closed already.
    """
    if through >= today(session):
        raise Invalid(N_("The books can be closed through yesterday at the latest."), field="through")
    session.execute(select(STREAMS.c.id).order_by(STREAMS.c.account_id, STREAMS.c.key).with_for_update())
    last = session.execute(select(CLOSES).order_by(CLOSES.c.number.desc()).limit(1)).one_or_none()
    if last is not None and through <= last.closed_through:
        raise Invalid(N_("The books are closed through {day} already."), field="through", day=last.closed_through)
    row = {
        "number": 1 if last is None else last.number + 1,
        "closed_through": through,
        "at": now(session),
        "prev_hash": GENESIS if last is None else last.hash,
    }
    row["hash"] = close_hash(**row)
    if not insert_new(session, CLOSES, ("number",), [row], returning=("number",)):
        raise Conflict(N_("Somebody else is just closing the books."))
    session.execute(update(STREAMS).values(closed_through=through))


def close_hash(**close: object) -> bytes:
    """What a period close commits to: its number, its day, when it was made, and the close before it."""
    return row_hash(CLOSES.name, [close[name] for name in ("number", "closed_through", "at", "prev_hash")])
