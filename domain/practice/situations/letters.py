"""Letters: situations in which a customer has written, and is answered in writing; data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.practice.moves import Move
from domain.practice.rubric import KIND, WITHIN, before, did, did_one, never
from domain.practice.situation import Criterion, Situation, Way, reply
from domain.shared.errors import N_

CLOSED: Final = Criterion(
    N_("Answer once more, with what happens next and by when"),
    N_("A thread that ends with their message leaves them waiting, and the next reminder finds them angry."),
    1,
    did(Move.CONFIRM),
)

PAID_LETTER: Final = Situation(
    key="paid_letter",
    way=Way.MESSAGE,
    title=N_("They write that it is paid"),
    about=N_("An answer to our second reminder, short and cross."),
    opening=N_("We paid {number} two weeks ago. Please look into your own bank before you write to us. {person}"),
    mood=2,
    moves=(Move.LOOK_UP, Move.CONFIRM, Move.PRESS, Move.ARGUE, Move.SEND_AGAIN),
    says={
        Move.LOOK_UP: N_(
            "Thank you, and I am sorry for the trouble. I looked and could not find it. On which day did you pay, by "
            "which way, and with what reference? Reminders wait until I have found it."
        ),
        Move.CONFIRM: N_("Thank you. I have all that I need, and write to you by tomorrow evening with what I found."),
        Move.PRESS: N_("Please pay {amount} today. If it arrives twice, we send one back."),
        Move.ARGUE: N_("There is no payment in our system. You must be mistaken."),
        Move.SEND_AGAIN: N_("Here is invoice {number} once more. Please pay it by Friday."),
    },
    replies=(
        reply(
            Move.LOOK_UP,
            N_("By transfer, two weeks ago, {amount}. As a reference we gave our own customer number. {person}"),
            mood=1,
        ),
        reply(Move.CONFIRM, N_("Thank you for the quick answer. {person}"), after=[Move.LOOK_UP], mood=1, ends=True),
        reply(Move.CONFIRM, N_("What do you have? I have told you nothing yet. {person}")),
        reply(Move.SEND_AGAIN, N_("I have the invoice. I have paid it. Does anybody read this? {person}"), mood=-1),
    ),
    criteria=(
        Criterion(
            N_("Ask for the day, the way and the reference, and let reminders wait"),
            N_("With these the payment is found among the bank lines that nobody could match. Without them it is not."),
            3,
            did(Move.LOOK_UP),
        ),
        Criterion(
            N_("Believe them until you have looked"),
            N_("Most who say so have paid. An invoice sent again says that nobody has read their message."),
            2,
            never(Move.SEND_AGAIN, Move.ARGUE, Move.PRESS),
        ),
        KIND,
        CLOSED,
    ),
    card=(
        N_("Thank them, say that you are sorry for the trouble, and say what you have already looked at."),
        N_("Ask for all that you need in one message: the day, the way, the reference."),
        N_("Say when they hear from you."),
    ),
    next_step=N_("Hold the invoice until you have looked among the bank lines, and write back on the day you named."),
    model=(Move.LOOK_UP, Move.CONFIRM),
)

SHORT_LETTER: Final = Situation(
    key="short_letter",
    way=Way.MESSAGE,
    title=N_("They write that they cannot pay all of it"),
    about=N_("An honest message from somebody who was never late before."),
    opening=N_("We cannot pay {amount} this month, two customers have let us down. I do not want to hide. {person}"),
    mood=3,
    moves=(Move.ASK_PROMISE, Move.OFFER_PLAN, Move.CONFIRM, Move.THREATEN, Move.GIVE_AWAY, Move.PRESS),
    says={
        Move.ASK_PROMISE: N_(
            "Thank you for writing before we had to. What can you pay now, and on which day? And by when the rest? "
            "Tell me what is sure rather than what you hope."
        ),
        Move.OFFER_PLAN: N_(
            "Thank you for telling us. We can agree on parts: you find three proposals behind the link in this "
            "message, and can make your own. Which one suits you?"
        ),
        Move.CONFIRM: N_(
            "Agreed: {half} on Friday and the rest next month. Both days stand in this message, for both of us."
        ),
        Move.THREATEN: N_("We note that you are not able to pay, and will inform the credit agencies and our lawyers."),
        Move.GIVE_AWAY: N_("Thank you for being honest. Pay two thirds of it this week, and we forget the rest."),
        Move.PRESS: N_("Your customers are not our concern. {amount} is due now."),
    },
    replies=(
        reply(Move.ASK_PROMISE, N_("{half} this Friday is sure, the rest by the end of next month. {person}"), mood=1),
        reply(Move.OFFER_PLAN, N_("Two parts are enough: {half} on Friday, the rest next month. {person}"), mood=1),
        reply(Move.CONFIRM, N_("Thank you. That helps a lot. {person}"), after=[Move.ASK_PROMISE], mood=1, ends=True),
        reply(
            Move.CONFIRM, N_("Thank you. I will accept it there. {person}"), after=[Move.OFFER_PLAN], mood=1, ends=True
        ),
    ),
    criteria=(
        Criterion(
            N_("Ask what is sure and on which day, or offer to pay in parts"),
            N_("Who writes by themselves wants to pay. Make it easy, and let them name what they can keep."),
            3,
            did_one(Move.ASK_PROMISE, Move.OFFER_PLAN),
        ),
        KIND,
        WITHIN,
        CLOSED,
    ),
    card=(
        N_("Thank them for writing. It was not easy."),
        N_("Let them name the amount and the day. Or send the link: there they can make a plan by themselves."),
        N_("Repeat both days and both amounts in your last message."),
    ),
    next_step=N_("Write the promise down on the account, or make the plan. Reminders wait until then by themselves."),
    model=(Move.ASK_PROMISE, Move.CONFIRM),
)

DAMAGED_LETTER: Final = Situation(
    key="damaged_letter",
    way=Way.MESSAGE,
    title=N_("They write that something was wrong with the goods"),
    about=N_("One sentence, no detail, and nothing paid at all."),
    opening=N_("We are not paying {number}. The goods were not in order. {person}"),
    mood=2,
    moves=(Move.TAKE_DISPUTE, Move.ASK_PROMISE, Move.CONFIRM, Move.ARGUE, Move.GIVE_AWAY, Move.SAY_NEXT),
    says={
        Move.TAKE_DISPUTE: N_(
            "I am sorry to hear that. Which lines is it, how many pieces, and what was wrong? A photo helps. We do not "
            "ask for that part while we look into it."
        ),
        Move.ASK_PROMISE: N_(
            "Thank you. That part waits until it is settled. By when can you pay the {half} that was right?"
        ),
        Move.CONFIRM: N_(
            "Thank you. You hear from us within five working days about those lines, and {half} comes on Friday."
        ),
        Move.ARGUE: N_("You signed for the delivery. A complaint comes too late now."),
        Move.GIVE_AWAY: N_("Then let us simply cancel the invoice. Please excuse the trouble."),
        Move.SAY_NEXT: N_("If {amount} is not here by Friday, you get the final notice."),
    },
    replies=(
        reply(
            Move.TAKE_DISPUTE,
            N_("Lines two and three, half of the pieces were cracked. Photos are attached. {person}"),
            mood=1,
        ),
        reply(Move.ASK_PROMISE, N_("The rest on Friday. {person}"), after=[Move.TAKE_DISPUTE]),
        reply(Move.ASK_PROMISE, N_("Nothing, before somebody has asked me what was wrong. {person}"), mood=-1),
        reply(Move.SAY_NEXT, N_("So that is how you deal with complaints. {person}"), mood=-1),
        reply(Move.CONFIRM, N_("Good. {person}"), after=[Move.TAKE_DISPUTE, Move.ASK_PROMISE], mood=1, ends=True),
        reply(Move.CONFIRM, N_("And the rest of the invoice? {person}"), after=[Move.TAKE_DISPUTE]),
    ),
    criteria=(
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
        Criterion(
            N_("Send no next step for what is contested"),
            N_("A final notice about an open complaint is wrong in law and loses the customer."),
            2,
            never(Move.SAY_NEXT),
        ),
        KIND,
        WITHIN,
        CLOSED,
    ),
    card=(
        N_("Say that you are sorry, and ask for lines, pieces and photos in one message."),
        N_("Say that the contested part waits. Then ask for the rest."),
        N_("Name the day by which they have an answer."),
    ),
    next_step=N_("Open the dispute from the message: the photos come with it, and the clock for our answer starts."),
    model=(Move.TAKE_DISPUTE, Move.ASK_PROMISE, Move.CONFIRM),
)

NO_MORE: Final = Situation(
    key="no_more",
    way=Way.MESSAGE,
    title=N_("They want no more messages"),
    about=N_("They answer a reminder with one line, in capitals."),
    opening=N_("STOP SENDING ME THESE. I WANT NO MORE MESSAGES FROM YOU."),
    mood=1,
    moves=(Move.STOP_WRITING, Move.CONFIRM, Move.ARGUE, Move.PRESS, Move.ASK_PROMISE),
    says={
        Move.STOP_WRITING: N_(
            "We stop these messages today. What the law asks us to send still comes, by letter. If you would rather "
            "talk, or want to hear from us in another way, tell me which."
        ),
        Move.CONFIRM: N_("No more emails and no texts from today. Letters only. You need not answer this."),
        Move.ARGUE: N_("We are allowed to send you reminders as long as you owe us money."),
        Move.PRESS: N_("The messages stop as soon as you pay {amount}."),
        Move.ASK_PROMISE: N_("I understand. When will you pay, then?"),
    },
    replies=(
        reply(
            Move.STOP_WRITING, N_("By letter is fine. It was just too much on the telephone all day. {person}"), mood=1
        ),
        reply(Move.CONFIRM, N_("Thank you. {person}"), after=[Move.STOP_WRITING], mood=1, ends=True),
        reply(Move.ASK_PROMISE, N_("I SAID STOP."), mood=-1),
    ),
    criteria=(
        Criterion(
            N_("Respect it at once, without a condition"),
            N_("Everybody may refuse a way of being written to. A condition breaks the law, and their trust."),
            3,
            did(Move.STOP_WRITING),
        ),
        Criterion(
            N_("Ask for nothing in the same message"),
            N_("A message about no more messages that asks for money is one more of them."),
            2,
            never(Move.ASK_PROMISE, Move.PRESS),
        ),
        KIND,
        CLOSED,
    ),
    card=(
        N_("Say that it stops, and say truthfully what does not: letters that the law asks for."),
        N_("Offer another way. Many mean the telephone that rings at work, not the matter."),
        N_("Do not explain why you were allowed to write."),
    ),
    next_step=N_(
        "Take the address out on the page of what they may be told. The reminders then go by letter by themselves."
    ),
    model=(Move.STOP_WRITING, Move.CONFIRM),
)

ILL_LETTER: Final = Situation(
    key="ill_letter",
    way=Way.MESSAGE,
    title=N_("They write from a hospital"),
    about=N_("A long message at three in the morning. The money is in its last sentence."),
    opening=N_(
        "I am in hospital since the tenth and do not know for how long. Nobody opens the post. I lie awake because of "
        "your letters. Please tell me what I have to do. {person}"
    ),
    mood=2,
    moves=(Move.HAND_ON, Move.CONFIRM, Move.OFFER_PLAN, Move.ASK_PROMISE, Move.SAY_NEXT),
    says={
        Move.HAND_ON: N_(
            "Thank you for writing to me. You do not have to do anything now. All reminders stop today. My colleague "
            "Priya writes to you when you say that it suits you. Please get well."
        ),
        Move.CONFIRM: N_("It stays as I wrote: nothing comes from us until you ask for it. You need not answer."),
        Move.OFFER_PLAN: N_("I am sorry to hear that. You can pay in four parts. The first would be due on Friday."),
        Move.ASK_PROMISE: N_("I am sorry to hear that. Is there somebody who can pay {amount} for you this week?"),
        Move.SAY_NEXT: N_("All the best. Please note that the final notice goes out on Friday by itself."),
    },
    replies=(
        reply(Move.HAND_ON, N_("Thank you. I can sleep now, I think. {person}"), mood=2),
        reply(Move.CONFIRM, N_("You are very kind. {person}"), after=[Move.HAND_ON], ends=True),
        reply(Move.OFFER_PLAN, N_("I cannot even get to my bank from here. {person}"), mood=-1),
        reply(Move.ASK_PROMISE, N_("There is nobody. {person}"), mood=-1),
        reply(Move.SAY_NEXT, N_("Then I do not know what to do. {person}"), mood=-2),
    ),
    criteria=(
        Criterion(
            N_("Stop everything, say so plainly, and hand on to a person with a name"),
            N_("Somebody who is ill and afraid needs one sentence: you do not have to do anything now."),
            3,
            did(Move.HAND_ON),
        ),
        Criterion(
            N_("Ask for nothing once you know"),
            N_("Nobody decides well in such days. What they agree to now would not stand, and should not."),
            3,
            never(Move.OFFER_PLAN, Move.ASK_PROMISE, Move.SAY_NEXT),
        ),
        KIND,
        CLOSED,
    ),
    card=(
        N_("First sentence: what they have to do now, which is nothing."),
        N_("Then who writes to them, by name, and that it waits until they say so."),
        N_("Nothing of amounts, days or papers. Not even as a help."),
    ),
    next_step=N_("Hold the whole account today, and give the message to the colleague for customers in difficulty."),
    model=(Move.HAND_ON, Move.CONFIRM),
)

SITUATIONS: Final[Sequence[Situation]] = (PAID_LETTER, SHORT_LETTER, DAMAGED_LETTER, NO_MORE, ILL_LETTER)
"""In the order in which they are offered."""
