"""Queries: packs for lists and pages, and what they are about."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import Dispute
from domain.documents.model import DOCUMENTS
from domain.evidence.model import About, Audience, EvidencePack
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_PACK = N_("We could not find that evidence pack.")
_SHOWN = (
    select(
        EvidencePack.id,
        EvidencePack.public_id,
        EvidencePack.account_id,
        EvidencePack.about,
        EvidencePack.subject_id,
        EvidencePack.audience,
        EvidencePack.status,
        EvidencePack.asked_at,
        EvidencePack.actor_kind,
        EvidencePack.actor_id,
        EvidencePack.files_done,
        EvidencePack.files_in_all,
        EvidencePack.made_at,
        EvidencePack.document_id,
        EvidencePack.manifest_sha256,
        EvidencePack.head_seq,
        EvidencePack.currency,
        EvidencePack.balance_minor,
        Account.name.label("account_name"),
        Account.number.label("account_number"),
        DOCUMENTS.c.sha256,
        DOCUMENTS.c.size,
        DOCUMENTS.c.filename,
        Invoice.number.label("invoice"),
        Dispute.number.label("dispute"),
    )
    .join(Account, Account.id == EvidencePack.account_id)
    .outerjoin(DOCUMENTS, DOCUMENTS.c.id == EvidencePack.document_id)
    .outerjoin(Invoice, (EvidencePack.about == About.INVOICE) & (Invoice.id == EvidencePack.subject_id))
    .outerjoin(Dispute, (EvidencePack.about == About.DISPUTE) & (Dispute.id == EvidencePack.subject_id))
)


def pack(
    session: Session, public_id: str, *, account_id: int | None = None, audience: Audience | None = None
) -> AnyRow:
    """One pack with its document, where it has one; NotFound otherwise, and for another account or audience."""
    wanted = _SHOWN.where(EvidencePack.public_id == public_id)
    if account_id is not None:
        wanted = wanted.where(EvidencePack.account_id == account_id)
    if audience is not None:
        wanted = wanted.where(EvidencePack.audience == audience)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PACK)
    return row


def packs(
    session: Session,
    *,
    account_id: int | None = None,
    placement_id: int | None = None,
    audience: Audience | None = None,
    place: int | None = None,
    limit: int,
) -> AnyRows:
    """A page of packs, the newest first, after `place`: all, or an account's, a placement's, or an audience's."""
    wanted = _SHOWN.order_by(EvidencePack.id.desc()).limit(limit)
    if account_id is not None:
        wanted = wanted.where(EvidencePack.account_id == account_id)
    if placement_id is not None:
        wanted = wanted.where(EvidencePack.about == About.PLACEMENT, EvidencePack.subject_id == placement_id)
    if audience is not None:
        wanted = wanted.where(EvidencePack.audience == audience)
    if place is not None:
        wanted = wanted.where(EvidencePack.id < place)
    return session.execute(wanted).all()
