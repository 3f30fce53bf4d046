"""Making: a pack that was asked for is built from one moment of the books, stored as it is built, and filed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit.recording import record
from domain.disputes import queries as disputes
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.documents.rendering import Renderer
from domain.documents.storage import Store, Stored
from domain.evidence.asking import subject_number
from domain.evidence.building import Builder
from domain.evidence.index import Cover
from domain.evidence.model import NOT_DONE, About, EvidencePack, PackStatus
from domain.evidence.sections.acts import who_words
from domain.evidence.sources import Sources
from domain.placements import queries as placements
from domain.placements.people import queries as people
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER, ActorKind
from domain.shared.db.session import Database, now
from domain.shared.filenames import safe_name
from domain.shared.retrying import LEASE, rest
from domain.staff import queries as staff
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task

MEDIA_TYPE = "application/zip"
MOST_ATTEMPTS = 3
NAMES: Mapping[ActorKind, Callable[[Session, Collection[int]], dict[int, str]]] = {
    ActorKind.STAFF: staff.names,
    ActorKind.LOGIN: accounts.login_names,
    ActorKind.PARTNER: people.names,
}
"""Where those who ask for packs are named."""
BREATH = timedelta(seconds=1)
"""How often, at most, the page is told how far it is."""


def due(session: Session) -> Sequence[int]:
    """The packs that wait to be made, the longest waiting first."""
    return session.scalars(
        select(EvidencePack.id).where(NOT_DONE, *_free(now(session))).order_by(EvidencePack.id)
    ).all()


def make(database: Database, store: Store, renderer: Renderer, pack_id: int) -> bool:
    """Make one pack; False where somebody else is just making it. Safe to repeat and to be killed at any point.

    One whose last attempt ended without a word, because its worker died, is given up here, and False as well.
    """
    with database.transaction() as session:
        claimed = session.scalar(
            update(EvidencePack)
            .where(EvidencePack.id == pack_id, *_free(now(session)))
            .values(status=PackStatus.MAKING, attempts=EvidencePack.attempts + 1, heard_at=now(session))
            .returning(EvidencePack.attempts)
        )
        if claimed is not None and claimed > MOST_ATTEMPTS:
            give_up(session, pack_id, "every attempt ended without a word")
    if claimed is None or claimed > MOST_ATTEMPTS:
        return False
    with database.reading() as session:
        pack = session.get_one(EvidencePack, pack_id)
        builder = Builder(_sources(session, store, renderer, pack), _cover(session, pack), _telling(database, pack_id))
        stored = store.put(builder.pieces())
        filename = safe_name(f"evidence-{session.get_one(Account, pack.account_id).number}-{pack.public_id}.zip")
    with database.transaction() as session:
        _finish(session, pack_id, claimed, builder, stored, filename)
    return True


def give_up(session: Session, pack_id: int, problem: str) -> None:
    """Making it went wrong: it rests and is tried again; after the last attempt it has failed, and somebody looks."""
    pack = session.get_one(EvidencePack, pack_id, populate_existing=True)
    if pack.status is not PackStatus.MAKING:
        return
    pack.problem, pack.heard_at = problem, now(session)
    if pack.attempts < MOST_ATTEMPTS:
        pack.status = PackStatus.QUEUED
        return
    pack.status = PackStatus.FAILED
    subject = ("evidence_pack", pack.id)
    open_task(
        session, TaskKind.WORK_FAILED, subject=subject, account_id=pack.account_id, detail={"message": "evidence"}
    )
    record(session, "evidence.failed", actor=WORKER, subject=subject, account_id=pack.account_id)


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether a pack can be taken: it waits and has rested, or whoever was making it has been silent for too long."""
    rested = [
        (EvidencePack.attempts == tried) & (EvidencePack.heard_at <= at - rest(tried))
        for tried in range(1, MOST_ATTEMPTS)
    ]
    waits = (EvidencePack.status == PackStatus.QUEUED) & or_(EvidencePack.heard_at.is_(None), *rested)
    died = (EvidencePack.status == PackStatus.MAKING) & (EvidencePack.heard_at <= at - LEASE)
    return (or_(waits, died),)


def _sources(session: Session, store: Store, renderer: Renderer, pack: EvidencePack) -> Sources:
    account = session.get_one(Account, pack.account_id)
    return Sources(session, store, renderer, account, pack.audience, pack.language, _narrowed(session, pack))


def _narrowed(session: Session, pack: EvidencePack) -> frozenset[int] | None:
    """The invoices that it is about, with the debit notes that came of them; None for all."""
    match pack.about:
        case About.ACCOUNT:
            return None
        case About.INVOICE:
            ids = {pack.subject_id}
        case About.DISPUTE:
            ids = {disputes.dispute(session, pack.subject_id).invoice_id}
        case About.PLACEMENT:
            ids = set(placements.handed_over(session, pack.subject_id))
    notes = session.scalars(select(Invoice.id).where(Invoice.parent_id.in_(ids)))
    return frozenset(ids | set(notes))


def _cover(session: Session, pack: EvidencePack) -> Cover:
    name = NAMES[pack.actor_kind](session, {pack.actor_id}).get(pack.actor_id) if pack.actor_id is not None else None
    return Cover(
        public_id=pack.public_id,
        about=pack.about,
        about_number=subject_number(session, pack.account_id, pack.about, pack.subject_id),
        asked_by=name or who_words(pack.actor_kind),
        asked_at=pack.asked_at,
        made_at=now(session),
    )


def _telling(database: Database, pack_id: int) -> Callable[[int, int], None]:
    """Writes down how far it is, for the page that asks and so that nobody takes it for dead."""
    told_at: datetime | None = None

    def tell(done: int, in_all: int) -> None:
        nonlocal told_at
        at = database.clock.now()
        if told_at is not None and at - told_at < BREATH:
            return
        told_at = at
        with database.transaction() as session:
            session.execute(
                update(EvidencePack)
                .where(EvidencePack.id == pack_id, EvidencePack.status == PackStatus.MAKING)
                .values(files_done=done, files_in_all=in_all, heard_at=at)
            )

    return tell


def _finish(session: Session, pack_id: int, attempt: int, builder: Builder, stored: Stored, filename: str) -> None:
    """File it, and write down what it was sealed with; nothing where somebody else has taken it meanwhile."""
    pack = session.get_one(EvidencePack, pack_id, with_for_update=True, populate_existing=True)
    if pack.status is not PackStatus.MAKING or pack.attempts != attempt:
        return
    document = filing.enter(
        session,
        TakenIn(stored.sha256, stored.size, MEDIA_TYPE, filename),
        category=Category.EVIDENCE_PACK,
        account_id=pack.account_id,
        subject=("evidence_pack", pack.id),
        actor=WORKER,
    )
    pack.status, pack.made_at, pack.problem = PackStatus.READY, builder.made_at, None
    pack.document_id, pack.manifest_sha256 = document.id, builder.manifest_sha256
    pack.head_seq, pack.head_hash, pack.balance_minor = builder.head.seq, builder.head.hash, builder.head.balance.minor
    pack.files_done = pack.files_in_all = builder.files
    record(
        session,
        "evidence.made",
        actor=WORKER,
        subject=("evidence_pack", pack.id),
        account_id=pack.account_id,
        after={
            "number": pack.public_id,
            "manifest_sha256": builder.manifest_sha256,
            "sha256": stored.sha256,
            "size": stored.size,
            "ledger_head": builder.head.hash.hex(),
            "ledger_entries": builder.head.seq,
            "balance": builder.head.balance,
        },
    )
