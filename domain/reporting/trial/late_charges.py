"""Late charges: the interest and the recovery costs that a trial would have charged, beside what was charged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.reckoning import Debt, Reckoned, cost_to_charge, interest_to_charge
from domain.policies.currencies import in_currency
from domain.policies.interest import DAY, Stretch
from domain.policies.rates import RateMissing, RateTable
from domain.policies.reference_rates import rate_table
from domain.policies.sections import LateInterest, RecoveryCost
from domain.receivables.model import Invoice
from domain.reporting.trial.values import Answer, Entry, Trying, Unit
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.months import day_of
from domain.shared.words import Words

WOULD = N_("Tried: due on {due}, charged through {through}, of {open} owed then.")
BEFORE = N_("Of the sum below, {amount} would have been charged before the period.")
WAS = N_("Happened: charged through {through}.")


@dataclass(slots=True)
class _Charged:
    """What of an invoice would have been charged in the period, and before it; by which working in the end."""

    minor: int = 0
    before: int = 0
    through: date | None = None
    rows: list[Stretch] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LateCharges:
    """The column of one kind of late charge.

    Tried is what a run on each day would have charged, knowing what is known now; what was waived counts as charged on
    both sides, because letting go of it was somebody's decision.
    """

    key: str
    name: str
    kind: ChargeKind
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each invoice that was or would have been charged for."""
        rule = self._rule(trying)
        table = rate_table(session) if rule is not None else RateTable()
        ours = business(session).currency
        was = {row.invoice_id: row for row in _was(session, trying, self.kind)}
        entries, missing = [], []
        for debt in trying.history.debts:
            would = _Charged()
            if rule is not None:
                try:
                    would = _charged(debt, _in_its_currency(rule, debt, ours), table, trying)
                except RateMissing as problem:
                    missing.append(problem)
            happened = was.pop(debt.invoice_id, None)
            if would.minor or happened is not None:
                entries.append(_entry(debt, would, happened))
        entries += [
            Entry(row.account_id, row.through_on, 0, int(row.minor), (_said(row),), row.invoice_id, row.number)
            for row in was.values()
        ]
        return Answer(entries, missing)

    def _rule(self, trying: Trying) -> LateInterest | RecoveryCost | None:
        sections = trying.sections
        return sections.late_interest if self.kind is ChargeKind.INTEREST else sections.recovery_cost


INTEREST = LateCharges("late_interest", N_("Late interest"), ChargeKind.INTEREST)
RECOVERY_COSTS = LateCharges("recovery_cost", N_("Recovery costs"), ChargeKind.RECOVERY_COST)


def _in_its_currency(rule: LateInterest | RecoveryCost, debt: Debt, ours: str) -> LateInterest | RecoveryCost:
    """A recovery cost names its own currency."""
    return in_currency(rule, debt.principal.currency, ours=ours) if isinstance(rule, LateInterest) else rule


def _charged(debt: Debt, rule: LateInterest | RecoveryCost, table: RateTable, trying: Trying) -> _Charged:
    """What a run on every day up to the last one would have charged for an invoice."""
    found = _Charged()
    charges = (
        _interest(debt, rule, table, trying.last) if isinstance(rule, LateInterest) else _cost(debt, rule, trying.last)
    )
    for charge in charges:
        if trying.covers(charge.through):
            found.minor += charge.to_charge.minor
        else:
            found.before += charge.to_charge.minor
        found.through, found.rows = charge.through, list(charge.rows)
    return found


def _interest(debt: Debt, rule: LateInterest, table: RateTable, last: date) -> Iterator[Reckoned]:
    """The charges of interest, in their order: only on charge days, and on days on which something was settled."""
    settled = {change.day for change in debt.changes}
    for day in sorted({*_charge_days(debt.due_on, last, rule.charge_day), *settled}):
        if not debt.due_on < day <= last:
            continue
        charge = interest_to_charge(debt, rule, day, table, before=day - DAY)
        if charge is not None:
            debt = replace(debt, charged={ChargeKind.INTEREST: charge.accrued}, charged_through=day)
            yield charge


def _cost(debt: Debt, rule: RecoveryCost, last: date) -> Iterator[Reckoned]:
    """The one charge of the recovery cost, on the first day on which it is due."""
    if cost_to_charge(debt, rule, last) is None:
        return
    first, end = debt.due_on, last
    while (end - first).days > 1:
        middle = first + (end - first) // 2
        first, end = (first, middle) if cost_to_charge(debt, rule, middle) else (middle, end)
    charge = cost_to_charge(debt, rule, end)
    assert charge is not None
    yield charge


def _charge_days(after: date, last: date, charge_day: int) -> Iterator[date]:
    """The charge day of each month from that of `after` to that of `last`; the last day of a shorter month."""
    for month in range(after.year * 12 + after.month - 1, last.year * 12 + last.month):
        year, number = month // 12, month % 12 + 1
        yield day_of(year, number, charge_day)


def _was(session: Session, trying: Trying, kind: ChargeKind) -> list[AnyRow]:
    """What was charged less what was corrected, for each invoice."""
    minor = func.sum(LateCharge.amount_minor)
    return list(
        session.execute(
            select(
                LateCharge.invoice_id,
                LateCharge.account_id,
                Invoice.number,
                minor.label("minor"),
                func.max(LateCharge.through_on).label("through_on"),
            )
            .join(Invoice, Invoice.id == LateCharge.invoice_id)
            .where(
                LateCharge.account_id.in_(trying.history.accounts),
                LateCharge.kind == kind,
                LateCharge.act != ChargeAct.WAIVED,
                LateCharge.through_on.between(trying.first, trying.last),
            )
            .group_by(LateCharge.invoice_id, LateCharge.account_id, Invoice.number)
            .having(minor != 0)
            .order_by(LateCharge.invoice_id)
        )
    )


def _entry(debt: Debt, would: _Charged, happened: AnyRow | None) -> Entry:
    said = []
    on = happened.through_on if happened is not None else debt.due_on
    if would.minor and would.through is not None:
        on = would.through
        owed = debt.principal.minor + sum(change.minor for change in debt.changes if change.day < on)
        currency = debt.principal.currency
        said.append(Words.of(WOULD, due=debt.due_on, through=on, open=Money(max(0, owed), currency)))
        if would.before:
            said.append(Words.of(BEFORE, amount=Money(would.before, currency)))
    if happened is not None:
        said.append(_said(happened))
    was = 0 if happened is None else int(happened.minor)
    rows = would.rows if would.minor else ()
    about = (debt.invoice_id,)
    return Entry(debt.account_id, on, would.minor, was, said, debt.invoice_id, debt.number, rows, about=about)


def _said(row: AnyRow) -> Words:
    return Words.of(WAS, through=row.through_on)
