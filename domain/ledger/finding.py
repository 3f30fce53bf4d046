"""Finding: the entry that records a given business event."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind


def entry_id(session: Session, kind: EntryKind, source: str) -> int:
    """The id of the one entry posted for this event; NoResultFound when there is none."""
    found = session.execute(select(ENTRIES.c.id).where(ENTRIES.c.kind == kind.value, ENTRIES.c.source == source))
    return int(found.scalar_one())
