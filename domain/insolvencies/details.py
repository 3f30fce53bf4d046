"""Details: what we know of a proceeding: its kind, court and number, who runs it, and its days; kept up to date."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.insolvencies import queries
from domain.insolvencies.model import PROCEEDING_NAMES, Insolvency, ProceedingKind
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind

SUBJECT = "insolvency"
"""How tasks, documents and the audit name what they are about."""
LONGEST = {"court": 200, "number": 80, "practitioner": 200, "email": 254, "phone": 40, "address": 500}
"""Characters of each text."""


@dataclass(frozen=True, slots=True)
class Details:
    """What staff know of a proceeding; texts that nobody knows are empty.

    `started_on` is its first day: what was owed before is claimed. `proof_due_on` is the last day for claims.
    """

    kind: ProceedingKind
    started_on: date
    proof_due_on: date | None = None
    court: str = ""
    number: str = ""
    practitioner: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


def open_proceeding(session: Session, account_id: int, details: Details, *, actor: Actor) -> Insolvency:
    """Write a proceeding down and hold the whole account from its first day on; its account is locked.

    A hold that staff had set by hand before it had a proceeding ends, and the proceeding's own takes its place. Invalid
    beside the field, Conflict where one is open. What else follows is `processing.insolvency.freezing`'s.
    """
    _check(session, details)
    if queries.open_of(session, account_id) is not None:
        raise Conflict(N_("A proceeding about this customer is open already."))
    made = Insolvency(
        account_id=account_id,
        kind=details.kind,
        started_on=details.started_on,
        proof_due_on=details.proof_due_on,
        recorded_at=now(session),
        **_texts(details),
    )
    session.add(made)
    session.flush()
    stops.lift_whole(session, account_id, StopKind.INSOLVENCY, actor=actor)
    stops.write(session, account_id, StopKind.INSOLVENCY, made.source, actor=actor, from_on=made.started_on)
    _record(session, "insolvency.opened", made, actor=actor)
    follow_task(session, made)
    return made


def amend(session: Session, account_id: int, insolvency_id: int, details: Details, *, actor: Actor) -> Insolvency:
    """Put right what is known of an open proceeding. NotFound, Invalid beside the field, Conflict once it has ended.

    Where its first day was another one, the account is held from the right day on.
    """
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    check_open(found)
    _check(session, details)
    before = _told(found)
    moved = found.started_on != details.started_on
    found.kind, found.started_on, found.proof_due_on = details.kind, details.started_on, details.proof_due_on
    for name, text in _texts(details).items():
        setattr(found, name, text)
    session.flush()
    if moved:
        stops.lift_whole(session, account_id, StopKind.INSOLVENCY, actor=actor)
        stops.write(session, account_id, StopKind.INSOLVENCY, found.source, actor=actor, from_on=found.started_on)
    _record(session, "insolvency.amended", found, actor=actor, before=before)
    follow_task(session, found)
    return found


def check_open(found: Insolvency) -> None:
    """Do nothing for a proceeding that is open; Conflict otherwise."""
    if found.closed_on is not None:
        raise Conflict(N_("This proceeding has ended."))


def follow_task(session: Session, found: Insolvency) -> None:
    """Somebody is asked to file the claim while the proceeding is open and no claim was filed, else nobody is."""
    subject = (SUBJECT, found.id)
    if found.closed_on is not None or queries.latest_proof(session, found.id) is not None:
        working.settle(session, TaskKind.PROOF_DUE, subject=subject)
        return
    detail = {"due_on": found.proof_due_on.isoformat()} if found.proof_due_on else {}
    working.settle(session, TaskKind.PROOF_DUE, subject=subject)
    tasks.open_task(session, TaskKind.PROOF_DUE, subject=subject, account_id=found.account_id, detail=detail)


def details_of(found: Insolvency) -> Details:
    """What is known of a proceeding, for a form."""
    texts = {name: getattr(found, name) or "" for name in LONGEST}
    return Details(found.kind, found.started_on, found.proof_due_on, **texts)


def _texts(details: Details) -> dict[str, str | None]:
    known = asdict(details)
    return {name: known[name].strip() or None for name in LONGEST}


def _check(session: Session, details: Details) -> None:
    if details.started_on > today(session):
        raise Invalid(N_("It cannot begin on a day that is still to come."), field="started_on")
    if details.proof_due_on is not None and details.proof_due_on < details.started_on:
        raise Invalid(N_("Claims are taken from the first day on: choose a later day."), field="proof_due_on")
    for name, text in _texts(details).items():
        if text is not None and len(text) > LONGEST[name]:
            raise Invalid(N_("Use at most {most} characters."), field=name, most=LONGEST[name])


def _told(found: Insolvency) -> dict[str, object]:
    named = {name: getattr(found, name) for name in LONGEST if getattr(found, name)}
    return {
        "proceeding": PROCEEDING_NAMES[found.kind],
        "started_on": found.started_on,
        "proof_due_on": found.proof_due_on,
        **named,
    }


def _record(
    session: Session, act: str, found: Insolvency, *, actor: Actor, before: dict[str, object] | None = None
) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=(SUBJECT, found.id),
        account_id=found.account_id,
        before=before,
        after=_told(found),
    )
