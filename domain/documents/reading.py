"""Reading: the words of documents are read after they were filed, each once, so that people find what is in them."""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from domain.documents.extracting import Unreadable, words_of
from domain.documents.model import DOCUMENT_TEXTS, DOCUMENTS, Category, TextState
from domain.documents.queries import IS_ERASED, is_erased, lock
from domain.documents.storage import Missing, Store
from domain.shared.db.inserting import insert_new
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, now
from domain.shared.plain_words import kept, words_in

READ_AT_ONCE = 20
"""Contents that are read before their words are kept."""
AT_ONCE = 200
"""Documents whose words are kept in one transaction: most are found by their names alone."""
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
IS_UNREAD: ColumnElement[bool] = ~exists().where(DOCUMENT_TEXTS.c.document_id == DOCUMENTS.c.id).correlate(DOCUMENTS)
"""Whether neither its name nor its words are in the index yet, or no longer."""
TORN = re.compile(r"(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])|(?<=[a-z])(?=[A-Z])")
"""Where a name goes on with another word though nothing stands between: IMG20260301, ProofOfDelivery."""
NUMBER = re.compile(r"\b0+([1-9]\d*)\b")


class Reader:
    """Reads what waits, from the first document on; once it is there it looks only at what was filed since."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store
        self._came_to = 0

    def read_due(self) -> int:
        """Read some documents that wait for it; how many those were. Reading holds no transaction open."""
        with self._database.reading() as session:
            rows = _turn(unread(session, after=self._came_to - LATE_COMERS))
            last = rows[-1].id if rows else session.scalar(select(func.max(DOCUMENTS.c.id))) or 0
        found = [(row, *_read(self._store, row)) for row in rows]
        if found:
            with self._database.transaction() as session:
                for row, state, words in found:
                    keep(session, row, state, words)
        self._came_to = max(self._came_to, last)
        return len(found)


def unread(session: Session, *, after: int = 0, limit: int = AT_ONCE) -> AnyRows:
    """Documents after an id whose words are to be kept and were not yet, the oldest first."""
    wanted = select(DOCUMENTS).where(DOCUMENTS.c.id > after, IS_UNREAD, ~IS_ERASED)
    return session.execute(wanted.order_by(DOCUMENTS.c.id).limit(limit)).all()


def name_words(filename: str) -> list[str]:
    """The words of a name as people look for them: torn apart where written as one, numbers without zeros, too."""
    torn = TORN.sub(" ", filename.replace("_", " "))
    return list(words_in([filename, torn, " ".join(NUMBER.findall(torn))]))


def keep(session: Session, row: AnyRow, state: TextState, words: list[str]) -> None:
    """Keep the words of a document and of its name, unless somebody was faster or it was erased meanwhile.

    Under the lock that erasing takes, so that no words are kept after they were erased.
    """
    lock(session, row.id)
    if is_erased(session, row.id):
        return
    named = name_words(row.filename)
    values = {
        "document_id": row.id,
        "state": state,
        "words": kept([*named, *words]),
        "read_at": now(session),
    }
    insert_new(session, DOCUMENT_TEXTS, ("document_id",), [values], returning=("document_id",))


def _turn(rows: AnyRows) -> AnyRows:
    """Those of the rows, in their order, that are dealt with at once."""
    contents = [place for place, row in enumerate(rows) if row.category not in BY_NAME_ALONE]
    return rows if len(contents) <= READ_AT_ONCE else rows[: contents[READ_AT_ONCE]]


def _read(store: Store, row: AnyRow) -> tuple[TextState, list[str]]:
    if row.category in BY_NAME_ALONE:
        return TextState.NONE, []
    try:
        with store.open(row.sha256) as content:
            words = words_of(content, row.media_type)
    except (Unreadable, Missing):
        return TextState.UNREADABLE, []
    return (TextState.READ, words) if words else (TextState.NONE, [])
