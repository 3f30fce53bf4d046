"""Publishing: a draft becomes a version, which never changes again and rules from a day on."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.policies.checking import contradictions, problems
from domain.policies.drafting import draft, last_version
from domain.policies.model import PolicyDraft, PolicyVersion
from domain.policies.sections import Sections, digest
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


def publish(session: Session, policy_id: int, valid_from: date, *, seen: str, actor: Actor) -> PolicyVersion:
    """Publish the draft as the next version, valid from a day on.

    `seen` is the digest of the sections that whoever publishes has read. Raises what `refuse_unfit` raises, and
    Conflict where the draft has changed meanwhile or there is none.
    """
    written = draft(session, policy_id)
    if digest(written.sections) != seen:
        raise Conflict(N_("Somebody has changed the draft meanwhile: read it again."))
    last = refuse_unfit(session, written, valid_from)
    version = PolicyVersion(
        policy_id=policy_id,
        number=last.number + 1 if last else 1,
        valid_from=valid_from,
        sections=written.sections,
        sha256=digest(written.sections),
        published_at=now(session),
        published_by=actor.id,
    )
    session.add(version)
    session.delete(written)
    session.flush()
    record(
        session,
        "policy.published",
        actor=actor,
        subject=("policy", policy_id),
        after={"number": version.number, "valid_from": valid_from, "sha256": version.sha256},
    )
    return version


def refuse_unfit(session: Session, written: PolicyDraft, valid_from: date) -> PolicyVersion | None:
    """The version before, where the draft can be published for that day.

    Invalid where it rules nothing, contradicts itself, or begins too early: before the version before, or before today
    unless it is the first, because a new business writes down what already held. Conflict where nothing is new.
    """
    refuse_contradictory(written.sections)
    last = last_version(session, written.policy_id)
    if last is None:
        return None
    if last.sections == written.sections:
        raise Conflict(N_("The draft says the same as the version before."))
    if valid_from < last.valid_from:
        raise Invalid(
            N_("Version {number} is valid from {day}: the next cannot begin before it."),
            field="valid_from",
            number=last.number,
            day=last.valid_from,
        )
    if valid_from < today(session):
        raise Invalid(N_("A new version begins today or later: what was agreed stays agreed."), field="valid_from")
    return last


def refuse_contradictory(sections: Sections) -> None:
    """Raise Invalid where nothing is ruled, a section cannot stand, or two contradict each other."""
    written = [section for key in sections.__struct_fields__ if (section := getattr(sections, key)) is not None]
    if not written:
        raise Invalid(N_("Nothing is ruled yet: turn on at least one section."))
    for problem in [*(each for section in written for each in problems(section)), *contradictions(sections)]:
        raise problem.refusal()
