"""Agreed: all that a plan says, as it would be signed now, with the fingerprint by which a change is noticed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.plans import queries
from domain.plans.business_days import calendar_of
from domain.plans.model import PaymentPlan
from domain.plans.rules import rules_of
from domain.plans.schedule import Due, Shape, schedule
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.hashing import canonical
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Agreed:
    """All that a plan says, as it would be signed now; `digest` is the fingerprint of it."""

    plan_id: int
    shape: Shape
    invoices: AnyRows
    principal: Money
    interest: Money
    dues: Sequence[Due]
    digest: str

    @property
    def total(self) -> Money:
        """What is paid in the end."""
        return self.principal + self.interest


def as_agreed(session: Session, plan: PaymentPlan, *, interest: Money | None = None) -> Agreed:
    """What the plan says by what is open now. `interest` is what it bears for its time, none unless said."""
    shape, _ = queries.latest_shape(session, plan.id)
    rows = [row for row in queries.invoices(session, plan.id) if row.open_minor]
    principal = Money(sum(row.open_minor for row in rows), plan.currency)
    account = accounts.account(session, plan.account_id)
    section = rules_of(session, [plan.id])[plan.id]
    closed = calendar_of(section, account.country)
    day = day_in(now(session), account.time_zone)
    if principal.minor - shape.down_minor < shape.count:
        raise Conflict(N_("So little is open by now that no plan is needed. Pay it as it is."))
    interest = interest or Money.zero(plan.currency)
    dues = schedule(principal, shape, signed_on=day, interest=interest, closed=closed)
    return Agreed(plan.id, shape, rows, principal, interest, dues, _digest(plan, rows, dues))


def _digest(plan: PaymentPlan, rows: AnyRows, dues: Sequence[Due]) -> str:
    said = {
        "plan": plan.id,
        "terms": [plan.version_id, plan.interest],
        "invoices": [[row.number, row.open_minor] for row in rows],
        "parts": [[due.number, due.on.isoformat(), due.amount.minor, due.interest.minor] for due in dues],
    }
    return sha256(canonical(said).encode()).hexdigest()
