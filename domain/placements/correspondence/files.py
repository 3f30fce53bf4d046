"""Files: what partners brought, and what became of each record of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.placements.correspondence.model import PartnerFile
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_FILE = N_("We could not find that file.")
_SHOWN = select(
    PartnerFile.id,
    PartnerFile.name,
    PartnerFile.sha256,
    PartnerFile.brought_by,
    PartnerFile.answers,
    PartnerFile.taken_at,
    PartnerFile.actor_kind,
    PartnerFile.actor_id,
)


def answers(session: Session, partner_id: int, sha256: str) -> Sequence[dict[str, Any]] | None:
    """What was answered to this very file of a partner; None where it has brought no such file."""
    return session.scalars(
        select(PartnerFile.answers).where(PartnerFile.partner_id == partner_id, PartnerFile.sha256 == sha256)
    ).one_or_none()


def file(session: Session, partner_id: int, file_id: int) -> AnyRow:
    """A file that this partner brought; NotFound for every other."""
    row = session.execute(_SHOWN.where(PartnerFile.partner_id == partner_id, PartnerFile.id == file_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_FILE)
    return row


def of_content(session: Session, partner_id: int, sha256: str) -> AnyRow | None:
    """The file of this content that this partner brought, if it did."""
    return session.execute(
        _SHOWN.where(PartnerFile.partner_id == partner_id, PartnerFile.sha256 == sha256)
    ).one_or_none()


def brought(session: Session, partner_id: int, *, before: int | None = None, limit: int) -> AnyRows:
    """A page of a partner's files, before the one named, the newest first."""
    wanted = _SHOWN.where(PartnerFile.partner_id == partner_id)
    if before is not None:
        wanted = wanted.where(PartnerFile.id < before)
    return session.execute(wanted.order_by(PartnerFile.id.desc()).limit(limit)).all()
