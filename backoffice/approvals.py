"""Approvals: what colleagues may not decide alone, in lists and one by one, and what a second person says to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_details import details_of
from backoffice.approvals_views import fact_rows, people_of, request_view
from backoffice.confirming import carry_out_when_sure
from backoffice.given import GivenNudge
from domain.approvals import asking, deciding, facts, queries, wishes
from domain.approvals.deciding import LONGEST_ANSWER
from domain.approvals.model import ApprovalStatus
from domain.approvals.needing import needed
from domain.approvals.queries import Reader, View
from domain.policies import authority
from domain.policies.acts import UNITS, Unit
from domain.policies.authority import Extent
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permissions import Permission, may_all
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
LIST = "/approvals"
PATH = "/approvals/{request_id:int}"
ACT = "act"
"""Which button was pressed: `approve`, `refuse`, `withdraw` or `read`."""
VIEW_WORDS = {
    View.TO_DECIDE: N_("For you to decide"),
    View.ASKED: N_("Asked by you"),
    View.WAITING: N_("All that wait"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called."""
RequestId = FromPath[int]


@get(LIST, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_approvals(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Requests of one list, the newest first: what is to be decided, or where that is nothing what one asked for."""
    reader = _reader(request)
    with database.reading() as session:
        counts = queries.counts(session, reader)
        view = View(show) if show in set(View) else _first_of(counts)
        rows = queries.requests(session, view, reader, before=before, limit=PAGE + 1)
        names = staff.names(session, people_of(rows[:PAGE]))
    context = {
        "requests": [(request_view(row, names), row.account_name) for row in rows[:PAGE]],
        "views": [
            (words, with_query(LIST, show=one.value), one is view, counts[one]) for one, words in VIEW_WORDS.items()
        ],
        "older": with_query(LIST, show=view.value, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/approvals/list.html", context)


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_approval(request: AnyRequest, database: GivenDatabase, request_id: RequestId) -> Response[bytes]:
    """What is asked for, why, what it changes and who may decide."""
    return _show(request, database, request_id, Form.starting(request))


@post(PATH, guards=admit(Permission.APPROVE), sync_to_thread=True)
def decide_approval(
    request: AnyRequest, database: GivenDatabase, request_id: RequestId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Approve it, which does it; refuse it, and say why; withdraw one's own, or say that the answer is read."""
    with database.reading() as session:
        queries.request(session, request_id)
    role, actor = officer_of(request).role, actor_of(request)

    def read() -> str:
        match form.value(ACT):
            case "refuse":
                with form.reading():
                    return form.text("answer", longest=LONGEST_ANSWER, missing=N_("Say why: whoever asked reads it."))
            case "approve" | "withdraw" | "read":
                return ""
            case _:
                raise Invalid(N_("Choose what is to be done."))

    def act(session: Session, answer: str) -> None:
        use_once(session, form.value("once"))
        match form.value(ACT):
            case "approve":
                deciding.approve(session, request_id, role=role, actor=actor)
            case "refuse":
                deciding.refuse(session, request_id, why=answer, role=role, actor=actor)
            case "read":
                deciding.has_read(session, request_id, actor=actor)
            case _:
                asking.withdraw(session, request_id, actor=actor)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, request_id, form.only_at(("answer",)))

    there = f"{LIST}/{request_id}"
    if form.value(ACT) in ("withdraw", "read"):
        return carry_out(request, database, form, lambda session: act(session, read()), there=there, again=again)
    answer = carry_out_when_sure(request, database, form, read, act, there=there, again=again)
    nudge()
    return answer


def _first_of(counts: Mapping[View, int]) -> View:
    return View.TO_DECIDE if counts[View.TO_DECIDE] or not counts[View.ASKED] else View.ASKED


def _show(request: AnyRequest, database: Database, request_id: int, form: Form) -> Response[bytes]:
    officer = officer_of(request)
    with database.reading() as session:
        row = queries.request(session, request_id)
        wish = wishes.read(row.arguments)
        waits = row.status is ApprovalStatus.WAITING
        rows = fact_rows(row, facts.facts(session, row.account_id, wish)) if waits else []
        able = _able(session, row)
        context: dict[str, Any] = {
            "asked": request_view(row, staff.names(session, people_of([row]))),
            "account_name": row.account_name,
            "details": details_of(session, wish, row.currency),
            "facts": rows,
            "has_changed": any(each.is_changed for each in rows),
            "is_over": waits and row.valid_until < today(session),
            "waits": waits,
            "is_mine": row.asked_by == officer.staff_id,
            "is_unread": row.asked_by == officer.staff_id and queries.is_unread(session, request_id),
            "may_decide": officer.role in able,
            "people": [
                (each.name, ROLE_NAMES[each.role]) for each in staff.in_roles(session, able) if each.id != row.asked_by
            ],
            "form": form,
            "longest": LONGEST_ANSWER,
        }
    return page(request, "backoffice/approvals/show.html", context)


def _able(session: Session, row: AnyRow) -> list[Role]:
    """The roles whose authority is enough today."""
    extent: Extent = Money(row.extent, row.currency) if _is_money(row) else row.extent
    able = authority.who_covers(session, row.act, extent, account_id=row.account_id)
    return [role for role in able if may_all(role, needed(row.kind, row.act))]


def _is_money(row: AnyRow) -> bool:
    return UNITS[row.act] is Unit.MONEY and row.extent is not None


def _reader(request: AnyRequest) -> Reader:
    officer = officer_of(request)
    return Reader(officer.staff_id, officer.role)


PAGES = (list_approvals, show_approval, decide_approval)
