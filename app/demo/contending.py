"""Contending: disputes in every state in the last weeks, with what both sides wrote, and how they are handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from io import BytesIO
from typing import BinaryIO

from app.demo.basket import basket, ordered
from app.demo.habits import working_day
from app.demo.story import Story
from domain.disputes import joining, talking
from domain.disputes.answering import answer_with_paper
from domain.disputes.model import Dispute
from domain.disputes.owning import assign
from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.reasons import Reason, RootCause
from domain.disputes.reopening import reopen
from domain.disputes.resolving import begin_review, reject
from domain.disputes.routes import Route, set_route
from domain.documents import filing
from domain.documents.intake import Intake, TakenIn
from domain.documents.model import Category
from domain.processing.disputes.accepting import accept
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.staff.model import Role

WATCHED_FROM = 45
"""So many days before its end the story begins to look after disputes each morning."""
NEW, FORGOTTEN, ASKED, PAPER, LATE = "A-1018", "A-1063", "A-1014", "A-1058", "A-1017"
PARTLY, AGAIN, MERGED, WITHDRAWN, SILENT = "A-1029", "A-1031", "A-1050", "A-1075", "A-1010"


@dataclass(frozen=True, slots=True)
class Case:
    """What a customer contests of an invoice of its own, so many days before the end.

    `wanted` are the articles on it and how many (`basket.ordered`), any where that is empty; it is about the first
    `lines` of them, or all of it. `paper` is the name and the text of a file that shows it.
    """

    number: str
    ago: int
    reason: Reason
    words: str
    wanted: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    paper: tuple[str, str] | None = None


FRAMEWORK = """Framework agreement for consumables, Hallam Borough Council and Northgate Supplies Ltd
Schedule 2: paper napkins, nitrile gloves and surface disinfectant at six per cent below the price list."""
SIX_PER_CENT = Fraction(6, 100)
CASES = (
    Case(SILENT, 40, Reason.QUALITY, "The espresso beans taste stale.", {"Arabica": 0, "Semi-skimmed": 0}, lines=1),
    Case(
        PARTLY,
        30,
        Reason.WRONG_PRICE,
        "The framework agreement says 6 % less. It is attached.",
        {"Paper napkins": 0, "Nitrile": 0, "Surface": 0, "Bin liners": 0},
        lines=3,
        paper=("framework-agreement.txt", FRAMEWORK),
    ),
    Case(
        LATE,
        26,
        Reason.DAMAGED,
        "The napkins and the till rolls were wet. See the driver's sheet.",
        {"Paper napkins": 0, "Till rolls": 0, "Washing-up": 0, "Delivery": 1},
        lines=2,
    ),
    Case(
        AGAIN,
        24,
        Reason.NOT_DELIVERED,
        "The second box never came: the bin liners were in it.",
        {"Bin liners": 2, "Washing-up": 0, "Delivery": 1},
        lines=1,
    ),
    Case(WITHDRAWN, 16, Reason.PAID_ALREADY, "Lo pagamos el mes pasado."),
    Case(
        MERGED,
        12,
        Reason.WRONG_QUANTITY,
        "We ordered four sacks of espresso beans, not six.",
        {"Arabica": 6, "Rapeseed": 3, "Demerara": 2},
        lines=1,
    ),
    Case(
        ASKED,
        9,
        Reason.NOT_ORDERED,
        "Nobody at the school ordered espresso beans.",
        {"Arabica": 1, "Blue centrefeed": 0, "Nitrile": 0},
        lines=1,
    ),
    Case(PAPER, 8, Reason.MISSING_PROOF, "Please send the signed delivery note."),
    Case(
        FORGOTTEN,
        5,
        Reason.TAX,
        "Our gloves are protective equipment and bear no VAT, we think.",
        {"Nitrile": 0, "Blue centrefeed": 0},
        lines=1,
    ),
    Case(
        NEW,
        1,
        Reason.SHORT_DELIVERY,
        "The cups and the lids were short: photographs to follow.",
        {"Takeaway cups": 0, "Compostable lids": 0, "Semi-skimmed": 0},
        lines=2,
    ),
)
RULED = (
    (Reason.WRONG_PRICE, "Ade", Route(answer_hours=8, resolve_days=5)),
    (Reason.DAMAGED, "Sam", Route(answer_hours=4, resolve_days=8)),
    (Reason.MISSING_PROOF, "Sam", Route(answer_hours=16, resolve_days=5, silent_days=10)),
)
"""Who handles what in how much time; all the rest is as usual."""


@dataclass(frozen=True, slots=True)
class Note:
    """A small file that somebody sends."""

    filename: str
    file: BinaryIO


def plan_contending(story: Story) -> None:
    """Write into the story's diary what customers contest lately, and how it goes on."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    story.put(ago(60), 9.5, lambda: _rule(story))
    for days in range(WATCHED_FROM):
        story.put(story.last_day - timedelta(days=days), 6.6, story.acts.stage.look_after_disputes)
    for case in CASES:
        story.put(ago(case.ago), 10.7, partial(_contest, story, case))
    story.put(ago(38), 12.2, lambda: _ask(story, SILENT, "Which lot number stands on the bag?"))
    story.put(ago(25), 12.1, lambda: _accept_a_part(story))
    story.put(ago(25), 14.1, lambda: _answer(story, LATE, "We have asked the carrier for the driver's sheet."))
    story.put(ago(20), 14.6, lambda: _reject(story))
    story.put(ago(14), 9.9, lambda: _withdraw(story))
    story.put(ago(11), 15.3, lambda: _merge(story))
    story.put(ago(5), 13.1, lambda: _ask(story, ASKED, "The order came from the office of Mrs Bell. May we ask her?"))
    story.put(ago(4), 10.1, lambda: _file_the_paper(story))
    story.put(ago(3), 15.2, lambda: _open_again(story))


def _rule(story: Story) -> None:
    """Ade says who handles what."""
    with story.acts.database.transaction() as session:
        for reason, name, time in RULED:
            owner = story.acts.staff[name].id
            route = Route(owner, time.answer_hours, time.resolve_days, time.silent_days)
            set_route(session, reason, route, actor=story.acts.staff["Ade"])


def _contest(story: Story, case: Case) -> None:
    """A customer contests an invoice of their own for it."""
    known = story.known(case.number)
    chance = story.chance(known)
    lines = ordered(known.customer, case.wanted, chance) if case.wanted else basket(known.customer, chance)
    invoice = story.acts.issue(known, lines)
    taken = tuple(taken_in(story, *case.paper)) if case.paper else ()
    with story.acts.database.transaction() as session:
        contested = [row.id for row in receivables.lines(session, invoice.id)][: case.lines]
        complaint = Complaint(case.reason, case.words, line_ids=tuple(contested), files=taken)
        actor = Actor.login(known.login_id)
        dispute = raise_dispute(session, known.account_id, invoice.id, complaint, login_id=known.login_id, actor=actor)
        story.contested[case.number] = dispute.id


def _ask(story: Story, number: str, words: str) -> None:
    """Sam asks, and waits."""
    with story.acts.database.transaction() as session:
        talking.ask(session, *_of(story, number), words, actor=story.acts.staff["Sam"])


def _answer(story: Story, number: str, words: str) -> None:
    with story.acts.database.transaction() as session:
        talking.answer(session, *_of(story, number), words, actor=story.acts.staff["Sam"])


def _accept_a_part(story: Story) -> None:
    """Ade grants a part of what is contested, with a credit note."""
    account_id, dispute_id = _of(story, PARTLY)
    ade = story.acts.staff["Ade"]
    with story.acts.database.transaction() as session:
        part = session.get_one(Dispute, dispute_id).amount.times(SIX_PER_CENT)
        answer = "You are right: six per cent of the three are credited. The rest stands."
        accept(
            session,
            account_id,
            dispute_id,
            part,
            answer=answer,
            role=Role.MANAGER,
            actor=ade,
            cause=RootCause.PRICING,
        )


def _reject(story: Story) -> None:
    """Sam looks into it and does not find it right."""
    account_id, dispute_id = _of(story, AGAIN)
    sam = story.acts.staff["Sam"]
    with story.acts.database.transaction() as session:
        begin_review(session, account_id, dispute_id, actor=sam)
        words = "The carrier says both boxes were signed for."
        talking.note_down(session, account_id, dispute_id, words, actor=sam)
        answer = "Both boxes were signed for at your shop."
        reject(session, account_id, dispute_id, answer=answer, actor=sam, cause=RootCause.CUSTOMER)


def _open_again(story: Story) -> None:
    """The customer does not agree: it is looked at once more, and Ade takes it."""
    account_id, dispute_id = _of(story, AGAIN)
    ade = story.acts.staff["Ade"]
    taken = taken_in(story, "delivery-note.txt", "One box received. Signed: H. Finch")
    with story.acts.database.transaction() as session:
        words = "Our copy of the delivery note says one box. It is attached."
        actor = Actor.login(story.known(AGAIN).login_id)
        reopen(session, account_id, dispute_id, words, files=taken, actor=actor)
        assign(session, account_id, dispute_id, ade.id, actor=ade)
        begin_review(session, account_id, dispute_id, actor=ade)


def _withdraw(story: Story) -> None:
    """Sam writes down that the customer found the mistake themselves."""
    with story.acts.database.transaction() as session:
        why = "Marta rang: it was another supplier's invoice"
        withdraw(session, *_of(story, WITHDRAWN), actor=story.acts.staff["Sam"], why=why)


def _merge(story: Story) -> None:
    """What is left of the same invoice is contested, too; Sam makes both one."""
    known, sam = story.known(MERGED), story.acts.staff["Sam"]
    account_id, dispute_id = _of(story, MERGED)
    with story.acts.database.transaction() as session:
        invoice_id = session.get_one(Dispute, dispute_id).invoice_id
        left = receivables.invoice(session, account_id, invoice_id).open_minor
        if left > session.get_one(Dispute, dispute_id).amount_minor:
            oil = next(
                row.id for row in receivables.lines(session, invoice_id) if row.description.startswith("Rapeseed")
            )
            complaint = Complaint(Reason.WRONG_QUANTITY, "And the oil: one can, not three.", line_ids=(oil,))
            actor = Actor.login(known.login_id)
            other = raise_dispute(session, account_id, invoice_id, complaint, login_id=known.login_id, actor=actor)
            joining.merge(session, account_id, other.id, dispute_id, actor=sam)
        words = "We are comparing both with your order, and come back to you this week."
        talking.answer(session, account_id, dispute_id, words, actor=sam)


def _file_the_paper(story: Story) -> None:
    """The proof of delivery is found and filed: it answers the dispute, unless the customer objects."""
    account_id, dispute_id = _of(story, PAPER)
    sam = story.acts.staff["Sam"]
    taken = taken_in(story, "proof-of-delivery.txt", "Delivered to the kitchen entrance. Signed: G. Barlow")
    with story.acts.database.transaction() as session:
        filing.enter_all(
            session,
            taken,
            category=Category.PROOF_OF_DELIVERY,
            account_id=account_id,
            subject=("dispute", dispute_id),
            actor=sam,
        )
        answer_with_paper(session, dispute_id, actor=sam)


def taken_in(story: Story, filename: str, words: str) -> Sequence[TakenIn]:
    """A file of words, as the intake keeps it."""
    return Intake(story.acts.stage.wired.store).take_all([Note(filename, BytesIO(words.encode()))])


def _of(story: Story, number: str) -> tuple[int, int]:
    """The account and the dispute of a customer of this part of the story."""
    return story.known(number).account_id, story.contested[number]
