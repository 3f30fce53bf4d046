"""Told sentences: what the sections say that customers are told of, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.policies.phrases import As, Phrase, listed, number, one_of, yes_no
from domain.policies.plan_sentences import PLAN_PHRASES
from domain.policies.sections import (
    Band,
    Basis,
    DayCount,
    DueRule,
    Dunning,
    LateInterest,
    Part,
    RecoveryCost,
    Reference,
    Terms,
)
from domain.policies.step_sentences import each_step, step_changes
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

DUE = {
    DueRule.ACCOUNT: N_("Payment is due as agreed with each account."),
    DueRule.NET: N_("Payment is due within {n} days."),
    DueRule.END_OF_MONTH: N_("Payment is due at the end of the month of the invoice."),
    DueRule.AFTER_END_OF_MONTH: N_("Payment is due {n} days after the end of the month of the invoice."),
}
DUE_CHANGED = {
    DueRule.NET: N_("Payment is due within {n} days instead of {before}."),
    DueRule.AFTER_END_OF_MONTH: N_(
        "Payment is due {n} days after the end of the month of the invoice, instead of {before}."
    ),
}
INTEREST = {
    Reference.FIXED: N_("Late payment bears interest at {n} per cent a year."),
    Reference.BOE: N_(
        "Late payment bears interest at the Bank of England's base rate plus {n} percentage points a year."
    ),
    Reference.ECB_MRO: N_(
        "Late payment bears interest at the European Central Bank's main refinancing rate plus {n} percentage points "
        "a year."
    ),
    Reference.DE_BASE: N_(
        "Late payment bears interest at the German base rate (Basiszinssatz) plus {n} percentage points a year."
    ),
}
INTEREST_CHANGED = {
    Reference.FIXED: N_("Late payment bears interest at {n} per cent a year instead of {before}."),
    Reference.BOE: N_(
        "Late payment bears interest at the Bank of England's base rate plus {n} percentage points instead of {before}."
    ),
    Reference.ECB_MRO: N_(
        "Late payment bears interest at the European Central Bank's main refinancing rate plus {n} percentage points "
        "instead of {before}."
    ),
    Reference.DE_BASE: N_(
        "Late payment bears interest at the German base rate (Basiszinssatz) plus {n} percentage points instead of "
        "{before}."
    ),
}
TAKEN_ANEW = {
    Basis.FIXED_AT_START: N_("The base rate is that of the half-year in which interest starts to run."),
    Basis.FLOATING: N_("The base rate is taken anew on 1 January and on 1 July."),
}
YEARS = {
    DayCount.ACTUAL_365: N_("Interest is counted by the day, with 365 days to the year."),
    DayCount.ACTUAL_360: N_("Interest is counted by the day, with 360 days to the year."),
    DayCount.ACTUAL_ACTUAL: N_("Interest is counted by the day, with 366 days to a leap year and 365 to others."),
}
ORDERS = {
    (Part.COSTS, Part.INTEREST, Part.PRINCIPAL): N_("Money settles costs first, then interest, then the debt itself."),
    (Part.COSTS, Part.PRINCIPAL, Part.INTEREST): N_("Money settles costs first, then the debt itself, then interest."),
    (Part.INTEREST, Part.COSTS, Part.PRINCIPAL): N_("Money settles interest first, then costs, then the debt itself."),
    (Part.INTEREST, Part.PRINCIPAL, Part.COSTS): N_("Money settles interest first, then the debt itself, then costs."),
    (Part.PRINCIPAL, Part.COSTS, Part.INTEREST): N_("Money settles the debt itself first, then costs, then interest."),
    (Part.PRINCIPAL, Part.INTEREST, Part.COSTS): N_("Money settles the debt itself first, then interest, then costs."),
}
CURRENCY = N_("Recovery costs are in {currency}; invoices in another currency bear none.")


def _due(section: Terms, currency: str) -> list[Words]:
    return [Words.of(DUE[section.rule], **_days_of(section))]


def _due_changed(before: Terms, after: Terms, currency: str) -> list[Words]:
    if before.rule is not after.rule or after.rule not in DUE_CHANGED:
        return []
    return [Words.of(DUE_CHANGED[after.rule], n=after.days, before=before.days)]


def _days_of(section: Terms) -> dict[str, int]:
    return {"n": section.days} if section.rule in DUE_CHANGED else {}


def _interest(section: LateInterest, currency: str) -> list[Words]:
    return [Words.of(INTEREST[section.reference], n=section.margin)]


def _interest_changed(before: LateInterest, after: LateInterest, currency: str) -> list[Words]:
    if before.reference is not after.reference:
        return []
    return [Words.of(INTEREST_CHANGED[after.reference], n=after.margin, before=before.margin)]


def _taken_anew(section: LateInterest, currency: str) -> list[Words]:
    return [] if section.reference is Reference.FIXED else [Words.of(TAKEN_ANEW[section.basis])]


def _band(section: RecoveryCost, band: Band, currency: str) -> Words:
    amount = Money(band.amount_minor, section.currency)
    if len(section.bands) == 1 and band.below_minor is None:
        return Words.of(N_("Every overdue invoice costs {amount} once."), amount=amount)
    if band.below_minor is None:
        return Words.of(N_("An overdue invoice of any greater amount costs {amount} once."), amount=amount)
    below = Money(band.below_minor, section.currency)
    return Words.of(N_("An overdue invoice below {below} costs {amount} once."), below=below, amount=amount)


def _hears(section: Dunning, currency: str) -> list[Words]:
    """On which days somebody hears from us."""
    before = tuple(-step.day for step in section.steps if step.day < 0)
    after = tuple(step.day for step in section.steps if step.day > 0)
    found = []
    if before:
        found.append(Words.of(N_("Days before the due date on which customers hear from us: {days}."), days=before))
    if any(step.day == 0 for step in section.steps):
        found.append(Words.of(N_("Customers hear from us on the due date.")))
    if after:
        text = N_("Days after the due date on which customers who have not paid hear from us: {days}.")
        found.append(Words.of(text, days=after))
    return found


TOLD_PHRASES: Mapping[str, Sequence[Phrase]] = {
    "terms": (Phrase(("rule", "days"), _due, _due_changed),),
    "early_discount": (
        number(
            "percent",
            N_("Whoever pays early takes {n} per cent off."),
            N_("Whoever pays early takes {n} per cent off instead of {before}."),
        ),
        number(
            "days",
            N_("Early means within {n} days of the invoice's date."),
            N_("Early means within {n} days of the invoice's date instead of {before}."),
        ),
        number(
            "grace_days",
            N_("Days of grace after that, of which customers are not told: {n}."),
            N_("Days of grace after that, of which customers are not told: {n} instead of {before}."),
            inside=True,
        ),
        yes_no(
            "tax_in_base",
            N_("The discount is taken from the amount with tax."),
            N_("The discount is taken from the amount without tax."),
        ),
        yes_no(
            "corrects_tax",
            N_("The tax within the discount is corrected by a credit note."),
            N_("The discount leaves the tax as it was invoiced."),
        ),
        yes_no(
            "shares",
            N_("A part payment in time earns its share of the discount."),
            N_("Only payment in full earns the discount."),
        ),
        yes_no(
            "disputed_in_base",
            N_("The discount is taken from a disputed part too."),
            N_("A disputed part earns no discount."),
        ),
    ),
    "late_interest": (
        Phrase(("reference", "margin"), _interest, _interest_changed),
        Phrase(("basis",), _taken_anew),
        number(
            "floor",
            N_("The rate is never below {n} per cent a year."),
            N_("The rate is never below {n} per cent a year, instead of {before}."),
            none=N_("The rate has no lower bound."),
        ),
        one_of("day_count", YEARS),
        number(
            "grace_days",
            N_("It is charged once {n} days after the due date have passed, for these days too."),
            N_("It is charged once {n} days after the due date have passed, instead of {before}, for these days too."),
            special={0: N_("It is charged from the day after the due date, without days of grace.")},
        ),
        number(
            "charge_day",
            N_("It is charged on day {n} of each month, and when the debt is paid."),
            N_("It is charged on day {n} of each month instead of day {before}, and when the debt is paid."),
        ),
        number(
            "least_minor",
            N_("Less than {n} of interest is not charged."),
            N_("Less than {n} of interest is not charged; until now less than {before} was not."),
            special={0: N_("However little interest there is, it is charged.")},
            shown_as=As.MONEY,
        ),
        yes_no(
            "businesses_only",
            N_("Only businesses pay interest on late payment."),
            N_("Everybody pays interest on late payment, natural persons too."),
        ),
        yes_no(
            "on_disputed",
            N_("A disputed part bears interest too."),
            N_("A disputed part bears no interest while the dispute lasts."),
        ),
    ),
    "recovery_cost": (
        Phrase(("currency",), lambda section, currency: [Words.of(CURRENCY, currency=section.currency)]),
        listed("bands", _band),
        number(
            "grace_days",
            N_("Recovery costs are charged once {n} days after the due date have passed."),
            N_("Recovery costs are charged once {n} days after the due date have passed, instead of {before}."),
            special={0: N_("Recovery costs are charged as soon as an invoice is overdue.")},
        ),
        yes_no(
            "businesses_only",
            N_("Only businesses pay recovery costs."),
            N_("Everybody pays recovery costs, natural persons too."),
        ),
    ),
    "extensions": (
        number(
            "most_days",
            N_("Customers may set the due date of an invoice later themselves, once, by up to {n} days."),
            N_("Customers may set the due date of an invoice later by up to {n} days instead of {before}."),
        ),
        number(
            "most_minor",
            N_("They may do so for invoices of up to {n}."),
            N_("They may do so for invoices of up to {n} instead of {before}."),
            none=N_("They may do so for invoices of any amount."),
            shown_as=As.MONEY,
        ),
    ),
    "promises": (
        number(
            "most_days",
            N_("Customers may promise to pay within {n} days. Until that day they are not reminded."),
            N_("Customers may promise to pay within {n} days instead of {before}."),
        ),
        number(
            "least_percent",
            N_("A promise is for {n} per cent of what is open at least."),
            N_("A promise is for {n} per cent of what is open at least, instead of {before}."),
            special={100: N_("A promise is for all that is open.")},
        ),
        number(
            "most_broken",
            N_("After more than {n} broken promises in a year the next one is agreed with us."),
            N_("After more than {n} broken promises in a year, instead of {before}, the next one is agreed with us."),
            special={
                0: N_("After a broken promise the next one within a year is agreed with us."),
                1: N_("After a second broken promise in a year the next one is agreed with us."),
            },
        ),
    ),
    "dunning": (
        Phrase(("steps",), _hears),
        Phrase(("steps",), each_step, step_changes, inside=True),
        number(
            "least_minor",
            N_("Less than {n} is not chased."),
            N_("Less than {n} is not chased; until now less than {before} was not."),
            special={0: N_("However little is open, it is chased.")},
            shown_as=As.MONEY,
            inside=True,
        ),
        number(
            "escalate_day",
            N_("{n} days after the due day somebody decides what else to do."),
            N_("{n} days after the due day instead of {before} somebody decides what else to do."),
            none=N_("After the last step nobody is asked to decide what else to do."),
            inside=True,
        ),
    ),
    "courtesies": (
        yes_no(
            "invoices",
            N_("Every new invoice is sent to the customer."),
            N_("New invoices are not sent to customers."),
        ),
        yes_no(
            "statements",
            N_("Customers get a statement each month."),
            N_("Customers get no statement by themselves."),
        ),
        yes_no(
            "late_charges",
            N_("Customers are told of each charge for lateness."),
            N_("Customers are not told of charges for lateness."),
        ),
        yes_no(
            "card_expiring",
            N_("Customers are told before their saved card expires."),
            N_("Customers are not told that their saved card expires."),
        ),
        yes_no(
            "thanks",
            N_("Whoever has paid on time is thanked."),
            N_("Nobody is thanked for paying on time."),
            inside=True,
        ),
    ),
    "plans": PLAN_PHRASES,
    "allocation": (
        one_of("order", ORDERS),
        yes_no(
            "use_credit",
            N_("Unapplied credit is used for the next invoice by itself."),
            N_("Unapplied credit stays credit until somebody uses it."),
        ),
    ),
}
"""The phrases of each section that customers are told of, in the order in which they are read."""
