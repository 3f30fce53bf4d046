"""Deciding: what a manager decided after a review, in words, with the day of the next one; kept on the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from domain.audit import queries as audit
from domain.audit.recording import record
from domain.policies.drafting import the_policy
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Invalid

REVIEWED = "policy.reviewed"
LONGEST = 2_000
MOST = 12


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by whom, about which days, and when the policy is looked at again."""

    at: datetime
    actor_kind: str
    actor_id: int | None
    first: date
    last: date
    words: str
    next_on: date


def decide(
    session: Session, policy_id: int, first: date, last: date, words: str, next_on: date, *, actor: Actor
) -> None:
    """Keep what was decided. NotFound without the policy; Invalid without words, or for a day that is not ahead."""
    policy = the_policy(session, policy_id)
    words = words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(N_("Say what was decided."), field="words")
    if next_on <= today(session):
        raise Invalid(N_("Choose a day ahead."), field="next_on")
    record(
        session,
        REVIEWED,
        actor=actor,
        subject=("policy", policy.id),
        after={"name": policy.name, "from": first, "to": last, "why": words, "next_on": next_on},
    )


def decisions(session: Session, policy_id: int) -> Sequence[Decision]:
    """What was decided about the policy, the latest first; erased ones are left out."""
    return [
        Decision(
            act.at,
            act.actor_kind,
            act.actor_id,
            date.fromisoformat(act.after["from"]),
            date.fromisoformat(act.after["to"]),
            act.after["why"],
            date.fromisoformat(act.after["next_on"]),
        )
        for act in audit.acts_on(session, ("policy", policy_id), acts=[REVIEWED], limit=MOST)
        if act.after
    ]
