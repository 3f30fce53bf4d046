"""Common: what any simulated customer answers where the situation has no reply of its own; a pure file."""

from __future__ import annotations

from typing import Final

from domain.practice.moves import Move
from domain.practice.situation import Reply, Way, reply
from domain.shared.errors import N_

WHO_IS_THERE: Final = reply(
    Move.INTRODUCE,
    N_("Sorry, who is this? You have not said who you are."),
    N_("One moment. Who is calling, and for whom?"),
    mood=-1,
)
"""To what comes before one has said who one is; worse only where it tells of the matter."""
TELLING: Final = frozenset(
    {
        Move.STATE,
        Move.ASK_PROMISE,
        Move.OFFER_PLAN,
        Move.SEND_AGAIN,
        Move.LOOK_UP,
        Move.SAY_NEXT,
        Move.CONFIRM,
        Move.DISCLOSE,
        Move.PRESS,
        Move.THREATEN,
        Move.GIVE_AWAY,
        Move.ARGUE,
    }
)
"""What tells of the matter, and so is not for anybody whom one does not know."""
AGAIN: Final = reply(Move.ASK, N_("You have said that already."), N_("As I told you."), mood=-1)
LETTER_AGAIN: Final = reply(Move.ASK, N_("You wrote that in your last message. Please read mine."), mood=-1)
"""To what was said before."""
PATIENT: Final = frozenset({Move.LISTEN, Move.ASK})
"""What can be said again without making it worse."""
IN_A_HURRY: Final = {
    Way.CALL: N_("I am sorry, I have to go now. They hang up."),
    Way.MESSAGE: N_("Let us leave it there for now."),
}
"""How they end what has become too long."""

_ALL = (
    reply(Move.INTRODUCE, N_("This is {person}. I do the payments. What is it about?")),
    reply(Move.STATE, N_("Yes, I know the one you mean.")),
    reply(Move.ASK, N_("What would you like to know?")),
    reply(Move.LISTEN, N_("Yes, that is how it is.")),
    reply(Move.ASK_PROMISE, N_("I cannot tell you that now."), N_("That is too early to say.")),
    reply(Move.OFFER_PLAN, N_("That does not help me here.")),
    reply(Move.SEND_AGAIN, N_("We have the invoice. That is not it.")),
    reply(Move.LOOK_UP, N_("There is nothing to look up. We have not paid it.")),
    reply(Move.TAKE_DISPUTE, N_("The goods were fine. That is not it.")),
    reply(Move.ASK_WHO, N_("You are talking to the right person.")),
    reply(Move.TAKE_LAWYER, N_("A lawyer? We have not asked one.")),
    reply(Move.TAKE_INSOLVENCY, N_("Proceedings? No, it is not as bad as that.")),
    reply(Move.OTHER_LANGUAGE, N_("We understand each other well enough, I think.")),
    reply(Move.HAND_ON, N_("I do not need anybody else for this. Can we not settle it?")),
    reply(Move.STOP_WRITING, N_("That is not what I asked for.")),
    reply(Move.CALL_LATER, N_("If you have to. I would rather settle it now.")),
    reply(Move.SAY_NEXT, N_("I know how it goes.")),
    reply(Move.CONFIRM, N_("But we have not agreed on anything yet.")),
    reply(Move.END, N_("Goodbye, then."), ends=True),
    reply(Move.DISCLOSE, N_("Why do you tell me that? Should I know it at all?"), mood=-1),
    reply(
        Move.PRESS,
        N_("Today? You are not listening to me."),
        N_("I have just told you why that does not work."),
        mood=-1,
    ),
    reply(
        Move.THREATEN,
        N_("Is that a threat? I am writing down what you just said."),
        N_("Bailiffs? You cannot do that, and I know it."),
        mood=-2,
    ),
    reply(Move.GIVE_AWAY, N_("Really? I take that. You have said it, and I hold you to it."), mood=1),
    reply(
        Move.ARGUE,
        N_("So you think that I am lying to you?"),
        N_("I know what I know. Look at it again."),
        mood=-1,
    ),
)
COMMON: Final[dict[Move, Reply]] = {each.to: each for each in _ALL}
"""A reply to every move."""
