"""Assignments: who looks after how many accounts and how much money, which accounts these are, and who is in a team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.assignment_views import NOBODY, absence_views, rule_views
from domain.accounts.searching import search
from domain.assignments import absences, applying
from domain.assignments.loads import Load, accounts_of, loads
from domain.assignments.people import keepers
from domain.assignments.queries import stand_ins
from domain.assignments.teams import LONGEST_TEAM, members, set_team, teams
from domain.receivables import queries as receivables
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.model import ROLE_NAMES
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/assignments"
PAGE = 50


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """Somebody (`key` is "nobody" for nobody), what they look after, and who does it for them today."""

    key: str
    name: str | None
    stand_in: str | None
    left: bool
    accounts: int
    by_hand: int
    owed: Sequence[Money]


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_assignments(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Everybody who looks after accounts, with how many these are and what they owe; and what nobody looks after."""
    with database.reading() as session:
        context = {
            "rows": _rows(session, loads(session)),
            "rules": rule_views(session, visit_of(request).speaking),
            "away": absence_views(session, absences.coming(session), officer_of(request).staff_id),
            "under_way": applying.is_under_way(session),
        }
    return page(request, "backoffice/assignments/show.html", context)


@get(f"{PATH}/accounts", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_kept_accounts(
    request: AnyRequest,
    database: GivenDatabase,
    of: FromQuery[str] = "nobody",
    name: FromQuery[str] = "",
    place: FromQuery[int] = 0,
) -> Response[bytes]:
    """The accounts that somebody looks after, or nobody does, by name."""
    staff_id = None if of == "nobody" else _staff_id(of)
    after = (name, place) if place else None
    with database.reading() as session:
        whose = None if staff_id is None else staff.names(session, [staff_id]).get(staff_id)
        if staff_id is not None and whose is None:
            raise NotFound
        found = search(session, among=accounts_of(staff_id), after=after, limit=PAGE + 1)
        owed = receivables.owed_by_account(session, [one.id for one in found])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    context = {
        "accounts": [(one, *(Money(minor, one.currency) for minor in owed.get(one.id, (0, 0)))) for one in shown],
        "whose": whose,
        "following": last and with_query(f"{PATH}/accounts", of=of, name=last.name, place=last.id),
    }
    return page(request, "backoffice/assignments/accounts.html", context)


@get(f"{PATH}/teams", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_teams(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Who is in which team."""
    return _teams_page(request, database, Form.starting(request))


@post(f"{PATH}/teams", guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def change_team(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Put somebody into a team, or take them out."""

    def act(session: Session) -> None:
        with form.reading():
            people = {str(one.id): one.id for one in members(session)}
            staff_id = form.choice("staff_id", people, missing=N_("Choose who."))
            team = form.text("team", required=False, longest=LONGEST_TEAM)
        set_team(session, staff_id, team, actor=actor_of(request))

    return carry_out(
        request, database, form, act, there=f"{PATH}/teams", again=lambda form: _teams_page(request, database, form)
    )


def _teams_page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    with database.reading() as session:
        people = members(session)
        context = {
            "teams": teams(session),
            "people": [(one, ROLE_NAMES[one.role]) for one in people],
            "names": [(one.id, one.name) for one in people],
            "longest": LONGEST_TEAM,
            "form": form,
        }
    return page(request, "backoffice/assignments/teams.html", context)


def _rows(session: Session, found: Sequence[Load]) -> list[KeeperRow]:
    """By name, those who could look after accounts and have none included; what is nobody's at the end."""
    here = dict(keepers(session))
    away = stand_ins(session, today(session))
    by_person: dict[int | None, list[Load]] = defaultdict(list, {staff_id: [] for staff_id in here})
    for load in found:
        by_person[load.staff_id].append(load)
    ids = {one for one in (*by_person, *away.values()) if one is not None}
    names = staff.names(session, ids)
    rows = [
        KeeperRow(
            key="nobody" if staff_id is None else str(staff_id),
            name=None if staff_id is None else names[staff_id],
            stand_in=names.get(away.get(staff_id or 0, 0)),
            left=staff_id is not None and staff_id not in here,
            accounts=sum(load.accounts for load in theirs),
            by_hand=sum(load.by_hand for load in theirs),
            owed=[load.owed for load in theirs],
        )
        for staff_id, theirs in by_person.items()
    ]
    return sorted(rows, key=lambda row: (row.name is None, row.name or NOBODY, row.key))


def _staff_id(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 18):
        raise NotFound
    return int(typed)
