"""Recording: whose law an account is under, and what staff or a legal case know to move the time of its debts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.documents.model import Document
from domain.limitations import barring
from domain.limitations.clock import State
from domain.limitations.facts import timed
from domain.limitations.model import LimitationAct, LimitationEvent, LimitationLaw
from domain.limitations.rules import JURISDICTION_NAMES
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound

OTHER = "ZZ"
"""A law that the product knows nothing of, as ISO 3166 leaves it to everybody to name."""
LAWS = {**JURISDICTION_NAMES, OTHER: N_("Another law, which is not known here")}
"""What can be set, and what each is called."""
LONGEST_NOTE = 1_000
BY_STAFF = frozenset({LimitationAct.ACKNOWLEDGED, LimitationAct.SUSPENDED, LimitationAct.RESUMED})
"""What staff record by hand; the others are of a legal case."""
SAY_WHY = N_("Say what it was, for whoever reads this later.")


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that moves the time: what, when, of which invoice (None: of all there were then), and its paper."""

    act: LimitationAct
    on: date
    note: str
    invoice_id: int | None = None
    document_id: int | None = None


def set_law(session: Session, account_id: int, jurisdiction: str, *, why: str, actor: Actor) -> LimitationLaw:
    """Say whose law the debts of an account are under. Raises Invalid beside the field, NotFound."""
    accounts.lock(session, account_id)
    if jurisdiction not in LAWS:
        raise Invalid(N_("Choose a law."), field="jurisdiction")
    _check_words(why, "why", N_("Say why, for whoever reads this later."))
    law = LimitationLaw(
        account_id=account_id,
        jurisdiction=jurisdiction,
        why=why.strip(),
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(law)
    session.flush()
    audit.record(
        session,
        "limitation.law_set",
        actor=actor,
        subject=("account", account_id),
        account_id=account_id,
        after={"jurisdiction": jurisdiction, "why": law.why},
    )
    barring.follow(session, account_id, actor=actor)
    return law


def note_by_staff(session: Session, account_id: int, noted: Noted, *, actor: Actor) -> LimitationEvent:
    """Staff record an acknowledgement in writing, or that the time stands still or goes on.

    An acknowledgement needs its paper. Raises Invalid beside the field, Conflict, NotFound.
    """
    accounts.lock(session, account_id)
    if noted.act not in BY_STAFF:
        raise Invalid(N_("Choose what happened."), field="act")
    _check_words(noted.note, "note", SAY_WHY)
    if noted.on > today(session):
        raise Invalid(N_("This day is still to come."), field="on")
    if noted.invoice_id is not None:
        receivables.invoice(session, account_id, noted.invoice_id)
    _check_paper(session, account_id, noted)
    if noted.act is LimitationAct.RESUMED:
        _check_stands_still(session, account_id, noted.invoice_id)
    return _note(session, account_id, noted, None, actor)


def note_of_case(session: Session, account_id: int, noted: Noted, *, source: str, actor: Actor) -> bool:
    """A legal case tells of a claim or a judgment, in its own transaction; False where it has told of that before."""
    known = select(LimitationEvent.id).where(
        LimitationEvent.source == source,
        LimitationEvent.act == noted.act,
        LimitationEvent.invoice_id == noted.invoice_id,
    )
    if session.scalars(known).first() is not None:
        return False
    _note(session, account_id, noted, source, actor)
    return True


def _note(session: Session, account_id: int, noted: Noted, source: str | None, actor: Actor) -> LimitationEvent:
    event = LimitationEvent(
        account_id=account_id,
        invoice_id=noted.invoice_id,
        act=noted.act,
        happened_on=noted.on,
        note=noted.note.strip() or None,
        document_id=noted.document_id,
        source=source,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(event)
    session.flush()
    if source is None:
        subject = ("account", account_id) if noted.invoice_id is None else ("invoice", noted.invoice_id)
        audit.record(
            session,
            f"limitation.{noted.act}",
            actor=actor,
            subject=subject,
            account_id=account_id,
            after={"on": noted.on, "why": event.note, "document_id": noted.document_id},
        )
    barring.follow(session, account_id, actor=actor)
    return event


def _check_words(words: str, field: str, missing: str) -> None:
    if not words.strip():
        raise Invalid(missing, field=field)
    if len(words) > LONGEST_NOTE:
        raise Invalid(N_("Say it in at most {most} characters."), field=field, most=LONGEST_NOTE)


def _check_paper(session: Session, account_id: int, noted: Noted) -> None:
    if noted.document_id is None:
        if noted.act is LimitationAct.ACKNOWLEDGED:
            raise Invalid(N_("Choose the paper on which it stands; file it first."), field="document")
        return
    of_it = session.scalars(select(Document.account_id).where(Document.id == noted.document_id)).one_or_none()
    if of_it != account_id:
        raise NotFound(N_("We could not find that document."))


def _check_stands_still(session: Session, account_id: int, invoice_id: int | None) -> None:
    """That the time of the invoice stands still, or of any that is open where none is named; Conflict."""
    ids = [invoice_id] if invoice_id is not None else _open_ids(session, account_id)
    still = (one.clock.still for one in timed(session, ids).values() if one.clock)
    if State.STANDS_STILL not in still:
        raise Conflict(N_("The time does not stand still."))


def _open_ids(session: Session, account_id: int) -> list[int]:
    return list(
        session.scalars(
            select(Invoice.id).where(
                Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED
            )
        )
    )
