"""Handoff sentences: what the section on agencies and attorneys says, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from domain.policies.phrases import As, Phrase, number, yes_no
from domain.shared.errors import N_

HANDOFF_PHRASES: Sequence[Phrase] = (
    number(
        "late_days",
        N_("A debt may be handed to an agency or an attorney once it is {n} days late."),
        N_("A debt may be handed to an agency or an attorney once it is {n} days late instead of {before}."),
        special={1: N_("A debt may be handed to an agency or an attorney as soon as it is late.")},
    ),
    number(
        "least_minor",
        N_("It has to come to at least {n}."),
        N_("It has to come to at least {n} instead of {before}."),
        special={0: N_("It may be of any size.")},
        shown_as=As.MONEY,
    ),
    number(
        "least_notices",
        N_("At least {n} notices went out before."),
        N_("At least {n} notices went out before, instead of {before}."),
        special={0: N_("It needs no notices before."), 1: N_("At least one notice went out before.")},
    ),
    yes_no(
        "after_final_notice",
        N_("The day that a final notice named has to be over."),
        N_("It needs no final notice."),
    ),
    yes_no(
        "abroad",
        N_("That holds for customers in other countries as well."),
        N_("Debts of customers in other countries are not handed over."),
    ),
    number(
        "most_upheld",
        N_("At most {n} of the customer's disputes of the last twelve months were found to be right."),
        N_(
            "At most {n} instead of {before} of the customer's disputes of the last twelve months were found to be "
            "right."
        ),
        none=N_("How often the customer's disputes were found to be right does not matter."),
        special={0: N_("None of the customer's disputes of the last twelve months was found to be right.")},
    ),
    number(
        "recall_silent_days",
        N_("A debt of which nothing is heard from the partner for {n} days is taken back."),
        N_("A debt of which nothing is heard from the partner for {n} days instead of {before} is taken back."),
        none=N_("A partner that says nothing keeps a debt until its term is over."),
    ),
)
"""The phrases of handing debts over, of which only staff read."""
