"""Claiming: what a debtor owed at the beginning of the first day of a proceeding, invoice by invoice, by the books.

Money counts by the day on which it took effect: what came before is off, what came later (dividends too) is not. What
went back since counts as if it had never come. Credit notes, discounts and concessions count whenever they were made:
they say that less was owed. Interest is reckoned through the day before, whatever was charged for it so far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.accounts import queries as accounts
from domain.insolvencies.model import Insolvency
from domain.insolvencies.proving import ClaimLine
from domain.late_charges.facts import debts, rules
from domain.late_charges.model import ChargeKind
from domain.late_charges.reckoning import interest_through
from domain.policies.rates import RateMissing
from domain.policies.sections import Part
from domain.receivables.model import Allocation, CreditItem, DebtPart, Invoice, InvoiceKind, InvoiceStatus
from domain.settlements.queries import MONEY, is_settled_for_less
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """What can be claimed: its lines, the longest due first.

    `credit` is what of the account's credit from before the first day has settled nothing: it should be applied first.
    `rates_missing` says that interest could not be reckoned to its end because a reference rate is not known.
    """

    currency: str
    lines: Sequence[ClaimLine]
    credit: Money
    rates_missing: bool

    @property
    def principal(self) -> Money:
        """What was owed for what was sold."""
        return Money.sum((line.principal for line in self.lines), self.currency)

    @property
    def interest(self) -> Money:
        """The interest through the day before the first one."""
        return Money.sum((line.interest for line in self.lines), self.currency)

    @property
    def costs(self) -> Money:
        """What lateness had cost by then."""
        return Money.sum((line.costs for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        """All of it."""
        return self.principal + self.interest + self.costs


def claim_of(session: Session, found: Insolvency) -> Claim:
    """What can be claimed in a proceeding as the books stand now; writes nothing."""
    account = accounts.account(session, found.account_id)
    bases = _bases(session, found)
    notes = _notes(session, [row.id for row in bases])
    settled = _settled(session, found, [row.id for row in (*bases, *notes)])
    of_part: dict[tuple[int, Part], int] = defaultdict(int)
    for note in notes:
        part = note.part or Part.INTEREST
        if part is Part.INTEREST or note.issued_on < found.started_on:
            of_part[note.parent_id, part] += note.amount_minor - settled[note.id]
    differs, missing = _interest_not_charged(session, found, [row.id for row in bases])
    lines = []
    for row in bases:
        minors = (
            row.amount_minor - settled[row.id],
            max(of_part[row.id, Part.INTEREST] + differs.get(row.id, 0), 0),
            of_part[row.id, Part.COSTS],
        )
        if any(minors):
            parts = (Money(minor, account.currency) for minor in minors)
            lines.append(ClaimLine(row.id, row.number, row.issued_on, row.due_on, *parts))
    return Claim(account.currency, lines, _credit(session, found, account.currency), missing)


def _bases(session: Session, found: Insolvency) -> Sequence[AnyRow]:
    return session.execute(
        select(Invoice.id, Invoice.number, Invoice.issued_on, Invoice.due_on, Invoice.amount_minor)
        .where(
            Invoice.account_id == found.account_id,
            Invoice.kind != InvoiceKind.DEBIT_NOTE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.issued_on < found.started_on,
        )
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def _notes(session: Session, base_ids: Collection[int]) -> Sequence[AnyRow]:
    return session.execute(
        select(Invoice.id, Invoice.parent_id, Invoice.issued_on, Invoice.amount_minor, DebtPart.part)
        .outerjoin(DebtPart, DebtPart.invoice_id == Invoice.id)
        .where(
            Invoice.parent_id.in_(base_ids),
            Invoice.kind == InvoiceKind.DEBIT_NOTE,
            Invoice.status == InvoiceStatus.ISSUED,
        )
    ).all()


def _settled(session: Session, found: Insolvency, ids: Collection[int]) -> dict[int, int]:
    """How much of each had been settled before the first day, in minor units, by what has not been taken back."""
    taken_back = aliased(Allocation)
    rows = session.execute(
        select(Allocation.invoice_id, func.sum(Allocation.amount_minor).label("minor"))
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .outerjoin(taken_back, taken_back.reverses_id == Allocation.id)
        .where(
            Allocation.invoice_id.in_(ids),
            Allocation.reverses_id.is_(None),
            taken_back.id.is_(None),
            or_(Allocation.effective_on < found.started_on, CreditItem.kind.not_in(MONEY)),
        )
        .group_by(Allocation.invoice_id)
    )
    settled = {row.invoice_id: int(row.minor) for row in rows}
    return {one: settled.get(one, 0) for one in ids}


def _interest_not_charged(
    session: Session, found: Insolvency, base_ids: Collection[int]
) -> tuple[dict[int, int], bool]:
    """By how much the interest through the day before is more, or less, than what was charged; whether rates lack."""
    ruling = rules(session)
    wanted = select(Invoice.id).where(
        Invoice.id.in_(base_ids),
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.terms_version_id.in_(list(ruling.terms)),
        ~is_settled_for_less(Invoice.id),
    )
    differs, missing = {}, False
    for debt in debts(session, wanted, [found.account_id]):
        rule = ruling.interest_on(debt)
        if rule is None:
            continue
        try:
            accrued, _ = interest_through(debt, rule, found.started_on - A_DAY, ruling.table)
        except RateMissing:
            missing = True
            continue
        more = (accrued - debt.charged_so_far(ChargeKind.INTEREST)).minor
        differs[debt.invoice_id] = min(more, 0) if debt.bears_no_more else more
    return differs, missing


def _credit(session: Session, found: Insolvency, currency: str) -> Money:
    minor = session.scalar(
        select(func.coalesce(func.sum(CreditItem.unapplied_minor), 0)).where(
            CreditItem.account_id == found.account_id,
            CreditItem.effective_on < found.started_on,
            CreditItem.voided_at.is_(None),
        )
    )
    return Money(int(minor or 0), currency)
