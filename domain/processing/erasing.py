"""Erasing: the content of a document goes for good; its row, its hash and why stay, and say that it was here.

Refused with the legal ground while the law asks for it, and while something that is not over needs it. What is printed
in the row stays readable: the hash proves what was erased to whoever still has it, and tells nobody else anything.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.banking.model import BankUpload
from domain.documents import queries, removing
from domain.documents.holds import hold_on
from domain.documents.model import DOCUMENT_TEXTS, DOCUMENTS, Erasure
from domain.documents.queries import IS_ERASED
from domain.documents.retention import PROFILE, legal_until
from domain.documents.storage import Store
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.words import Words
from domain.stops import queries as stops
from domain.stops.model import STOP_NAMES, StopKind

NEEDS_PAPERS = frozenset(
    {
        StopKind.DISPUTE,
        StopKind.CHARGEBACK,
        StopKind.PLAN,
        StopKind.PLAN_BEARING,
        StopKind.OFFER,
        StopKind.PLACEMENT,
        StopKind.JUDGMENT,
        StopKind.INSOLVENCY,
    }
)
"""What is under way on an account while one of these stops holds, and may be decided by a paper."""
LONGEST_REASON = 500
Needed = Callable[[Session, str], bool]
"""Whether something needs the content of this SHA-256."""


def erase(session: Session, document_id: int, *, why: str, actor: Actor) -> Erasure:
    """Erase a document's content and the words that were read in it; the worker takes the content out of the store.

    NotFound where there is none; Invalid without a reason; Conflict, with the ground, where it must not go (yet).
    """
    if not why.strip():
        raise Invalid(N_("Say why, for whoever reads this later."), field="why")
    document = queries.any_document(session, document_id)
    if document.account_id is not None:
        accounts.lock(session, document.account_id)
    queries.lock(session, document_id)
    if queries.is_erased(session, document_id):
        raise Conflict(N_("This document was erased already."))
    if found := grounds(session, document):
        raise found[0]
    erasure = Erasure(
        document_id=document_id,
        why=why.strip()[:LONGEST_REASON],
        erased_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(erasure)
    session.execute(delete(DOCUMENT_TEXTS).where(DOCUMENT_TEXTS.c.document_id == document_id))
    session.flush()
    record(
        session,
        "document.erased",
        actor=actor,
        subject=("document", document_id),
        account_id=document.account_id,
        after={"sha256": document.sha256, "why": erasure.why},
    )
    removing.ask_for(session, document.sha256)
    return erasure


def remove_content(database: Database, store: Store, sha256: str, *, also_needed: Needed) -> bool:
    """Take a content out of the store, unless something has it or somebody has filed it again; whether it went.

    `also_needed` tells of what this package does not know.
    """
    with database.transaction() as session:
        is_needed = is_referred(session, sha256) or also_needed(session, sha256)
        if not removing.begin(session, sha256, is_needed=is_needed):
            return False
    store.remove(sha256)
    return True


def is_referred(session: Session, sha256: str) -> bool:
    """Whether something still needs this content: another document, or a bank file that somebody looks at."""
    documents = exists().where(DOCUMENTS.c.sha256 == sha256, ~IS_ERASED)
    uploads = exists().where(BankUpload.sha256 == sha256, BankUpload.document_id.is_(None))
    return bool(session.scalar(select(documents | uploads)))


def grounds(session: Session, document: AnyRow) -> list[Conflict]:
    """Why a document, a row of the queries, must not be erased today, as refusals, the law first; none where it may."""
    found: list[Conflict] = []
    until = legal_until(session, document)
    if until is not None and today(session) <= until:
        source = PROFILE[document.category].source
        found.append(Conflict(N_("The law asks us to keep this until {day}: {source}."), day=until, source=source))
    if document.account_id is None:
        return found
    if hold_on(session, document.account_id) is not None:
        found.append(Conflict(N_("A legal hold lies on this account: nothing of it is erased.")))
    live = {stop.kind for stop in stops.live(session, document.account_id)}
    found += [
        Conflict(N_("Something on this account may still need it: {what}."), what=Words(STOP_NAMES[kind]))
        for kind in StopKind
        if kind in live & NEEDS_PAPERS
    ]
    if document.subject_kind == "invoice":
        invoice = receivables.invoice(session, document.account_id, document.subject_id)
        if invoice.open_minor:
            found.append(Conflict(N_("Invoice {number} is still open."), number=invoice.number))
    return found
