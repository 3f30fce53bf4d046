"""Pausing: no reminder goes to anybody for a while; for one customer or one invoice that is a stop by staff."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.dunning.model import DunningPause
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid

LONGEST_WHY = 500


def paused(session: Session) -> DunningPause | None:
    """The pause that holds today; None where reminders go out."""
    return session.scalars(
        select(DunningPause)
        .where(
            DunningPause.resumed_at.is_(None),
            or_(DunningPause.until_on.is_(None), DunningPause.until_on >= today(session)),
        )
        .order_by(DunningPause.id.desc())
        .limit(1)
    ).one_or_none()


def pause(session: Session, *, why: str, until_on: date | None, actor: Actor) -> DunningPause:
    """Hold all reminders, through `until_on` or until they are resumed. Conflict where they are held already."""
    words = why.strip()
    if not words:
        raise Invalid(N_("Say why."), field="why")
    if len(words) > LONGEST_WHY:
        raise Invalid(N_("Use at most {most} characters."), field="why", most=LONGEST_WHY)
    if until_on is not None and until_on < today(session):
        raise Invalid(N_("Choose a day that is still to come."), field="until_on")
    if paused(session) is not None:
        raise Conflict(N_("Reminders are paused already."))
    assert actor.id is not None
    made = DunningPause(why=words, paused_at=now(session), paused_by=actor.id, until_on=until_on)
    session.add(made)
    session.flush()
    audit.record(
        session,
        "dunning.paused",
        actor=actor,
        subject=("dunning_pause", made.id),
        after={"why": words, "until_on": until_on},
    )
    return made


def resume(session: Session, *, actor: Actor) -> None:
    """Let reminders go out again. Conflict where nothing holds them."""
    held = paused(session)
    if held is None:
        raise Conflict(N_("Reminders are not paused."))
    held.resumed_at, held.resumed_by = now(session), actor.id
    session.flush()
    audit.record(session, "dunning.resumed", actor=actor, subject=("dunning_pause", held.id))
