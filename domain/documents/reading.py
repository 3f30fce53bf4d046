"""Reading: the words of documents are read after they were filed, each once, so that people find what is in them."""

from __future__ import annotations

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.documents.extracting import Unreadable, words_of
from domain.documents.model import DOCUMENT_TEXTS, DOCUMENTS, ERASURES, Category, TextState
from domain.documents.queries import is_erased, lock
from domain.documents.storage import Missing, Store
from domain.shared.db.inserting import insert_new
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, now
from domain.shared.db.words import kept, words_in

AT_ONCE = 20
LATE_COMERS = 1000
"""So many ids before the last one that was read a document may still turn up: transactions end in any order."""
BY_NAME_ALONE = frozenset(
    {
        Category.STATEMENT,
        Category.NOTICE,
        Category.RECEIPT,
        Category.CREDIT_NOTE,
        Category.TERMS,
        Category.IMPORT,
        Category.BANK_FILE,
        Category.EVIDENCE_PACK,
    }
)
"""What we print by the thousand bears its number in its name, and what a reader of ours takes apart is found there."""
READ = tuple(category for category in Category if category not in BY_NAME_ALONE)


def unread(session: Session, limit: int = AT_ONCE) -> AnyRows:
    """Documents whose words are to be read and were not yet, the oldest first."""
    last = session.scalar(select(func.max(DOCUMENT_TEXTS.c.document_id))) or 0
    wanted = select(DOCUMENTS).where(
        DOCUMENTS.c.id > last - LATE_COMERS,
        DOCUMENTS.c.category.in_(READ),
        ~exists().where(DOCUMENT_TEXTS.c.document_id == DOCUMENTS.c.id),
        ~exists().where(ERASURES.c.document_id == DOCUMENTS.c.id),
    )
    return session.execute(wanted.order_by(DOCUMENTS.c.id).limit(limit)).all()


def read_due(database: Database, store: Store) -> int:
    """Read the words of some documents that wait for it; how many those were. Reading holds no transaction open."""
    with database.reading() as session:
        rows = unread(session)
    if not rows:
        return 0
    found = [(row, *_read(store, row)) for row in rows]
    with database.transaction() as session:
        for row, state, words in found:
            keep(session, row, state, words)
    return len(rows)


def keep(session: Session, row: AnyRow, state: TextState, words: list[str]) -> None:
    """Keep the words of a document and of its name, unless somebody was faster or it was erased meanwhile.

    Under the lock that erasing takes, so that no words are kept after they were erased.
    """
    lock(session, row.id)
    if is_erased(session, row.id):
        return
    named = words_in([row.filename])
    values = {
        "document_id": row.id,
        "state": state,
        "words": kept([*named, *words]),
        "read_at": now(session),
    }
    insert_new(session, DOCUMENT_TEXTS, ("document_id",), [values], returning=("document_id",))


def _read(store: Store, row: AnyRow) -> tuple[TextState, list[str]]:
    try:
        with store.open(row.sha256) as content:
            words = words_of(content, row.media_type)
    except (Unreadable, Missing):
        return TextState.UNREADABLE, []
    return (TextState.READ, words) if words else (TextState.NONE, [])
