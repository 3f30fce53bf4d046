"""Queries: disputes for lists and pages, and how much of which invoice they contest."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Login
from domain.disputes.model import LIVE, Dispute, DisputeChange, DisputeHandling
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.staff.model import StaffMember

NO_SUCH_DISPUTE = N_("We could not find that dispute.")


SHOWN = (
    select(
        Dispute.id,
        Dispute.number,
        Dispute.account_id,
        Dispute.invoice_id,
        Dispute.currency,
        Dispute.amount_minor,
        Dispute.reason,
        Dispute.words,
        Dispute.status,
        Dispute.outcome,
        Dispute.answer,
        Dispute.credited_minor,
        Dispute.raised_at,
        Dispute.ended_at,
        Invoice.number.label("invoice_number"),
        Invoice.open_minor,
        Account.name.label("account_name"),
        Login.name.label("raised_by_name"),
        DisputeHandling.owner_id,
        StaffMember.name.label("owner_name"),
        DisputeHandling.answer_by,
        DisputeHandling.resolve_by,
        DisputeHandling.answered_at,
        DisputeHandling.asked_at,
        DisputeHandling.silent_on,
        DisputeHandling.closes_as,
        DisputeHandling.reopened_at,
        DisputeHandling.cause,
        DisputeHandling.merged_into_id,
        DisputeHandling.split_from_id,
        select(DisputeChange.actor_id)
        .where(
            DisputeChange.dispute_id == Dispute.id,
            DisputeChange.before.is_(None),
            DisputeChange.actor_kind == ActorKind.PAY_LINK,
        )
        .scalar_subquery()
        .label("pay_link_id"),
    )
    .join(Invoice, Invoice.id == Dispute.invoice_id)
    .join(Account, Account.id == Dispute.account_id)
    .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
    .outerjoin(StaffMember, StaffMember.id == DisputeHandling.owner_id)
    .outerjoin(Login, Login.id == Dispute.raised_by)
)
"""What lists and pages show of a dispute."""


def dispute(session: Session, dispute_id: int, *, account_id: int | None = None) -> AnyRow:
    """One dispute with its invoice and account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = SHOWN.where(Dispute.id == dispute_id)
    if account_id is not None:
        wanted = wanted.where(Dispute.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_DISPUTE)
    return row


def of_account(session: Session, account_id: int, *, before: int | None = None, limit: int) -> AnyRows:
    """A page of an account's disputes, newest first."""
    wanted = SHOWN.where(Dispute.account_id == account_id)
    if before is not None:
        wanted = wanted.where(Dispute.id < before)
    return session.execute(wanted.order_by(Dispute.id.desc()).limit(limit)).all()


def of_invoice(session: Session, invoice_id: int) -> AnyRows:
    """All disputes of an invoice that has been looked up by its account before, newest first."""
    return session.execute(SHOWN.where(Dispute.invoice_id == invoice_id).order_by(Dispute.id.desc())).all()


def raised_by_link(session: Session, account_id: int, link_id: int) -> AnyRows:
    """The disputes of an account that were raised with one of its pay links, newest first."""
    with_it = exists().where(
        DisputeChange.dispute_id == Dispute.id,
        DisputeChange.before.is_(None),
        DisputeChange.actor_kind == ActorKind.PAY_LINK,
        DisputeChange.actor_id == link_id,
    )
    return session.execute(SHOWN.where(Dispute.account_id == account_id, with_it).order_by(Dispute.id.desc())).all()


def live_of_account(session: Session, account_id: int) -> int:
    """How many of an account's disputes are not decided."""
    wanted = select(func.count()).where(Dispute.account_id == account_id, Dispute.status.in_(LIVE))
    return session.execute(wanted).scalar_one()


def changes(session: Session, dispute_id: int) -> AnyRows:
    """Every change of a dispute's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(
            DisputeChange.after,
            DisputeChange.at,
            DisputeChange.actor_kind,
            DisputeChange.actor_id,
            DisputeChange.why,
        )
        .where(DisputeChange.dispute_id == dispute_id)
        .order_by(DisputeChange.id)
    ).all()


def contested(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """How much of each of these invoices live disputes contest, in minor units; those without one are left out."""
    rows = session.execute(
        select(Dispute.invoice_id, func.sum(Dispute.amount_minor).label("minor"))
        .where(Dispute.invoice_id.in_(invoice_ids), Dispute.status.in_(LIVE))
        .group_by(Dispute.invoice_id)
    )
    return {row.invoice_id: int(row.minor) for row in rows}
