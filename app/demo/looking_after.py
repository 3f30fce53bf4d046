"""Looking after: who works in which team, whose customers are whose, who is away, and what they tell each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.demo.habits import working_day
from app.demo.story import Story
from app.handlers import assigning
from domain.approvals.asking import ask
from domain.approvals.wishes import ExtendInvoice
from domain.assignments import absences, ruling, teams
from domain.assignments.assigning import assign
from domain.assignments.fitting import Choice
from domain.assignments.model import RuleKind
from domain.notes import tags, writing
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.money import Money
from domain.staff.model import Role
from domain.worklist import views

SHARED_OUT_AGO = 40
"""So many days before the end the customers were shared out."""
TEAMS = {"Sam": "North", "Mina": "South", "Ade": "North"}
RULES = (
    (Choice(RuleKind.SIZE, least=Money(5_000_00, "GBP")), "Ade"),
    (Choice(RuleKind.LANGUAGE, value="es"), "Mina"),
    (Choice(RuleKind.ALPHABET, low="a", high="l"), "Sam"),
    (Choice(RuleKind.EVERYTHING), "Mina"),
)
"""By what customers are shared out, the first that fits: the largest debts, those who read Spanish, then by name."""
BY_HAND = (("A-1026", "Sam"), ("A-1029", "Ade"))
"""Customers who stay with somebody whatever the rules say."""
TAGS = {
    "key customer": ("A-1001", "A-1026", "A-1049"),
    "public sector": ("A-1014", "A-1029", "A-1058"),
    "seasonal": ("A-1068", "A-1077", "A-1079"),
}
VIEWS = {
    "Sam": (("Late with nobody", {"show": "late", "keeper": "0"}), ("Key customers", {"tag": "key customer"})),
    "Mina": (("Seasonal, most open first", {"tag": "seasonal", "sort": "open"}),),
    "Ade": (("Most late first", {"show": "late", "sort": "late"}), ("Reminders held", {"going": "held"})),
}
"""The lists of accounts that each of them comes back to."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that somebody writes so many days before the end; `is_pinned` where it stands on top."""

    ago: int
    number: str
    by: str
    words: str
    is_pinned: bool = False


NOTES = (
    Noted(33, "A-1026", "Sam", "Pays on the 10th, whatever the invoice says. Ring before lunch.", is_pinned=True),
    Noted(12, "A-1052", "Sam", "The owner is away until the end of the month; her brother opens the post."),
    Noted(6, "A-1014", "Mina", "Wants one order number on every invoice from now on.", is_pinned=True),
    Noted(4, "A-1052", "Mina", "@Sam she asks whether the offer can run a week longer. I would say yes."),
    Noted(3, "A-1026", "Sam", "@Ade their new buyer wants 45 days. Could you look at it before Friday?"),
)

ASKED_FOR = ("A-1029", "Sam", "Their budget for next year is open from January on only.", 60)
"""Whose newest invoice somebody would like to have paid later, why, and by how many days: more than they may give."""


def plan_looking_after(story: Story) -> None:
    """Write into the story's diary who looks after whom, and what they leave for each other."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    def put(days: int, hour: float, deed: Callable[[Session, Story], object]) -> None:
        def do() -> None:
            with story.acts.database.transaction() as session:
                deed(session, story)

        story.put(ago(days), hour, do)

    put(SHARED_OUT_AGO, 9.7, _share_out)
    story.put(ago(SHARED_OUT_AGO), 9.8, story.acts.stage.send_mail)
    put(SHARED_OUT_AGO, 10.1, _give_by_hand)
    put(SHARED_OUT_AGO - 1, 9.5, _sort)
    put(3, 16.2, _go_away)
    for one in NOTES:
        put(one.ago, 15.1, partial(_note, one))
    story.put(ago(4), 15.6, partial(_ask_for_approval, story))
    story.put(story.last_day, 7.1, lambda: assigning.take_due(story.acts.database))


def _id(story: Story, name: str) -> int:
    staff_id = story.acts.staff[name].id
    assert staff_id is not None
    return staff_id


def _olivia(story: Story) -> Actor:
    return story.acts.staff["Olivia"]


def _share_out(session: Session, story: Story) -> None:
    """Olivia puts everybody into a team and says by what customers are shared out."""
    for name, team in TEAMS.items():
        teams.set_team(session, _id(story, name), team, actor=_olivia(story))
    for choice, name in RULES:
        ruling.add(session, choice, _id(story, name), actor=_olivia(story))


def _give_by_hand(session: Session, story: Story) -> None:
    for number, name in BY_HAND:
        account_id = story.known(number).account_id
        assign(session, [account_id], _id(story, name), actor=story.acts.staff["Ade"])


def _sort(session: Session, story: Story) -> None:
    """They put tags on customers and keep the lists that they come back to."""
    for words, numbers in TAGS.items():
        tags.tag(session, [story.known(one).account_id for one in numbers], words, actor=story.acts.staff["Sam"])
    for name, kept in VIEWS.items():
        for called, asked in kept:
            views.save(session, "/accounts", urlencode(sorted(asked.items())), called, actor=story.acts.staff[name])


def _go_away(session: Session, story: Story) -> None:
    """Mina has a week off from the last day on; Sam stands in for her."""
    absences.write_down(
        session,
        _id(story, "Mina"),
        stand_in_id=_id(story, "Sam"),
        first_on=story.last_day,
        last_on=story.last_day + timedelta(days=7),
        actor=story.acts.staff["Mina"],
    )


def _note(one: Noted, session: Session, story: Story) -> None:
    account_id, actor = story.known(one.number).account_id, story.acts.staff[one.by]
    note = writing.write(session, account_id, one.words, actor=actor)
    if one.is_pinned:
        writing.pin(session, account_id, note.id, pinned=True, actor=actor)


def _ask_for_approval(story: Story) -> None:
    """Sam asks for a due day that is further away than a collector may set it; Ade finds it on the worklist."""
    number, name, why, days = ASKED_FOR
    known = story.known(number)
    invoice_id, _ = story.owed(known)
    with story.acts.database.transaction() as session:
        due_on = receivables.invoice(session, known.account_id, invoice_id).due_on
        wish = ExtendInvoice(invoice_id=invoice_id, due_on=due_on + timedelta(days=days), why=why)
        ask(session, known.account_id, wish, role=Role.COLLECTOR, actor=story.acts.staff[name])
