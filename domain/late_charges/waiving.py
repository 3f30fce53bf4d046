"""Waiving: let go of a late charge, or of a part of it, with a reason and within one's authority."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.model import CreditNote
from domain.late_charges.model import ChargeAct, LateCharge
from domain.policies import authority
from domain.policies.acts import Act
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.staff.model import Role

BY_HAND = N_("{number} was not charged by the terms. Issue a credit note on it instead.")


def waive(
    session: Session, account_id: int, note_id: int, amount: Money, *, reason: str, role: Role, actor: Actor
) -> CreditNote:
    """Credit `amount` of a late charge's debit note, for good: it is never charged again, whatever is known later.

    What was waived of the same debit note before counts towards one's authority. Raises what a credit note raises.
    """
    account = accounts.lock(session, account_id)
    note = session.get_one(Invoice, note_id, populate_existing=True)
    charge = session.scalars(
        select(LateCharge).where(LateCharge.debit_note_id == note_id, LateCharge.act == ChargeAct.CHARGED)
    ).one_or_none()
    if charge is None or note.account_id != account_id:
        raise Conflict(BY_HAND, number=note.number)
    authority.check(session, role, Act.WAIVE_LATE_CHARGE, waived(session, note) + amount, account_id=account_id)
    paper = issue_credit_note(session, account, note, amount, reason=reason, actor=actor)
    session.add(
        LateCharge(
            account_id=account_id,
            invoice_id=charge.invoice_id,
            debit_note_id=note_id,
            credit_note_id=paper.id,
            kind=charge.kind,
            act=ChargeAct.WAIVED,
            version_id=charge.version_id,
            through_on=today(session),
            currency=amount.currency,
            amount_minor=-amount.minor,
            accrued_minor=None,
            working=[],
            recorded_at=now(session),
        )
    )
    session.flush()
    audit.record(
        session,
        "late_charge.waived",
        actor=actor,
        subject=("invoice", note_id),
        account_id=account_id,
        after={"number": note.number, "amount": amount, "why": paper.reason},
    )
    return paper


def waived(session: Session, note: Invoice) -> Money:
    """What of a debit note was waived so far."""
    total = session.scalar(
        select(func.coalesce(func.sum(LateCharge.amount_minor), 0)).where(
            LateCharge.debit_note_id == note.id, LateCharge.act == ChargeAct.WAIVED
        )
    )
    return Money(-int(total or 0), note.currency)
