"""Drafting: a policy is made, and its next version is written section by section; nothing rules before publishing."""

from __future__ import annotations

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.audit.recording import record
from domain.policies.checking import problems
from domain.policies.model import POLICIES, CreditPolicy, PolicyDraft, PolicyVersion
from domain.policies.sections import RecoveryCost, Section, Sections
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid, NotFound

NO_SUCH_POLICY = N_("We could not find that policy.")
NO_DRAFT = N_("Nothing is being written: begin a new version first.")
LONGEST_NAME = 120


def create(session: Session, name: str, *, sections: Sections | None = None, actor: Actor) -> CreditPolicy:
    """A new policy with the draft of its first version; Invalid without a name, Conflict where the name is taken."""
    name = named(name)
    policy_id = insert_if_new(session, POLICIES, ("name",), {"name": name, "created_at": now(session)})
    if policy_id is None:
        raise Conflict(N_("There is a policy called {name} already."), field="name", name=name)
    _write(session, policy_id, sections or Sections(), actor)
    record(session, "policy.created", actor=actor, subject=("policy", policy_id), after={"name": name})
    return session.get_one(CreditPolicy, policy_id)


def named(name: str) -> str:
    """A name without space around it; Invalid where there is none or it is too long."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(N_("Enter a name of at most {longest} characters."), field="name", longest=LONGEST_NAME)
    return name


def begin(session: Session, policy_id: int, *, actor: Actor) -> None:
    """Begin the next version with what the last one says; nothing happens where it is begun already."""
    the_policy(session, policy_id, locked=True)
    if session.get(PolicyDraft, policy_id, populate_existing=True) is not None:
        return
    last = last_version(session, policy_id)
    _write(session, policy_id, last.sections if last else Sections(), actor)
    record(session, "policy.draft_begun", actor=actor, subject=("policy", policy_id))


def discard(session: Session, policy_id: int, *, actor: Actor) -> None:
    """Throw the draft away, and the policy with it where it was never published; Conflict without a draft."""
    policy = the_policy(session, policy_id, locked=True)
    session.delete(draft(session, policy_id))
    session.flush()
    is_all = last_version(session, policy_id) is None
    if is_all:
        session.delete(policy)
    after = {"name": policy.name, "policy_too": is_all}
    record(session, "policy.draft_discarded", actor=actor, subject=("policy", policy_id), after=after)


def write_section(session: Session, policy_id: int, key: str, section: Section | None, *, actor: Actor) -> None:
    """Put a section into the draft, or take it out; Invalid, with the field, for what cannot stand in it.

    Neither can recovery costs in a currency in which nobody is billed.
    """
    if section is not None and (wrong := problems(section)):
        raise wrong[0].refusal()
    if isinstance(section, RecoveryCost) and section.currency not in _currencies(session):
        raise Invalid(N_("You bill nobody in {currency}."), field="currency", currency=section.currency)
    _change(session, policy_id, {key: section}, actor)


def _currencies(session: Session) -> set[str]:
    """The business's own, and those of its accounts."""
    return {business(session).currency, *session.scalars(select(ACCOUNTS.c.currency).distinct())}


def take_over(session: Session, policy_id: int, sections: Sections, *, source: str, actor: Actor) -> None:
    """Put the sections that are on in a profile into the draft, and turn its other late charges off."""
    charges = {"late_interest": sections.late_interest, "recovery_cost": sections.recovery_cost}
    more = {key: getattr(sections, key) for key in sections.__struct_fields__ if getattr(sections, key) is not None}
    _change(session, policy_id, {**charges, **more}, actor, source=source)


def draft(session: Session, policy_id: int) -> PolicyDraft:
    """The draft, locked until the transaction ends; Conflict where nothing is being written."""
    the_policy(session, policy_id)
    found = session.get(PolicyDraft, policy_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Conflict(NO_DRAFT)
    return found


def the_policy(session: Session, policy_id: int, *, locked: bool = False) -> CreditPolicy:
    """The policy, `locked` until the transaction ends where it is asked for; NotFound where there is none."""
    found = session.get(CreditPolicy, policy_id, with_for_update=locked)
    if found is None:
        raise NotFound(NO_SUCH_POLICY)
    return found


def last_version(session: Session, policy_id: int) -> PolicyVersion | None:
    """The version that was published last."""
    wanted = select(PolicyVersion).where(PolicyVersion.policy_id == policy_id)
    return session.scalar(wanted.order_by(PolicyVersion.number.desc()).limit(1))


def _change(
    session: Session, policy_id: int, sections: dict[str, Section | None], actor: Actor, *, source: str = ""
) -> None:
    written = draft(session, policy_id)
    before = {key: msgspec.to_builtins(getattr(written.sections, key)) for key in sections}
    after = {key: msgspec.to_builtins(section) for key, section in sections.items()}
    if before == after:
        return
    written.sections = msgspec.structs.replace(written.sections, **sections)
    written.edited_at, written.edited_by = now(session), actor.id
    subject = ("policy", policy_id)
    record(session, "policy.edited", actor=actor, subject=subject, before=before, after=after, source=source)


def _write(session: Session, policy_id: int, sections: Sections, actor: Actor) -> None:
    session.add(PolicyDraft(policy_id=policy_id, sections=sections, edited_at=now(session), edited_by=actor.id))
    session.flush()
