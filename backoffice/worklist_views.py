"""Worklist views: a piece of work as its pages show it, and the list that somebody is working through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from backoffice.access import Officer
from backoffice.task_places import place_of
from backoffice.worklist_abouts import abouts
from domain.accounts import queries as accounts
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.staff.model import StaffMember
from domain.staff.permissions import Permission
from domain.tasks.model import DECIDED, TASK_WORDS, TaskKind
from domain.worklist import explaining, snoozing
from domain.worklist.explaining import Reason
from domain.worklist.needs import TO_APPROVE
from domain.worklist.queue import Item, Wanted, Whose
from domain.worklist.ranking import Weights
from domain.worklist.snoozing import Until
from web.forms import Form
from web.links import with_query

SOON = 7
"""Days before its last one at which a deadline is shown as pressing."""
WHOSE_NAMES = {
    Whose.MINE: N_("Mine"),
    Whose.TEAM: N_("My team's"),
    Whose.NOBODY: N_("Nobody's"),
    Whose.ALL: N_("All"),
    Whose.SNOOZED: N_("Put off"),
}
"""What the lists are called."""
KINDS = {kind.value: kind for kind in TaskKind}


@dataclass(frozen=True, slots=True)
class Line:
    """The list that somebody works through: whose work, and of which kind."""

    whose: Whose | None = None
    kind: TaskKind | None = None

    @classmethod
    def read(cls, whose: str, kind: str) -> Line:
        """From a query or a form; what makes no sense is left out."""
        return cls(Whose(whose) if whose in set(Whose) else None, KINDS.get(kind))

    @classmethod
    def of(cls, form: Form) -> Line:
        """The line that a form carries along."""
        return cls.read(form.value("whose"), form.value("kind"))

    def href(self, path: str, **more: object) -> str:
        """A page that stays in this line."""
        return with_query(path, whose=self.whose or "", kind=self.kind or "", **more)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What forms send along, so that the next one of the same line follows."""
        return [("whose", self.whose or ""), ("kind", self.kind or "")]


@dataclass(frozen=True, slots=True)
class ItemView:
    """A piece of work: why it waits now, what it is worth, who does it, and where it is done."""

    id: int
    words: str
    href: str
    account: AnyRow | None
    why: Words
    badge: tuple[str, Words] | None
    about: Words | None
    worth: Money | None
    worth_name: str
    since: datetime
    owner: str | None
    is_mine: bool
    place: tuple[str, str] | None
    snoozed_until: datetime | None
    ends_by_hand: bool
    waits_for_approval: bool
    """Whether it waits for anybody who may approve it, so that it is nobody's in particular."""


@dataclass(frozen=True, slots=True)
class WhyHere:
    """What put it in its place: each factor, and all of them multiplied."""

    reasons: Sequence[Reason]
    together: Decimal


def wanted_of(session: Session, line: Line, officer: Officer) -> Wanted:
    """What a line holds for somebody; all where it does not say whose."""
    team = session.get_one(StaffMember, officer.staff_id).team
    return Wanted(line.whose or Whose.ALL, officer.staff_id, team, line.kind)


def item_views(session: Session, items: Sequence[Item], line: Line, officer: Officer) -> list[ItemView]:
    """These as their list shows them to somebody, as many queries however many they are."""
    labels = accounts.labels(session, {item.account_id for item in items if item.account_id is not None})
    names = staff.names(session, {item.owner_id for item in items if item.owner_id is not None})
    day, about = today(session), abouts(session, items)
    return [
        ItemView(
            id=item.id,
            words=item.words,
            href=line.href(f"/tasks/{item.id}"),
            account=labels.get(item.account_id or 0),
            why=explaining.why_now(item.known, day),
            badge=deadline_of(item.known.due_on, day),
            about=about.get(item.id),
            worth=item.worth,
            worth_name=item.worth_name,
            since=item.opened_at,
            owner=names.get(item.owner_id or 0),
            is_mine=item.given_id == officer.staff_id,
            place=place_of(item, may_call=officer.may(Permission.RECORD_CALL)),
            snoozed_until=item.snoozed_until,
            ends_by_hand=item.kind not in DECIDED,
            waits_for_approval=item.kind in TO_APPROVE and item.owner_id is None,
        )
        for item in items
    ]


def why_here(item: Item, weights: Weights) -> WhyHere:
    """What put it in its place."""
    found = explaining.reasons(item.known, item.parts, weights)
    return WhyHere(found, explaining.together(item.parts, weights))


def deadline_of(due_on: date | None, day: date) -> tuple[str, Words] | None:
    """A deadline as a badge; None for what has none."""
    if due_on is None:
        return None
    left = (due_on - day).days
    if left < 0:
        return "late", Words.of(N_("Overdue"))
    if left == 0:
        return "late", Words.of(N_("Today"))
    words = Words.of(N_("{days} days left"), days=left) if left > 1 else Words.of(N_("1 day left"))
    return "late" if left <= 2 else "soon" if left <= SOON else "open", words


def kind_choices(kinds: dict[TaskKind, int], chosen: TaskKind | None) -> list[tuple[str, str, int]]:
    """The kinds to choose from: value, words (a message id), how many."""
    shown = kinds if chosen is None or chosen in kinds else {**kinds, chosen: 0}
    return [(kind.value, TASK_WORDS[kind], many) for kind, many in shown.items()]


UNTIL_CHOICES = [(until.value, words) for until, words in snoozing.UNTIL_NAMES.items()]
UNTILS = {until.value: until for until in Until}
