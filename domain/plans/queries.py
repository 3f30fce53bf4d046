"""Queries: plans for lists and pages, what covers them, and which of them have a turn now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.payments.model import Payment
from domain.plans.coverage import Agreed, Part, Settling, cover
from domain.plans.model import (
    SIGNED,
    TALKING,
    Instalment,
    InstalmentMove,
    PaymentPlan,
    PlanChange,
    PlanGrace,
    PlanInvoice,
    PlanPayment,
    PlanRound,
    PlanStatus,
    Side,
)
from domain.plans.schedule import Shape
from domain.receivables.held import held_parts
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceStatus
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money
from domain.stops.model import StopKind

NO_SUCH_PLAN = N_("We could not find that payment plan.")
CONTESTED = frozenset({StopKind.DISPUTE, StopKind.CHARGEBACK})
"""What these stops hold is not asked for, and so parked at the end of a plan."""
TAKEN = frozenset({StopKind.PLAN, StopKind.PLAN_BEARING, StopKind.OFFER, StopKind.PLACEMENT})
"""What these stops hold is being paid, or collected, in another way."""


class View(StrEnum):
    """The lists of plans for staff."""

    REQUESTS = "requests"
    WAITING = "waiting"
    RUNNING = "running"
    DEFAULTED = "defaulted"
    ENDED = "ended"


VIEWS: dict[View, frozenset[PlanStatus]] = {
    View.REQUESTS: frozenset({PlanStatus.REQUESTED}),
    View.WAITING: frozenset({PlanStatus.COUNTERED, PlanStatus.OFFERED, PlanStatus.ACCEPTED}),
    View.RUNNING: frozenset({PlanStatus.ACTIVE, PlanStatus.PAUSED}),
    View.DEFAULTED: frozenset({PlanStatus.DEFAULTED}),
    View.ENDED: frozenset(PlanStatus) - TALKING - SIGNED - {PlanStatus.DEFAULTED},
}

_SHOWN = select(
    PaymentPlan.id,
    PaymentPlan.account_id,
    PaymentPlan.currency,
    PaymentPlan.status,
    PaymentPlan.made_at,
    PaymentPlan.expires_at,
    PaymentPlan.signed_on,
    PaymentPlan.total_minor,
    PaymentPlan.ended_at,
    PaymentPlan.supersedes_id,
    Account.number.label("account_number"),
    Account.name.label("account_name"),
).join(Account, Account.id == PaymentPlan.account_id)


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


def plan(session: Session, plan_id: int, *, account_id: int | None = None) -> AnyRow:
    """One plan with its account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = _SHOWN.where(PaymentPlan.id == plan_id)
    if account_id is not None:
        wanted = wanted.where(PaymentPlan.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_PLAN)
    return row


def entity(session: Session, account_id: int, plan_id: int) -> PaymentPlan:
    """A plan of this account, read afresh; NotFound."""
    found = session.get(PaymentPlan, plan_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_PLAN)
    return found


def plans(session: Session, view: View, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first."""
    wanted = _SHOWN.where(PaymentPlan.status.in_(VIEWS[view]))
    if place is not None:
        wanted = wanted.where(PaymentPlan.id < place)
    return session.execute(wanted.order_by(PaymentPlan.id.desc()).limit(limit)).all()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    rows = session.execute(select(PaymentPlan.status, func.count().label("many")).group_by(PaymentPlan.status))
    by_status = {row.status: row.many for row in rows}
    return {view: sum(by_status.get(status, 0) for status in statuses) for view, statuses in VIEWS.items()}


def of_account(session: Session, account_id: int, statuses: Collection[PlanStatus] | None = None) -> AnyRows:
    """The account's plans in these states (None: all), newest first."""
    wanted = _SHOWN.where(PaymentPlan.account_id == account_id)
    if statuses is not None:
        wanted = wanted.where(PaymentPlan.status.in_(statuses))
    return session.execute(wanted.order_by(PaymentPlan.id.desc())).all()


def invoices(session: Session, plan_id: int) -> AnyRows:
    """The invoices of a plan, the oldest due first: id, number, kind, due day, amount, what is open, and was then."""
    return session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
            Invoice.status,
            PlanInvoice.open_minor.label("signed_minor"),
        )
        .join(PlanInvoice, PlanInvoice.invoice_id == Invoice.id)
        .where(PlanInvoice.plan_id == plan_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def on_plan(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """Which of these invoices a signed plan that lives is about: invoice → plan."""
    rows = session.execute(
        select(PlanInvoice.invoice_id, PlanInvoice.plan_id)
        .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
        .where(PlanInvoice.invoice_id.in_(invoice_ids), PaymentPlan.status.in_(SIGNED))
        .order_by(PlanInvoice.plan_id)
    )
    return {row.invoice_id: row.plan_id for row in rows}


def rounds(session: Session, plan_id: int) -> AnyRows:
    """What was proposed for a plan, the first proposal first."""
    return session.execute(
        select(
            PlanRound.id,
            PlanRound.side,
            PlanRound.shape,
            PlanRound.words,
            PlanRound.capacity,
            PlanRound.at,
            PlanRound.actor_kind,
            PlanRound.actor_id,
        )
        .where(PlanRound.plan_id == plan_id)
        .order_by(PlanRound.id)
    ).all()


def latest_shape(session: Session, plan_id: int) -> tuple[Shape, Side]:
    """What was proposed last, and by which side."""
    wanted = select(PlanRound.shape, PlanRound.side).where(PlanRound.plan_id == plan_id)
    row = session.execute(wanted.order_by(PlanRound.id.desc()).limit(1)).one()
    return msgspec.convert(row.shape, Shape, strict=False), row.side


def changes(session: Session, plan_id: int) -> AnyRows:
    """Every change of a plan's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(PlanChange.after, PlanChange.at, PlanChange.actor_kind, PlanChange.actor_id, PlanChange.why)
        .where(PlanChange.plan_id == plan_id)
        .order_by(PlanChange.id)
    ).all()


def grace_of(session: Session, plan_id: int) -> PlanGrace | None:
    """The plan's one offer of more time, if it was made."""
    return session.get(PlanGrace, plan_id)


def instalments(session: Session, plan_ids: Collection[int]) -> dict[int, list[Agreed]]:
    """The parts of these plans as they were signed, with the later days that they were given."""
    moves: dict[int, list[tuple[int, date]]] = defaultdict(list)
    moved = (
        select(InstalmentMove.instalment_id, InstalmentMove.after_id, InstalmentMove.due_on)
        .join(Instalment, Instalment.id == InstalmentMove.instalment_id)
        .where(Instalment.plan_id.in_(plan_ids))
        .order_by(InstalmentMove.id)
    )
    for row in session.execute(moved):
        moves[row.instalment_id].append((row.after_id, row.due_on))
    found: dict[int, list[Agreed]] = defaultdict(list)
    signed = select(
        Instalment.plan_id, Instalment.id, Instalment.number, Instalment.due_on, Instalment.amount_minor
    ).where(Instalment.plan_id.in_(plan_ids))
    for one in session.execute(signed.order_by(Instalment.plan_id, Instalment.number)):
        found[one.plan_id].append(Agreed(one.id, one.number, one.due_on, one.amount_minor, tuple(moves[one.id])))
    return found


def standings(session: Session, plan_ids: Collection[int], reopened_days: Mapping[int, int]) -> dict[int, Standing]:
    """How each of these signed plans stands now, in five queries however many they are.

    `reopened_days`, by plan: so long after something was taken back that it had covered, a part is due again.
    """
    heads = session.execute(
        select(PaymentPlan.id, PaymentPlan.account_id, PaymentPlan.currency, Account.time_zone)
        .join(Account, Account.id == PaymentPlan.account_id)
        .where(PaymentPlan.id.in_(plan_ids), PaymentPlan.signed_on.is_not(None))
    ).all()
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
    rows = session.execute(
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
        .select_from(PlanInvoice)
        .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
        .join(
            Allocation,
            and_(Allocation.invoice_id == PlanInvoice.invoice_id, Allocation.id > PaymentPlan.made_after_id),
        )
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .outerjoin(Payment, and_(CreditItem.kind == CreditKind.PAYMENT, Payment.public_id == CreditItem.source))
        .outerjoin(PlanPayment, and_(PlanPayment.payment_id == Payment.id, PlanPayment.plan_id == PlanInvoice.plan_id))
        .where(PlanInvoice.plan_id.in_(plan_ids))
        .order_by(Allocation.id)
    )
    found: dict[int, list[Settling]] = defaultdict(list)
    for row in rows:
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


def plannable(session: Session, account_id: int) -> AnyRows:
    """The account's open invoices that a plan can be made over, the oldest due first.

    What is contested is left out, and so is what is on a plan or may be settled for less.
    """
    held = held_parts(session, [account_id], CONTESTED | TAKEN)
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.amount_minor,
            Invoice.open_minor,
        )
        .where(Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .order_by(Invoice.due_on, Invoice.id)
    )
    return [row for row in rows if row.id not in held]
