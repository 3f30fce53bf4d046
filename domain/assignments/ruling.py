"""Ruling: the rules in their order, a new one, a move, an end, and what each would change before it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.accounts.model import folded
from domain.assignments import applying
from domain.assignments.fitting import Choice, Rule, compared, working
from domain.assignments.model import RULES, AssignmentRule, RuleKind
from domain.assignments.people import check_keeper
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money

LONGEST_LETTERS = 20
MOST_RULES = 60
"""More rules than these are asked of every account; nobody could say any more which of them holds."""
NO_SUCH_RULE = N_("We could not find that rule.")


@dataclass(frozen=True, slots=True)
class Change:
    """So many accounts would go from one to another; None is nobody."""

    before: int | None
    after: int | None
    accounts: int


def rules(session: Session) -> AnyRows:
    """The rules that hold, in their order, those of people who left included."""
    return session.execute(select(RULES).where(RULES.c.ended_at.is_(None)).order_by(RULES.c.position, RULES.c.id)).all()


def checked(choice: Choice) -> Choice:
    """The choice as it is kept: letters folded as a search folds them, codes as accounts have them.

    Only what its kind asks for is looked at. Invalid beside the field.
    """
    match choice.kind:
        case RuleKind.ALPHABET:
            low, high = (_letters(given or "", field) for given, field in ((choice.low, "low"), (choice.high, "high")))
            if low[: len(high)] > high:
                raise Invalid(N_("The last letters come after the first."), field="high")
            return Choice(choice.kind, low=low, high=high)
        case RuleKind.SIZE:
            if choice.least is None or choice.least.minor <= 0:
                raise Invalid(N_("Enter an amount above zero."), field="least")
            return Choice(choice.kind, least=Money(choice.least.minor, checking.currency(choice.least.currency)))
        case RuleKind.COUNTRY:
            return Choice(choice.kind, value=_named(checking.country, choice.value))
        case RuleKind.LANGUAGE:
            return Choice(choice.kind, value=_named(checking.language, choice.value))
        case RuleKind.EVERYTHING:
            return Choice(choice.kind)


def add(session: Session, choice: Choice, staff_id: int, *, place: int | None = None, actor: Actor) -> int:
    """Add a rule before the one at this place (0 is the first), or after all others; returns its id.

    Accounts are gone through in the background. Raises Invalid beside the field, Conflict where there are too many.
    """
    choice = checked(choice)
    member = check_keeper(session, staff_id)
    held = _locked(session)
    if len(held) >= MOST_RULES:
        raise Conflict(N_("There are {most} rules already: end one first."), most=MOST_RULES)
    rule = AssignmentRule(
        position=len(held),
        kind=choice.kind,
        low=choice.low,
        high=choice.high,
        value=choice.value,
        least_minor=choice.least.minor if choice.least else None,
        currency=choice.least.currency if choice.least else None,
        staff_id=staff_id,
        created_at=now(session),
    )
    session.add(rule)
    session.flush()
    order = [*held]
    order.insert(len(order) if place is None else max(place, 0), rule.id)
    _put_in_order(session, order)
    after = {**_told(choice), "name": member.name, "staff_id": staff_id, "position": order.index(rule.id)}
    record(session, "assignment_rule.added", actor=actor, subject=("assignment_rule", rule.id), after=after)
    applying.ask(session)
    return rule.id


def move(session: Session, rule_id: int, place: int, *, actor: Actor) -> None:
    """Put a rule at another place, 0 being the first; accounts are gone through in the background. NotFound."""
    held = _locked(session)
    before = _place_of(held, rule_id)
    order = [one for one in held if one != rule_id]
    order.insert(max(place, 0), rule_id)
    if order == held:
        return
    _put_in_order(session, order)
    record(
        session,
        "assignment_rule.moved",
        actor=actor,
        subject=("assignment_rule", rule_id),
        before={"position": before},
        after={"position": order.index(rule_id)},
    )
    applying.ask(session)


def end(session: Session, rule_id: int, *, actor: Actor) -> None:
    """End a rule; what it gave goes by the others, in the background. NotFound where it has ended."""
    held = _locked(session)
    place = _place_of(held, rule_id)
    rule = session.get_one(AssignmentRule, rule_id)
    rule.ended_at = now(session)
    session.flush()
    _put_in_order(session, [one for one in held if one != rule_id])
    before = {**_told(choice_of(rule)), "staff_id": rule.staff_id, "position": place}
    record(session, "assignment_rule.ended", actor=actor, subject=("assignment_rule", rule_id), before=before)
    applying.ask(session)


def with_new(session: Session, choice: Choice, staff_id: int, place: int | None) -> list[Rule]:
    """The working rules with one more at this place among all that hold."""
    held = [row.id for row in rules(session)]
    before = set(held if place is None else held[: max(place, 0)])
    found = working(session)
    at = sum(1 for rule in found if rule.id in before)
    return [*found[:at], Rule(None, checked(choice), staff_id), *found[at:]]


def with_moved(session: Session, rule_id: int, place: int) -> list[Rule]:
    """The working rules with this one at another place. NotFound."""
    held = [row.id for row in rules(session)]
    _place_of(held, rule_id)
    order = [one for one in held if one != rule_id]
    order.insert(max(place, 0), rule_id)
    return sorted(working(session), key=lambda rule: order.index(rule.id or 0))


def without(session: Session, rule_id: int) -> list[Rule]:
    """The working rules but this one. NotFound."""
    _place_of([row.id for row in rules(session)], rule_id)
    return [rule for rule in working(session) if rule.id != rule_id]


def preview(session: Session, would_be: Sequence[Rule]) -> list[Change]:
    """How many accounts would change hands by these rules, from whom to whom; most first. Nothing is written."""
    found = compared(session, would_be)
    many = func.count()
    rows = session.execute(
        select(found.c.staff_id, found.c.fit_staff_id, many.label("many"))
        .where(found.c.staff_id.is_distinct_from(found.c.fit_staff_id))
        .group_by(found.c.staff_id, found.c.fit_staff_id)
        .order_by(many.desc(), found.c.staff_id, found.c.fit_staff_id)
    )
    return [Change(row.staff_id, row.fit_staff_id, row.many) for row in rows]


def choice_of(row: AssignmentRule) -> Choice:
    """By what a kept rule chooses."""
    least = None if row.least_minor is None or row.currency is None else Money(row.least_minor, row.currency)
    return Choice(row.kind, row.low, row.high, row.value, least)


def _letters(given: str, field: str) -> str:
    letters = folded(given.strip())
    if not letters or any(letter.isspace() for letter in letters):
        raise Invalid(N_("Enter one letter or more, without spaces."), field=field)
    if len(letters) > LONGEST_LETTERS:
        raise Invalid(N_("Use at most {longest} letters."), field=field, longest=LONGEST_LETTERS)
    return letters


def _named(check: Callable[[str], str], given: str | None) -> str:
    try:
        return check(given or "")
    except Invalid as refused:
        raise Invalid(refused.text, field="value", **refused.params) from None


def _locked(session: Session) -> list[int]:
    """The ids of the rules that hold, in their order, nobody else changing them meanwhile."""
    held = select(RULES.c.id).where(RULES.c.ended_at.is_(None)).order_by(RULES.c.id).with_for_update()
    session.execute(held).all()
    return [row.id for row in rules(session)]


def _place_of(held: Sequence[int], rule_id: int) -> int:
    if rule_id not in held:
        raise NotFound(NO_SUCH_RULE)
    return held.index(rule_id)


def _put_in_order(session: Session, order: Sequence[int]) -> None:
    session.flush()
    for place, rule_id in enumerate(order):
        session.execute(update(RULES).where(RULES.c.id == rule_id, RULES.c.position != place).values(position=place))


def _told(choice: Choice) -> dict[str, object]:
    given = {"low": choice.low, "high": choice.high, "value": choice.value, "least": choice.least}
    return {"kind": choice.kind, **{name: value for name, value in given.items() if value is not None}}
