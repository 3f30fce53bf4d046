"""Contested: situations in which they do not accept what we ask for, or how; data."""

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
    never,
    with_day,
)
from domain.practice.situation import Criterion, Situation, Way, reply
from domain.shared.errors import N_

DAMAGED: Final = Situation(
    key="damaged",
    way=Way.CALL,
    title=N_("The goods were damaged"),
    about=N_("They hold back all of the invoice because of a part of it."),
    opening=N_("{company}, good afternoon."),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.TAKE_DISPUTE,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
        Move.ARGUE,
        Move.PRESS,
        Move.GIVE_AWAY,
    ),
    says={
        Move.LISTEN: N_("So half of the delivery was broken when you opened it, and nobody has called you since."),
        Move.TAKE_DISPUTE: N_("I am sorry. Which lines is it, how many pieces, and can you send us a photo?"),
        Move.ASK_PROMISE: N_("We leave that part out until it is settled. When can you pay the {half} that is right?"),
        Move.GIVE_AWAY: N_("Then I take the damaged half off right now. You need not send anything."),
        Move.ARGUE: N_("It left our warehouse in good order. It must have happened at your place."),
        Move.CONFIRM: N_(
            "You send the photos, we look into those lines, and {half} comes on Friday. I put it in writing."
        ),
    },
    replies=(
        reply(Move.INTRODUCE, N_("That is me. What is it?")),
        reply(
            Move.STATE,
            N_("You want money for that? Half of it arrived in pieces!"),
            N_("I am not paying {amount} for broken goods."),
        ),
        reply(Move.LISTEN, N_("Exactly. I reported it to the driver, and then silence."), after=[Move.STATE], mood=1),
        reply(
            Move.TAKE_DISPUTE,
            N_("Lines two and three, half of everything. I have photos, I can send them today."),
            after=[Move.STATE],
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("The good half? Fair enough. Friday."), after=[Move.TAKE_DISPUTE]),
        reply(Move.ASK_PROMISE, N_("Not a penny before somebody looks at this."), after=[Move.STATE], mood=-1),
        reply(Move.CONFIRM, N_("Right. Then I wait to hear from you."), after=[Move.TAKE_DISPUTE], mood=1),
        reply(Move.END, N_("Thank you for listening. Goodbye."), after=[Move.TAKE_DISPUTE], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        LISTENED,
        Criterion(
            N_("Take the complaint down: which lines, what is wrong, what proves it"),
            N_("A complaint with its lines and a photo is settled in days. “Something was wrong” takes months."),
            3,
            did(Move.TAKE_DISPUTE),
        ),
        Criterion(
            N_("Then ask for the part that is not contested"),
            N_("What is contested is not asked for until it is settled. The rest is due as before."),
            2,
            before(Move.TAKE_DISPUTE, Move.ASK_PROMISE),
        ),
        KIND,
        WITHIN,
        CONFIRMED,
        ENDED,
        logged_as(
            N_("Reminders of the contested part stop at once, and somebody has to answer them."), CallOutcome.DISPUTE
        ),
        NOTED,
    ),
    card=(
        N_("“Then we need to know what is wrong. Which line is it, and what should it say?”"),
        N_("Do not judge who is right. You take it down, somebody else decides."),
        N_("“We leave that part out until it is settled. Can you pay the rest now?”"),
    ),
    next_step=N_("Open the dispute with the lines and the photos, and write the promise for the rest down beside it."),
    model=(
        Move.INTRODUCE,
        Move.STATE,
        Move.LISTEN,
        Move.TAKE_DISPUTE,
        Move.ASK_PROMISE,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.DISPUTE,
)

LAWYER: Final = Situation(
    key="lawyer",
    way=Way.CALL,
    title=N_("Speak to my lawyer"),
    about=N_("They want to hear nothing more from us themselves."),
    opening=N_("{person}, {company}."),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.STATE,
        Move.TAKE_LAWYER,
        Move.END,
        Move.ASK_PROMISE,
        Move.ARGUE,
        Move.THREATEN,
        Move.GIVE_AWAY,
    ),
    says={
        Move.ARGUE: N_("You do not need a lawyer for this. It is a plain invoice."),
        Move.THREATEN: N_("Fine. Then we see each other in court, and that will cost you ten times as much."),
        Move.ASK_PROMISE: N_("Before we get there: could you not simply pay a part of it this week?"),
        Move.GIVE_AWAY: N_("If you leave the lawyer out of it, I take a third off."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("Yes, that is me.")),
        reply(
            Move.STATE,
            N_("I say nothing about that any more. Speak to my lawyer."),
            N_("That is with my lawyer now. Do not call me again."),
        ),
        reply(
            Move.TAKE_LAWYER,
            N_("{other}, in Mill Street. You get the address by email. And I hear nothing more from you?"),
            after=[Move.STATE],
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("Which part of “speak to my lawyer” was unclear?"), after=[Move.STATE], mood=-2),
        reply(Move.END, N_("Good. Goodbye."), after=[Move.TAKE_LAWYER], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Ask who the lawyer is and where to write, and say that you do"),
            N_("Who is represented is written to through the lawyer. That is a right, and in many places the law."),
            3,
            did(Move.TAKE_LAWYER),
        ),
        Criterion(
            N_("Ask for nothing more once they have named a lawyer"),
            N_("Everything that you say now is said to somebody who has asked you to stop."),
            2,
            never(Move.ASK_PROMISE, Move.GIVE_AWAY),
        ),
        KIND,
        ENDED,
        logged_as(N_("Nothing was agreed. Put the lawyer's name in your words."), CallOutcome.REACHED),
        NOTED,
    ),
    card=(
        N_("“Of course. Who is it, and where do I write?”"),
        N_("Then thank them and end the call. Explain nothing, and ask for nothing."),
        N_("Ask for proof that the lawyer acts for them only if the lawyer does not answer."),
    ),
    next_step=N_("Hold the account, enter the lawyer as a contact, and tell the colleague who does legal cases."),
    model=(Move.INTRODUCE, Move.STATE, Move.TAKE_LAWYER, Move.END),
    outcome=CallOutcome.REACHED,
)

ANGRY: Final = Situation(
    key="angry",
    way=Way.CALL,
    title=N_("They are angry"),
    about=N_("They shout before you have said a word. There is a reason, and it may be ours."),
    opening=N_("What now? If this is about money again, I have had enough of you people!"),
    mood=2,
    moves=(
        Move.INTRODUCE,
        Move.LISTEN,
        Move.ASK,
        Move.STATE,
        Move.CALL_LATER,
        Move.CONFIRM,
        Move.END,
        Move.ARGUE,
        Move.PRESS,
        Move.GIVE_AWAY,
    ),
    says={
        Move.INTRODUCE: N_(
            "Good day, I am calling from {business}. I hear that you are angry. Am I speaking to {person}?"
        ),
        Move.LISTEN: N_("You sent the goods back, were promised a credit note, and got three reminders. I am sorry."),
        Move.ASK: N_("What has happened? Take your time, I am listening."),
        Move.STATE: N_("That may be, but {amount} for {number} has been open since {due_on}."),
        Move.CALL_LATER: N_("I find out today where the credit note is, and call you tomorrow at ten. Reminders wait."),
        Move.CONFIRM: N_(
            "No more reminders until I have called. Tomorrow at ten, with an answer. I put that in writing."
        ),
        Move.ARGUE: N_("Please do not take that tone with me."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("Yes, who else. And you are the fourth one this month!")),
        reply(
            Move.ASK,
            N_("I sent it all back! In May! Somebody promised me a credit note, and what I get is reminders."),
        ),
        reply(
            Move.LISTEN,
            N_("Well. You are the first one who says so. Yes, that is exactly how it was."),
            after=[Move.ASK],
            mood=1,
        ),
        reply(Move.LISTEN, N_("How would you know? You have not even asked me.")),
        reply(Move.STATE, N_("There it is again! {amount}! Nobody listens in your place!"), mood=-1),
        reply(Move.CALL_LATER, N_("Tomorrow at ten. I will be here."), after=[Move.LISTEN], mood=1),
        reply(Move.CALL_LATER, N_("Call again? That is what the others said, too.")),
        reply(Move.CONFIRM, N_("Good. And sorry for shouting."), after=[Move.CALL_LATER], mood=1),
        reply(Move.END, N_("Goodbye. Until tomorrow."), after=[Move.CALL_LATER], ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Let them tell it, and ask before you say anything of your own"),
            N_("Anger is used up by talking. Before that no number is heard, however right it is."),
            3,
            lambda played: before(Move.ASK, Move.LISTEN)(played) and Move.STATE not in played.moves,
        ),
        LISTENED,
        Criterion(
            N_("Say what you will do, and by when"),
            N_("An apology without a day is what they have heard before."),
            2,
            did(Move.CALL_LATER),
        ),
        KIND,
        WITHIN,
        CONFIRMED,
        ENDED,
        logged_as(
            N_("Nothing was agreed, and you look into it. If the goods are contested, take it down as that."),
            CallOutcome.REACHED,
            CallOutcome.DISPUTE,
        ),
        NOTED,
    ),
    card=(
        N_("Lower your voice, slow down, let them finish. Nobody shouts for long at somebody who listens."),
        N_("“What has happened?” and then their words back to them, before any of yours."),
        N_("If they insult you, say once that you would like to help and cannot like this. You may end the call."),
    ),
    next_step=N_("Hold the account until you have found the credit note, and call at the hour that you named."),
    model=(
        Move.INTRODUCE,
        Move.ASK,
        Move.LISTEN,
        Move.CALL_LATER,
        Move.CONFIRM,
        Move.END,
    ),
    outcome=CallOutcome.REACHED,
)

HANGS_UP: Final = Situation(
    key="hangs_up",
    way=Way.CALL,
    title=N_("They say nothing and hang up"),
    about=N_("Somebody picks up. You do not know who it is, and you hear only breathing."),
    opening=N_("…"),
    unknown=(N_("…"),),
    mood=2,
    moves=(Move.INTRODUCE, Move.CALL_LATER, Move.ASK, Move.END, Move.STATE, Move.PRESS, Move.THREATEN),
    says={
        Move.INTRODUCE: N_("Good day, I am calling from {business}. May I speak to {person}?"),
        Move.CALL_LATER: N_("I cannot hear you. It may be the line, or a bad moment. I try again on another day."),
        Move.ASK: N_("Hello? Are you there? Is this a bad moment?"),
        Move.THREATEN: N_("You can hang up, but that does not make it go away. We will find you."),
    },
    replies=(
        reply(Move.INTRODUCE, N_("…")),
        reply(Move.ASK, N_("… You hear a door, and a child.")),
        reply(Move.STATE, N_("You have told it to somebody, and you do not know to whom. They hang up."), ends=True),
        reply(Move.PRESS, N_("They hang up."), mood=-2, ends=True),
        reply(Move.THREATEN, N_("They hang up."), mood=-2, ends=True),
        reply(Move.CALL_LATER, N_("They hang up."), after=[Move.INTRODUCE], ends=True),
        reply(Move.END, N_("The line is dead already."), ends=True),
    ),
    criteria=(
        KNEW_WHO,
        Criterion(
            N_("Tell a silent line nothing about the matter"),
            N_("It may be a child, a colleague, or somebody who found the telephone. Debt is told to one person only."),
            3,
            never(Move.STATE, Move.PRESS, Move.THREATEN),
        ),
        Criterion(
            N_("Say that you try again on another day, and end it"),
            N_("Calling back at once feels like a hunt. The law of some places counts it as harassment."),
            2,
            did(Move.CALL_LATER),
        ),
        KIND,
        logged_as(
            N_("Somebody picked up and nothing was said: that is not a conversation, nor a wrong number."),
            CallOutcome.REACHED,
            CallOutcome.UNREACHABLE,
        ),
        Criterion(
            N_("Put down another day to call, not today"),
            N_("At most seven calls in seven days, and only in the hours that their country allows. We call less."),
            1,
            with_day,
        ),
        NOTED,
    ),
    card=(
        N_("Say your name and whom you want to speak to. Nothing of money."),
        N_("Wait for five seconds. Then say that you try again, and hang up."),
        N_("Write a message instead: it leaves them the time that a call does not."),
    ),
    next_step=N_("A call on another day at another hour, or a message with a link by which they can answer in peace."),
    model=(Move.INTRODUCE, Move.CALL_LATER),
    outcome=CallOutcome.REACHED,
)

SITUATIONS: Final[Sequence[Situation]] = (DAMAGED, LAWYER, ANGRY, HANGS_UP)
"""In the order in which they are offered."""
