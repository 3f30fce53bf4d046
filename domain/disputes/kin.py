"""Kin: what a dispute came from and what became of it: others that went up in it or left it, and credit notes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.disputes.model import LIVE, Dispute, DisputeHandling
from domain.invoicing.model import CreditNote
from domain.shared.db.rows import AnyRow, AnyRows


@dataclass(frozen=True, slots=True)
class Kin:
    """The disputes that belong to one: each row has `id` and `number`."""

    merged_into: AnyRow | None
    split_from: AnyRow | None
    merged_here: AnyRows
    split_off: AnyRows


def kin_of(session: Session, row: AnyRow) -> Kin:
    """The kin of a row of `queries`, in one query."""
    named = {row.merged_into_id, row.split_from_id} - {None}
    found = session.execute(
        select(Dispute.id, Dispute.number, DisputeHandling.merged_into_id, DisputeHandling.split_from_id)
        .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
        .where(
            or_(
                Dispute.id.in_(named),
                DisputeHandling.merged_into_id == row.id,
                DisputeHandling.split_from_id == row.id,
            )
        )
        .order_by(Dispute.id)
    ).all()
    by_id = {one.id: one for one in found}
    return Kin(
        merged_into=by_id.get(row.merged_into_id),
        split_from=by_id.get(row.split_from_id),
        merged_here=[one for one in found if one.merged_into_id == row.id],
        split_off=[one for one in found if one.split_from_id == row.id],
    )


def may_take_up(session: Session, row: AnyRow) -> AnyRows:
    """The other disputes of the same invoice that are not decided, which it can go on in."""
    return session.execute(
        select(Dispute.id, Dispute.number, Dispute.reason, Dispute.currency, Dispute.amount_minor)
        .where(Dispute.invoice_id == row.invoice_id, Dispute.id != row.id, Dispute.status.in_(LIVE))
        .order_by(Dispute.id)
    ).all()


def credit_notes(session: Session, row: AnyRow) -> AnyRows:
    """The credit notes with which it was accepted: their reason begins with its number."""
    return session.execute(
        select(CreditNote.id, CreditNote.number, CreditNote.currency, CreditNote.amount_minor)
        .where(CreditNote.invoice_id == row.invoice_id, CreditNote.reason.startswith(f"{row.number}:", autoescape=True))
        .order_by(CreditNote.id)
    ).all()
