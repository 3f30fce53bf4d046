"""Bulk: one act on many accounts: choose it, see what it would do, have it done, see what became of each, undo it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.account_filters import chosen_of
from backoffice.bulk_views import acts_of, outlook_view, run_links, run_view
from domain.assignments import people
from domain.bulk import running
from domain.bulk.acts import ACT_NAMES, NEEDS, TAG_FIELD, Act
from domain.bulk.outward import PARTNER_FIELD
from domain.finding import filtering
from domain.notes.writing import LONGEST_WORDS
from domain.placements import queries as placements
from domain.placements.proposing import LONGEST_REASON
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Invalid, Refused
from domain.staff.permissions import Permission, require
from web.acting import status_of
from web.forms import LONGEST_NUMBER, Form, SentForm, query_form
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase, GivenNudge
from web.links import with_query
from web.visit import AnyRequest

LIST = "/bulk"
PATH = "/bulk/{run_id:int}"
STEP = "step"
"""Which button was pressed: `choose` an act, `check` what it would do, or `do` it."""
OF = "of"
"""Of which act the fields on the page are: another one that is chosen there has its own first."""
ANY_ACT = admit(*sorted({*NEEDS.values()}), one_is_enough=True)
"""The guards of these pages: whoever may do any of it; each act is asked for when it is looked at and done."""


@get(LIST, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_runs(request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None) -> Response[bytes]:
    """What was done on many accounts, the latest first."""
    with database.reading() as session:
        links, older = run_links(session, before)
    context = {"runs": links, "older": with_query(LIST, before=older) if older else None}
    return page(request, "backoffice/bulk/list.html", context)


@get(f"{LIST}/new", guards=ANY_ACT, sync_to_thread=True)
def choose_act(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Choose what to do on the accounts that were ticked, or on all that the list shows."""
    form = query_form(request)
    try:
        with database.reading() as session:
            ids = _accounts(session, request, form)
    except Refused as refused:
        return _page(request, database, form.refused(refused), (), status=422)
    return _page(request, database, form, ids)


@post(f"{LIST}/new", guards=ANY_ACT, sync_to_thread=True)
def act_on_many(request: AnyRequest, database: GivenDatabase, form: SentForm, nudge: GivenNudge) -> Response[bytes]:
    """Show what it would do on each, or have it done."""
    ids: Sequence[int] = ()
    outlook = None
    role = officer_of(request).role
    try:
        with database.reading() as session:
            ids = _accounts(session, request, form)
        with form.reading():
            act = form.choice("act", {one.value: one for one in Act}, missing=N_("Choose what to do."))
        require(role, NEEDS[act])
        if form.value(STEP) == "choose" or form.value(OF) != act:
            return _page(request, database, form, ids)
        given = _given(form)
        with database.reading() as session:
            outlook = running.look_ahead(session, act, given, ids, role=role)
        if form.value(STEP) != "do":
            return _page(request, database, form, ids, outlook=outlook)
        if form.value("seen") != outlook.fingerprint:
            raise Conflict(N_("What it would do has changed since you looked. Look again."))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            run_id = running.ask(session, outlook, role=role, actor=actor_of(request))
    except SentAlready:
        return see_other(request, LIST)
    except Refused as refused:
        return _page(request, database, form.refused(refused), ids, outlook=outlook, status=status_of(refused))
    nudge()
    return see_other(request, f"{LIST}/{run_id}")


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_run(
    request: AnyRequest, database: GivenDatabase, run_id: FromPath[int], after: FromQuery[int] = 0
) -> Response[bytes]:
    """How far it is, and what became of each account."""
    return _run_page(request, database, run_id, after, Form.starting(request))


@post(f"{PATH}/undo", guards=ANY_ACT, sync_to_thread=True)
def undo_run(
    request: AnyRequest, database: GivenDatabase, run_id: FromPath[int], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Have what was done undone."""
    try:
        with database.transaction() as session:
            running.ask_back(session, run_id, role=officer_of(request).role, actor=actor_of(request))
    except Conflict as refused:
        return _run_page(request, database, run_id, 0, form.refused(refused), status=status_of(refused))
    nudge()
    return see_other(request, f"{LIST}/{run_id}")


def _run_page(
    request: AnyRequest, database: Database, run_id: int, after: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        view = run_view(session, officer_of(request), run_id, after)
    context = {"run": view, "form": form}
    return page_or_fragment(
        request,
        page="backoffice/bulk/show.html",
        fragment="backoffice/bulk/_run.html",
        context=context,
        status=status,
    )


def _given(form: Form) -> Mapping[str, Any]:
    """What the form gives an act, whichever it is; what is missing is refused by the act itself."""
    with form.reading():
        return {
            "staff_id": _number(form.value("staff_id")),
            PARTNER_FIELD: _number(form.value(PARTNER_FIELD)),
            "tag": form.value(TAG_FIELD),
            "why": form.text("why", required=False, longest=LONGEST_REASON),
            "words": form.text("words", required=False, longest=LONGEST_WORDS),
        }


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER else None


def _accounts(session: Session, request: AnyRequest, form: Form) -> Sequence[int]:
    """Those that were ticked, or all that the filters let through; Invalid for none, and for too many."""
    if form.value("all"):
        wanted = filtering.matching(session, chosen_of(request, form).filter).limit(running.MOST + 1)
        ids = sorted(session.scalars(wanted))
    else:
        ticked = [one for one in form.values("account") if one.isascii() and one.isdigit()]
        ids = sorted({int(one) for one in ticked if len(one) <= LONGEST_NUMBER})
    if not ids:
        raise Invalid(N_("Tick at least one account."))
    if len(ids) > running.MOST:
        raise Invalid(N_("At most {most} accounts can be worked on at once. Narrow the list."), most=running.MOST)
    return ids


def _page(
    request: AnyRequest,
    database: Database,
    form: Form,
    ids: Sequence[int],
    *,
    outlook: running.Outlook | None = None,
    status: int = 200,
) -> Response[bytes]:
    asked, acts = chosen_of(request, form).asked, acts_of(officer_of(request))
    with database.reading() as session:
        context = {
            "form": form,
            "count": len(ids),
            "ticked": () if form.value("all") else ids,
            "asked": asked if form.value("all") else {},
            "acts": [(act.value, ACT_NAMES[act]) for act in acts],
            "act": next((act.value for act in acts if act == form.value("act")), None),
            "people": [("", N_("Choose")), *((str(one), name) for one, name in people.keepers(session))],
            "partners": [
                ("", N_("Choose")),
                *((str(one.id), one.name) for one in placements.partners(session) if one.ended_at is None),
            ],
            "outlook": None if outlook is None else outlook_view(session, outlook),
            "back": with_query("/accounts", **asked),
        }
    return page(request, "backoffice/bulk/new.html", context, status=status)


PAGES: Sequence[ControllerRouterHandler] = (list_runs, choose_act, act_on_many, show_run, undo_run)
"""Every handler of acts on many accounts."""
