"""Settlement sentences: what the section on settlements says, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from domain.policies.phrases import Phrase, listed, number, yes_no
from domain.policies.sections import Bracket
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

GIVEN_UP = {
    (False, False): N_(
        "Of a debt at least {late} days late, at most {percent} per cent may be given up, paid at once."
    ),
    (False, True): N_(
        "Of a debt at least {late} days late, at most {percent} per cent may be given up, paid in up to {parts} "
        "monthly parts."
    ),
    (True, False): N_(
        "Of a debt at least {late} days late and below {below}, at most {percent} per cent may be given up, paid at "
        "once."
    ),
    (True, True): N_(
        "Of a debt at least {late} days late and below {below}, at most {percent} per cent may be given up, paid in up "
        "to {parts} monthly parts."
    ),
}
"""By whether a bracket has a size, and whether it has several parts."""


def bracket_in_words(bracket: Bracket, currency: str) -> Words:
    """What a bracket says, in a business that counts in `currency`."""
    has_size, has_parts = bracket.below_minor is not None, bracket.most_parts > 1
    params: dict[str, object] = {"late": bracket.late_days, "percent": bracket.most_percent}
    if bracket.below_minor is not None:
        params["below"] = Money(bracket.below_minor, currency)
    if has_parts:
        params["parts"] = bracket.most_parts
    return Words.of(GIVEN_UP[has_size, has_parts], **params)


SETTLEMENT_PHRASES: Sequence[Phrase] = (
    listed("brackets", lambda section, bracket, currency: bracket_in_words(bracket, currency)),
    number(
        "offer_days",
        N_("An offer to settle stands for {n} days."),
        N_("An offer to settle stands for {n} days instead of {before}."),
        special={1: N_("An offer to settle stands for one day.")},
    ),
    number(
        "patience_days",
        N_("A part of it may come {n} days late before the settlement is broken."),
        N_("A part of it may come {n} days late, instead of {before}, before the settlement is broken."),
        special={
            0: N_("A part of it that is late breaks the settlement."),
            1: N_("A part of it may come one day late before the settlement is broken."),
        },
    ),
    number(
        "reopened_days",
        N_("What a returned payment opens again is due within {n} days."),
        N_("What a returned payment opens again is due within {n} days instead of {before}."),
        special={1: N_("What a returned payment opens again is due within one day.")},
    ),
    yes_no(
        "corrects_tax",
        N_("The tax within what is given up is corrected by a credit note."),
        N_("What is given up leaves the tax as it was invoiced."),
    ),
    number(
        "letter_days_card",
        N_("After a card payment, the letter that nothing more is owed goes {n} days later."),
        N_("After a card payment, the letter that nothing more is owed goes {n} days later instead of {before}."),
        special={0: N_("After a card payment, the letter that nothing more is owed goes at once.")},
    ),
    number(
        "letter_days_debit",
        N_("After a bank debit, that letter goes {n} days later."),
        N_("After a bank debit, that letter goes {n} days later instead of {before}."),
        special={0: N_("After a bank debit, that letter goes at once.")},
    ),
    number(
        "letter_days_other",
        N_("After any other payment, that letter goes {n} days later."),
        N_("After any other payment, that letter goes {n} days later instead of {before}."),
        special={0: N_("After any other payment, that letter goes at once.")},
    ),
)
"""The phrases of settlements, of which only staff read: who knows how much may be given up waits for it."""
