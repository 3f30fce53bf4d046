"""Placeholders: what a text may leave open, what each stands for, which text may use it and which needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.policies.contacting import CHASING, CONTRACTUAL, Channel, Wording
from domain.shared.errors import N_

PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
ALL = frozenset(Wording)
ABOUT_INVOICES = CHASING | {Wording.INVOICE, Wording.LATE_CHARGES}
LATE = CHASING - {Wording.COURTESY, Wording.DUE_TODAY}


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What one stands for, in words for whoever writes, and in which texts it can be used."""

    meaning: str
    wordings: frozenset[Wording] = ALL


PLACEHOLDERS: Final[dict[str, Placeholder]] = {
    "name": Placeholder(N_("who it is written to")),
    "account_name": Placeholder(N_("the customer’s name")),
    "account_number": Placeholder(N_("the number of their account")),
    "business": Placeholder(N_("our name")),
    "sender": Placeholder(N_("who signs: the step’s sender, else our name")),
    "email": Placeholder(N_("our email address")),
    "phone": Placeholder(N_("our telephone number")),
    "link": Placeholder(N_("the link that pays or answers without signing in")),
    "total": Placeholder(N_("how much is asked for"), ABOUT_INVOICES),
    "invoices": Placeholder(N_("the invoices, such as “invoices 12 and 13”"), ABOUT_INVOICES),
    "numbers": Placeholder(N_("their numbers alone, such as “12 and 13”"), ABOUT_INVOICES),
    "due_on": Placeholder(N_("the day on which the earliest of them is due"), ABOUT_INVOICES),
    "days_late": Placeholder(N_("how late the earliest of them is, such as “12 days”"), LATE),
    "act_by": Placeholder(N_("the day by which we ask for payment"), CHASING),
    "handoff_from": Placeholder(
        N_("from when on it may be handed to an agency or an attorney, where the policy has that"),
        frozenset({Wording.FINAL_NOTICE}),
    ),
    "discount": Placeholder(N_("what comes off for paying early"), frozenset({Wording.INVOICE})),
    "discounted": Placeholder(N_("what is left to pay then"), frozenset({Wording.INVOICE})),
    "discount_until": Placeholder(N_("until when that is so"), frozenset({Wording.INVOICE})),
    "from_on": Placeholder(N_("the first day of the statement"), frozenset({Wording.STATEMENT})),
    "to_on": Placeholder(N_("the last day of the statement"), frozenset({Wording.STATEMENT})),
    "balance": Placeholder(N_("the balance of the account"), frozenset({Wording.STATEMENT})),
    "overdue": Placeholder(N_("how much of it is overdue"), frozenset({Wording.STATEMENT})),
    "placed": Placeholder(N_("how much of it is with whoever acts for us"), frozenset({Wording.STATEMENT})),
    "partners": Placeholder(N_("who acts for us on that"), frozenset({Wording.STATEMENT})),
    "late_invoices": Placeholder(N_("the numbers of the invoices that were late"), frozenset({Wording.LATE_CHARGES})),
    "card": Placeholder(N_("the card, such as “Visa 4242”"), frozenset({Wording.CARD_EXPIRING})),
    "expires": Placeholder(N_("its last month, such as “12/2026”"), frozenset({Wording.CARD_EXPIRING})),
    "paid": Placeholder(N_("how much was paid"), frozenset({Wording.THANK_YOU})),
    "paid_on": Placeholder(N_("when it came in"), frozenset({Wording.THANK_YOU})),
}
"""All that there are. A paragraph that names something that there is not (a telephone number, say) is left out."""


def usable(wording: Wording) -> dict[str, Placeholder]:
    """What a text of this wording may use."""
    return {name: each for name, each in PLACEHOLDERS.items() if wording in each.wordings}


def needed(wording: Wording, channel: Channel) -> tuple[str, ...]:
    """What a text has to say: how much, until when, and in a text message the link.

    Emails and letters have the link in their layout, where nobody can forget it.
    """
    match wording:
        case Wording.STATEMENT:
            return ("balance",)
        case Wording.CARD_EXPIRING:
            return ("card", "expires")
        case Wording.THANK_YOU:
            return ()
        case Wording.INVOICE | Wording.LATE_CHARGES:
            return ("total", "due_on")
    day = "act_by" if wording in CONTRACTUAL else "due_on"
    if channel is not Channel.SMS:
        return ("total", day)
    return ("total", "link", *(("act_by",) if wording in CONTRACTUAL else ()))


def named(text: str) -> list[str]:
    """The names in braces, in their order."""
    return PLACEHOLDER.findall(text)


def fill(text: str, values: Mapping[str, str | None]) -> str | None:
    """The text with its values; None where it names one that there is not."""
    names = named(text)
    if any(values.get(name) is None for name in names):
        return None
    return PLACEHOLDER.sub(lambda found: values[found[1]] or "", text)
