"""Acts: what gives something away, in what it is measured, and how far each role goes alone where no policy says so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.shared.errors import N_
from domain.staff.model import Role
from domain.staff.permissions import Permission, may


class Act(StrEnum):
    """Something that gives money or time away, and how much of it depends on who does it."""

    CREDIT_NOTE = "credit_note"
    VOID_INVOICE = "void_invoice"
    REFUND = "refund"
    WAIVE_LATE_CHARGE = "waive_late_charge"
    EXTENSION = "extension"
    PROMISE = "promise"
    CREDIT_LIMIT = "credit_limit"
    LIFT_HOLD = "lift_hold"
    PLAN = "plan"
    PLAN_PAUSE = "plan_pause"
    SETTLEMENT = "settlement"
    HANDOFF = "handoff"
    HANDOFF_BARRED = "handoff_barred"
    WRITE_OFF = "write_off"


class Unit(StrEnum):
    """What an act is measured in: minor units of the business's currency, time, a share, or nothing (done or not)."""

    MONEY = "money"
    DAYS = "days"
    MONTHS = "months"
    PERCENT = "percent"
    ALL_OR_NOTHING = "all_or_nothing"


UNITS = dict.fromkeys(Act, Unit.MONEY) | {
    Act.EXTENSION: Unit.DAYS,
    Act.PROMISE: Unit.DAYS,
    Act.LIFT_HOLD: Unit.ALL_OR_NOTHING,
    Act.PLAN: Unit.MONTHS,
    Act.PLAN_PAUSE: Unit.DAYS,
    Act.SETTLEMENT: Unit.PERCENT,
    Act.HANDOFF_BARRED: Unit.ALL_OR_NOTHING,
}
"""The unit of each act."""

MOST_OF = {Unit.DAYS: 365, Unit.MONTHS: 120, Unit.PERCENT: 100}
"""The highest limit that is a number; above it, there is none."""

ACT_NAMES = {
    Act.CREDIT_NOTE: N_("Issue a credit note"),
    Act.VOID_INVOICE: N_("Withdraw an invoice"),
    Act.REFUND: N_("Refund a payment"),
    Act.WAIVE_LATE_CHARGE: N_("Waive a late charge"),
    Act.EXTENSION: N_("Set a later due date"),
    Act.PROMISE: N_("Write down a promise to pay"),
    Act.CREDIT_LIMIT: N_("Set a credit limit"),
    Act.LIFT_HOLD: N_("Lift a hold on credit"),
    Act.PLAN: N_("Agree to a payment plan"),
    Act.PLAN_PAUSE: N_("Pause a payment plan"),
    Act.SETTLEMENT: N_("Offer to settle for less"),
    Act.HANDOFF: N_("Hand a debt to an agency or an attorney"),
    Act.HANDOFF_BARRED: N_("Hand over a debt that can no longer be enforced"),
    Act.WRITE_OFF: N_("Write off a debt"),
}
"""What each act is called on the screen."""

DECIDING = (Role.COLLECTOR, Role.DISPUTE_HANDLER, Role.MANAGER)
"""The roles that a policy gives authority to: administrators decide over no money, auditors over nothing."""


def _usual(collector: int | None, dispute_handler: int | None, manager: int | None) -> dict[Role, int | None]:
    given = dict(zip(DECIDING, (collector, dispute_handler, manager), strict=True))
    return {role: given.get(role, 0) for role in Role}


USUAL_LIMITS: Mapping[Act, Mapping[Role, int | None]] = {
    Act.CREDIT_NOTE: _usual(500_00, 5_000_00, None),
    Act.VOID_INVOICE: _usual(0, 0, None),
    Act.REFUND: _usual(250_00, 1_000_00, None),
    Act.WAIVE_LATE_CHARGE: _usual(100_00, 500_00, None),
    Act.EXTENSION: _usual(14, 14, None),
    Act.PROMISE: _usual(21, 21, None),
    Act.CREDIT_LIMIT: _usual(5_000_00, 0, None),
    Act.LIFT_HOLD: _usual(0, 0, None),
    Act.PLAN: _usual(6, 0, None),
    Act.PLAN_PAUSE: _usual(31, 0, None),
    Act.SETTLEMENT: _usual(0, 0, None),
    Act.HANDOFF: _usual(0, 0, None),
    Act.HANDOFF_BARRED: _usual(0, 0, None),
    Act.WRITE_OFF: _usual(0, 0, None),
}
"""The most of one act where no policy says otherwise, in its unit; None is without limit, 0 is not at all."""

NEEDED: Mapping[Act, Permission] = {
    Act.CREDIT_NOTE: Permission.ISSUE_CREDIT_NOTE,
    Act.VOID_INVOICE: Permission.VOID_INVOICE,
    Act.REFUND: Permission.REFUND,
    Act.WAIVE_LATE_CHARGE: Permission.WAIVE_LATE_CHARGE,
    Act.EXTENSION: Permission.EXTEND_INVOICE,
    Act.PROMISE: Permission.RECORD_PROMISE,
    Act.CREDIT_LIMIT: Permission.DECIDE_CREDIT,
    Act.LIFT_HOLD: Permission.DECIDE_CREDIT,
    Act.PLAN: Permission.HANDLE_PLANS,
    Act.PLAN_PAUSE: Permission.HANDLE_PLANS,
    Act.SETTLEMENT: Permission.OFFER_SETTLEMENT,
    Act.HANDOFF: Permission.HAND_OFF,
    Act.HANDOFF_BARRED: Permission.HAND_OFF,
    Act.WRITE_OFF: Permission.WRITE_OFF,
}
"""The permission without which no authority helps."""


def deciding(act: Act) -> list[Role]:
    """The roles that can be given authority for an act."""
    return [role for role in DECIDING if may(role, NEEDED[act])]
