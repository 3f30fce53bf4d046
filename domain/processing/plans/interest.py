"""Interest of plans: what the invoices of a plan bear for its time, reckoned at its signing as if all were kept.

It is reckoned by each invoice's own terms, on what would be open day by day if every part came on its day; rates that
are not known yet are taken to stay as they are. It is charged by one debit note, and kept as what was charged on each
invoice: so once the plan ends, in time or not, the ordinary charges correct it to what was really open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.late_charges.charging import keep_charge
from domain.late_charges.facts import debts, rules
from domain.late_charges.model import ChargeKind
from domain.late_charges.reckoning import Reckoned, interest_through
from domain.plans.agreed import as_agreed
from domain.plans.model import PaymentPlan
from domain.plans.rules import rules_of
from domain.plans.schedule import Due
from domain.policies.interest import Change
from domain.policies.rates import RateTable
from domain.policies.sections import PlanInterest, Plans
from domain.receivables.model import Invoice, InvoiceKind
from domain.shared.db.rows import AnyRows
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class PlanBears:
    """What a plan bears for its time, and how it comes about, invoice by invoice."""

    amount: Money
    reckoned: Sequence[Reckoned]


def interest_of(session: Session, plan: PaymentPlan) -> PlanBears:
    """What a plan that is about to be signed bears; nothing where its rules stop interest.

    A cap cuts it, from the last invoice on. Raises Conflict as `as_agreed` does.
    """
    if plan.interest is PlanInterest.STOPPED:
        return PlanBears(Money.zero(plan.currency), ())
    agreed = as_agreed(session, plan)
    section = rules_of(session, [plan.id])[plan.id]
    return would_bear(session, plan.account_id, section, agreed.invoices, agreed.dues)


def would_bear(session: Session, account_id: int, section: Plans, invoices: AnyRows, dues: Sequence[Due]) -> PlanBears:
    """What a plan over these invoices with these parts, the interest not among them, bears under these rules."""
    currency = dues[0].amount.currency
    if section.interest is PlanInterest.STOPPED:
        return PlanBears(Money.zero(currency), ())
    through = dues[-1].on
    ruling = rules(session)
    ids = [row.id for row in invoices if row.kind is InvoiceKind.INVOICE]
    wanted = select(Invoice.id).where(Invoice.id.in_(ids), Invoice.terms_version_id.in_(list(ruling.terms)))
    paid = _paid_by(dues, [(row.id, row.open_minor) for row in invoices])
    table = _lasting(ruling.table, through)
    most = Money(section.interest_cap_minor, currency) if section.interest is PlanInterest.CAPPED else None
    found: list[Reckoned] = []
    for debt in debts(session, wanted, [account_id]):
        rule = ruling.interest_on(debt)
        if rule is None:
            continue
        kept = replace(debt, changes=[*debt.changes, *paid[debt.invoice_id]])
        accrued, rows = interest_through(kept, rule, through, table)
        to_charge = accrued - debt.charged_so_far(ChargeKind.INTEREST)
        if most is not None:
            to_charge = min(to_charge, most)
        if to_charge.minor > 0:
            found.append(Reckoned(debt, ChargeKind.INTEREST, through, accrued, rows, to_charge))
            most = most - to_charge if most is not None else None
    return PlanBears(Money.sum((each.to_charge for each in found), currency), found)


def keep_interest(session: Session, plan: PaymentPlan, bears: PlanBears) -> None:
    """Keep what a plan that was just signed charges as charged on each of its invoices, by its one debit note."""
    if plan.interest_note_id is None:
        return
    for each in bears.reckoned:
        keep_charge(session, each, plan.interest_note_id)


def _paid_by(dues: Sequence[Due], invoices: Sequence[tuple[int, int]]) -> dict[int, list[Change]]:
    """How the principal of each invoice comes down where every part comes on its day, the oldest invoice first."""
    found: dict[int, list[Change]] = {invoice_id: [] for invoice_id, _ in invoices}
    left = dict(invoices)
    for due in dues:
        rest = due.principal.minor
        for invoice_id in left:
            part = min(rest, left[invoice_id])
            if part:
                found[invoice_id].append(Change(due.on, -part))
                left[invoice_id] -= part
                rest -= part
    return found


def _lasting(table: RateTable, through: date) -> RateTable:
    """The rates as known, each of them taken to last."""
    beyond = through + timedelta(days=1)
    return RateTable(table.rates, dict.fromkeys(table.rates, beyond))
