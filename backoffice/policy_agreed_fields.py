"""Policy agreed fields: what stands on the forms of plans, settlements and handing over, and what is said beside it."""

from __future__ import annotations

from backoffice.policy_kinds import BOUNDED_AT_NOTHING, Field, Kind
from domain.policies.plan_sentences import FREQUENCY_NAMES
from domain.policies.sections import PlanInterest
from domain.shared.errors import N_

PLAN_FIELDS = (
    Field(
        "most_months",
        Kind.NUMBER,
        N_("Months at most"),
        N_("Until the last instalment. What goes beyond this page waits for somebody with the authority."),
    ),
    Field(
        "persons_months",
        Kind.NUMBER,
        N_("Months at most for natural persons"),
        N_(
            "The shorter of both counts. In the United Kingdom, a plan of at most 12 instalments within 12 months "
            "that costs nothing is no regulated credit. Ask your lawyer."
        ),
    ),
    Field("most_instalments", Kind.NUMBER, N_("Instalments at most")),
    Field(
        "least_minor",
        Kind.MONEY,
        N_("Least instalment"),
        N_("Leave it empty for instalments of any amount."),
        is_optional=True,
    ),
    Field("least_down_percent", Kind.NUMBER, N_("Per cent of the debt to be paid at once, at least")),
    Field("most_minor", Kind.MONEY, N_("For debts of at most"), BOUNDED_AT_NOTHING, is_optional=True),
    Field("first_days", Kind.NUMBER, N_("Days until the first instalment, at most")),
    Field(
        "frequencies",
        Kind.BOXES,
        N_("Instalments may fall due"),
        options={each.value: words for each, words in FREQUENCY_NAMES.items()},
    ),
    Field(
        "on_business_days",
        Kind.YES,
        N_("Due on working days only"),
        N_("What would be due on a weekend or a holiday of the customer's country is due on the next working day."),
    ),
    Field(
        "interest",
        Kind.CHOICE,
        N_("Interest for lateness, while a plan is kept"),
        N_("What a plan bears is worked out when it is signed; the customer sees it before."),
        options={
            PlanInterest.STOPPED: N_("stops"),
            PlanInterest.CONTINUED: N_("goes on"),
            PlanInterest.CAPPED: N_("goes on, up to an amount"),
        },
    ),
    Field(
        "interest_cap_minor",
        Kind.MONEY,
        N_("The most interest that one plan bears"),
        N_("Only where interest goes on up to an amount."),
        is_optional=True,
    ),
    Field("asks_capacity", Kind.YES, N_("Ask customers what they can pay and when money comes in")),
    Field(
        "needs_method",
        Kind.YES,
        N_("A plan needs a saved card or bank account"),
        N_("Its instalments are collected from it. Plans that were signed on paper do without."),
    ),
    Field("offer_days", Kind.NUMBER, N_("Days after which a proposal without an answer lapses")),
    Field(
        "missed_days",
        Kind.NUMBER,
        N_("Days late after which more time is offered"),
        N_("Once for each plan. A payment that is on its way counts as made."),
    ),
    Field(
        "grace_days",
        Kind.NUMBER,
        N_("Days of that offer"),
        N_("What is missing then ends the plan, and all that is open is due."),
    ),
    Field(
        "reopened_days",
        Kind.NUMBER,
        N_("Days to pay again what a payment that goes back had paid"),
    ),
)
"""The fence of payment plans."""

SETTLEMENT_FIELDS = (
    Field("offer_days", Kind.NUMBER, N_("Days for which an offer stands")),
    Field(
        "patience_days",
        Kind.NUMBER,
        N_("Days that a part may be late"),
        N_("Money takes its time. After that the settlement is broken, and the whole debt stands again."),
    ),
    Field(
        "reopened_days",
        Kind.NUMBER,
        N_("Days to make a returned payment good"),
        N_("Where a payment goes back after all, what was given up is owed again; this long it can be put right."),
    ),
    Field(
        "corrects_tax",
        Kind.YES,
        N_("Corrects the tax"),
        N_("The tax within what is given up is taken back by a credit note. Ask your tax adviser."),
    ),
    Field(
        "letter_days_card",
        Kind.NUMBER,
        N_("Days until the letter that nothing more is owed, after a card payment"),
        N_("The letter says, too, that it does not hold where a payment goes back after all."),
    ),
    Field(
        "letter_days_debit",
        Kind.NUMBER,
        N_("Days until that letter, after a bank debit"),
        N_("Banks take debits back for weeks."),
    ),
    Field("letter_days_other", Kind.NUMBER, N_("Days until that letter, after any other payment")),
)
"""What offers to settle are, beside the rows of their brackets."""

HANDOFF_FIELDS = (
    Field("late_days", Kind.NUMBER, N_("Days late, at least"), N_("What is late for less stays with us.")),
    Field(
        "least_minor",
        Kind.MONEY,
        N_("Least amount"),
        N_("All that is to be handed over of one account together. Leave it empty for any amount."),
        is_optional=True,
    ),
    Field("least_notices", Kind.NUMBER, N_("Notices that went out before, at least")),
    Field(
        "after_final_notice",
        Kind.YES,
        N_("Only after a final notice"),
        N_("Whose last day is over. It says that the debt will be handed over otherwise."),
    ),
    Field("abroad", Kind.YES, N_("Customers in other countries as well")),
    Field(
        "most_upheld",
        Kind.NUMBER,
        N_("Disputes of the last twelve months in which the customer was right, at most"),
        N_("Leave it empty if that does not matter."),
        is_optional=True,
    ),
    Field(
        "recall_silent_days",
        Kind.NUMBER,
        N_("Taken back after so many days in which the partner said nothing"),
        N_(
            "Neither taken nor refused it, paid, written nor asked. Leave it empty if it may keep a debt until its "
            "term is over."
        ),
        is_optional=True,
    ),
)
"""What may be handed over, and when it is taken back."""
