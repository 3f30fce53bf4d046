"""Moves: the kinds of thing that can be said to a customer, what each is called, and how it may sound; a pure file."""

from __future__ import annotations

from enum import StrEnum

from domain.shared.errors import N_


class Move(StrEnum):
    """A kind of thing to say."""

    INTRODUCE = "introduce"
    STATE = "state"
    ASK = "ask"
    LISTEN = "listen"
    ASK_PROMISE = "ask_promise"
    OFFER_PLAN = "offer_plan"
    SEND_AGAIN = "send_again"
    LOOK_UP = "look_up"
    TAKE_DISPUTE = "take_dispute"
    ASK_WHO = "ask_who"
    TAKE_LAWYER = "take_lawyer"
    TAKE_INSOLVENCY = "take_insolvency"
    OTHER_LANGUAGE = "other_language"
    HAND_ON = "hand_on"
    STOP_WRITING = "stop_writing"
    CALL_LATER = "call_later"
    SAY_NEXT = "say_next"
    CONFIRM = "confirm"
    END = "end"
    DISCLOSE = "disclose"
    PRESS = "press"
    THREATEN = "threaten"
    GIVE_AWAY = "give_away"
    ARGUE = "argue"


MOVE_NAMES = {
    Move.INTRODUCE: N_("Say who you are, and ask whom you speak to"),
    Move.STATE: N_("Say what it is about"),
    Move.ASK: N_("Ask an open question"),
    Move.LISTEN: N_("Listen, and say back what you heard"),
    Move.ASK_PROMISE: N_("Ask for a day and an amount"),
    Move.OFFER_PLAN: N_("Offer to pay in parts"),
    Move.SEND_AGAIN: N_("Send the invoice again"),
    Move.LOOK_UP: N_("Ask for what helps to find the payment"),
    Move.TAKE_DISPUTE: N_("Take the complaint down, and ask for what is missing"),
    Move.ASK_WHO: N_("Ask who deals with it now"),
    Move.TAKE_LAWYER: N_("Ask who the lawyer is, and write there"),
    Move.TAKE_INSOLVENCY: N_("Ask who handles the proceedings, and stop asking"),
    Move.OTHER_LANGUAGE: N_("Go on in their language, or have a colleague do so"),
    Move.HAND_ON: N_("Stop here, and hand on to a colleague"),
    Move.STOP_WRITING: N_("Respect the wish, and say what still comes"),
    Move.CALL_LATER: N_("Offer to call again"),
    Move.SAY_NEXT: N_("Say what comes next"),
    Move.CONFIRM: N_("Say once more what was agreed"),
    Move.END: N_("Thank them, and end the call"),
    Move.DISCLOSE: N_("Explain the matter to whoever is there"),
    Move.PRESS: N_("Ask for all of it, today"),
    Move.THREATEN: N_("Make it urgent"),
    Move.GIVE_AWAY: N_("Make a generous offer"),
    Move.ARGUE: N_("Put them right"),
}
"""What each is called where it is chosen; whether it is wise is not in its name."""

SAYINGS = {
    Move.INTRODUCE: N_("Good day, I am calling from {business}. May I speak to whoever pays your invoices?"),
    Move.STATE: N_("It is about invoice {number} of {amount}. It was due on {due_on}, and has not reached us yet."),
    Move.ASK: N_("What keeps the payment?"),
    Move.LISTEN: N_("Let me see whether I have understood you. Please tell me if I have it wrong."),
    Move.ASK_PROMISE: N_("What can you pay, and on which day will it leave your bank?"),
    Move.OFFER_PLAN: N_("We can agree on parts: some of it now, and the rest on fixed days."),
    Move.SEND_AGAIN: N_("I am sorry. I send invoice {number} again now. Which address is best?"),
    Move.LOOK_UP: N_("Thank you. On which day did you pay, by which way, and with what reference?"),
    Move.TAKE_DISPUTE: N_("I am sorry to hear that. Which line is it, what is wrong with it, and what should it say?"),
    Move.ASK_WHO: N_("I see. Who deals with invoices now, and how do I best reach them?"),
    Move.TAKE_LAWYER: N_("Of course. Who is it, and where do I write? We write there from now on."),
    Move.TAKE_INSOLVENCY: N_(
        "Thank you for telling me. Who handles the proceedings, and since when? I stop asking now."
    ),
    Move.OTHER_LANGUAGE: N_("One moment, please. A colleague who speaks your language calls you. When is it best?"),
    Move.HAND_ON: N_(
        "Thank you for telling me. We stop here. A colleague who has time for this gets in touch, and until then "
        "nobody asks you for anything."
    ),
    Move.STOP_WRITING: N_("We stop these messages today. What the law asks us to send still comes, by letter."),
    Move.CALL_LATER: N_("May I call you again tomorrow at ten? By then I know more."),
    Move.SAY_NEXT: N_(
        "If we hear nothing by then, our next letter is the final notice. I would rather agree with you."
    ),
    Move.CONFIRM: N_(
        "So that we both have it the same: I say once more what we agreed, and send it to you in writing."
    ),
    Move.END: N_("Thank you for your time. Goodbye."),
    Move.DISCLOSE: N_("It is about an unpaid bill of {amount}. Can you tell them that they owe it?"),
    Move.PRESS: N_("I need all of {amount} today. You have had time enough."),
    Move.THREATEN: N_("If it is not here tomorrow, we send the bailiffs, and everybody will hear that you do not pay."),
    Move.GIVE_AWAY: N_("Pay this week, and I take a third of it off. Nobody needs to approve that."),
    Move.ARGUE: N_("That cannot be right. Our system says something else."),
}
"""How each may sound, unless the situation has words of its own; with what `case.Case` fills in."""
