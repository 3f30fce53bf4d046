"""Printing: the letters that wait for paper, batches of them as one file, which are sent once they were posted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, literal, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.documents import filing
from domain.documents.merging import merged, page_count
from domain.documents.model import Category, Document
from domain.documents.storage import Store
from domain.notices import changing
from domain.notices.model import Notice, NoticeContent, NoticeStatus, PrintBatch, PrintedLetter
from domain.policies.contacting import Channel
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound

MEDIA_TYPE = "application/pdf"
SUBJECT = "notice"
"""What a letter's document is about."""
MOST = 200
"""Letters of one batch: more are made in several."""
_LETTERS = (
    select(
        Notice.id,
        Notice.account_id,
        Account.name.label("account_name"),
        Account.number.label("account_number"),
        Account.country,
        Notice.wording,
        Notice.name,
        Notice.address,
        Notice.language,
        Notice.status,
        Notice.currency,
        Notice.total_minor,
        Notice.decided_on,
        NoticeContent.subject,
        NoticeContent.document_id,
        Document.sha256,
    )
    .join(Account, Account.id == Notice.account_id)
    .join(NoticeContent, NoticeContent.notice_id == Notice.id)
    .join(Document, Document.id == NoticeContent.document_id)
    .where(Notice.channel == Channel.LETTER)
)
_WAITING = (
    Notice.channel == Channel.LETTER,
    Notice.status == NoticeStatus.READY,
    NoticeContent.document_id.is_not(None),
    ~exists().where(PrintedLetter.notice_id == Notice.id),
)
HOW_MANY_WAIT = (
    select(func.count()).select_from(Notice).join(NoticeContent, NoticeContent.notice_id == Notice.id).where(*_WAITING)
)
"""How many letters wait to be printed."""
_BATCHES = select(
    PrintBatch.id,
    PrintBatch.document_id,
    PrintBatch.letters,
    PrintBatch.pages,
    PrintBatch.made_at,
    literal(ActorKind.STAFF.value).label("actor_kind"),
    PrintBatch.made_by.label("actor_id"),
)


@dataclass(frozen=True, slots=True)
class Posted:
    """How a batch stands: how many of its letters went out, were called off after printing, or still lie here."""

    sent: int
    called_off: int
    waiting: int


def waiting(session: Session) -> AnyRows:
    """The letters that are made and not printed, as many as go into a batch, the longest waiting first."""
    return session.execute(_LETTERS.where(*_WAITING).order_by(Notice.id).limit(MOST)).all()


def among(session: Session, notice_ids: Collection[int]) -> AnyRows:
    """Those of these letters that wait."""
    return session.execute(_LETTERS.where(Notice.id.in_(notice_ids), *_WAITING).order_by(Notice.id)).all()


def count_waiting(session: Session) -> int:
    """How many letters wait to be printed."""
    return session.scalars(HOW_MANY_WAIT).one()


def print_batch(session: Session, store: Store, notice_ids: Sequence[int], *, actor: Actor) -> PrintBatch:
    """Put these letters into one file, each on sheets of its own, in the order in which they were decided on.

    They are sent once `post` says so. Conflict where one was printed meanwhile or does not wait any more. Under the
    locks of all their accounts.
    """
    rows = among(session, notice_ids)
    if not rows or len(rows) != len(set(notice_ids)):
        raise Conflict(N_("Some of these letters do not wait any more: look at the list again."))
    contents = [content_of(store, row.sha256) for row in rows]
    pages = [page_count(content) for content in contents]
    document = filing.file(
        session,
        store,
        merged(contents, on_sheets_of_their_own=True),
        media_type=MEDIA_TYPE,
        category=Category.NOTICE,
        filename=f"Letters {now(session):%Y-%m-%d %H%M}.pdf",
        account_id=None,
        subject=("staff", actor.id or 0),
        actor=actor,
    )
    batch = PrintBatch(
        document_id=document.id, letters=len(rows), pages=sum(pages), made_at=now(session), made_by=actor.id
    )
    session.add(batch)
    session.flush()
    session.add_all(
        PrintedLetter(notice_id=row.id, batch_id=batch.id, pages=many) for row, many in zip(rows, pages, strict=True)
    )
    session.flush()
    for row in rows:
        audit.record(
            session,
            "letter.printed",
            actor=actor,
            subject=("notice", row.id),
            account_id=row.account_id,
            after={"wording": row.wording, "batch": batch.id},
        )
    return batch


def post(session: Session, batch_id: int, *, actor: Actor) -> int:
    """The letters of a batch are in the post: those that were not called off meanwhile are sent; how many.

    Conflict where none of them lies here any more. Under the locks of all their accounts.
    """
    batch(session, batch_id)
    letters = session.scalars(
        select(Notice)
        .join(PrintedLetter, PrintedLetter.notice_id == Notice.id)
        .where(PrintedLetter.batch_id == batch_id, Notice.status == NoticeStatus.READY)
        .order_by(Notice.id),
        execution_options={"populate_existing": True},
    ).all()
    if not letters:
        raise Conflict(N_("These letters are in the post already."))
    for each in letters:
        changing.change(session, each, NoticeStatus.SENT, actor=actor)
    return len(letters)


def batch(session: Session, batch_id: int) -> AnyRow:
    """A batch: its document, letters, pages, who made it and when; NotFound."""
    row = session.execute(_BATCHES.where(PrintBatch.id == batch_id)).one_or_none()
    if row is None:
        raise NotFound(N_("We could not find that batch."))
    return row


def batches(session: Session, *, before: int | None = None, limit: int) -> AnyRows:
    """The batches, the newest first; `before` is the last one seen."""
    found = _BATCHES if before is None else _BATCHES.where(PrintBatch.id < before)
    return session.execute(found.order_by(PrintBatch.id.desc()).limit(limit)).all()


def posted(session: Session, batch_ids: Sequence[int]) -> dict[int, Posted]:
    """How each of these batches stands."""
    rows = session.execute(
        select(PrintedLetter.batch_id, Notice.status, func.count().label("many"))
        .join(Notice, Notice.id == PrintedLetter.notice_id)
        .where(PrintedLetter.batch_id.in_(batch_ids))
        .group_by(PrintedLetter.batch_id, Notice.status)
    ).all()
    found = {batch_id: {NoticeStatus.READY: 0, NoticeStatus.SUPPRESSED: 0} for batch_id in batch_ids}
    totals = dict.fromkeys(batch_ids, 0)
    for row in rows:
        found[row.batch_id][row.status] = row.many
        totals[row.batch_id] += row.many
    return {
        batch_id: Posted(
            sent=totals[batch_id] - each[NoticeStatus.READY] - each[NoticeStatus.SUPPRESSED],
            called_off=each[NoticeStatus.SUPPRESSED],
            waiting=each[NoticeStatus.READY],
        )
        for batch_id, each in found.items()
    }


def printed(session: Session, batch_id: int) -> AnyRows:
    """The letters of a batch in the order of its pages; `pages` is how many each has."""
    return session.execute(
        _LETTERS.add_columns(PrintedLetter.pages)
        .join(PrintedLetter, PrintedLetter.notice_id == Notice.id)
        .where(PrintedLetter.batch_id == batch_id)
        .order_by(Notice.id)
    ).all()


def accounts_of(session: Session, batch_id: int) -> list[int]:
    """The accounts whose letters are in a batch, in the order in which they are locked."""
    found = select(Notice.account_id).join(PrintedLetter, PrintedLetter.notice_id == Notice.id)
    return sorted(set(session.scalars(found.where(PrintedLetter.batch_id == batch_id))))


def address_lines(account_name: str, name: str | None, address: str) -> list[str]:
    """What stands in the window: the customer, the person, the address."""
    person = [name] if name and name != account_name else []
    return [account_name, *person, *(line.strip() for line in address.splitlines() if line.strip())]


def content_of(store: Store, sha256: str) -> bytes:
    """A letter or a batch from the store."""
    with store.open(sha256) as stored:
        return stored.read()
