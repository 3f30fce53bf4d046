"""Dispute handling: who handles disputes with which reason, and in how much time; ruled by managers."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.dispute_views import handler_choices, handlers
from domain.disputes.reasons import ANSWERED_BY, REASON_GROUPS, REASON_NAMES, Reason
from domain.disputes.routes import MOST_DAYS, MOST_HOURS, NOT_A_HANDLER, Route, routes, set_route
from domain.documents.names import CATEGORY_NAMES
from domain.shared.db.session import Database, business
from domain.shared.errors import N_, NotFound
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/disputes/handling"


@dataclass(frozen=True, slots=True)
class RouteView:
    """How disputes with one reason are handled; `paper` is the paper that answers one by itself."""

    reason: str
    words: str
    owner: str | None
    answer_hours: int
    resolve_days: int
    silent_days: int
    paper: str | None


@get(PATH, guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def show_handling(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every reason with who handles it and by when."""
    with database.reading() as session:
        ruled, ours = routes(session), business(session)
        names = staff.names(session, {route.owner_id for route in ruled.values() if route.owner_id is not None})
    context = {
        "groups": [
            (name, [_view(reason, ruled[reason], names) for reason in reasons]) for name, reasons in REASON_GROUPS
        ],
        "opens": f"{ours.opens:02}:00",
        "closes": f"{ours.closes:02}:00",
    }
    return page(request, "backoffice/disputes/handling.html", context)


@get(f"{PATH}/{{reason:str}}", guards=admit(Permission.ROUTE_DISPUTES), sync_to_thread=True)
def handling_form(request: AnyRequest, database: GivenDatabase, reason: FromPath[str]) -> Response[bytes]:
    """How disputes with one reason are handled, to be changed."""
    return _page(request, database, _read(reason), None)


@post(f"{PATH}/{{reason:str}}", guards=admit(Permission.ROUTE_DISPUTES), sync_to_thread=True)
def change_handling(
    request: AnyRequest, database: GivenDatabase, reason: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Rule it: for what is raised from now on."""
    ruled = _read(reason)

    def act(session: Session) -> None:
        with form.reading():
            route = Route(
                owner_id=form.choice("owner_id", handler_choices(session), missing=NOT_A_HANDLER),
                answer_hours=form.number("answer_hours", least=1, most=MOST_HOURS),
                resolve_days=form.number("resolve_days", least=1, most=MOST_DAYS),
                silent_days=form.number("silent_days", least=1, most=MOST_DAYS),
            )
        set_route(session, ruled, route, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=PATH,
        again=lambda form: _page(request, database, ruled, form),
    )


def _page(request: AnyRequest, database: Database, reason: Reason, form: Form | None) -> Response[bytes]:
    with database.reading() as session:
        route = routes(session)[reason]
        people = handlers(session)
    starting = Form.starting(
        request,
        owner_id=str(route.owner_id or ""),
        answer_hours=str(route.answer_hours),
        resolve_days=str(route.resolve_days),
        silent_days=str(route.silent_days),
    )
    context = {
        "reason": reason.value,
        "words": REASON_NAMES[reason],
        "answers_itself": reason in ANSWERED_BY,
        "handlers": people,
        "form": form or starting,
    }
    return page(request, "backoffice/disputes/handling_of.html", context)


def _read(reason: str) -> Reason:
    if reason not in set(Reason):
        raise NotFound(N_("Disputes do not have this reason."))
    return Reason(reason)


def _view(reason: Reason, route: Route, names: dict[int, str]) -> RouteView:
    paper = ANSWERED_BY.get(reason)
    return RouteView(
        reason=reason.value,
        words=REASON_NAMES[reason],
        owner=None if route.owner_id is None else names[route.owner_id],
        answer_hours=route.answer_hours,
        resolve_days=route.resolve_days,
        silent_days=route.silent_days,
        paper=None if paper is None else CATEGORY_NAMES[paper],
    )
