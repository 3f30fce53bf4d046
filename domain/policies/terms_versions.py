"""Terms versions: what published versions say to the invoices that they govern, read once for many invoices."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.policies.model import PolicyVersion
from domain.policies.sections import EarlyDiscount, Sections


def all_sections(session: Session) -> dict[int, Sections]:
    """The sections of every published version, by its id: there are as many as somebody had the patience to write."""
    return {row.id: row.sections for row in session.execute(select(PolicyVersion.id, PolicyVersion.sections))}


def early_discounts(session: Session) -> dict[int, EarlyDiscount]:
    """The early discount of each version that has one."""
    return {
        version_id: sections.early_discount
        for version_id, sections in all_sections(session).items()
        if sections.early_discount is not None
    }
