"""Plan views: proposals, schedules and running plans as plain values for the portal's templates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import msgspec
from sqlalchemy.orm import Session

from domain.collecting.model import CollectionState
from domain.payments import discount_quotes
from domain.plans import queries
from domain.plans.coverage import Part
from domain.plans.fence import Beyond
from domain.plans.model import PLAN_NAMES, RUNNING, SIGNED, PlanStatus, Side
from domain.plans.rules import stand
from domain.plans.schedule import Due, Shape
from domain.plans.standing import Standing
from domain.plans.taken import Taking
from domain.processing.plans.previewing import Preview
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from portal.access import Entered

_P = PlanStatus
BADGES = {
    _P.REQUESTED: "waiting",
    _P.COUNTERED: "waiting",
    _P.OFFERED: "waiting",
    _P.ACCEPTED: "waiting",
    _P.ACTIVE: "plan",
    _P.PAUSED: "paused",
    _P.COMPLETED: "paid",
    _P.DECLINED: "void",
    _P.WITHDRAWN: "void",
    _P.EXPIRED: "void",
    _P.DEFAULTED: "late",
    _P.CANCELLED: "void",
    _P.SUPERSEDED: "void",
}
"""The kind of badge by which each state is shown."""
TAKING_WORDS = {
    CollectionState.PLANNED: N_("It will be taken on {day} from {method}."),
    CollectionState.ANNOUNCED: N_("It will be taken on {day} from {method}."),
    CollectionState.COLLECTING: N_("It is being taken from {method}."),
    CollectionState.ACTION_REQUIRED: N_("Your bank asks you to confirm it."),
    CollectionState.RETRYING: N_("It could not be taken from {method}. We try again on {day}."),
    CollectionState.EXHAUSTED: N_("It could not be taken from {method}."),
}
"""What is said of a part that is taken from a saved method, or could not be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a schedule: number 0 is the down payment; `left` is what there is to pay after it."""

    number: int
    on: date
    amount: Money
    interest: Money
    left: Money


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule to be read: its lines, what they add up to, and what puts it beyond what is agreed at once."""

    lines: Sequence[Line]
    rhythm: str
    total: Money
    interest: Money
    beyond: Sequence[Words]

    @property
    def down(self) -> Money | None:
        """What is paid at once."""
        return self.lines[0].amount if self.lines[0].number == 0 else None

    @property
    def count(self) -> int:
        """How many instalments follow."""
        return len(self.lines) - (self.down is not None)

    @property
    def amounts(self) -> list[Money]:
        """How much each of them is, in their order."""
        return [line.amount for line in self.lines if line.number or self.down is None]

    @property
    def payments(self) -> Words:
        """How many of them there are, and of how much."""
        return payments_of(self.amounts)

    @property
    def is_even(self) -> bool:
        """Whether each of them is the same."""
        return len(set(self.amounts)) == 1

    @property
    def first(self) -> date:
        """The day of the first of them."""
        return self.lines[1 if self.down is not None else 0].on

    @property
    def last(self) -> date:
        """The last day of all."""
        return self.lines[-1].on

    @property
    def sentence(self) -> Words:
        """The whole of it in a sentence."""
        if self.count == 1:
            return Words.of(N_("One payment of {each} on {first}"), each=self.amounts[0], first=self.first)
        return Words.of(
            N_("{payments}, {rhythm}, from {first} to {last}"),
            payments=self.payments,
            rhythm=Words.of(RHYTHM_INSIDE[self.rhythm]),
            first=self.first,
            last=self.last,
        )


RHYTHM_INSIDE = {
    "weekly": N_("every week"),
    "fortnightly": N_("every two weeks"),
    "twice_a_month": N_("twice a month"),
    "monthly": N_("every month"),
}
"""The same inside a sentence."""


def payments_of(amounts: Sequence[Money]) -> Words:
    """So many payments of so much, in words that are true of each of them: an odd sum makes some of them differ."""
    (each, count), *others = ((amount, len(list(same))) for amount, same in groupby(amounts))
    if not others:
        return Words.of(N_("{count} payments of {each}"), count=count, each=each)
    rest, more = others[0]
    if len(others) > 1:
        return Words.of(N_("{count} payments of at most {most}"), count=len(amounts), most=max(amounts))
    if count == 1:
        return (
            Words.of(N_("{each}, then {rest}"), each=each, rest=rest)
            if more == 1
            else Words.of(N_("{each}, then {more} payments of {rest}"), each=each, more=more, rest=rest)
        )
    if more == 1:
        return Words.of(N_("{count} payments of {each}, then {rest}"), count=count, each=each, rest=rest)
    return Words.of(
        N_("{count} payments of {each}, then {more} of {rest}"), count=count, each=each, more=more, rest=rest
    )


@dataclass(frozen=True, slots=True)
class Lost:
    """What paying all at once by a day would save, and paying in parts does not."""

    saves: Money
    until: date


def discount_lost(session: Session, account: Entered, invoice_ids: Collection[int]) -> Lost | None:
    """The discount for paying these invoices early, until the first day on which some of it is over; None without."""
    offers = discount_quotes.offered(session, account.id, invoice_ids).values()
    if not offers:
        return None
    return Lost(Money.sum((one.saves for one in offers), account.currency), min(one.until_on for one in offers))


@dataclass(frozen=True, slots=True)
class RoundView:
    """One proposal of a conversation: whose, what, and the words that came with it."""

    ours: bool
    shape: Words
    words: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a signed plan, as it stands; `moved_from` where it was given a later day."""

    id: int
    number: int
    on: date
    amount: Money
    left: Money
    parked: Money
    badge: tuple[str, Words]
    moved_from: date | None
    taking: Words | None
    payment: str | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan in a list: how it stands, and where its page is below the account's."""

    id: int
    status: PlanStatus
    badge: tuple[str, str]
    made_at: datetime
    total: Money | None
    paid: Money | None
    due_now: Money | None
    late_days: int
    next_amount: Money | None
    next_on: date | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/plans/{self.id}"


def plan_view(row: AnyRow, standing: Standing | None = None) -> PlanView:
    """A row of `plans.queries`, and how it stands where it was signed; nothing of it is due before it has started."""
    runs = standing if row.status in RUNNING else None
    following = runs.next if runs is not None else None
    return PlanView(
        id=row.id,
        status=row.status,
        badge=(BADGES[row.status], PLAN_NAMES[row.status]),
        made_at=row.made_at,
        total=standing.total if standing else None,
        paid=standing.covered if standing else None,
        due_now=runs.due_now if runs else None,
        late_days=runs.late_days if runs else 0,
        next_amount=Money(following.left, row.currency) if following else None,
        next_on=runs.due_on(following) if runs and following else None,
    )


def living_plans(session: Session, account_id: int) -> list[PlanView]:
    """The signed plans of an account that live, the newest first."""
    rows = queries.of_account(session, account_id, SIGNED)
    standings = stand(session, [row.id for row in rows])
    return [plan_view(row, standings[row.id]) for row in rows]


def schedule_view(shape: Shape, dues: Sequence[Due], beyond: Iterable[Beyond] = ()) -> ScheduleView:
    """What falls due when, with what is left after each."""
    currency = dues[0].amount.currency
    left = total = Money.sum((due.amount for due in dues), currency)
    lines = []
    for due in dues:
        left = left - due.amount
        lines.append(Line(due.number, due.on, due.amount, due.interest, left))
    interest = Money.sum((due.interest for due in dues), currency)
    return ScheduleView(lines, shape.frequency.value, total, interest, [each.words for each in beyond])


def preview_view(preview: Preview) -> ScheduleView:
    """A proposal before anybody has asked for it."""
    return schedule_view(preview.shape, preview.dues, preview.beyond)


def round_view(row: AnyRow, currency: str) -> RoundView:
    """A row of `plans.queries.rounds`."""
    shape = msgspec.convert(row.shape, Shape, strict=False)
    given = {"count": shape.count, "first": shape.first_on, "rhythm": Words.of(RHYTHM_INSIDE[shape.frequency.value])}
    down = Money(shape.down_minor, currency)
    said = (
        Words.of(N_("{down} at once, then {count} payments, {rhythm}, from {first}"), down=down, **given)
        if down
        else Words.of(N_("{count} payments, {rhythm}, from {first}"), **given)
    )
    return RoundView(row.side is Side.US, said, row.words, row.at)


def part_views(standing: Standing, taking: Mapping[int, Taking]) -> list[PartView]:
    """The parts of a signed plan, the first one first."""
    return [_part_view(standing, part, taking.get(part.agreed.id)) for part in standing.parts]


def _part_view(standing: Standing, part: Part, taking: Taking | None) -> PartView:
    agreed = part.agreed
    shown = taking if part.left else None
    return PartView(
        id=agreed.id,
        number=agreed.number,
        on=standing.due_on(part),
        amount=Money(part.minor, standing.currency),
        left=Money(part.left, standing.currency),
        parked=Money(part.parked, standing.currency),
        badge=_badge(standing, part),
        moved_from=agreed.due_on if standing.due_on(part) != agreed.due_on and part.left else None,
        taking=_taking_words(shown) if shown else None,
        payment=shown.payment if shown else None,
        failure=shown.failure if shown else None,
    )


def _badge(standing: Standing, part: Part) -> tuple[str, Words]:
    on = standing.due_on(part)
    if not part.rest or part.is_slight:
        return "paid", Words.of(N_("Paid"))
    if not part.left:
        return "disputed", Words.of(N_("Contested"))
    if on < standing.day:
        days = (standing.day - on).days
        return "late", Words.of(N_("{days} days late"), days=days) if days > 1 else Words.of(N_("1 day late"))
    if on == standing.day:
        return "soon", Words.of(N_("Due today"))
    return "open", Words.of(N_("To come"))


def _taking_words(taking: Taking) -> Words | None:
    text = TAKING_WORDS.get(taking.state)
    if text is None:
        return None
    given: dict[str, object] = {"day": taking.on, "method": taking.method}
    return Words.of(text, **{name: value for name, value in given.items() if f"{{{name}}}" in text})
