"""Following: a case is closed once all of it is paid, and goes on where a payment goes back.

Under the account's lock, in the transaction of whatever settles an invoice or opens it again.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from domain.legal_cases import changing, queries
from domain.legal_cases.model import CaseChange, CaseOutcome, CaseStatus, LegalCase
from domain.shared.actor import Actor


def follow_account(session: Session, account_id: int, invoice_ids: Collection[int] | None, *, actor: Actor) -> int:
    """Follow the cases of a locked account that are about one of these invoices (None: any); how many changed.

    Safe to repeat.
    """
    session.flush()
    cases = session.scalars(
        select(LegalCase)
        .where(LegalCase.account_id == account_id)
        .order_by(LegalCase.id)
        .execution_options(populate_existing=True)
    ).all()
    return sum(_follow(session, case, invoice_ids, actor=actor) for case in cases)


def accounts_to_follow(session: Session) -> list[int]:
    """The accounts with a case that says something else than its invoices do."""
    is_closed = LegalCase.status == CaseStatus.CLOSED
    rows = session.execute(
        select(LegalCase.account_id)
        .where(or_(~is_closed & (queries.OPEN_OF_CASE == 0), is_closed & (queries.OPEN_OF_CASE > 0)))
        .where(or_(~is_closed, LegalCase.outcome == CaseOutcome.PAID))
        .distinct()
        .order_by(LegalCase.account_id)
    )
    return [row.account_id for row in rows]


def _follow(session: Session, case: LegalCase, about: Collection[int] | None, *, actor: Actor) -> bool:
    rows = queries.invoices(session, case.id)
    if about is not None and set(about).isdisjoint(row.id for row in rows):
        return False
    is_open = any(row.open_minor for row in rows)
    if case.status is not CaseStatus.CLOSED and not is_open:
        changing.change(session, case, CaseStatus.CLOSED, actor=actor, outcome=CaseOutcome.PAID)
        return True
    if case.outcome is CaseOutcome.PAID and is_open:
        changing.change(session, case, _before(session, case.id), actor=actor, again=True)
        return True
    return False


def _before(session: Session, case_id: int) -> CaseStatus:
    """The state in which a case was when it was closed last."""
    closed = select(func.max(CaseChange.id)).where(CaseChange.case_id == case_id, CaseChange.after == CaseStatus.CLOSED)
    before = session.scalars(select(CaseChange.before).where(CaseChange.id == closed.scalar_subquery())).one()
    return before or CaseStatus.PREPARED
