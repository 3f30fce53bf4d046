"""Agreeing: situations in which the debt stands, and it is about how and when it is paid; data."""

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
    with_day_and_amount,
)
from domain.practice.situation import Criterion, Situation, Way, reply
from domain.shared.errors import N_

_IN_CHARGE: Final = N_("Speaking. I do the payments here. What is it about?")
_DAY_AND_AMOUNT: Final = Criterion(
    N_("Write down the day and the amount that they promise"),
    N_("Without both it is a hope. With both it is on the worklist by itself on the day after, if nothing came."),
    2,
    with_day_and_amount,
)

SHORT: Final = Situation(
    key="short",
    way=Way.CALL,
    title=N_("Cash is short this month"),
    about=N_("They want to pay and cannot, not all of it. There is a first payment in it if you ask well."),
    opening=N_("{company}, hello?"),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.ASK,
        Move.LISTEN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
        Move.PRESS,
        Move.THREATEN,
        Move.GIVE_AWAY,
    ),
    says={
        Move.LISTEN: N_("So two of your own customers are late, and this month there is not enough for all. Right?"),
        Move.ASK_PROMISE: N_("What can you pay now, and on which day will it leave your bank? And when the rest?"),
        Move.CONFIRM: N_("{half} this week and the rest by the end of next month. I send you that in writing."),
    },
    replies=(
        reply(Move.INTRODUCE, _IN_CHARGE),
        reply(
            Move.STATE,
            N_("I know. It is on my desk. I just cannot pay it at the moment."),
            N_("Yes, I have seen it. There is no money for it this month."),
        ),
        reply(
            Move.ASK,
            N_("Two of our own customers have not paid us. When they do, you are the first."),
            after=[Move.STATE],
        ),
        reply(Move.LISTEN, N_("Yes. And I do not like calls like this one, believe me."), after=[Move.ASK], mood=1),
        reply(
            Move.ASK_PROMISE,
            N_("I could do {half} this Friday. The rest by the end of next month."),
            after=[Move.ASK],
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("I have told you: nothing, at the moment."), after=[Move.STATE], mood=-1),
        reply(
            Move.CONFIRM, N_("Agreed. Thank you for being decent about it."), after=[Move.ASK_PROMISE, Move.ASK], mood=1
        ),
        reply(Move.END, N_("Thank you. Goodbye."), after=[Move.CONFIRM], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Find out what keeps the payment before you ask for it"),
            N_("Short this month and short for good need different help. An open question tells you which it is."),
            2,
            did(Move.ASK),
        ),
        LISTENED,
        Criterion(
            N_("Ask for what they can pay now, on a day, and for a day for the rest"),
            N_("A part now is kept more often than all of it some time."),
            2,
            before(Move.ASK, Move.ASK_PROMISE),
        ),
        KIND,
        WITHIN,
        CONFIRMED,
        ENDED,
        logged_as(
            N_("Reminders wait until the day they named, and it comes back if nothing is there."), CallOutcome.PROMISE
        ),
        _DAY_AND_AMOUNT,
        NOTED,
    ),
    card=(
        N_("“Thank you for saying so. What can you pay now, and when the rest?”"),
        N_("Ask why once, kindly. Do not solve their problem for them: let them name the amount first."),
        N_("If it is more than a month or two, offer a payment plan within the terms instead of a promise."),
    ),
    next_step=N_("The promise is watched by itself. If more than two dates are needed, make it a payment plan."),
    model=(
        Move.INTRODUCE,
        Move.STATE,
        Move.ASK,
        Move.LISTEN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.PROMISE,
)

INSTALMENTS: Final = Situation(
    key="instalments",
    way=Way.CALL,
    title=N_("They ask for instalments"),
    about=N_("They ask for twelve months. The terms let you agree on up to four instalments by yourself."),
    opening=N_("{person}, {company}."),
    mood=3,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.OFFER_PLAN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
        Move.PRESS,
        Move.GIVE_AWAY,
    ),
    says={
        Move.LISTEN: N_("So you would pay all of it, only not at once. Twelve months is what you have in mind."),
        Move.OFFER_PLAN: N_("I can agree on four instalments myself, the first one now. For more I have to ask."),
        Move.ASK_PROMISE: N_("On which day does the first part leave your bank, and how much is it?"),
        Move.GIVE_AWAY: N_("Twelve months without charges? Fine, done. I do not need to ask anybody."),
        Move.CONFIRM: N_("Four parts, the first now, the others each month. You get the agreement to read and accept."),
    },
    replies=(
        reply(Move.INTRODUCE, _IN_CHARGE),
        reply(Move.STATE, N_("Yes. Could we pay that in instalments? Over twelve months, say?")),
        reply(Move.LISTEN, N_("Yes. I want to pay it. I only need to be able to plan."), after=[Move.STATE], mood=1),
        reply(
            Move.OFFER_PLAN,
            N_("Four would be tight, but it works. When would the first one be?"),
            after=[Move.LISTEN],
        ),
        reply(Move.OFFER_PLAN, N_("Four? Have you heard what I asked? Well. Perhaps."), after=[Move.STATE]),
        reply(Move.ASK_PROMISE, N_("A quarter of it next Friday. I can promise that."), after=[Move.OFFER_PLAN]),
        reply(
            Move.ASK_PROMISE,
            N_("I asked you for instalments. You have not answered that."),
            after=[Move.STATE],
            mood=-1,
        ),
        reply(Move.CONFIRM, N_("Good. I look out for it."), after=[Move.OFFER_PLAN, Move.ASK_PROMISE], mood=1),
        reply(Move.END, N_("Thank you, goodbye."), after=[Move.CONFIRM], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        LISTENED,
        Criterion(
            N_("Offer a plan inside your limit, and say who decides beyond it"),
            N_("Within the terms you may agree at once. What goes beyond them somebody else approves, and may refuse."),
            3,
            did(Move.OFFER_PLAN),
        ),
        Criterion(
            N_("Agree on the first payment: its day and its amount"),
            N_("A plan that begins with a payment is kept far more often than one that begins later."),
            2,
            before(Move.OFFER_PLAN, Move.ASK_PROMISE),
        ),
        KIND,
        WITHIN,
        CONFIRMED,
        ENDED,
        logged_as(
            N_("The first payment is a promise. The plan itself is made on the account's page."), CallOutcome.PROMISE
        ),
        _DAY_AND_AMOUNT,
        NOTED,
    ),
    card=(
        N_("“We can agree on parts. Let us see what works for you, and what I may agree to.”"),
        N_("Know your limit before the call: the credit policy shows how long and how many for your role."),
        N_("Nothing is agreed until they have read and accepted it. Say so, and say where it arrives."),
    ),
    next_step=N_("Make the plan on the account's page. They read, accept and pay the first part themselves."),
    model=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.OFFER_PLAN,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.PROMISE,
)

BROKEN: Final = Situation(
    key="broken",
    way=Way.CALL,
    title=N_("A promise was made, and broken again"),
    about=N_("They promised twice and paid neither time. They are embarrassed and talk a lot."),
    opening=N_("{company}? Oh, it is you again."),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.ASK,
        Move.LISTEN,
        Move.ASK_PROMISE,
        Move.SAY_NEXT,
        Move.CONFIRM,
        Move.END,
        Move.THREATEN,
        Move.ARGUE,
    ),
    says={
        Move.STATE: N_(
            "You promised {amount} for {number} twice, and it has not come. I would like to understand why."
        ),
        Move.ASK: N_("What was different from what you had expected?"),
        Move.LISTEN: N_("So you named days on which you hoped to have it, and then it was not there. Is that it?"),
        Move.ASK_PROMISE: N_("Which amount is so small that it is sure, and on which day? Then the next one."),
        Move.SAY_NEXT: N_(
            "If this one is not kept, the terms go on: a final notice, and then we decide how to collect."
        ),
        Move.ARGUE: N_("You have said that twice already. Why should I believe you?"),
        Move.CONFIRM: N_("{half} on Friday, and the rest two weeks later. I send you both days in writing."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("Yes, it is me. I know why you are calling, and I am sorry.")),
        reply(Move.STATE, N_("I know. It is not that I do not want to. It is always something.")),
        reply(
            Move.ASK,
            N_("To be honest, I said a day so that we were done. I did not have the money."),
            after=[Move.STATE],
        ),
        reply(Move.LISTEN, N_("Yes. I should have said so the first time."), after=[Move.ASK], mood=1),
        reply(Move.ASK_PROMISE, N_("{half} on Friday is sure. The rest two weeks later."), after=[Move.ASK], mood=1),
        reply(Move.ASK_PROMISE, N_("All of it tomorrow. Certainly."), after=[Move.STATE]),
        reply(Move.SAY_NEXT, N_("That is fair. I would rather it did not come to that."), after=[Move.STATE]),
        reply(Move.CONFIRM, N_("Yes. This time it is real."), after=[Move.ASK, Move.ASK_PROMISE], mood=1),
        reply(Move.END, N_("Thank you for your patience. Goodbye."), after=[Move.CONFIRM], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Find out why it was not kept, before you take another promise"),
            N_("A third promise without a reason is the second one again."),
            3,
            before(Move.ASK, Move.ASK_PROMISE),
        ),
        LISTENED,
        Criterion(
            N_("Say calmly and truthfully what comes next"),
            N_("People have a right to know what follows. Said once, as a fact, it is no threat."),
            2,
            did(Move.SAY_NEXT),
        ),
        KIND,
        CONFIRMED,
        ENDED,
        logged_as(N_("It is a new promise, and the worklist counts how many were broken."), CallOutcome.PROMISE),
        _DAY_AND_AMOUNT,
        NOTED,
    ),
    card=(
        N_("Name the promise, the day and the amount, without blame."),
        N_("“What was different from what you had expected?” Then wait."),
        N_("Smaller and sure is better than all of it and vague."),
    ),
    next_step=N_("If this one is broken too, let the reminders go on, or propose a handoff with the history."),
    model=(
        Move.INTRODUCE,
        Move.STATE,
        Move.ASK,
        Move.LISTEN,
        Move.ASK_PROMISE,
        Move.SAY_NEXT,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.PROMISE,
)

SITUATIONS: Final[Sequence[Situation]] = (SHORT, INSTALMENTS, BROKEN)
"""In the order in which they are offered."""
