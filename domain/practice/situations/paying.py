"""Paying: situations in which they do not know of the debt, or take it for paid; data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.notices.model import CallOutcome
from domain.practice.moves import Move
from domain.practice.rubric import (
    CONFIRMED,
    ENDED,
    KIND,
    KNEW_WHO,
    LISTENED,
    NOTED,
    WITHIN,
    before,
    did,
    logged_as,
    with_day,
)
from domain.practice.situation import Criterion, Situation, Way, reply
from domain.shared.errors import N_

_IN_CHARGE: Final = N_("Speaking. I do the payments here. What is it about?")

NOT_RECEIVED: Final = Situation(
    key="not_received",
    way=Way.CALL,
    title=N_("They never got the invoice"),
    about=N_("A good customer, late for the first time. Nobody there seems to know the invoice."),
    opening=N_("{company}, good morning."),
    mood=3,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.SEND_AGAIN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
        Move.ARGUE,
        Move.PRESS,
        Move.GIVE_AWAY,
    ),
    says={
        Move.LISTEN: N_("So {number} never reached you, and without it you cannot pay. Is that right?"),
        Move.ARGUE: N_("That cannot be right. We sent it, and nothing came back."),
        Move.ASK_PROMISE: N_("When will you have looked at it, and on which day could you pay it then?"),
        Move.CONFIRM: N_("I send {number} again today to the address you gave me, and I write down what we said."),
    },
    replies=(
        reply(Move.INTRODUCE, _IN_CHARGE),
        reply(
            Move.STATE,
            N_("{number}? We never got that. I cannot pay what I do not have."),
            N_("I have no invoice {number} here. It never came."),
        ),
        reply(Move.LISTEN, N_("Exactly. If I had it, I would have paid it."), after=[Move.STATE], mood=1),
        reply(
            Move.SEND_AGAIN,
            N_("Send it to the accounts address, please. The old one belongs to somebody who left."),
            after=[Move.STATE],
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("Once it is here, it goes into Friday's run. All of it."), after=[Move.SEND_AGAIN]),
        reply(Move.ASK_PROMISE, N_("How can I say that before I have seen it?"), after=[Move.STATE], mood=-1),
        reply(Move.CONFIRM, N_("Thank you, that suits me."), after=[Move.SEND_AGAIN]),
        reply(Move.END, N_("Thank you for sorting it out. Goodbye."), after=[Move.SEND_AGAIN], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Send the invoice again, and check where to"),
            N_("Most invoices that never came went to a wrong address. Put it right, and the next one is on time."),
            3,
            did(Move.SEND_AGAIN),
        ),
        Criterion(
            N_("Ask for a day only once they can have seen the invoice"),
            N_("A day that somebody names for a paper they have not read is not meant."),
            2,
            before(Move.SEND_AGAIN, Move.ASK_PROMISE),
        ),
        KIND,
        WITHIN,
        CONFIRMED,
        ENDED,
        logged_as(
            N_("The invoices that you tick are then sent again by themselves."), CallOutcome.INVOICE_NOT_RECEIVED
        ),
        NOTED,
    ),
    card=(
        N_("“I am sorry about that. I send it again now. Which address is best?”"),
        N_("Check the address, and who reads what arrives there. Ask whether they want a purchase order on it."),
        N_("Agree on a day by which they have looked at it, and by which they pay."),
    ),
    next_step=N_("The invoice goes out again when you log the call. Correct the address on the account's details."),
    model=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.SEND_AGAIN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.INVOICE_NOT_RECEIVED,
)

PAID: Final = Situation(
    key="paid",
    way=Way.CALL,
    title=N_("It is paid already"),
    about=N_("They are sure that they have paid. In our books there is nothing."),
    opening=N_("{company}, {person} speaking."),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.LOOK_UP,
        Move.CALL_LATER,
        Move.END,
        Move.ARGUE,
        Move.PRESS,
        Move.THREATEN,
        Move.CONFIRM,
    ),
    says={
        Move.LISTEN: N_("So it left your bank, and you expected to hear no more of it. I understand."),
        Move.ARGUE: N_("It is not here, so you cannot have paid it."),
        Move.PRESS: N_("Please pay the {amount} today in any case. If it turns up twice, we send one back."),
        Move.CALL_LATER: N_(
            "I look for it now, and call you back tomorrow at ten with what I found. Is that all right?"
        ),
        Move.CONFIRM: N_("You paid {amount} on the day you told me. I look for it, and you hear from me in writing."),
    },
    replies=(
        reply(Move.INTRODUCE, _IN_CHARGE),
        reply(
            Move.STATE,
            N_("We paid that. Weeks ago. Why are you calling me?"),
            N_("That one is paid. Please look into your own bank first."),
        ),
        reply(Move.LISTEN, N_("Yes. It is annoying to be chased for what one has paid."), after=[Move.STATE], mood=1),
        reply(
            Move.LOOK_UP,
            N_("Wait. Here: {amount} by bank transfer, two weeks ago. The reference was our own customer number."),
            after=[Move.STATE],
            mood=1,
        ),
        reply(Move.CALL_LATER, N_("Good. Tomorrow at ten is fine."), after=[Move.LOOK_UP]),
        reply(
            Move.CALL_LATER,
            N_("And what will you do until then? You have asked me nothing."),
            after=[Move.STATE],
        ),
        reply(Move.CONFIRM, N_("Yes, that is all correct."), after=[Move.LOOK_UP]),
        reply(Move.END, N_("Until tomorrow, then. Goodbye."), after=[Move.CALL_LATER], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        LISTENED,
        Criterion(
            N_("Ask for the day, the way and the reference"),
            N_("With these the payment is found among the bank lines that nobody could match. Without them it is not."),
            3,
            did(Move.LOOK_UP),
        ),
        Criterion(
            N_("Say what you will do, and when they hear from you"),
            N_("They have done their part. Now it is ours to find it, not theirs to prove it twice."),
            2,
            did(Move.CALL_LATER),
        ),
        KIND,
        ENDED,
        logged_as(N_("Nothing was agreed, and nothing is contested: it is for us to look."), CallOutcome.REACHED),
        Criterion(
            N_("Put down the day on which you call again"),
            N_("What you promise stands on the worklist then, also while you are away."),
            1,
            with_day,
        ),
        NOTED,
    ),
    card=(
        N_("“Thank you. On which day, by which way, and with what reference?”"),
        N_("Do not doubt them, and do not ask for it twice. Ask for a proof of payment only if you cannot find it."),
        N_("Say when you call back, and call back then."),
    ),
    next_step=N_("Look among the bank lines that wait, by the amount and the reference. Match it, and tell them."),
    model=(Move.INTRODUCE, Move.STATE, Move.LISTEN, Move.LOOK_UP, Move.CALL_LATER, Move.END),
    outcome=CallOutcome.REACHED,
)

SITUATIONS: Final[Sequence[Situation]] = (NOT_RECEIVED, PAID)
"""In the order in which they are offered: the easy ones first."""
