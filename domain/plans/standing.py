"""Standing: how signed plans stand now by the ledger, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import Session, join

from domain.accounts.model import Account
from domain.payments.model import Payment
from domain.plans.coverage import Agreed, Part, Settling, cover
from domain.plans.model import ENDED_EARLY, Instalment, InstalmentMove, PaymentPlan, PlanInvoice, PlanPayment
from domain.plans.queries import CONTESTED
from domain.receivables.held import held_parts
from domain.receivables.model import Allocation, CreditItem, CreditKind
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.money import Money

PLANS: BindParameter[Any] = bindparam("plans", expanding=True)
"""The plans that a query is about. What is asked at every turn is composed once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a signed plan stands now, by the ledger: its parts, in its currency, as of `day` in the customer's zone."""

    plan_id: int
    currency: str
    day: date
    reopened_days: int
    parts: Sequence[Part]

    @property
    def total(self) -> Money:
        """What was agreed, and what came on top."""
        return self._sum(part.agreed.minor + part.added for part in self.parts)

    @property
    def covered(self) -> Money:
        """What is settled of it."""
        return self._sum(part.covered for part in self.parts)

    @property
    def remaining(self) -> Money:
        """What is not settled, contested or not: what is open on the plan's invoices."""
        return self._sum(part.rest for part in self.parts)

    @property
    def parked(self) -> Money:
        """What of that is contested."""
        return self._sum(part.parked for part in self.parts)

    def due_on(self, part: Part) -> date:
        """The day by which what is left of a part is to be paid."""
        return part.due_on(self.reopened_days)

    @property
    def due(self) -> list[Part]:
        """The parts of which something is to be paid by today."""
        return [part for part in self.parts if part.left and self.due_on(part) <= self.day]

    @property
    def overdue(self) -> list[Part]:
        """The parts of which something should have been paid before today."""
        return [part for part in self.due if self.due_on(part) < self.day]

    @property
    def due_now(self) -> Money:
        """What is to be paid by today."""
        return self._sum(part.left for part in self.due)

    @property
    def next(self) -> Part | None:
        """The next part of which something is to be paid, overdue ones first."""
        return min((part for part in self.parts if part.left), key=self.due_on, default=None)

    @property
    def late_days(self) -> int:
        """For how many days the oldest missed part has been missed."""
        return max(((self.day - self.due_on(part)).days for part in self.overdue), default=0)

    def _sum(self, minors: Iterable[int]) -> Money:
        return Money(sum(minors), self.currency)


_MOVED = (
    select(InstalmentMove.instalment_id, InstalmentMove.after_id, InstalmentMove.due_on)
    .join(Instalment, Instalment.id == InstalmentMove.instalment_id)
    .where(Instalment.plan_id.in_(PLANS))
    .order_by(InstalmentMove.id)
)
_AGREED = (
    select(Instalment.plan_id, Instalment.id, Instalment.number, Instalment.due_on, Instalment.amount_minor)
    .where(Instalment.plan_id.in_(PLANS))
    .order_by(Instalment.plan_id, Instalment.number)
)
_HEADS = (
    select(PaymentPlan.id, PaymentPlan.account_id, PaymentPlan.currency, Account.time_zone)
    .join(Account, Account.id == PaymentPlan.account_id)
    .where(PaymentPlan.id.in_(PLANS), PaymentPlan.signed_on.is_not(None))
)
SETTLING = (
    join(PlanInvoice, PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
    .join(
        Allocation,
        and_(
            Allocation.invoice_id == PlanInvoice.invoice_id,
            Allocation.id > PaymentPlan.made_after_id,
            or_(PaymentPlan.status.not_in(ENDED_EARLY), Allocation.recorded_at <= PaymentPlan.ended_at),
        ),
    )
    .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
    .outerjoin(Payment, and_(CreditItem.kind == CreditKind.PAYMENT, Payment.public_id == CreditItem.source))
    .outerjoin(PlanPayment, and_(PlanPayment.payment_id == Payment.id, PlanPayment.plan_id == PlanInvoice.plan_id))
)
"""What has settled the invoices of plans since they were signed, with what each payment was meant for, if any."""
_SETTLED = (
    select(
        PlanInvoice.plan_id,
        Allocation.id,
        Allocation.amount_minor,
        Allocation.effective_on,
        Allocation.reverses_id,
        CreditItem.kind,
        PlanPayment.instalment_id,
        PlanPayment.extra,
    )
    .select_from(SETTLING)
    .where(PlanInvoice.plan_id.in_(PLANS))
    .order_by(Allocation.id)
)


def instalments(session: Session, plan_ids: Collection[int]) -> dict[int, list[Agreed]]:
    """The parts of these plans as they were signed, with the later days that they were given."""
    wanted = {"plans": list(plan_ids)}
    moves: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for row in session.execute(_MOVED, wanted):
        moves[row.instalment_id].append((row.after_id, row.due_on))
    found: dict[int, list[Agreed]] = defaultdict(list)
    for one in session.execute(_AGREED, wanted):
        found[one.plan_id].append(Agreed(one.id, one.number, one.due_on, one.amount_minor, tuple(moves[one.id])))
    return found


def standings(session: Session, plan_ids: Collection[int], reopened_days: Mapping[int, int]) -> dict[int, Standing]:
    """How each of these signed plans stands now, in five queries however many they are.

    `reopened_days`, by plan: so long after something was taken back that it had covered, a part is due again.
    """
    heads = session.execute(_HEADS, {"plans": list(plan_ids)}).all()
    agreed = instalments(session, plan_ids)
    settlings = _settlings(session, plan_ids)
    parked = _parked(session, {head.id: head.account_id for head in heads})
    return {
        head.id: Standing(
            head.id,
            head.currency,
            day_in(now(session), head.time_zone),
            reopened_days[head.id],
            cover(agreed[head.id], settlings[head.id], parked=parked[head.id]),
        )
        for head in heads
    }


def _settlings(session: Session, plan_ids: Collection[int]) -> dict[int, list[Settling]]:
    """What has settled the invoices of these plans since they were signed, in its order."""
    found: dict[int, list[Settling]] = defaultdict(list)
    for row in session.execute(_SETTLED, {"plans": list(plan_ids)}):
        is_money = row.kind in (CreditKind.PAYMENT, CreditKind.MOVED, CreditKind.REINSTATED)
        found[row.plan_id].append(
            Settling(
                row.id, row.amount_minor, row.effective_on, row.reverses_id, row.instalment_id, row.extra, is_money
            )
        )
    return found


def _parked(session: Session, account_of: Mapping[int, int]) -> dict[int, int]:
    """What is contested of what is open on the invoices of each plan (plan → account)."""
    held = held_parts(session, set(account_of.values()), CONTESTED)
    parked = dict.fromkeys(account_of, 0)
    if held:
        rows = session.execute(
            select(PlanInvoice.plan_id, PlanInvoice.invoice_id).where(
                PlanInvoice.plan_id.in_(account_of), PlanInvoice.invoice_id.in_(held)
            )
        )
        for row in rows:
            parked[row.plan_id] += held[row.invoice_id].minor
    return parked
