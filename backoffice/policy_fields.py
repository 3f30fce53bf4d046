"""Policy fields: what stands on the form of each section, what it is called and what is said beside it."""

from __future__ import annotations

from collections.abc import Mapping

from backoffice.policy_agreed_fields import HANDOFF_FIELDS, PLAN_FIELDS, SETTLEMENT_FIELDS
from backoffice.policy_kinds import BOUNDED_AT_NOTHING, Field, Kind
from domain.policies.sections import (
    Acceptance,
    Allocation,
    Basis,
    Courtesies,
    DayCount,
    DueRule,
    Dunning,
    EarlyDiscount,
    Extensions,
    Grades,
    Handoff,
    LateInterest,
    Limits,
    Part,
    Plans,
    Promises,
    RecoveryCost,
    Reference,
    Section,
    Settlements,
    Terms,
)
from domain.shared.errors import N_

FIELDS: Mapping[type[Section], tuple[Field, ...]] = {
    Terms: (
        Field(
            "rule",
            Kind.CHOICE,
            N_("Payment is due"),
            options={
                DueRule.ACCOUNT: N_("as agreed with each account"),
                DueRule.NET: N_("some days after the invoice's date"),
                DueRule.END_OF_MONTH: N_("at the end of the month of the invoice"),
                DueRule.AFTER_END_OF_MONTH: N_("some days after the end of that month"),
            },
        ),
        Field("days", Kind.NUMBER, N_("Days"), N_("Only where payment is due some days after something.")),
    ),
    EarlyDiscount: (
        Field("percent", Kind.PERCENT, N_("Discount in per cent"), N_("2 in “2/10 net 30”.")),
        Field(
            "days", Kind.NUMBER, N_("Days in which it is earned"), N_("10 in “2/10 net 30”, from the invoice's date.")
        ),
        Field(
            "grace_days",
            Kind.NUMBER,
            N_("Days of grace"),
            N_("A payment this much later still earns it; customers are not told."),
        ),
        Field(
            "tax_in_base", Kind.YES, N_("Taken from the amount with tax"), N_("Otherwise from the amount without tax.")
        ),
        Field(
            "corrects_tax",
            Kind.YES,
            N_("Corrects the tax"),
            N_("The tax within the discount is taken back by a credit note. Ask your tax adviser."),
        ),
        Field("shares", Kind.YES, N_("A part payment in time earns its share")),
        Field("disputed_in_base", Kind.YES, N_("Taken from a disputed part too")),
    ),
    LateInterest: (
        Field(
            "reference",
            Kind.CHOICE,
            N_("The rate follows"),
            options={
                Reference.FIXED: N_("no base rate: it is fixed"),
                Reference.BOE: N_("the Bank of England's base rate"),
                Reference.ECB_MRO: N_("the European Central Bank's main refinancing rate"),
                Reference.DE_BASE: N_("the German base rate (Basiszinssatz)"),
            },
        ),
        Field(
            "margin",
            Kind.PERCENT,
            N_("Per cent a year"),
            N_("The whole rate where it is fixed, otherwise what is added to the base rate."),
        ),
        Field(
            "basis",
            Kind.CHOICE,
            N_("The base rate is taken"),
            options={
                Basis.FIXED_AT_START: N_("once, for the half-year in which interest starts to run"),
                Basis.FLOATING: N_("anew on 1 January and on 1 July"),
            },
        ),
        Field("floor", Kind.PERCENT, N_("Never below, in per cent a year"), BOUNDED_AT_NOTHING, is_optional=True),
        Field(
            "day_count",
            Kind.CHOICE,
            N_("A year has"),
            options={
                DayCount.ACTUAL_365: N_("365 days"),
                DayCount.ACTUAL_360: N_("360 days"),
                DayCount.ACTUAL_ACTUAL: N_("366 days if it is a leap year, otherwise 365"),
            },
        ),
        Field(
            "grace_days",
            Kind.NUMBER,
            N_("Days of grace"),
            N_("Whoever pays within them pays no interest; after them it counts from the due date."),
        ),
        Field(
            "charge_day",
            Kind.NUMBER,
            N_("Day of the month on which it is charged"),
            N_("1 to 28. It is charged when the debt is paid, too."),
        ),
        Field(
            "least_minor",
            Kind.MONEY,
            N_("Least amount that is charged"),
            N_("Leave it empty to charge every amount."),
            is_optional=True,
        ),
        Field(
            "businesses_only",
            Kind.YES,
            N_("Only businesses pay it"),
            N_("Sole traders count as businesses; natural persons, and accounts of unknown legal form, do not."),
        ),
        Field("on_disputed", Kind.YES, N_("A disputed part bears interest too")),
    ),
    RecoveryCost: (
        Field("currency", Kind.CODE, N_("Currency"), N_("Invoices in another currency bear none.")),
        Field(
            "grace_days", Kind.NUMBER, N_("Days of grace"), N_("Days after the due date in which nothing is charged.")
        ),
        Field("businesses_only", Kind.YES, N_("Only businesses pay them")),
    ),
    Extensions: (
        Field(
            "most_days",
            Kind.NUMBER,
            N_("Days at most"),
            N_("Customers may set the due date of an invoice this much later themselves, once."),
        ),
        Field("most_minor", Kind.MONEY, N_("For invoices of at most"), BOUNDED_AT_NOTHING, is_optional=True),
    ),
    Promises: (
        Field(
            "most_days",
            Kind.NUMBER,
            N_("Days ahead at most"),
            N_(
                "Counted from today or the due day, whichever is later; where the day is moved, from the first promise."
            ),
        ),
        Field("least_percent", Kind.NUMBER, N_("Per cent of what is open at least")),
        Field(
            "most_broken",
            Kind.NUMBER,
            N_("Broken promises in twelve months at most"),
            N_("After more of them only staff write down the next one."),
        ),
    ),
    Dunning: (
        Field(
            "least_minor",
            Kind.MONEY,
            N_("Least amount that is chased"),
            N_("All that is due at once counts together. Leave it empty to chase every amount."),
            is_optional=True,
        ),
        Field(
            "escalate_day",
            Kind.NUMBER,
            N_("Days after the due day on which somebody decides what else to do"),
            N_("After the last step. Leave it empty if nobody is to be asked."),
            is_optional=True,
        ),
    ),
    Courtesies: (
        Field("invoices", Kind.YES, N_("Every new invoice is sent to the customer")),
        Field("statements", Kind.YES, N_("A statement each month")),
        Field("late_charges", Kind.YES, N_("A word on each charge for lateness")),
        Field("card_expiring", Kind.YES, N_("A word before the saved card expires")),
        Field("thanks", Kind.YES, N_("Thanks for paying on time")),
    ),
    Plans: PLAN_FIELDS,
    Settlements: SETTLEMENT_FIELDS,
    Handoff: HANDOFF_FIELDS,
    Limits: (
        Field(
            "limit_minor",
            Kind.MONEY,
            N_("Limit of an account that has none of its own"),
            N_("Leave it empty for credit without limit."),
            is_optional=True,
        ),
        Field("hold_above_limit", Kind.YES, N_("Above the limit, credit is on hold")),
        Field(
            "hold_overdue_days",
            Kind.NUMBER,
            N_("On hold where something is overdue by more than, in days"),
            N_("Leave it empty if being overdue puts nothing on hold."),
            is_optional=True,
        ),
        Field(
            "hold_overdue_least_minor",
            Kind.MONEY,
            N_("Overdue amounts that count, from"),
            N_("Leave it empty to count every amount."),
            is_optional=True,
        ),
        Field(
            "check_months",
            Kind.NUMBER,
            N_("Months that a credit check is good for"),
            N_("Leave it empty if checks are not needed."),
            is_optional=True,
        ),
    ),
    Grades: (
        Field("best", Kind.NUMBER, N_("Grade A: weighted days late, up to")),
        Field("good", Kind.NUMBER, N_("Grade B: up to")),
        Field("fair", Kind.NUMBER, N_("Grade C: up to"), N_("Above that, grade D.")),
        Field(
            "warn_days",
            Kind.NUMBER,
            N_("Warn when payments come later by, in days"),
            N_("Compared with the quarter before."),
        ),
    ),
    Allocation: (
        Field(
            "order",
            Kind.CHOICE,
            N_("Money without instruction settles, within one debt"),
            N_("The oldest debt comes first; what the payer says goes before all of this."),
            options={
                "costs,interest,principal": N_("costs, then interest, then the debt itself"),
                "costs,principal,interest": N_("costs, then the debt itself, then interest"),
                "interest,costs,principal": N_("interest, then costs, then the debt itself"),
                "interest,principal,costs": N_("interest, then the debt itself, then costs"),
                "principal,costs,interest": N_("the debt itself, then costs, then interest"),
                "principal,interest,costs": N_("the debt itself, then interest, then costs"),
            },
        ),
        Field("use_credit", Kind.YES, N_("Use unapplied credit for the next invoice by itself")),
    ),
    Acceptance: (
        Field(
            "asked", Kind.YES, N_("Customers are asked to accept"), N_("Otherwise the terms hold from their first day.")
        ),
        Field(
            "told_is_enough",
            Kind.YES,
            N_("Being told is enough"),
            N_("The terms hold for new invoices once the account was told of them, accepted or not."),
        ),
        Field(
            "remind_after_days",
            Kind.DAYS,
            N_("Remind after days"),
            N_("Such as 7, 21. Leave it empty to remind nobody."),
            is_optional=True,
        ),
    ),
}
"""The fields of each section that are not rows, in the order in which they are asked."""

ABOUT = {
    "terms": N_("When an invoice is due. What an account has of its own rules where this is off."),
    "early_discount": N_("What customers save who pay early. They see it, with its last day, wherever they decide."),
    "late_interest": N_("What late payment costs. Start from a law's profile where one applies to you."),
    "recovery_cost": N_("A fixed amount for each overdue invoice, once, by its size."),
    "extensions": N_("How far customers may help themselves when they need more time."),
    "promises": N_("Which day customers may promise to pay on. Until then they are not reminded."),
    "dunning": N_("Who is reminded when, by what and in which words. Calls and letters are steps like emails."),
    "courtesies": N_("What customers are told that asks for nothing."),
    "plans": N_("Which payment plans customers agree to alone. What goes beyond waits for somebody's answer."),
    "settlements": N_("How much of an old debt may be given up, so that the rest is paid. Customers do not read this."),
    "handoff": N_("Which debts may be handed to an agency or an attorney, each on somebody's decision."),
    "limits": N_("How much credit an account has, and what puts new credit on hold."),
    "scorecard": N_("How an application for credit is judged: points for what is known, and what they lead to."),
    "grades": N_("How payment behaviour is graded, by days late weighted by amount."),
    "allocation": N_("What becomes of money that comes without instruction."),
    "acceptance": N_("Whether customers are asked to accept these terms, and how often they are reminded."),
    "authority": N_("How far each role may go alone. Beyond it, whoever may is named or asked."),
}
"""What each section is for."""

ORDER_SEPARATOR = ","


def order_key(order: tuple[Part, ...]) -> str:
    """The option that stands for an order of parts."""
    return ORDER_SEPARATOR.join(order)
