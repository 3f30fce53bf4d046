"""Sentences: what every section is called, what it means that it is off, and what its fields say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.policies.inner_sentences import INNER_PHRASES
from domain.policies.phrases import Phrase
from domain.policies.told_sentences import TOLD_PHRASES
from domain.shared.errors import N_

SECTION_NAMES = {
    "terms": N_("Payment terms"),
    "early_discount": N_("Early-payment discount"),
    "late_interest": N_("Late interest"),
    "recovery_cost": N_("Recovery costs"),
    "extensions": N_("Extensions by the customer"),
    "promises": N_("Promises to pay"),
    "dunning": N_("Reminders"),
    "courtesies": N_("What else customers are told"),
    "plans": N_("Payment plans"),
    "settlements": N_("Settlements"),
    "handoff": N_("Handing debts over"),
    "limits": N_("Credit limits and holds"),
    "scorecard": N_("Scorecard"),
    "grades": N_("Grades of payment behaviour"),
    "allocation": N_("What money settles first"),
    "acceptance": N_("Acceptance by customers"),
    "authority": N_("Authority of staff"),
}
"""What each section is called, in the order in which a policy is read."""

TOLD = frozenset(TOLD_PHRASES)
"""The sections that customers are told of."""

OFF = {
    "terms": N_("Payment terms: none of its own; payment is due as agreed with each account."),
    "early_discount": N_("There is no discount for paying early."),
    "late_interest": N_("There is no interest on late payment."),
    "recovery_cost": N_("There are no recovery costs."),
    "extensions": N_("Customers cannot set a due date later themselves."),
    "promises": N_("Customers cannot promise a day to pay themselves."),
    "dunning": N_("Nobody is reminded of what is due."),
    "courtesies": N_("Customers are told nothing but reminders."),
    "plans": N_("Customers cannot agree to a payment plan themselves, and staff cannot offer one."),
    "settlements": N_("Nothing is given up to settle a debt unless somebody with the authority decides so."),
    "handoff": N_("No debt is handed to an agency or an attorney."),
    "limits": N_("There is no credit limit, and nothing puts credit on hold."),
    "scorecard": N_("There is no scorecard: nothing is proposed for an application."),
    "grades": N_("Payment behaviour is graded as usual."),
    "allocation": N_(
        "Money without instruction settles the oldest debt first, and costs and interest before the debt."
    ),
    "acceptance": N_("Customers are not asked to accept: the terms hold from their first day."),
    "authority": N_("How far staff go alone is as usual."),
}
"""What it means that a section is off."""

PHRASES: Mapping[str, Sequence[Phrase]] = {**TOLD_PHRASES, **INNER_PHRASES}
"""The phrases of every section; a test sees to it that no field lacks its own."""
