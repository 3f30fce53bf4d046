"""Assignment views: rules, absences and whoever looks after something, as the pages about them show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.checking import is_country
from domain.assignments import queries, ruling
from domain.assignments.fitting import Choice
from domain.assignments.model import RULE_NAMES, RuleKind
from domain.assignments.people import keepers
from domain.assignments.queries import Keeper
from domain.assignments.ruling import Change, choice_of
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.languages import LANGUAGE_NAMES
from domain.staff import queries as staff
from web.localisation import Localisation

NOBODY = N_("Nobody")


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in its place, 1 being the first; `is_idle` where whoever it gives to does not look after accounts now."""

    id: int
    place: int
    words: str
    staff_id: int
    name: str
    is_idle: bool


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Somebody's absence, as whoever looks at it sees it."""

    id: int
    name: str
    stand_in: str
    first_on: date
    last_on: date
    is_running: bool
    is_own: bool
    stands_in: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """So many accounts that would go from one to another, by name; None is nobody."""

    before: str | None
    after: str | None
    accounts: int


def keeper_context(session: Session, account_id: int) -> Keeper | None:
    """Who looks after an account, for the frame of its page (under the key `keeper`)."""
    return queries.keeper_of(session, account_id)


def rule_views(session: Session, speaking: Localisation) -> list[RuleView]:
    """The rules that hold, in their order."""
    rows = ruling.rules(session)
    names = staff.names(session, {row.staff_id for row in rows})
    here = {staff_id for staff_id, _ in keepers(session)} if rows else set()
    return [
        RuleView(
            id=row.id,
            place=place,
            words=rule_words(choice_of(row), speaking),
            staff_id=row.staff_id,
            name=names[row.staff_id],
            is_idle=row.staff_id not in here,
        )
        for place, row in enumerate(rows, 1)
    ]


def rule_words(choice: Choice, speaking: Localisation) -> str:
    """Which accounts a rule takes."""
    match choice.kind:
        case RuleKind.ALPHABET if choice.low == choice.high:
            return speaking.translate(N_("Names that begin with {letters}"), letters=_letters(choice.low))
        case RuleKind.ALPHABET:
            words = N_("Names from {low} to {high}")
            return speaking.translate(words, low=_letters(choice.low), high=_letters(choice.high))
        case RuleKind.SIZE:
            return speaking.translate(N_("{least} or more is open"), least=choice.least)
        case RuleKind.COUNTRY:
            names = speaking.formats.locale.territories
            return speaking.translate(N_("Country: {name}"), name=names.get(choice.value or "", choice.value))
        case RuleKind.LANGUAGE:
            tag = choice.value or ""
            return speaking.translate(N_("Language: {name}"), name=LANGUAGE_NAMES.get(tag, tag))
        case RuleKind.EVERYTHING:
            return speaking.translate(RULE_NAMES[choice.kind])


def change_views(session: Session, changes: Sequence[Change]) -> list[ChangeView]:
    """What rules would change, by name."""
    ids = {one for change in changes for one in (change.before, change.after) if one is not None}
    names = staff.names(session, ids)
    return [ChangeView(names.get(one.before or 0), names.get(one.after or 0), one.accounts) for one in changes]


def absence_views(session: Session, rows: AnyRows, me: int) -> list[AbsenceView]:
    """Absences with names, as `me` sees them."""
    names = staff.names(session, {one for row in rows for one in (row.staff_id, row.stand_in_id)})
    day = today(session)
    return [_absence(row, names, day, me) for row in rows]


def countries(speaking: Localisation) -> list[tuple[str, str]]:
    """Every country by its name."""
    territories = speaking.formats.locale.territories
    return sorted(((code, name) for code, name in territories.items() if is_country(code)), key=lambda each: each[1])


def places(rules: Sequence[RuleView], speaking: Localisation) -> list[tuple[str, str]]:
    """Where a rule can stand among these: first, or after one of them."""
    after = N_("After {place}. {words}: {name}")
    return [
        ("0", speaking.translate(N_("First"))),
        *(
            (str(rule.place), speaking.translate(after, place=rule.place, words=rule.words, name=rule.name))
            for rule in rules
        ),
    ]


def _letters(letters: str | None) -> str:
    return (letters or "").upper()


def _absence(row: AnyRow, names: Mapping[int, str], day: date, me: int) -> AbsenceView:
    return AbsenceView(
        id=row.id,
        name=names[row.staff_id],
        stand_in=names[row.stand_in_id],
        first_on=row.first_on,
        last_on=row.last_on,
        is_running=row.first_on <= day,
        is_own=row.staff_id == me,
        stands_in=row.stand_in_id == me,
    )
