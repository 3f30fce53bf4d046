"""Queries: legal cases for lists and pages, with their invoices, steps, costs and history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, cast, func, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.legal_cases.model import (
    CaseChange,
    CaseInvoice,
    CaseNote,
    CaseStatus,
    CourtCost,
    LegalCase,
    LegalStep,
)
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_CASE = N_("We could not find that case.")

_PARTS = union_all(
    select(CaseInvoice.case_id, CaseInvoice.invoice_id), select(CaseNote.case_id, CaseNote.invoice_id)
).subquery("case_part")
OPEN_OF_CASE = (
    select(cast(func.coalesce(func.sum(Invoice.open_minor), 0), BigInteger))
    .join(_PARTS, _PARTS.c.invoice_id == Invoice.id)
    .where(_PARTS.c.case_id == LegalCase.id)
    .correlate(LegalCase)
    .scalar_subquery()
)
"""What is open of a case, for a query over cases: of its invoices, and of what it has brought."""
_NEXT = (
    select(func.min(LegalStep.due_on))
    .where(LegalStep.case_id == LegalCase.id, LegalStep.done_on.is_(None))
    .correlate(LegalCase)
    .scalar_subquery()
)


_SHOWN = select(
    LegalCase.id,
    LegalCase.account_id,
    LegalCase.placement_id,
    LegalCase.status,
    LegalCase.court,
    LegalCase.number,
    LegalCase.currency,
    LegalCase.claimed_minor,
    LegalCase.filed_on,
    LegalCase.judgment_on,
    LegalCase.judgment_minor,
    LegalCase.costs_minor,
    LegalCase.rate_bp,
    LegalCase.outcome,
    LegalCase.note,
    LegalCase.opened_at,
    LegalCase.ended_at,
    Account.name.label("account_name"),
    OPEN_OF_CASE.label("open_minor"),
    _NEXT.label("next_on"),
).join(Account, Account.id == LegalCase.account_id)


def case(session: Session, case_id: int) -> AnyRow:
    """One case with its account, what is open of it, and when its next step is due; NotFound otherwise."""
    row = session.execute(_SHOWN.where(LegalCase.id == case_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_CASE)
    return row


def entity(session: Session, account_id: int, case_id: int) -> LegalCase:
    """A case of this account, read afresh; NotFound."""
    found = session.get(LegalCase, case_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_CASE)
    return found


def cases(session: Session, *, closed: bool, place: int | None = None, limit: int) -> AnyRows:
    """A page of the cases that go on or are closed, of all accounts, after `place`, the newest first."""
    is_closed = LegalCase.status == CaseStatus.CLOSED
    wanted = _SHOWN.where(is_closed if closed else ~is_closed)
    if place is not None:
        wanted = wanted.where(LegalCase.id < place)
    return session.execute(wanted.order_by(LegalCase.id.desc()).limit(limit)).all()


def of_account(session: Session, account_id: int) -> AnyRows:
    """The account's cases, newest first."""
    return session.execute(_SHOWN.where(LegalCase.account_id == account_id).order_by(LegalCase.id.desc())).all()


def of_placement(session: Session, placement_id: int) -> AnyRows:
    """The cases that an attorney brings for us by a placement, newest first."""
    return session.execute(_SHOWN.where(LegalCase.placement_id == placement_id).order_by(LegalCase.id.desc())).all()


def in_a_case(session: Session, account_id: int) -> frozenset[int]:
    """The invoices of an account that are in a case which goes on."""
    wanted = (
        select(_PARTS.c.invoice_id)
        .join(LegalCase, LegalCase.id == _PARTS.c.case_id)
        .where(LegalCase.account_id == account_id, LegalCase.status != CaseStatus.CLOSED)
    )
    return frozenset(session.scalars(wanted))


def part_ids(session: Session, case_id: int) -> list[int]:
    """The invoices that a case is about, and the debit notes that it has brought."""
    wanted = select(_PARTS.c.invoice_id).where(_PARTS.c.case_id == case_id).order_by(_PARTS.c.invoice_id)
    return list(session.scalars(wanted))


def invoices(session: Session, case_id: int) -> AnyRows:
    """What a case is about and what it has brought, the oldest due first: `claimed_minor` is empty of the latter."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
            Invoice.description,
            CaseInvoice.claimed_minor,
        )
        .join(_PARTS, _PARTS.c.invoice_id == Invoice.id)
        .outerjoin(CaseInvoice, (CaseInvoice.case_id == case_id) & (CaseInvoice.invoice_id == Invoice.id))
        .where(_PARTS.c.case_id == case_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def steps(session: Session, case_id: int) -> Sequence[LegalStep]:
    """What is to be done, the soonest due first, and then what was done."""
    return session.scalars(
        select(LegalStep)
        .where(LegalStep.case_id == case_id)
        .order_by(LegalStep.done_on.is_not(None), LegalStep.due_on.is_(None), LegalStep.due_on, LegalStep.id)
    ).all()


def costs(session: Session, case_id: int) -> Sequence[CourtCost]:
    """What we paid for a case, in turn."""
    return session.scalars(select(CourtCost).where(CourtCost.case_id == case_id).order_by(CourtCost.id)).all()


def changes(session: Session, case_id: int) -> AnyRows:
    """Every change of a case's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(CaseChange.after, CaseChange.at, CaseChange.actor_kind, CaseChange.actor_id, CaseChange.why)
        .where(CaseChange.case_id == case_id)
        .order_by(CaseChange.id)
    ).all()
