"""Judging: what the court gave us, the costs that it awarded, and the interest that its judgment bears."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.invoicing.debit_notes import issue_debit_note
from domain.legal_cases import changing, queries
from domain.legal_cases.interest import interest_through
from domain.legal_cases.model import CaseNote, CaseStatus, LegalCase
from domain.limitations import recording as limitations
from domain.limitations.model import LimitationAct
from domain.limitations.recording import Noted
from domain.policies.sections import Part
from domain.receivables.model import Allocation, Invoice, InvoiceKind
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

HIGHEST_RATE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a court decided for us: when, how much, the costs that it awarded, and the yearly interest on it.

    `rate_bp` is simple interest in hundredths of a per cent; 0 where the judgment bears none.
    """

    on: date
    amount: Money
    costs: Money
    rate_bp: int


def record_judgment(session: Session, account_id: int, case_id: int, judgment: Judgment, *, actor: Actor) -> LegalCase:
    """The court has decided for us: the costs are charged on top, and the time of the debt starts anew.

    Raises Invalid beside the field, Conflict where nothing is before a court.
    """
    account = accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    _check(session, case, judgment)
    case.judgment_on, case.judgment_minor = judgment.on, judgment.amount.minor
    case.costs_minor, case.rate_bp = judgment.costs.minor or None, judgment.rate_bp
    changing.change(session, case, CaseStatus.JUDGMENT, actor=actor)
    for invoice_id in changing.invoice_ids(session, case_id):
        noted = Noted(LimitationAct.JUDGMENT, judgment.on, "", invoice_id=invoice_id)
        limitations.note_of_case(session, account_id, noted, source=case.source, actor=actor)
    if judgment.costs.minor:
        reason = f"Costs awarded by {case.court}, {case.number}"
        _charge(session, account, case, judgment.costs, reason, Part.COSTS, None, actor)
    return case


def enforce(session: Session, account_id: int, case_id: int, *, why: str, actor: Actor) -> LegalCase:
    """The judgment is being enforced from now on; Conflict without one."""
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    changing.change(session, case, CaseStatus.ENFORCING, actor=actor, why=why.strip() or None)
    return case


def borne(session: Session, case: LegalCase, through: date) -> Money:
    """The interest that a judgment has borne through a day, all in all; nothing before there is one."""
    if case.judgment_on is None or case.judgment_minor is None or not case.rate_bp:
        return Money.zero(case.currency)
    settled = session.execute(
        select(Allocation.effective_on, func.sum(Allocation.amount_minor).label("minor"))
        .where(Allocation.invoice_id.in_(changing.invoice_ids(session, case.id)))
        .group_by(Allocation.effective_on)
    )
    days = [(row.effective_on, int(row.minor)) for row in settled]
    return Money(interest_through(case.judgment_minor, case.rate_bp, case.judgment_on, days, through), case.currency)


def charged(session: Session, case: LegalCase) -> Money:
    """The interest that was charged on a judgment so far."""
    minor = session.scalar(
        select(func.sum(Invoice.amount_minor))
        .join(CaseNote, CaseNote.invoice_id == Invoice.id)
        .where(CaseNote.case_id == case.id, CaseNote.through_on.is_not(None))
    )
    return Money(int(minor or 0), case.currency)


def charge_interest(session: Session, account_id: int, case_id: int, *, through: date, actor: Actor) -> Invoice:
    """Charge what the judgment has borne through a day, less what was charged before, by a debit note.

    The same day again gives the same note. Raises Invalid for a day to come, Conflict without a judgment or where there
    is nothing more.
    """
    account = accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    known = session.scalars(
        select(Invoice)
        .join(CaseNote, CaseNote.invoice_id == Invoice.id)
        .where(CaseNote.case_id == case_id, CaseNote.through_on == through)
    ).one_or_none()
    if known is not None:
        return known
    if through > today(session):
        raise Invalid(N_("This day is still to come."), field="through")
    if case.judgment_on is None:
        raise Conflict(N_("There is no judgment yet."))
    amount = borne(session, case, through) - charged(session, case)
    if amount.minor <= 0:
        raise Conflict(N_("The judgment has borne no more than was charged."))
    reason = f"Interest on the judgment of {case.judgment_on.isoformat()}, {case.number}, to {through.isoformat()}"
    note = _charge(session, account, case, amount, reason, Part.INTEREST, through, actor)
    changing.record(session, case, "interest_charged", amount, None, actor=actor)
    return note


def _check(session: Session, case: LegalCase, judgment: Judgment) -> None:
    if case.status is not CaseStatus.FILED or case.filed_on is None:
        raise Conflict(N_("Nothing is before a court."))
    if not case.filed_on <= judgment.on <= today(session):
        raise Invalid(N_("Choose a day from {first} to today."), field="judgment_on", first=case.filed_on)
    if judgment.amount.minor <= 0:
        raise Invalid(N_("Enter more than nothing."), field="judgment")
    if judgment.costs.minor < 0:
        raise Invalid(N_("Costs are not negative."), field="costs")
    if not 0 <= judgment.rate_bp <= HIGHEST_RATE_BP:
        raise Invalid(N_("Enter a rate from 0 to 100."), field="rate")


def _charge(
    session: Session,
    account: Account,
    case: LegalCase,
    amount: Money,
    reason: str,
    part: Part,
    through: date | None,
    actor: Actor,
) -> Invoice:
    """Charge something on top of the case's first invoice, due at once, and hold it as the others are."""
    parent = session.scalars(
        select(Invoice)
        .where(Invoice.id.in_(changing.invoice_ids(session, case.id)), Invoice.kind == InvoiceKind.INVOICE)
        .order_by(Invoice.due_on, Invoice.id)
        .limit(1)
    ).one_or_none()
    if parent is None:
        raise Conflict(N_("The case is about no invoice that something could be charged on top of."))
    note = issue_debit_note(
        session, account, parent, amount, reason=reason, actor=actor, due_on=today(session), part=part
    )
    session.add(CaseNote(case_id=case.id, invoice_id=note.id, through_on=through, recorded_at=now(session)))
    changing.hold(session, case, note.id, actor=actor)
    return note
