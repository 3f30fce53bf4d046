"""People: situations in which it matters more who they are and how they are than what they owe; data."""

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
    did,
    logged_as,
    never,
    with_day,
)
from domain.practice.situation import Criterion, Practised, Situation, Way, reply
from domain.shared.errors import N_

MOST_LETTERS: Final = 300
"""More than these about somebody's life is more than is needed."""


def _briefly(played: Practised) -> bool:
    return NOTED.met(played) and played.logged is not None and len(played.logged.words) <= MOST_LETTERS


LEFT: Final = Situation(
    key="left",
    way=Way.CALL,
    title=N_("The person who pays has left"),
    about=N_("A colleague answers who has nothing to do with invoices."),
    opening=N_("{company}, {other} speaking."),
    mood=3,
    moves=(
        Move.INTRODUCE,
        Move.ASK_WHO,
        Move.CALL_LATER,
        Move.END,
        Move.DISCLOSE,
        Move.STATE,
        Move.PRESS,
    ),
    says={
        Move.INTRODUCE: N_("Good day, I am calling from {business}. May I speak to {person}?"),
        Move.CALL_LATER: N_("Thank you. Then I call there tomorrow morning. No message is needed."),
        Move.DISCLOSE: N_("Perhaps you can help: {company} has not paid us {amount}. Can you pass that on?"),
        Move.PRESS: N_("Then put me through to somebody who can pay this today."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("{person} left us in March. I am at the front desk. What is it about?")),
        reply(
            Move.ASK_WHO,
            N_("Purchasing looks after that now, extension twenty-two. They are in tomorrow morning."),
            after=[Move.INTRODUCE],
            mood=1,
        ),
        reply(
            Move.STATE,
            N_("Oh. I am not sure that I should know that. Everybody here can hear this telephone."),
            mood=-1,
        ),
        reply(Move.DISCLOSE, N_("Oh. So we do not pay our bills? Nobody told us that."), mood=-1),
        reply(Move.PRESS, N_("I am only at the front desk."), mood=-1),
        reply(Move.CALL_LATER, N_("I let them know that you will call."), after=[Move.ASK_WHO]),
        reply(Move.END, N_("You are welcome. Goodbye."), ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Say nothing of the debt to anybody else"),
            N_("A colleague is not the customer. Whom you want to speak to is all that they need to know."),
            3,
            never(Move.STATE, Move.DISCLOSE, Move.PRESS),
        ),
        Criterion(
            N_("Ask who deals with it now, and how to reach them"),
            N_("One question saves weeks of messages to somebody who is not there."),
            2,
            did(Move.ASK_WHO),
        ),
        KIND,
        ENDED,
        logged_as(N_("The number is right, only the person is not. It stays in use."), CallOutcome.REACHED),
        Criterion(
            N_("Put down the day on which you call the right person"),
            N_("It stands on the worklist then, with your words beside it."),
            1,
            with_day,
        ),
        NOTED,
    ),
    card=(
        N_("“Who deals with invoices now, and how do I best reach them?”"),
        N_("If they ask what it is about: “It is for the person who pays the invoices.” No more."),
        N_("Change the contact on the account at once, before the next message goes to nobody."),
    ),
    next_step=N_("Correct the contact on the account, then call the new person at the hour that you noted."),
    model=(Move.INTRODUCE, Move.ASK_WHO, Move.CALL_LATER, Move.END),
    outcome=CallOutcome.REACHED,
)

ILL: Final = Situation(
    key="ill",
    way=Way.CALL,
    title=N_("A death in the family"),
    about=N_("You do not know it yet. Nothing in the account tells you."),
    opening=N_("Yes? Hello?"),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.HAND_ON,
        Move.END,
        Move.ASK_PROMISE,
        Move.OFFER_PLAN,
        Move.PRESS,
    ),
    says={
        Move.LISTEN: N_("I am very sorry. Please do not think about this now."),
        Move.OFFER_PLAN: N_("I am sorry to hear that. Would it help to pay in four parts, starting this week?"),
        Move.ASK_PROMISE: N_("I am sorry to hear that. Who pays it now, and on which day?"),
        Move.PRESS: N_("I understand, but {amount} is due all the same."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("That was my husband. He died three weeks ago. I … suppose that I do it now.")),
        reply(Move.STATE, N_("Invoice? I have not opened anything. I do not know where any of it is."), mood=-1),
        reply(Move.LISTEN, N_("Thank you. It is just … so many letters."), mood=1),
        reply(
            Move.HAND_ON,
            N_("Nobody asks me for anything until then? Thank you. That is kind."),
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("I … I do not know. They are crying."), mood=-1),
        reply(Move.OFFER_PLAN, N_("Yes, yes, whatever you say. You can tell that they are not listening.")),
        reply(Move.END, N_("Thank you for being so kind. Goodbye."), after=[Move.HAND_ON], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        LISTENED,
        Criterion(
            N_("Ask for nothing once you know"),
            N_("Nobody decides well in such days. What they agree to now would not stand, and should not."),
            3,
            never(Move.STATE, Move.ASK_PROMISE, Move.OFFER_PLAN, Move.PRESS),
        ),
        Criterion(
            N_("Hand on to the colleague who looks after people in difficulty"),
            N_("They have the time, the training and the right to wait. To pass this on is no failure, it is the job."),
            3,
            did(Move.HAND_ON),
        ),
        KIND,
        ENDED,
        logged_as(N_("Nothing was agreed, and nothing may be. Never a promise."), CallOutcome.REACHED),
        Criterion(
            N_("Write down that it is handed on, and no more of their life than is needed"),
            N_("Health and family are the most private of data. One sentence, and no detail that helps nobody."),
            1,
            _briefly,
        ),
    ),
    card=(
        N_("Stop. Do not finish your sentence about the money."),
        N_("“I am very sorry. Please do not think about this now.” Silence is allowed."),
        N_("Say who gets in touch, that nothing is asked for until then, and end the call."),
        N_("The same holds for illness, a hospital, a despairing voice, or somebody who does not follow you."),
    ),
    next_step=N_("Hold the whole account today, and tell your manager in person. Take five minutes for yourself, too."),
    model=(Move.INTRODUCE, Move.LISTEN, Move.HAND_ON, Move.END),
    outcome=CallOutcome.REACHED,
)
INSOLVENT: Final = Situation(
    key="insolvent",
    way=Way.CALL,
    title=N_("Insolvency is announced"),
    about=N_("They tell you on the telephone what will be in the register next week, or is already."),
    opening=N_("{company}, {person}."),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.TAKE_INSOLVENCY,
        Move.END,
        Move.ASK_PROMISE,
        Move.OFFER_PLAN,
        Move.PRESS,
        Move.THREATEN,
    ),
    says={
        Move.LISTEN: N_("So the application was made on Monday, and somebody else decides over payments now."),
        Move.PRESS: N_("Then pay us quickly today, before it is opened."),
        Move.OFFER_PLAN: N_("We can agree on small parts beside the proceedings. Nobody needs to know."),
        Move.ASK_PROMISE: N_("What could you still pay this week?"),
    },
    replies=(
        reply(
            Move.INTRODUCE,
            N_("Yes. Before you go on: we filed for insolvency on Monday. I cannot pay anybody any more."),
        ),
        reply(Move.STATE, N_("Did you hear what I just said?"), mood=-1),
        reply(Move.LISTEN, N_("Yes. Twenty years, and then this."), mood=1),
        reply(
            Move.TAKE_INSOLVENCY,
            N_("{other} is the administrator, at the county court. I send you the letter with the number."),
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("I am not allowed to. I would make myself liable."), mood=-1),
        reply(Move.OFFER_PLAN, N_("I must not do that, and you must not ask me."), mood=-1),
        reply(Move.END, N_("Thank you for taking it like this. Goodbye."), after=[Move.TAKE_INSOLVENCY], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        LISTENED,
        Criterion(
            N_("Ask for nothing once you know"),
            N_("From then on all creditors are paid alike. What you get now can be taken back."),
            3,
            never(Move.STATE, Move.ASK_PROMISE, Move.OFFER_PLAN, Move.PRESS, Move.THREATEN),
        ),
        Criterion(
            N_("Ask who handles the proceedings, where, and since when"),
            N_("Our claim has to be lodged there by a day. Without court and number nobody can."),
            3,
            did(Move.TAKE_INSOLVENCY),
        ),
        KIND,
        ENDED,
        logged_as(N_("Nothing was agreed. What stops us is written down at the account."), CallOutcome.REACHED),
        NOTED,
    ),
    card=(
        N_("“Thank you for telling me. Who handles the proceedings, where, and since when?”"),
        N_("Stop asking for money at once, also for small parts, also for the part that is not contested."),
        N_("Be kind: for the person who says it, it is a very bad day."),
    ),
    next_step=N_(
        "Write the insolvency down at the account: everything stops by itself, and the claim gets its deadline."
    ),
    model=(Move.INTRODUCE, Move.LISTEN, Move.TAKE_INSOLVENCY, Move.END),
    outcome=CallOutcome.REACHED,
)

SPANISH: Final = Situation(
    key="spanish",
    way=Way.CALL,
    title=N_("They ask in Spanish"),
    about=N_("They understand only a little of what you say, and are too polite to say so twice."),
    opening="¿Dígame? Buenos días.",
    unknown=("¿Quién es, por favor?", "Perdone, ¿de parte de quién?"),
    mood=3,
    language="es",
    moves=(
        Move.INTRODUCE,
        Move.OTHER_LANGUAGE,
        Move.CONFIRM,
        Move.END,
        Move.STATE,
        Move.ASK_PROMISE,
        Move.PRESS,
    ),
    says={
        Move.STATE: N_("You say slowly and loudly: invoice {number}. {amount}. You not pay."),
        Move.OTHER_LANGUAGE: N_("Un momento, por favor. A colleague who speaks Spanish calls you: mañana, a las diez?"),
        Move.CONFIRM: N_("Mañana, a las diez. And you get the same in writing, in Spanish."),
        Move.ASK_PROMISE: N_("Just tell me a day, please. Monday? Tuesday?"),
        Move.END: N_("Muchas gracias. Adiós."),
    },
    replies=(
        reply(
            Move.INTRODUCE,
            "Perdone, no hablo bien su idioma. ¿Habla usted español?",
            "Lo siento, no le entiendo bien. ¿Español?",
        ),
        reply(Move.STATE, "Sí, sí… ¿Cómo dice? No le entiendo.", mood=-1),
        reply(Move.ASK_PROMISE, "Sí, sí. Lunes. … ¿Qué es el lunes?", mood=-1),
        reply(Move.PRESS, "Perdone, pero así no. No entiendo nada.", mood=-2),
        reply(
            Move.OTHER_LANGUAGE,
            "¡Ah, muy bien! Mañana a las diez, perfecto. Muchas gracias.",
            after=[Move.INTRODUCE],
            mood=1,
        ),
        reply(Move.CONFIRM, "Perfecto, por escrito también. Gracias.", after=[Move.OTHER_LANGUAGE], mood=1),
        reply(Move.CONFIRM, "¿Cómo? No entiendo."),
        reply(Move.END, "Adiós, buenos días.", ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Offer to go on in their language, and name an hour"),
            N_("Nobody can agree to what they do not understand. A colleague or a message in Spanish costs us little."),
            3,
            did(Move.OTHER_LANGUAGE),
        ),
        Criterion(
            N_("Take no promise that was not understood"),
            N_("“Sí, sí” is politeness, not consent. Such a promise is broken by two people at once."),
            2,
            never(Move.ASK_PROMISE, Move.STATE, Move.PRESS),
        ),
        KIND,
        CONFIRMED,
        ENDED,
        logged_as(N_("You spoke, and nothing was agreed."), CallOutcome.REACHED),
        Criterion(
            N_("Put down the day of the next call"),
            N_("The colleague sees it on the worklist, and whose language it wants."),
            1,
            with_day,
        ),
        NOTED,
    ),
    card=(
        N_("“Un momento, por favor.” Slowly, and not louder."),
        N_("Name the hour with numbers, and write it to them: our messages come in their language."),
        N_("Set the language of the contact on the account, so that everything after this is in Spanish."),
    ),
    next_step=N_("Set their language on the account. The reminders, the portal and the script are then in Spanish."),
    model=(Move.INTRODUCE, Move.OTHER_LANGUAGE, Move.CONFIRM, Move.END),
    outcome=CallOutcome.REACHED,
)

SITUATIONS: Final[Sequence[Situation]] = (LEFT, SPANISH, INSOLVENT, ILL)
"""In the order in which they are offered."""
