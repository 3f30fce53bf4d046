"""Sections: what a policy version can rule, each with a schema of its own; one that a version lacks is off."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from domain.policies.acts import Act
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.errors import N_
from domain.shared.hashing import canonical
from domain.staff.model import Role


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One part of a version; `schema` is the number of the form that its values were written in."""

    schema: int = 1


class DueRule(StrEnum):
    """From what the due day of an invoice is reckoned."""

    ACCOUNT = "account"
    NET = "net"
    END_OF_MONTH = "end_of_month"
    AFTER_END_OF_MONTH = "after_end_of_month"


class Terms(Section, frozen=True, kw_only=True):
    """When an invoice is due: by the account's own days, `days` after issue, at the month's end, or days after that."""

    rule: DueRule = DueRule.ACCOUNT
    days: int = 30


class EarlyDiscount(Section, frozen=True, kw_only=True):
    """`percent` off for whoever pays within `days` of issue (and `grace_days` more that nobody is told of).

    `tax_in_base`: percent of the gross amount, else of the net one. `corrects_tax`: the tax within the discount is
    taken back as well. `shares`: a part payment in time earns its share. `disputed_in_base`: also of a disputed part.
    """

    percent: Decimal
    days: int
    grace_days: int = 0
    tax_in_base: bool = True
    corrects_tax: bool = True
    shares: bool = False
    disputed_in_base: bool = False


class Reference(StrEnum):
    """The published rate that interest follows; FIXED follows none."""

    FIXED = "fixed"
    BOE = "boe"
    ECB_MRO = "ecb_mro"
    DE_BASE = "de_basiszinssatz"


class Basis(StrEnum):
    """Whether the reference rate is taken once, when interest starts to run, or anew for each half-year."""

    FIXED_AT_START = "fixed_at_start"
    FLOATING = "floating_half_yearly"


class DayCount(StrEnum):
    """How many days the year of a yearly rate has."""

    ACTUAL_365 = "actual_365"
    ACTUAL_360 = "actual_360"
    ACTUAL_ACTUAL = "actual_actual"


class LateInterest(Section, frozen=True, kw_only=True):
    """Simple interest on what is overdue, at the reference rate plus `margin`, both in per cent a year.

    Charged once `grace_days` after the due day have passed, from the due day on; on `charge_day` of each month and
    when the principal is paid, where at least `least_minor` is not yet charged. `floor` is the least total rate.
    """

    reference: Reference = Reference.FIXED
    margin: Decimal
    basis: Basis = Basis.FLOATING
    floor: Decimal | None = None
    day_count: DayCount = DayCount.ACTUAL_365
    grace_days: int = 0
    charge_day: int = 1
    least_minor: int = 0
    businesses_only: bool = False
    on_disputed: bool = False


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fixed cost for debts of less than `below_minor` (None: of any size)."""

    amount_minor: int
    below_minor: int | None = None


class RecoveryCost(Section, frozen=True, kw_only=True):
    """What each overdue invoice costs on top, once, by its size; in `currency`, so that it holds for no other."""

    currency: str
    bands: tuple[Band, ...]
    grace_days: int = 0
    businesses_only: bool = True


class Extensions(Section, frozen=True, kw_only=True):
    """How much later a customer may set a due day alone: by at most `most_days`, once an invoice."""

    most_days: int
    most_minor: int | None = None


class Promises(Section, frozen=True, kw_only=True):
    """What a customer may promise alone: a day up to `most_days` ahead, for at least a share of what is open.

    Not once more than `most_broken` promises of the past twelve months were broken.
    """

    most_days: int
    least_percent: int = 100
    most_broken: int = 1


class Limits(Section, frozen=True, kw_only=True):
    """The limit of an account that has none of its own, and what puts new credit on hold."""

    limit_minor: int | None = None
    hold_above_limit: bool = True
    hold_overdue_days: int | None = None
    hold_overdue_least_minor: int = 0
    check_months: int | None = None


class Trait(StrEnum):
    """What the scorecard weighs."""

    CHECK_SCORE = "check_score"
    PAYMENT_DELAY = "payment_delay"
    YEARS_TRADING = "years_trading"
    REFERENCES = "references"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`points` from `least` of a trait on."""

    least: Decimal
    points: int


class Weighed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The steps of one trait, and the points where nothing is known of it."""

    trait: Trait
    steps: tuple[Step, ...]
    unknown: int = 0


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `least` points on: a limit of `share` per cent of what was asked for, at most `most_minor`, and terms."""

    least: int
    share: int
    most_minor: int
    terms_days: int


class Scorecard(Section, frozen=True, kw_only=True):
    """How points are given, and what they lead to; below the least outcome nothing is proposed."""

    weighed: tuple[Weighed, ...]
    outcomes: tuple[Outcome, ...]


class Grades(Section, frozen=True, kw_only=True):
    """Weighted days late up to which an account is graded A, B and C (D above), and what change is worth a warning."""

    best: int = 5
    good: int = 15
    fair: int = 30
    warn_days: int = 10


class Part(StrEnum):
    """The parts of one debt, in the order in which money without instruction settles them."""

    COSTS = "costs"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Allocation(Section, frozen=True, kw_only=True):
    """How money without instruction settles debts: the oldest due first, and within one debt in this order."""

    order: tuple[Part, ...] = (Part.COSTS, Part.INTEREST, Part.PRINCIPAL)
    use_credit: bool = False


class Acceptance(Section, frozen=True, kw_only=True):
    """Whether customers are asked to accept; whether being told of a version is enough; when they are reminded."""

    asked: bool = True
    told_is_enough: bool = True
    remind_after_days: tuple[int, ...] = (7, 21)


class DunningStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is sent `day` days after the due day (before it where negative), by what, to whom, in which words.

    Where `approve`, a person looks at it first. At least `gap_days` lie between it and the notice before it. It asks
    for payment within `act_days`. `sender` signs it; where empty, the business does.
    """

    day: int
    channel: Channel
    wording: Wording
    recipient: Recipient = Recipient.CONTACT
    approve: bool = False
    gap_days: int = 0
    act_days: int = 7
    sender: str = ""


class Dunning(Section, frozen=True, kw_only=True):
    """The sequence of notices for what is due, by ascending day; `least_minor` is the least that is chased.

    On `escalate_day` after the due day somebody is asked to decide on what else to do; None: nobody is.
    """

    steps: tuple[DunningStep, ...]
    least_minor: int = 0
    escalate_day: int | None = None


class Frequency(StrEnum):
    """How often the instalments of a plan fall due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    TWICE_A_MONTH = "twice_a_month"
    MONTHLY = "monthly"


FREQUENCY_NAMES = {
    Frequency.WEEKLY: N_("Every week"),
    Frequency.FORTNIGHTLY: N_("Every two weeks"),
    Frequency.TWICE_A_MONTH: N_("Twice a month"),
    Frequency.MONTHLY: N_("Every month"),
}
"""What each rhythm is called on the screen."""


class PlanInterest(StrEnum):
    """What a plan's invoices bear while it lives: nothing, interest reckoned at signing, or that up to a cap."""

    STOPPED = "stopped"
    CONTINUED = "continued"
    CAPPED = "capped"


class Plans(Section, frozen=True, kw_only=True):
    """The fence of payment plans: what customers agree alone; beyond it somebody with the authority decides.

    At most `most_instalments` of at least `least_minor` each, over at most `most_months`, the first one within
    `first_days`; at least `least_down_percent` at once; for a debt of at most `most_minor`. `persons_months` is the
    longest for a natural person. An instalment that is missed for `missed_days` brings one offer of `grace_days`
    more, and then default. What a returned payment uncovers again is due `reopened_days` later.
    """

    most_months: int
    most_instalments: int = 12
    persons_months: int = 12
    least_minor: int = 0
    least_down_percent: int = 0
    most_minor: int | None = None
    first_days: int = 31
    frequencies: tuple[Frequency, ...] = tuple(Frequency)
    on_business_days: bool = True
    interest: PlanInterest = PlanInterest.STOPPED
    interest_cap_minor: int = 0
    asks_capacity: bool = False
    needs_method: bool = True
    offer_days: int = 14
    missed_days: int = 5
    grace_days: int = 7
    reopened_days: int = 14


class Bracket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of debts at least `late_days` late and of less than `below_minor` (None: any), so much may be given up.

    At most `most_percent` per cent, paid in at most `most_parts` monthly parts.
    """

    late_days: int
    most_percent: int
    most_parts: int = 1
    below_minor: int | None = None


class Settlements(Section, frozen=True, kw_only=True):
    """What may be given up to settle a debt, by its age and size; offers stand for `offer_days`.

    A part may come up to `patience_days` after its day before the settlement is broken. What a returned payment opens
    again is due `reopened_days` later. `corrects_tax`: the tax within what is given up is taken back as well. The
    letter that nothing is owed any more goes once the last money has been here for so many days, by how it came.
    """

    brackets: tuple[Bracket, ...]
    offer_days: int = 14
    patience_days: int = 5
    reopened_days: int = 14
    corrects_tax: bool = True
    letter_days_card: int = 0
    letter_days_debit: int = 14
    letter_days_other: int = 3


class Handoff(Section, frozen=True, kw_only=True):
    """When a debt may be handed to an agency or an attorney; who has the authority decides each time.

    Invoices at least `late_days` late that come to at least `least_minor`, after at least `least_notices` notices and,
    where `after_final_notice`, once the day is over that a final notice named. `abroad`: customers in other countries
    as well. At most `most_upheld` disputes of the last twelve months were found to be right (None: however many).
    What a partner says nothing about for `recall_silent_days` is taken back (None: not before its term is over).
    """

    late_days: int = 60
    least_minor: int = 0
    least_notices: int = 3
    after_final_notice: bool = True
    abroad: bool = True
    most_upheld: int | None = None
    recall_silent_days: int | None = None


class Courtesies(Section, frozen=True, kw_only=True):
    """What customers are told beside reminders: each new invoice, a monthly statement, charges for lateness, thanks."""

    invoices: bool = True
    statements: bool = False
    late_charges: bool = True
    card_expiring: bool = True
    thanks: bool = True


class Authority(Section, frozen=True, kw_only=True):
    """How far each role may go alone, in the unit of the act; None is without limit, 0 is not at all."""

    limits: dict[Act, dict[Role, int | None]]


class Sections(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All that a version rules."""

    terms: Terms | None = None
    early_discount: EarlyDiscount | None = None
    late_interest: LateInterest | None = None
    recovery_cost: RecoveryCost | None = None
    extensions: Extensions | None = None
    promises: Promises | None = None
    dunning: Dunning | None = None
    courtesies: Courtesies | None = None
    plans: Plans | None = None
    settlements: Settlements | None = None
    handoff: Handoff | None = None
    limits: Limits | None = None
    scorecard: Scorecard | None = None
    grades: Grades | None = None
    allocation: Allocation | None = None
    acceptance: Acceptance | None = None
    authority: Authority | None = None


def stored(sections: Sections) -> dict[str, Any]:
    """The sections as a JSON column keeps them; the same sections always give the same."""
    plain: dict[str, Any] = msgspec.to_builtins(sections, order="sorted")
    return plain


def digest(sections: Sections) -> str:
    """SHA-256 of the sections as they are stored, in hexadecimal digits."""
    return sha256(canonical(stored(sections)).encode()).hexdigest()


def sections_of(plain: dict[str, Any]) -> Sections:
    """The sections again; msgspec.ValidationError where they were not written by `stored`."""
    return msgspec.convert(plain, Sections, strict=False)
