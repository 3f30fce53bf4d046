"""Holding: keeps the register of holds in step with what holds new credit, and lets somebody lift one for a while."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import ACCOUNTS
from domain.audit import recording as audit
from domain.credit.model import CREDIT_HOLDS, HOLD_LIFTS, CreditHold, HoldLift, HoldLiftEnd, HoldReason
from domain.credit.standing import Hold, Standing, lets_through, standing_of, standings
from domain.policies import authority
from domain.policies.acts import Act
from domain.shared.actor import WORKER, Actor
from domain.shared.chunking import chunks
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.staff.model import Role

AT_ONCE = 50
"""Accounts whose register is brought up to date in one transaction."""
LONGEST_LIFT = timedelta(days=92)
"""So long a hold can be lifted for; then somebody looks again."""


def review(session: Session, account_id: int, *, actor: Actor = WORKER) -> Standing:
    """Bring the account's register up to date, under its lock: holds begin and end; returns how the account stands."""
    accounts.lock(session, account_id)
    found = standing_of(session, account_id)
    _follow(session, found, actor)
    return found


def _follow(session: Session, found: Standing, actor: Actor) -> None:
    causes = {hold.reason: hold for hold in found.holds}
    registered = {hold.reason: hold for hold in _live(session, found.account_id)}
    for reason, hold in registered.items():
        if reason not in causes:
            hold.ended_at = now(session)
            _record(session, "credit_hold.ended", hold, actor)
    for reason, cause in causes.items():
        if reason not in registered:
            begun = CreditHold(
                account_id=found.account_id,
                reason=reason,
                detail=_detail(cause),
                began_on=today(session),
                began_at=now(session),
            )
            session.add(begun)
            session.flush()
            _record(session, f"credit_hold.{reason.value}", begun, actor)
    session.flush()


def _detail(cause: Hold) -> dict[str, str]:
    """The figures of the day on which a hold begins."""
    known = {
        "amount": cause.amount and str(cause.amount),
        "day": cause.day and cause.day.isoformat(),
        "stop": cause.stop and cause.stop.value,
    }
    return {name: value for name, value in known.items() if value}


def review_all(database: Database) -> int:
    """Bring the whole register up to date: one look over all accounts, then those that changed, some at a time."""
    with database.reading() as session:
        registered: dict[int, set[HoldReason]] = {}
        live = select(CREDIT_HOLDS.c.account_id, CREDIT_HOLDS.c.reason).where(CREDIT_HOLDS.c.ended_at.is_(None))
        for account_id, reason in session.execute(live):
            registered.setdefault(account_id, set()).add(reason)
        changed = [
            each.account_id
            for each in standings(session)
            if {hold.reason for hold in each.holds} != registered.get(each.account_id, set())
        ]
    changed.sort()
    for some in chunks(changed, AT_ONCE):
        with database.transaction() as session:
            for account_id in some:
                accounts.lock(session, account_id)
            for found in standings(session, ACCOUNTS.c.id.in_(some)):
                _follow(session, found, WORKER)
    return len(changed)


def lift(
    session: Session, account_id: int, reason: HoldReason, *, until_on: date, why: str, role: Role, actor: Actor
) -> HoldLift:
    """Let new credit through in spite of a hold until a day, that day included.

    Raises NotAllowed without the authority, Invalid for a day that cannot be meant, Conflict where nothing holds.
    """
    hold = _liftable(session, account_id, reason, role)
    if not today(session) <= until_on <= today(session) + LONGEST_LIFT:
        raise Invalid(
            N_("Choose a day from today to {latest}."), field="until_on", latest=today(session) + LONGEST_LIFT
        )
    lifted = HoldLift(
        hold_id=hold.id,
        until_on=until_on,
        why=why,
        lifted_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(lifted)
    session.flush()
    _record(session, "credit_hold.lifted", hold, actor, until_on=until_on, why=why)
    return lifted


def end_lifting(session: Session, account_id: int, reason: HoldReason, *, why: str, role: Role, actor: Actor) -> None:
    """Let a hold that was lifted hold new credit again, from now on.

    Raises NotAllowed without the authority to lift it, Conflict where nothing holds or nobody lets it through.
    """
    hold = _liftable(session, account_id, reason, role)
    lifting = select(HOLD_LIFTS.c.id).where(HOLD_LIFTS.c.hold_id == hold.id, lets_through(today(session)))
    ends = [
        HoldLiftEnd(lift_id=lift_id, why=why, ended_at=now(session), actor_kind=actor.kind.value, actor_id=actor.id)
        for lift_id in session.scalars(lifting.order_by(HOLD_LIFTS.c.id))
    ]
    if not ends:
        raise Conflict(N_("This is not lifted any more."))
    session.add_all(ends)
    session.flush()
    _record(session, "credit_hold.lifting_ended", hold, actor, why=why)


def _liftable(session: Session, account_id: int, reason: HoldReason, role: Role) -> CreditHold:
    """The hold, the account's lock held; Conflict where nothing holds, NotAllowed without the authority."""
    review(session, account_id)
    hold = next((each for each in _live(session, account_id) if each.reason is reason), None)
    if hold is None:
        raise Conflict(N_("This no longer holds new credit."))
    authority.check(session, role, Act.LIFT_HOLD, None, account_id=account_id)
    return hold


def _live(session: Session, account_id: int) -> list[CreditHold]:
    wanted = select(CreditHold).where(CreditHold.account_id == account_id, CreditHold.ended_at.is_(None))
    return list(session.scalars(wanted.order_by(CreditHold.id).execution_options(populate_existing=True)))


def _record(session: Session, act: str, hold: CreditHold, actor: Actor, **more: object) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("credit_hold", hold.id),
        account_id=hold.account_id,
        after={"reason": hold.reason, **more},
    )
