"""Handing over: old debts go to agencies and an attorney, and what those make of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.demo import branch
from app.demo.branch import BECK, HARCOURT, PARTNERS, TYNE, Collector
from app.demo.cast import Customer
from app.demo.contending import taken_in
from app.demo.habits import working_day
from app.demo.story import Story
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.placements import candidates, ending, enrolling, proposing, queries, sending
from domain.placements.correspondence import writing
from domain.placements.people import inviting
from domain.placements.people.agreements import Described, file_agreement
from domain.processing.placing import settling
from domain.processing.placing.collecting import Collected, report_collection
from domain.remittances.costs import Spent, tell_cost
from domain.remittances.listing import unremitted
from domain.remittances.model import PlacedCollection
from domain.remittances.remitting import Line, Told, bank_remittance, tell_remittance
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role

TAKEN_OVER_AGO = 86
"""So many days before the end the branch was taken over."""
PLACED_FROM = 58
"""So many days before the end the worker begins to look after what was handed over."""
AGREEMENT = "Debts are handed over one by one. What is collected is paid over each month, with a statement."
QUESTION = "They ask for copies of the delivery notes of both invoices. Can you send them?"
WHY = "The final notice has run out, and nobody answers the telephone."


@dataclass(frozen=True, slots=True)
class Handed:
    """A debt that goes to a partner on the first working day, `ago` days before the end, on which it may."""

    debtor: Customer
    partner: Collector
    ago: int
    then: Sequence[tuple[int, Fate]] = ()
    """What happens to it so many days after it was sent."""


Fate: TypeAlias = Callable[[Session, Story, "Handed", int], None]
"""What somebody does about a placement, in a transaction of its own."""


def plan_handing_over(story: Story) -> None:
    """Write into the story's diary what is handed over, and what comes of it."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    taken_over = ago(TAKEN_OVER_AGO)
    story.put(taken_over, 8.1, lambda: _take_over(story, taken_over))
    story.put(ago(60), 9.4, lambda: _enrol(story))
    for days in range(PLACED_FROM):
        story.put(story.last_day - timedelta(days=days), 6.5, story.acts.stage.look_after_placements)
    for each in HANDED:
        story.put(ago(each.ago), 10.9, partial(_hand_over, story, each))
    story.put(ago(11), 12.4, lambda: _pay_directly(story))
    story.put(ago(9), 14.3, lambda: _remit_wrongly(story))


def _take_over(story: Story, day: date) -> None:
    """Their accounts are opened, and what they owe comes in by a file."""
    for debtor in branch.debtors():
        story.acts.open_account(debtor)
    story.acts.import_rows("southport-branch-open-items.csv", branch.rows(day), booked_as="opening-balance")


def _enrol(story: Story) -> None:
    """Olivia takes the partners on, and lets somebody of each sign in."""
    olivia = story.acts.staff["Olivia"]
    [paper] = taken_in(story, "collection-agreement.txt", AGREEMENT)
    for each in PARTNERS:
        with story.acts.database.transaction() as session:
            partner = enrolling.enrol(session, each.described, each.card, actor=olivia)
            login = inviting.invite(session, partner.id, email=each.email, name=each.person, actor=olivia)
            said = Described("Collection agreement", today(session), today(session) + timedelta(days=each.agreed_days))
            file_agreement(session, partner.id, paper, said, actor=olivia)
            story.partners[each.described.name] = partner.id
            story.agents[each.described.name] = Actor.partner(login.id, "203.0.113.61")


def _hand_over(story: Story, handed: Handed) -> None:
    """Sam proposes it, Ade approves and sends it; the day after, where a criterion is not met yet."""
    account_id = story.known(handed.debtor.number).account_id
    with story.acts.database.reading() as session:
        day = today(session)
        is_ready = candidates.look(session, account_id).judged.is_candidate
    if not is_ready:
        story.put(day + timedelta(days=1), 10.9, partial(_hand_over, story, handed))
        return
    partner_id = story.partners[handed.partner.described.name]
    sam, ade = story.acts.staff["Sam"], story.acts.staff["Ade"]
    with story.acts.database.transaction() as session:
        made = proposing.propose(session, account_id, partner_id, reason=WHY, actor=sam).id
        proposing.approve(session, account_id, made, role=Role.MANAGER, actor=ade)
        sending.send(session, account_id, made, actor=ade)
    story.placed[handed.debtor.number] = made
    for after, fate in handed.then:
        story.put(working_day(day + timedelta(days=after)), 11.6, partial(_let, story, handed, fate))


def _let(story: Story, handed: Handed, fate: Fate) -> None:
    with story.acts.database.transaction() as session:
        fate(session, story, handed, story.known(handed.debtor.number).account_id)


def _who(story: Story, handed: Handed) -> Actor:
    """Who acts for the partner."""
    return story.agents[handed.partner.described.name]


def _take(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    sending.take(session, account_id, story.placed[handed.debtor.number], actor=_who(story, handed))


def _refuse(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    why = "We act for one of its directors in another matter."
    sending.refuse(session, account_id, story.placed[handed.debtor.number], why=why, actor=_who(story, handed))


def _give_back(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    why = "Nobody at the address, and no answer by post or telephone."
    ending.give_back(session, account_id, story.placed[handed.debtor.number], why=why, actor=_who(story, handed))


def _said(words: str) -> Fate:
    """The partner tells what it has done."""

    def tell(session: Session, story: Story, handed: Handed, account_id: int) -> None:
        placement_id = story.placed[handed.debtor.number]
        writing.tell_activity(
            session, account_id, placement_id, words, happened_on=today(session), actor=_who(story, handed)
        )

    return tell


def _asked(words: str) -> Fate:
    """The partner asks us something."""

    def ask(session: Session, story: Story, handed: Handed, account_id: int) -> None:
        placement_id = story.placed[handed.debtor.number]
        writing.ask(session, account_id, placement_id, words, happened_on=today(session), actor=_who(story, handed))

    return ask


def _collected(reference: str, percent: int) -> Fate:
    """The debtor has paid the partner so much of what is open."""

    def collect(session: Session, story: Story, handed: Handed, account_id: int) -> None:
        placement_id = story.placed[handed.debtor.number]
        row = queries.placement(session, placement_id)
        amount = Money(row.open_minor * percent // 100, row.currency)
        paid = Collected(reference, amount, today(session) - timedelta(days=2))
        report_collection(session, account_id, placement_id, paid, actor=_who(story, handed))

    return collect


def _spent(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    """The partner asks for what it has laid out."""
    placement = queries.entity(session, account_id, story.placed[handed.debtor.number])
    what = "A visit at the premises, with a report and photographs"
    spent = Spent("TW-C-118", Money(85_00, placement.currency), today(session) - timedelta(days=1), what)
    tell_cost(session, placement, spent, actor=_who(story, handed))


def _contest(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    """The debtor contests it with us: the partner has to wait."""
    known = story.known(handed.debtor.number)
    [row] = queries.invoices(session, story.placed[handed.debtor.number])
    words = "Half of this was sent back to the branch in spring; your driver signed for it."
    raise_dispute(
        session,
        account_id,
        row.id,
        Complaint(Reason.RETURNED, words),
        login_id=known.login_id,
        actor=Actor.login(known.login_id),
    )


def _settle(session: Session, story: Story, handed: Handed, account_id: int) -> None:
    """The partner asks whether it may settle for less than it may alone."""
    placement_id = story.placed[handed.debtor.number]
    row = queries.placement(session, placement_id)
    amount, last_day = Money(row.open_minor * 70 // 100, row.currency), today(session) + timedelta(days=21)
    reason = "Would borrow it from family if that were the end of it."
    wanted = settling.Proposed(amount, 2, last_day, reason)
    settling.propose(session, account_id, placement_id, wanted, actor=_who(story, handed))


def _remit_wrongly(story: Story) -> None:
    """Tyne & Wharf pays over what it has collected, and keeps a twentieth more than was agreed."""
    name = TYNE.described.name
    with story.acts.database.transaction() as session:
        lines = []
        for row in unremitted(session, story.partners[name]):
            collection = session.get_one(PlacedCollection, row.id)
            kept = collection.commission + Money(collection.amount.minor // 20, collection.currency)
            lines.append(Line(collection.amount, kept, Money(kept.minor // 5, "GBP"), collection_id=collection.id))
        paid = Money.sum((line.amount - line.commission - line.tax for line in lines), "GBP")
        told = Told("TW-R-0007", "GBP", today(session), paid, tuple(lines))
        made = tell_remittance(session, story.partners[name], told, actor=story.agents[name]).id
    story.acts.stage.clock.advance(hours=2)
    with story.acts.database.transaction() as session:
        bank_remittance(session, made, today(session), actor=story.acts.staff["Ade"])


def _pay_directly(story: Story) -> None:
    """A debtor pays us a part by card, though its debt lies with an agency."""
    known = story.known(branch.DIRECT.number)
    invoice_id, amount = story.owed(known)
    story.acts.type_card(known, story.acts.go_to_pay(known, {invoice_id: amount.split(2)[0]}))


HANDED = (
    Handed(
        branch.ACTIVE,
        TYNE,
        58,
        (
            (2, _take),
            (4, _said("Called the office: their bookkeeper calls back.")),
            (12, _collected("TW-5501", 30)),
            (27, _collected("TW-5533", 25)),
            (30, _asked(QUESTION)),
            (40, _spent),
        ),
    ),
    Handed(branch.PAID, TYNE, 57, ((1, _take), (16, _collected("TW-5502", 100)))),
    Handed(branch.RETURNED, BECK, 56, ((3, _take), (21, _give_back))),
    Handed(branch.REFUSED, HARCOURT, 52, ((4, _refuse),)),
    Handed(branch.HELD, BECK, 48, ((2, _take), (20, _contest))),
    Handed(branch.DIRECT, BECK, 45, ((2, _take),)),
    Handed(branch.ASKING, HARCOURT, 42, ((3, _take), (14, _said("A letter before claim went out.")), (21, _settle))),
    Handed(branch.SENT, TYNE, 3),
)
"""What is handed over, to whom, and what comes of it."""
