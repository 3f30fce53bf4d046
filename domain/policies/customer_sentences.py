"""Customer sentences: what a customer reads where the words for staff speak of customers as of somebody else."""

from __future__ import annotations

from collections.abc import Mapping

from domain.shared.errors import N_
from domain.shared.words import Words

TO_CUSTOMERS: Mapping[str, str | None] = {
    "Extensions by the customer": N_("Paying an invoice later"),
    "What money settles first": N_("What your money settles first"),
    "Payment terms: none of its own; payment is due as agreed with each account.": N_(
        "Payment is due as agreed with you."
    ),
    "Payment is due as agreed with each account.": N_("Payment is due as agreed with you."),
    "The rate has no lower bound.": None,
    "Whoever pays early takes {n} per cent off.": N_("If you pay early, you take {n} per cent off."),
    "Whoever pays early takes {n} per cent off instead of {before}.": N_(
        "If you pay early, you take {n} per cent off instead of {before}."
    ),
    "Everybody pays interest on late payment, natural persons too.": N_(
        "Everybody pays interest on late payment, private persons too."
    ),
    "Everybody pays recovery costs, natural persons too.": N_("Everybody pays recovery costs, private persons too."),
    "Customers cannot set a due date later themselves.": N_("You can no longer set a due date later yourself."),
    "Customers may set the due date of an invoice later themselves, once, by up to {n} days.": N_(
        "You may set the due date of an invoice later yourself, once, by up to {n} days."
    ),
    "Customers may set the due date of an invoice later by up to {n} days instead of {before}.": N_(
        "You may set the due date of an invoice later by up to {n} days instead of {before}."
    ),
    "They may do so for invoices of up to {n}.": N_("You may do so for invoices of up to {n}."),
    "They may do so for invoices of up to {n} instead of {before}.": N_(
        "You may do so for invoices of up to {n} instead of {before}."
    ),
    "They may do so for invoices of any amount.": N_("You may do so for invoices of any amount."),
    "Customers cannot promise a day to pay themselves.": N_("You can no longer promise a day to pay on this site."),
    "Customers may promise to pay within {n} days. Until that day they are not reminded.": N_(
        "You may promise to pay within {n} days. Until that day you are not reminded."
    ),
    "Customers may promise to pay within {n} days instead of {before}.": N_(
        "You may promise to pay within {n} days instead of {before}."
    ),
    "Reminders": N_("When you hear from us"),
    "What else customers are told": N_("What else we tell you"),
    "Nobody is reminded of what is due.": N_("We do not remind you of what is due."),
    "Customers are told nothing but reminders.": N_("We tell you nothing but reminders."),
    "Days before the due date on which customers hear from us: {days}.": N_(
        "Days before the due date on which you hear from us: {days}."
    ),
    "Customers hear from us on the due date.": N_("You hear from us on the due date."),
    "Days after the due date on which customers who have not paid hear from us: {days}.": N_(
        "Days after the due date on which you hear from us if you have not paid: {days}."
    ),
    "Every new invoice is sent to the customer.": N_("We send you every new invoice."),
    "New invoices are not sent to customers.": N_("We do not send you new invoices: you find them on this site."),
    "Customers get a statement each month.": N_("You get a statement each month."),
    "Customers get no statement by themselves.": None,
    "Customers are told of each charge for lateness.": N_("We tell you of each charge for lateness."),
    "Customers are not told of charges for lateness.": None,
    "Customers are told before their saved card expires.": N_("We tell you before your saved card expires."),
    "Customers are not told that their saved card expires.": None,
    "Customers cannot agree to a payment plan themselves, and staff cannot offer one.": N_(
        "New payment plans are no longer made."
    ),
    "Customers may agree to a payment plan over up to {n} months themselves.": N_(
        "You may agree to a payment plan over up to {n} months on this site."
    ),
    "For natural persons it is up to {n} months.": N_("For private persons it is up to {n} months."),
    "Customers are asked what they can pay and when money comes in.": N_(
        "When you ask for a plan, we ask what you can pay and when money comes in."
    ),
    "Customers are not asked what they can pay.": None,
    "Unapplied credit is used for the next invoice by itself.": N_(
        "Credit that you have with us is used for your next invoice by itself."
    ),
    "Unapplied credit stays credit until somebody uses it.": N_(
        "Credit that you have with us stays until somebody uses it."
    ),
    "Money without instruction settles the oldest debt first, and costs and interest before the debt.": N_(
        "Where you do not say what you pay, the oldest debt comes first, and costs and interest before the debt."
    ),
}
"""By the sentence that staff read: what the customer reads instead, with the same placeholders; None for nothing."""


def to_customer(text: str) -> str:
    """A name as a customer reads it."""
    return TO_CUSTOMERS.get(text) or text


def all_to_customer(sentences: list[Words]) -> list[Words]:
    """Sentences as a customer reads them."""
    told = ((TO_CUSTOMERS.get(words.text, words.text), words.params) for words in sentences)
    return [Words(text, params) for text, params in told if text is not None]
