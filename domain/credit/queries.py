"""Queries: which accounts are on hold, for the list of all of them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.credit.model import CREDIT_HOLDS, HOLD_LIFT_ENDS, HOLD_LIFTS
from domain.credit.standing import Hold, lets_through, standings
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today


def on_hold(session: Session, rows: AnyRows) -> list[tuple[AnyRow, Hold]]:
    """Those rows of the register that hold new credit now, each with today's hold: what the account and the API say."""
    account_ids = {row.account_id for row in rows}
    holds = {
        (each.account_id, hold.reason): hold
        for each in (standings(session, ACCOUNTS.c.id.in_(account_ids)) if account_ids else ())
        for hold in each.holds
    }
    return [(row, hold) for row in rows if (hold := holds.get((row.account_id, row.reason))) is not None]


def registered(session: Session, *, after: int | None = None, limit: int = 50) -> AnyRows:
    """The holds of the register with their accounts, the oldest first, and until when each is lifted, if it is.

    The register follows what holds a little later. `after` is the id of the last one seen.
    """
    lifted = (
        select(func.max(HOLD_LIFTS.c.until_on))
        .where(HOLD_LIFTS.c.hold_id == CREDIT_HOLDS.c.id, lets_through(today(session)))
        .correlate(CREDIT_HOLDS)
        .scalar_subquery()
    )
    wanted = (
        select(
            CREDIT_HOLDS.c.id,
            CREDIT_HOLDS.c.account_id,
            CREDIT_HOLDS.c.reason,
            CREDIT_HOLDS.c.detail,
            CREDIT_HOLDS.c.began_on,
            ACCOUNTS.c.number,
            ACCOUNTS.c.name,
            lifted.label("lifted_until"),
        )
        .join(ACCOUNTS, ACCOUNTS.c.id == CREDIT_HOLDS.c.account_id)
        .where(CREDIT_HOLDS.c.ended_at.is_(None))
        .order_by(CREDIT_HOLDS.c.id)
        .limit(limit)
    )
    return session.execute(wanted if after is None else wanted.where(CREDIT_HOLDS.c.id > after)).all()


def history(session: Session, account_id: int, *, limit: int = 50) -> AnyRows:
    """The account's holds, the newest first, each with every lifting of it (a row each) and the end of that."""
    return session.execute(
        select(
            CREDIT_HOLDS.c.id,
            CREDIT_HOLDS.c.reason,
            CREDIT_HOLDS.c.began_on,
            CREDIT_HOLDS.c.ended_at,
            HOLD_LIFTS.c.until_on,
            HOLD_LIFTS.c.why,
            HOLD_LIFTS.c.lifted_at,
            HOLD_LIFTS.c.actor_id,
            HOLD_LIFT_ENDS.c.ended_at.label("lift_ended_at"),
            HOLD_LIFT_ENDS.c.why.label("lift_ended_why"),
            HOLD_LIFT_ENDS.c.actor_id.label("lift_ended_by"),
        )
        .outerjoin(HOLD_LIFTS, HOLD_LIFTS.c.hold_id == CREDIT_HOLDS.c.id)
        .outerjoin(HOLD_LIFT_ENDS, HOLD_LIFT_ENDS.c.lift_id == HOLD_LIFTS.c.id)
        .where(CREDIT_HOLDS.c.account_id == account_id)
        .order_by(CREDIT_HOLDS.c.id.desc(), HOLD_LIFTS.c.id.desc())
        .limit(limit)
    ).all()
