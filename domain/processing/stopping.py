"""Stopping: staff hold an account, or one invoice of it, and let go of it again, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.credit.holding import review
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid
from domain.stops import queries, writing
from domain.stops.holding import kinds_that_hold
from domain.stops.model import BY_STAFF, OF_THE_WHOLE_ACCOUNT, SET_BY_HAND, Held, Stop, StopKind

LONGEST_WHY = 500
INSOLVENCY = f"{StopKind.INSOLVENCY}:"
"""How the sources of stops begin that belong to a proceeding; those without one were set by hand before."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff want held: the whole account, or one invoice; until its last day, or until somebody lifts it.

    From today, or from an earlier day: proceedings are known of later than they were opened.
    """

    kind: StopKind
    why: str
    invoice_id: int | None = None
    until_on: date | None = None
    from_on: date | None = None


def set_stop(session: Session, account_id: int, wish: Wish, *, actor: Actor) -> Stop:
    """Hold it from its first day on.

    NotFound for somebody else's invoice; Invalid beside its field; Conflict where it is held so already. What was
    charged for days that are held then is taken back by the next run of the late charges.
    """
    accounts.lock(session, account_id)
    why = _reason(wish.why, "why")
    if wish.kind is StopKind.INSOLVENCY:
        raise Invalid(N_("Open the proceeding: that holds the account."), field="kind")
    if wish.kind not in SET_BY_HAND:
        raise Invalid(N_("Choose one of these."), field="kind")
    if wish.from_on is not None and wish.from_on > today(session):
        raise Invalid(N_("It cannot begin on a day that is still to come."), field="from_on")
    if wish.kind in OF_THE_WHOLE_ACCOUNT and wish.invoice_id is not None:
        raise Invalid(N_("This is about the whole account, not about one invoice."), field="invoice")
    if wish.until_on is not None and wish.until_on < today(session):
        raise Invalid(N_("The last day is over already."), field="until_on")
    numbers = []
    if wish.invoice_id is not None:
        numbers = [row.number for row in receivables.invoices(session, account_id, [wish.invoice_id])]
    if any((row.kind, row.invoice_id) == (wish.kind, wish.invoice_id) for row in queries.live(session, account_id)):
        raise Conflict(N_("This is held already, for the same reason. Lift that first."))
    stop = writing.write(
        session,
        account_id,
        wish.kind,
        f"{actor.kind.value}:{actor.id}",
        actor=actor,
        invoice_id=wish.invoice_id,
        from_on=wish.from_on,
        until_on=wish.until_on,
        why=why,
    )
    audit.record(
        session,
        "stop.set",
        actor=actor,
        subject=("stop", stop.id),
        account_id=account_id,
        after={"stop": wish.kind, "invoices": numbers, "from_on": stop.from_on, "until_on": wish.until_on, "why": why},
    )
    _follow(session, account_id, wish.kind)
    return stop


def lift_stop(session: Session, account_id: int, stop_id: int, *, why: str, actor: Actor) -> None:
    """Let go of what staff have held. NotFound; Conflict where it is over, or belongs to something that lifts it."""
    accounts.lock(session, account_id)
    stop = queries.stop(session, account_id, stop_id)
    if stop.kind not in BY_STAFF or stop.source.startswith(INSOLVENCY):
        raise Conflict(N_("This ends by itself, with what it belongs to."))
    if stop.lifted_at is not None or (stop.until_on is not None and stop.until_on < today(session)):
        raise Conflict(N_("This is over already."))
    why = _reason(why, "why")
    writing.lift_one(session, stop_id, actor=actor, why=why)
    audit.record(
        session,
        "stop.lifted",
        actor=actor,
        subject=("stop", stop_id),
        account_id=account_id,
        after={"stop": stop.kind, "why": why},
    )
    _follow(session, account_id, stop.kind)


def _follow(session: Session, account_id: int, kind: StopKind) -> None:
    """New credit is held, or free again, from now on, where this kind of stop holds it."""
    if kind in kinds_that_hold(Held.NEW_CREDIT):
        review(session, account_id)


def _reason(typed: str, field: str) -> str:
    why = typed.strip()
    if not why:
        raise Invalid(N_("Say why, for whoever reads this later."), field=field)
    if len(why) > LONGEST_WHY:
        raise Invalid(N_("Use at most {most} characters."), field=field, most=LONGEST_WHY)
    return why
