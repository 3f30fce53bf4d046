"""Account filters: what the list of accounts is narrowed to, read from an address and written into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backoffice.access import Officer, officer_of
from domain.assignments import people, teams
from domain.finding.filtering import GOING_ON_NAMES, NOBODY, Filter, GoingOn
from domain.notes import queries as notes
from domain.shared.db.session import business
from domain.shared.errors import N_, Invalid
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.amounts import read_amount
from web.forms import LONGEST_NUMBER, Form, query_form
from web.links import with_query
from web.visit import AnyRequest

OPEN, LATE = "open", "late"
"""What can be shown alone (what is late), and by what the list can go instead of by name."""
SORTS = {"": N_("By name"), OPEN: N_("Most open first"), LATE: N_("Most late first")}
"""The orders of the list; amounts are compared as numbers, whatever their currency."""
FIELDS = ("q", "show", "tag", "keeper", "team", "country", "going", "least", "most")
LONGEST = 200
SEEN_WITH = {
    GoingOn.PLAN: Permission.SEE_PLANS,
    GoingOn.DISPUTE: Permission.SEE_DISPUTES,
    GoingOn.PLACED: Permission.SEE_PLACEMENTS,
    GoingOn.HELD: Permission.SEE_ACCOUNTS,
}
"""With which permission it is seen what goes on."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list shows: the form that says so, the filter that it means, its order, and what stands in its address."""

    form: Form
    filter: Filter
    sort: str
    asked: Mapping[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but its order was chosen."""
        return bool(set(self.asked) - {"sort"})

    def without(self, *names: str) -> dict[str, str]:
        """What stands in the address but for these."""
        return {name: value for name, value in self.asked.items() if name not in names}


def chosen_of(request: AnyRequest, form: Form | None = None) -> Chosen:
    """What the request's address asks for, or a form that was sent; what makes no sense is said beside its field."""
    form = form or query_form(request)
    asked = {name: form.value(name).strip()[:LONGEST] for name in (*FIELDS, "sort") if form.value(name).strip()}
    sort = asked.get("sort", "") if asked.get("sort") in SORTS else ""
    going = _going_on(asked.get("going", ""), officer_of(request))
    return Chosen(
        form,
        Filter(
            words=asked.get("q", ""),
            is_late=asked.get("show") == LATE,
            tag=asked.get("tag", "").lower().lstrip("#").strip(),
            keeper_id=_id(asked.get("keeper", "")),
            team=asked.get("team", ""),
            country=asked.get("country", "").upper(),
            going_on=going,
            least=_minor(form, "least"),
            most=_minor(form, "most"),
        ),
        sort,
        asked,
    )


def options(session: Session, officer: Officer) -> dict[str, object]:
    """What the filters offer to choose from."""
    return {
        "keepers": [("", N_("Anybody")), (str(NOBODY), N_("Nobody"))],
        "people": [(str(staff_id), name) for staff_id, name in people.keepers(session)],
        "teams": teams.teams(session),
        "tags": [tag for tag, _ in notes.tags_in_use(session)],
        "going_on": [(one.value, GOING_ON_NAMES[one]) for one in GoingOn if officer.may(SEEN_WITH[one])],
        "currency": business(session).currency,
    }


def chips(session: Session, chosen: Chosen) -> list[tuple[Words, str]]:
    """What the list is narrowed to, one by one, each with the address of the list without it."""
    wanted, asked = chosen.filter, chosen.asked
    keeper = asked.get("keeper", "")
    named = {str(staff_id): name for staff_id, name in people.keepers(session)} if keeper else {}
    going = Words.of(GOING_ON_NAMES[wanted.going_on]) if wanted.going_on is not None else Words.of("")
    said = {
        "q": Words.of(N_("Words: {words}"), words=wanted.words),
        "show": Words.of(N_("Something is late")),
        "tag": Words.of(N_("Tag: {tag}"), tag=wanted.tag),
        "keeper": Words.of(N_("Looked after by nobody"))
        if keeper == str(NOBODY)
        else Words.of(N_("Looked after by {name}"), name=named.get(keeper, keeper)),
        "team": Words.of(N_("Team: {team}"), team=wanted.team),
        "country": Words.of(N_("Country: {country}"), country=wanted.country),
        "going": going,
        "least": Words.of(N_("Open from {amount}"), amount=asked.get("least", "")),
        "most": Words.of(N_("Open up to {amount}"), amount=asked.get("most", "")),
    }
    return [
        (said[name], with_query("/accounts", **chosen.without(name)))
        for name in FIELDS
        if name in asked and said[name].text
    ]


def _going_on(typed: str, officer: Officer) -> GoingOn | None:
    found = next((one for one in GoingOn if one.value == typed), None)
    return found if found is not None and officer.may(SEEN_WITH[found]) else None


def _id(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER else None


def _minor(form: Form, name: str) -> int | None:
    """An amount in minor units of a currency with two places, which is how amounts of all are compared here."""
    typed = form.value(name).strip()
    if not typed:
        return None
    try:
        amount = read_amount(typed[:40], "EUR", form.speaking.formats.locale)
    except ValueError:
        form.refused(Invalid(N_("Enter an amount, such as 1,250.00."), field=name))
        return None
    return abs(amount.minor)
