"""Facts: what late charges depend on, read for many invoices at once: five queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.reckoning import Debt
from domain.plans.model import PaymentPlan, PlanInvoice, PlanStatus
from domain.policies.currencies import in_currency
from domain.policies.interest import Change, Hold
from domain.policies.rates import RateTable
from domain.policies.reference_rates import rate_table
from domain.policies.sections import LateInterest, PlanInterest, Sections
from domain.policies.terms_versions import all_sections
from domain.receivables.model import Allocation, Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.settlements.queries import is_settled_for_less
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.money import Money
from domain.stops import holding
from domain.stops.model import Held, Stop, StopKind, StopLift
from domain.stops.queries import is_held


@dataclass(frozen=True, slots=True)
class Rules:
    """The sections of every version that charges for lateness, by its id; the rates that are known; our currency."""

    terms: dict[int, Sections]
    table: RateTable
    currency: str

    def interest_on(self, debt: Debt) -> LateInterest | None:
        """What rules the interest of a debt, in its currency; None where nothing does."""
        section = self.terms[debt.version_id].late_interest
        return section and in_currency(section, debt.principal.currency, ours=self.currency)


def rules(session: Session) -> Rules:
    """What rules late charges now."""
    charging = {
        version_id: sections
        for version_id, sections in all_sections(session).items()
        if sections.late_interest is not None or sections.recovery_cost is not None
    }
    return Rules(charging, rate_table(session), business(session).currency)


def overdue(ruling: Rules, through: date, *, since: datetime | None = None) -> Select[int]:
    """Selects the invoices that late charges may be about on a day, to look through them.

    Those on a plan that bears interest are left out while it lives: that was charged at its signing. So are those of
    an offer to settle that was accepted and kept: it discharges all that they bore.

    With `since` only those that are open now, or on which something was settled, taken back or held after that
    instant: nothing else can have changed. Without it also those that were settled long ago.
    """
    was_due = exists().where(Extension.invoice_id == Invoice.id, Extension.was_due_on < through)
    found = select(Invoice.id).where(
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.terms_version_id.in_(list(ruling.terms)),
        or_(Invoice.due_on < through, was_due),
        ~is_held(Invoice.account_id, Invoice.id, {StopKind.PLAN_BEARING}, through),
        ~is_settled_for_less(Invoice.id),
    )
    if since is None:
        return found
    touched = exists().where(Allocation.invoice_id == Invoice.id, Allocation.recorded_at >= since)
    held = exists().where(
        Stop.account_id == Invoice.account_id,
        or_(Stop.invoice_id.is_(None), Stop.invoice_id == Invoice.id),
        or_(Stop.written_at >= since, exists().where(StopLift.stop_id == Stop.id, StopLift.lifted_at >= since)),
    )
    return found.where(or_(Invoice.open_minor > 0, touched, held))


def accounts_overdue(session: Session, ruling: Rules, through: date, *, since: datetime | None = None) -> list[int]:
    """The accounts of those invoices, by id."""
    found = overdue(ruling, through).with_only_columns(Invoice.account_id)
    if since is None:
        return sorted(session.scalars(found.distinct()))
    touched = select(Allocation.account_id).where(Allocation.recorded_at >= since)
    held = select(Stop.account_id).outerjoin(StopLift, StopLift.stop_id == Stop.id)
    held = held.where(or_(Stop.written_at >= since, StopLift.lifted_at >= since))
    changed = found.where(Invoice.open_minor > 0).union(found.where(Invoice.account_id.in_(touched.union(held))))
    return sorted(session.scalars(changed))


def debts(session: Session, wanted: Select[int], account_ids: Collection[int]) -> list[Debt]:
    """What is known now of those wanted invoices that are these accounts', by account and due day."""
    ids = wanted.where(Invoice.account_id.in_(account_ids))
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.number,
            Invoice.amount_minor,
            Invoice.currency,
            Invoice.due_on,
            Invoice.terms_version_id,
            Account.legal_form,
            Account.number.label("account"),
            Extension.was_due_on,
            Extension.granted_on,
        )
        .join(Account, Account.id == Invoice.account_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .where(Invoice.id.in_(ids))
        .order_by(Invoice.account_id, Invoice.due_on, Invoice.id)
    ).all()
    changes = _changes(session, ids)
    places = {row.id: row.account_id for row in rows}
    stops = holding.holds_on(session, places, holding.kinds_that_hold(Held.INTEREST))
    charges = _charges(session, ids)
    capped = _capped(session, ids)
    return [_debt(row, changes[row.id], stops.get(row.id, ()), charges[row.id], capped) for row in rows]


def was_late_when_granted(due_on: date, was_due_on: date | None, granted_on: date | None) -> bool:
    """Whether an invoice was late already when its later day `due_on` was granted: then charges go by the first day."""
    return granted_on is not None and was_due_on is not None and due_on >= granted_on > was_due_on


def _debt(
    row: AnyRow,
    changes: Sequence[Change],
    stops: Sequence[holding.Hold],
    charges: Sequence[AnyRow],
    capped: Collection[int],
) -> Debt:
    """A later due day holds interest from when it was granted: what had accrued before, late as it was, stays."""
    was_late = was_late_when_granted(row.due_on, row.was_due_on, row.granted_on)
    extended = [Hold(row.granted_on, row.due_on)] if was_late else []
    interest = [each for each in charges if each.kind is ChargeKind.INTEREST and each.act is ChargeAct.CHARGED]
    return Debt(
        account_id=row.account_id,
        account=row.account,
        invoice_id=row.id,
        number=row.number,
        legal_form=row.legal_form,
        principal=Money(row.amount_minor, row.currency),
        due_on=row.was_due_on if was_late else row.due_on,
        version_id=row.terms_version_id,
        changes=changes,
        held=extended + [_held(stop) for stop in stops if stop.kind is not StopKind.DISPUTE],
        disputed=[_held(stop) for stop in stops if stop.kind is StopKind.DISPUTE],
        charged={
            kind: Money(sum(int(each.minor) for each in charges if each.kind is kind), row.currency)
            for kind in ChargeKind
        },
        charged_through=max((each.through_on for each in interest), default=None),
        cost_was_charged=any(each.kind is ChargeKind.RECOVERY_COST for each in charges),
        bears_no_more=row.id in capped,
    )


def _capped(session: Session, ids: Select[int]) -> set[int]:
    """Those that a plan with a cap on its interest has paid to the end."""
    kept = (PaymentPlan.status == PlanStatus.COMPLETED) & (PaymentPlan.interest == PlanInterest.CAPPED)
    return set(
        session.scalars(
            select(PlanInvoice.invoice_id)
            .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
            .where(PlanInvoice.invoice_id.in_(ids), kept)
        )
    )


def _held(stop: holding.Hold) -> Hold:
    return Hold(stop.from_on, stop.last_on, stop.minor)


def _changes(session: Session, ids: Select[int]) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = defaultdict(list)
    rows = session.execute(
        select(Allocation.invoice_id, Allocation.effective_on, func.sum(Allocation.amount_minor).label("minor"))
        .where(Allocation.invoice_id.in_(ids))
        .group_by(Allocation.invoice_id, Allocation.effective_on)
        .order_by(Allocation.invoice_id, Allocation.effective_on)
    )
    for row in rows:
        if row.minor:
            found[row.invoice_id].append(Change(row.effective_on, -int(row.minor)))
    return found


def _charges(session: Session, ids: Select[int]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    rows = session.execute(
        select(
            LateCharge.invoice_id,
            LateCharge.kind,
            LateCharge.act,
            func.sum(LateCharge.amount_minor).label("minor"),
            func.max(LateCharge.through_on).label("through_on"),
        )
        .where(LateCharge.invoice_id.in_(ids), LateCharge.act != ChargeAct.WAIVED)
        .group_by(LateCharge.invoice_id, LateCharge.kind, LateCharge.act)
    )
    for row in rows:
        found[row.invoice_id].append(row)
    return found
