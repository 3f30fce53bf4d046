"""Due parts of every kind: what a collection is for is asked of whoever knows it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.collecting.due_parts import DuePart, part_of_invoice
from domain.collecting.model import Collection, SubjectKind
from domain.plans.taking import part_of_instalment

_FINDING = {SubjectKind.INVOICE: part_of_invoice, SubjectKind.INSTALMENT: part_of_instalment}


def part_of(session: Session, collection: Collection) -> DuePart:
    """What the collection is for, as it stands now."""
    return _FINDING[collection.subject_kind](session, collection)
