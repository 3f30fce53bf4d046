"""Agreeing: payment plans in every state, and debts that are settled for less, in the last months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from app.demo.acts import GOOD_CARD
from app.demo.basket import basket
from app.demo.habits import working_day
from app.demo.saving import keep_card
from app.demo.story import Story
from domain.plans import negotiating, pausing
from domain.plans.methods import use_method
from domain.plans.negotiating import Ask
from domain.plans.pausing import Wish
from domain.plans.schedule import Shape
from domain.policies.accepting import Signer
from domain.policies.sections import Frequency
from domain.processing.plans.agreement import agreement_paper
from domain.processing.plans.signing import sign
from domain.settlements import accepting, offering, queries
from domain.settlements.offering import Wanted
from domain.settlements.paying import spread
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role
from web.localisation import localisation

DECLINES_LATER = "4000000000000341"
WATCHED_FROM = 64
"""So many days before its end the story begins to look after plans and settlements each morning."""
ASKS, COUNTERED, TO_SIGN = "A-1026", "A-1049", "A-1006"
KEPT, FINISHED, AT_REST = "A-1066", "A-1070", "A-1054"
LATE, IN_GRACE, DEFAULTED = "A-1057", "A-1025", "A-1005"
OFFERED, ACCEPTED, SETTLED = "A-1052", "A-1060", "A-1003"


@dataclass(frozen=True, slots=True)
class Signed:
    """A plan that a customer makes and signs `ago` days before the end, over an invoice of its own."""

    number: str
    ago: int
    frequency: Frequency
    count: int
    first_after: int
    """Days from the signing to the first instalment."""
    card: str = GOOD_CARD


SIGNED = (
    Signed(KEPT, 60, Frequency.FORTNIGHTLY, 8, 10),
    Signed(FINISHED, 62, Frequency.WEEKLY, 4, 7),
    Signed(AT_REST, 44, Frequency.MONTHLY, 4, 10),
    Signed(LATE, 17, Frequency.MONTHLY, 5, 14, DECLINES_LATER),
    Signed(IN_GRACE, 24, Frequency.MONTHLY, 6, 16, DECLINES_LATER),
    Signed(DEFAULTED, 48, Frequency.MONTHLY, 3, 14, DECLINES_LATER),
)


def plan_agreeing(story: Story) -> None:
    """Write into the story's diary who agrees to pay in parts, and to whom something is given up."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    for days in range(WATCHED_FROM):
        story.put(story.last_day - timedelta(days=days), 6.4, story.acts.stage.look_after_agreements)
    for plan in SIGNED:
        story.put(ago(plan.ago), 13.4, partial(_sign, story, plan))
    story.put(ago(6), 11.3, lambda: _pause(story))
    story.put(ago(3), 15.8, lambda: _ask(story, ASKS, 18, "We lost our largest customer this spring."))
    story.put(ago(7), 15.8, lambda: _counter(story, _ask(story, COUNTERED, 24, "Could it be two years?")))
    story.put(ago(2), 10.4, lambda: _propose(story))
    for number, days in ((OFFERED, 83), (ACCEPTED, 84), (SETTLED, 85)):
        story.put(ago(days), 10.2, partial(_invoice, story, number))
    story.put(ago(4), 11.1, lambda: _offer(story, OFFERED, 10))
    story.put(ago(9), 11.1, lambda: _accept(story, ACCEPTED, _offer(story, ACCEPTED, 10), parts=2))
    story.put(ago(22), 11.1, lambda: _settle(story))


def _invoice(story: Story, number: str) -> int:
    """One more invoice, to which nothing else happens."""
    known = story.known(number)
    return story.acts.issue(known, basket(known.customer, story.chance(known))).id


def _ask(story: Story, number: str, count: int, words: str) -> int:
    """A customer asks for more months than the terms let them agree to alone."""
    known, invoice_id = story.known(number), _invoice(story, number)
    with story.acts.database.transaction() as session:
        shape = Shape(count=count, frequency=Frequency.MONTHLY, first_on=today(session) + timedelta(days=28))
        ask = Ask((invoice_id,), shape, words)
        actor = Actor.login(known.login_id)
        return negotiating.ask_for(session, known.account_id, ask, login_id=known.login_id, actor=actor).id


def _counter(story: Story, plan_id: int) -> None:
    """Ade answers with another plan."""
    account_id = story.known(COUNTERED).account_id
    with story.acts.database.transaction() as session:
        shape = Shape(count=15, frequency=Frequency.MONTHLY, first_on=today(session) + timedelta(days=21))
        words, ade = "Fifteen months would do for us, if we begin in three weeks.", story.acts.staff["Ade"]
        negotiating.counter(session, account_id, plan_id, shape, words, role=Role.MANAGER, actor=ade)


def _propose(story: Story) -> None:
    """Sam has agreed on a plan by phone, which the customer has to sign."""
    account_id, invoice_id = story.known(TO_SIGN).account_id, _invoice(story, TO_SIGN)
    with story.acts.database.transaction() as session:
        shape = Shape(count=4, frequency=Frequency.MONTHLY, first_on=today(session) + timedelta(days=14))
        ask = Ask((invoice_id,), shape, "As we said on the phone.")
        negotiating.offer(session, account_id, ask, role=Role.COLLECTOR, actor=story.acts.staff["Sam"])


def _sign(story: Story, plan: Signed) -> None:
    """A customer makes a plan within the terms, signs it, and keeps the card that it is collected from."""
    acts, known, invoice_id = story.acts, story.known(plan.number), _invoice(story, plan.number)
    actor, everything = Actor.login(known.login_id, "203.0.113.23"), acts.stage.wired
    with acts.database.transaction() as session:
        first_on = today(session) + timedelta(days=plan.first_after)
        ask = Ask((invoice_id,), Shape(count=plan.count, frequency=plan.frequency, first_on=first_on))
        made = negotiating.ask_for(session, known.account_id, ask, login_id=known.login_id, actor=actor)
        paper = agreement_paper(session, everything.renderer, known.account_id, made.id)
        sign(
            session,
            everything.store,
            known.account_id,
            made.id,
            paper,
            Signer(known.customer.contact, "Bookkeeper", "Mozilla/5.0"),
            speak=lambda language: localisation(language, acts.database.business.time_zone),
            actor=actor,
        )
        plan_id = made.id
    kept = keep_card(acts, known, plan.card)
    with acts.database.transaction() as session:
        use_method(session, known.account_id, plan_id, kept.method_id, login_id=known.login_id, actor=actor)
    story.agreed[plan.number] = plan_id


def _pause(story: Story) -> None:
    """Ade lets a plan rest for a month."""
    known = story.known(AT_REST)
    with story.acts.database.transaction() as session:
        day = today(session)
        wish = Wish(day, day + timedelta(days=30), "Their kitchen burnt out; the insurer pays next month.")
        pausing.pause(
            session,
            known.account_id,
            story.agreed[AT_REST],
            wish,
            role=Role.MANAGER,
            actor=story.acts.staff["Ade"],
        )


def _offer(story: Story, number: str, percent: int) -> int:
    """Sam offers to give up so much of all that is late."""
    account_id = story.known(number).account_id
    with story.acts.database.transaction() as session:
        room = offering.room_of(session, account_id)
        less = Money(room.total.minor * percent // 100, room.total.currency)
        wanted = Wanted(
            tuple(row.id for row in room.invoices),
            room.total - less,
            room.most_parts,
            room.expires_on,
            "Has written to us and wants to be through with it",
        )
        sam = story.acts.staff["Sam"]
        return offering.offer(session, account_id, wanted, role=Role.COLLECTOR, actor=sam).id


def _accept(story: Story, number: str, offer_id: int, *, parts: int) -> None:
    known = story.known(number)
    with story.acts.database.transaction() as session:
        actor = Actor.login(known.login_id, "203.0.113.31")
        accepting.accept(session, known.account_id, offer_id, parts=parts, actor=actor)


def _settle(story: Story) -> None:
    """A debt is settled at once, by card; the letter that nothing more is owed comes the day after."""
    known = story.known(SETTLED)
    offer_id = _offer(story, SETTLED, 10)
    _accept(story, SETTLED, offer_id, parts=1)
    with story.acts.database.reading() as session:
        wanted = spread(session, offer_id, queries.entity(session, known.account_id, offer_id).amount)
    story.acts.type_card(known, story.acts.go_to_pay(known, wanted))
