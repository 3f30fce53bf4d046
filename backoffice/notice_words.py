"""Notice words: what a notice said, as it was kept, or what it will say, as the customer will see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.notices import queries
from domain.shared.db.rows import AnyRow


@dataclass(frozen=True, slots=True)
class SaidView:
    """The words of a notice; `made_at` and `sha256` where they are kept as they went out, else they are made now."""

    subject: str
    body: str
    language: str
    document_id: int | None = None
    made_at: datetime | None = None
    sha256: str | None = None


def said_of(session: Session, row: AnyRow) -> SaidView | None:
    """What a notice of `notices.queries` said or will say; None for what never was put into words."""
    kept = queries.content(session, row.id)
    if kept is not None:
        return SaidView(kept.subject, kept.body, row.language, kept.document_id, kept.made_at, kept.sha256)
    return None


def script_of(session: Session, row: AnyRow) -> SaidView | None:
    """What to say on the telephone, in the customer's language."""
    return said_of(session, row)
