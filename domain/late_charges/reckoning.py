"""Reckoning: what one overdue invoice bears by its terms as known now, and what of it is still to be charged; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.accounts.model import LegalForm
from domain.late_charges.model import ChargeKind
from domain.policies.interest import Change, Hold, Stretch, accrued, first_overdue, fixed_cost, total
from domain.policies.rates import RateTable
from domain.policies.sections import LateInterest, RecoveryCost
from domain.shared.money import Money, half_even
from domain.shared.months import day_of

NOT_BUSINESSES = frozenset({LegalForm.NATURAL_PERSON, LegalForm.UNKNOWN})
"""Whom rules for businesses do not reach; of whom we do not know it, it is not assumed."""


@dataclass(frozen=True, slots=True)
class Debt:
    """An issued invoice and all that late charges depend on, as known now.

    `account` and `number` are those that people know. `held` are the stops on its interest, `disputed` those that a
    dispute has put there. `charged` is what was charged less what was corrected: what was waived counts as charged, so
    that it does not come back.
    """

    account_id: int
    account: str
    invoice_id: int
    number: str
    legal_form: LegalForm
    principal: Money
    due_on: date
    version_id: int
    changes: Sequence[Change] = ()
    held: Sequence[Hold] = ()
    disputed: Sequence[Hold] = ()
    charged: dict[ChargeKind, Money] = field(default_factory=dict)
    charged_through: date | None = None
    """The last day through which interest was charged."""
    cost_was_charged: bool = False
    bears_no_more: bool = False
    """It was paid by a plan that was kept and that had agreed on the most interest: nothing comes on top of that."""

    def charged_so_far(self, kind: ChargeKind) -> Money:
        """What of a kind was charged, less what was corrected."""
        return self.charged.get(kind, Money.zero(self.principal.currency))

    def is_settled(self, through: date) -> bool:
        """Whether nothing of the principal is open at the end of a day."""
        return self.principal.minor + sum(change.minor for change in self.changes if change.day <= through) <= 0


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What has accrued of a kind through a day, as known now, and what is to be charged (or taken back) for it now."""

    debt: Debt
    kind: ChargeKind
    through: date
    accrued: Money
    rows: Sequence[Stretch]
    to_charge: Money


def is_reached(legal_form: LegalForm, rule: LateInterest | RecoveryCost) -> bool:
    """Whether a rule that may be for businesses only reaches a customer of that legal form."""
    return not (rule.businesses_only and legal_form in NOT_BUSINESSES)


def interest_through(debt: Debt, rule: LateInterest, through: date, table: RateTable) -> tuple[Money, list[Stretch]]:
    """The interest of a debt through a day, rounded once, with its rows; nothing while it is within its grace.

    Paid within the days of grace it bears none at all; after them it bears interest from its due day on. RateMissing.
    """
    nothing = Money.zero(debt.principal.currency)
    holds = _holds(debt, on_disputed=rule.on_disputed)
    if not is_reached(debt.legal_form, rule) or _overdue(debt, holds, rule.grace_days, through) is None:
        return nothing, []
    rows = accrued(
        rule, debt.principal, debt.due_on, debt.changes, after=debt.due_on, through=through, table=table, holds=holds
    )
    return Money(half_even(total(rows)), debt.principal.currency), rows


def cost_of(debt: Debt, rule: RecoveryCost, through: date) -> Money:
    """The recovery cost of a debt through a day: that of what was open when its days of grace were over."""
    overdue = _overdue(debt, _holds(debt, on_disputed=False), rule.grace_days, through)
    if overdue is None or not is_reached(debt.legal_form, rule):
        return Money.zero(debt.principal.currency)
    return fixed_cost(rule, overdue)


def cost_to_charge(debt: Debt, rule: RecoveryCost, through: date) -> Reckoned | None:
    """What is to be done about the recovery cost of a debt: charged once, as soon as its days of grace are over.

    What was charged and is not due by what is known now is taken back.
    """
    cost = cost_of(debt, rule, through)
    missing = cost - debt.charged_so_far(ChargeKind.RECOVERY_COST)
    if not missing or (missing.minor > 0 and debt.cost_was_charged):
        return None
    return Reckoned(debt, ChargeKind.RECOVERY_COST, through, cost, (), missing)


def interest_to_charge(
    debt: Debt, rule: LateInterest, through: date, table: RateTable, *, before: date
) -> Reckoned | None:
    """What is to be done about the interest of a debt on the day `through`, when days up to `before` have been done.

    It is charged on the charge day and when the principal is settled, where it comes to the least amount, and never
    twice for a day. What was charged beyond what is known now is taken back on any day. RateMissing.
    """
    interest, rows = interest_through(debt, rule, through, table)
    missing = interest - debt.charged_so_far(ChargeKind.INTEREST)
    if not missing or (
        missing.minor > 0 and (debt.bears_no_more or not _may_charge(debt, rule, missing, before, through))
    ):
        return None
    return Reckoned(debt, ChargeKind.INTEREST, through, interest, rows, missing)


def is_charge_day_after(before: date, through: date, charge_day: int) -> bool:
    """Whether a charge day lies after `before`, up to and with `through`; in a short month it is the last one."""
    this_month = day_of(through.year, through.month, charge_day)
    last_month = through.replace(day=1) - timedelta(days=1)
    return before < this_month <= through or before < day_of(last_month.year, last_month.month, charge_day)


def _may_charge(debt: Debt, rule: LateInterest, missing: Money, before: date, through: date) -> bool:
    charged = debt.charged_through or date.min
    if missing.minor < rule.least_minor or charged >= through:
        return False
    return debt.is_settled(through) or is_charge_day_after(max(before, charged), through, rule.charge_day)


def _holds(debt: Debt, *, on_disputed: bool) -> Sequence[Hold]:
    return debt.held if on_disputed else (*debt.held, *debt.disputed)


def _overdue(debt: Debt, holds: Sequence[Hold], grace_days: int, through: date) -> Money | None:
    return first_overdue(
        debt.principal, debt.changes, holds, after=debt.due_on + timedelta(days=grace_days), through=through
    )
