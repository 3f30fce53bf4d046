"""Contacting: by which channels, in which tones and with which texts customers are written to; plain words."""

from __future__ import annotations

from enum import StrEnum

from domain.shared.errors import N_


class Channel(StrEnum):
    """By what a notice travels; CALL is a person's task, with a script."""

    EMAIL = "email"
    SMS = "sms"
    LETTER = "letter"
    CALL = "call"


class Recipient(StrEnum):
    """Whom a notice is for: who pays the invoices, the person above them, who answers for the debt."""

    CONTACT = "contact"
    ABOVE = "above"
    GUARANTOR = "guarantor"


class Tone(StrEnum):
    """How a notice speaks; always politely."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    FIRM = "firm"
    FINAL = "final"


class Wording(StrEnum):
    """Which text a notice has."""

    COURTESY = "courtesy"
    DUE_TODAY = "due_today"
    FIRST_REMINDER = "first_reminder"
    SECOND_REMINDER = "second_reminder"
    DEMAND = "demand"
    FINAL_NOTICE = "final_notice"
    INVOICE = "invoice"
    STATEMENT = "statement"
    LATE_CHARGES = "late_charges"
    CARD_EXPIRING = "card_expiring"
    THANK_YOU = "thank_you"


TONES: dict[Wording, Tone] = {
    Wording.COURTESY: Tone.FRIENDLY,
    Wording.DUE_TODAY: Tone.FRIENDLY,
    Wording.FIRST_REMINDER: Tone.FRIENDLY,
    Wording.SECOND_REMINDER: Tone.NEUTRAL,
    Wording.DEMAND: Tone.FIRM,
    Wording.FINAL_NOTICE: Tone.FINAL,
    Wording.INVOICE: Tone.FRIENDLY,
    Wording.STATEMENT: Tone.NEUTRAL,
    Wording.LATE_CHARGES: Tone.NEUTRAL,
    Wording.CARD_EXPIRING: Tone.FRIENDLY,
    Wording.THANK_YOU: Tone.FRIENDLY,
}
"""In which tone each text is written."""

CHASING = frozenset(
    {
        Wording.COURTESY,
        Wording.DUE_TODAY,
        Wording.FIRST_REMINDER,
        Wording.SECOND_REMINDER,
        Wording.DEMAND,
        Wording.FINAL_NOTICE,
    }
)
"""The texts that a sequence sends: each asks for money."""
CONTRACTUAL = frozenset({Wording.DEMAND, Wording.FINAL_NOTICE})
"""The texts that somebody has to be able to rely on: who does not want email gets them as a letter."""

CHANNEL_NAMES = {
    Channel.EMAIL: N_("Email"),
    Channel.SMS: N_("Text message"),
    Channel.LETTER: N_("Letter"),
    Channel.CALL: N_("Call"),
}
RECIPIENT_NAMES = {
    Recipient.CONTACT: N_("Who pays the invoices"),
    Recipient.ABOVE: N_("The person above them"),
    Recipient.GUARANTOR: N_("Who guarantees the debt"),
}
TONE_NAMES = {
    Tone.FRIENDLY: N_("friendly"),
    Tone.NEUTRAL: N_("neutral"),
    Tone.FIRM: N_("firm"),
    Tone.FINAL: N_("final"),
}
WORDING_NAMES = {
    Wording.COURTESY: N_("Courtesy before the due day"),
    Wording.DUE_TODAY: N_("Due today"),
    Wording.FIRST_REMINDER: N_("First reminder"),
    Wording.SECOND_REMINDER: N_("Second reminder"),
    Wording.DEMAND: N_("Demand letter"),
    Wording.FINAL_NOTICE: N_("Final notice"),
    Wording.INVOICE: N_("A new invoice"),
    Wording.STATEMENT: N_("Monthly statement"),
    Wording.LATE_CHARGES: N_("Charges for lateness"),
    Wording.CARD_EXPIRING: N_("A card expires"),
    Wording.THANK_YOU: N_("Thank you for paying on time"),
}
"""What each is called on the screen."""
