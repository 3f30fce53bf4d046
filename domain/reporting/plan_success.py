"""Plan success: of the payment plans signed in a period, how many were kept and what came in, by the shape they had.

Each number counts the very plans that it opens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.plans.model import Instalment, PaymentPlan, PlanChange, PlanRound, PlanStatus
from domain.plans.rules import stand
from domain.policies.sections import Frequency
from domain.reporting.periods import check_period
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_
from domain.shared.money import Money

BATCH = 500
"""So many plans are looked at together."""
BANDS = ((1, 3), (4, 6), (7, 12), (13, None))
"""The steps of the number of instalments: from so many to so many (None: or more)."""


class Outcome(StrEnum):
    """What has become of a signed plan; one that was broken once counts as broken, even if it was paid afterwards."""

    WAITING = "waiting"
    RUNNING = "running"
    KEPT = "kept"
    DEFAULTED = "defaulted"
    REPLACED = "replaced"
    NOT_RUN = "not_run"


OUTCOME_NAMES = {
    Outcome.WAITING: N_("Signed, about to start"),
    Outcome.RUNNING: N_("Running"),
    Outcome.KEPT: N_("Kept to the end"),
    Outcome.DEFAULTED: N_("Defaulted"),
    Outcome.REPLACED: N_("Replaced by another plan"),
    Outcome.NOT_RUN: N_("Never started, or cancelled"),
}
"""What each outcome is called."""
_OUTCOMES = {
    PlanStatus.ACCEPTED: Outcome.WAITING,
    PlanStatus.ACTIVE: Outcome.RUNNING,
    PlanStatus.PAUSED: Outcome.RUNNING,
    PlanStatus.COMPLETED: Outcome.KEPT,
    PlanStatus.DEFAULTED: Outcome.DEFAULTED,
    PlanStatus.SUPERSEDED: Outcome.REPLACED,
}
WITH_MONEY = frozenset({Outcome.RUNNING, Outcome.KEPT, Outcome.DEFAULTED})
"""The money of a plan that another has replaced is told of that one; one that waits for its start has none yet."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of plan: how many instalments, in which rhythm, and whether something was to be paid at once."""

    least: int
    most: int | None
    frequency: Frequency
    has_down: bool

    @property
    def key(self) -> str:
        """Names it in an address."""
        return f"{self.least}-{self.frequency}-{'down' if self.has_down else 'plain'}"


@dataclass(frozen=True, slots=True)
class Made:
    """One plan that was signed; `came` is what of `agreed` has come in by now."""

    plan_id: int
    account_id: int
    account_name: str
    signed_on: date
    kind: Kind
    outcome: Outcome
    agreed: Money
    came: Money


@dataclass(frozen=True, slots=True)
class Success:
    """How the plans of one kind went; money by currency, without plans that were replaced or never ran."""

    kind: Kind
    made: Sequence[Made]

    def many(self, outcome: Outcome) -> int:
        """How many of them came to this."""
        return sum(each.outcome is outcome for each in self.made)

    @property
    def share(self) -> Decimal | None:
        """The per cent of those that have come to an end which were kept; None where none has."""
        kept, defaulted = self.many(Outcome.KEPT), self.many(Outcome.DEFAULTED)
        return Decimal(100 * kept) / (kept + defaulted) if kept + defaulted else None

    @property
    def money(self) -> list[tuple[Money, Money]]:
        """What was agreed, and what of it has come in, in each currency."""
        sums: dict[str, tuple[Money, Money]] = {}
        for each in self.made:
            if each.outcome in WITH_MONEY:
                agreed, came = sums.get(each.agreed.currency, (Money.zero(each.agreed.currency),) * 2)
                sums[each.agreed.currency] = (agreed + each.agreed, came + each.came)
        return [sums[currency] for currency in sorted(sums)]


def signed_in(session: Session, first: date, last: date) -> list[Made]:
    """Every plan that was signed from `first` through `last`, the newest first. Invalid for an impossible period."""
    check_period(first, last)
    rows = session.execute(
        select(
            PaymentPlan.id,
            PaymentPlan.account_id,
            PaymentPlan.status,
            PaymentPlan.currency,
            PaymentPlan.signed_on,
            PaymentPlan.total_minor,
            Account.name.label("account_name"),
        )
        .join(Account, Account.id == PaymentPlan.account_id)
        .where(PaymentPlan.signed_on.between(first, last))
        .order_by(PaymentPlan.id.desc())
    ).all()
    starts = range(0, len(rows), BATCH)
    return [made for start in starts for made in _made(session, rows[start : start + BATCH])]


def by_kind(made: Sequence[Made]) -> list[Success]:
    """How each kind of plan went, those with the fewest instalments first."""
    found: dict[Kind, list[Made]] = defaultdict(list)
    for each in made:
        found[each.kind].append(each)
    order = list(Frequency)
    kinds = sorted(found, key=lambda kind: (kind.least, order.index(kind.frequency), kind.has_down))
    return [Success(kind, found[kind]) for kind in kinds]


def _made(session: Session, rows: AnyRows) -> list[Made]:
    ids = [row.id for row in rows]
    kinds = _kinds(session, ids)
    standing = stand(session, ids)
    broken = set(
        session.scalars(
            select(PlanChange.plan_id).where(PlanChange.plan_id.in_(ids), PlanChange.after == PlanStatus.DEFAULTED)
        )
    )
    return [
        Made(
            plan_id=row.id,
            account_id=row.account_id,
            account_name=row.account_name,
            signed_on=row.signed_on,
            kind=kinds[row.id],
            outcome=Outcome.DEFAULTED if row.id in broken else _OUTCOMES.get(row.status, Outcome.NOT_RUN),
            agreed=standing[row.id].total,
            came=standing[row.id].covered,
        )
        for row in rows
    ]


def _kinds(session: Session, plan_ids: Sequence[int]) -> dict[int, Kind]:
    """The kind of each of these plans, by its parts and the shape that was proposed last."""
    last = select(func.max(PlanRound.id)).where(PlanRound.plan_id.in_(plan_ids)).group_by(PlanRound.plan_id)
    shapes = session.execute(select(PlanRound.plan_id, PlanRound.shape).where(PlanRound.id.in_(last)))
    frequencies = {row.plan_id: Frequency(row.shape["frequency"]) for row in shapes}
    parts = session.execute(
        select(
            Instalment.plan_id,
            func.max(Instalment.number).label("most"),
            func.min(Instalment.number).label("least"),
        )
        .where(Instalment.plan_id.in_(plan_ids))
        .group_by(Instalment.plan_id)
    )
    found = {}
    for row in parts:
        least, most = next(band for band in BANDS if band[1] is None or row.most <= band[1])
        found[row.plan_id] = Kind(least, most, frequencies[row.plan_id], row.least == 0)
    return found
