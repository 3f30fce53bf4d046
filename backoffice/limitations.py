"""Limitations: debts that can soon no longer be enforced, and the time of an account's debts with what moves it."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.limitation_views import law_name, time_view
from backoffice.wording import with_doers
from domain.documents import listing
from domain.documents.listing import Wanted
from domain.limitations import queries, recording
from domain.limitations.clock import HAPPENED_NAMES
from domain.limitations.facts import HAPPENED, timed
from domain.limitations.model import LimitationAct
from domain.limitations.recording import BY_STAFF, LAWS, LONGEST_NOTE, SAY_WHY, Noted
from domain.limitations.rules import warn_days
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

LIST = "/limitations"
OF_ACCOUNT = "/accounts/{account_id:int}/limitations"
OVER = "over"
MOST = 200
"""So many debts of one list are shown."""
MOST_PAPERS = 200
ACTS = {act.value: act for act in LimitationAct if act in BY_STAFF}
ACT_NAMES = {act: HAPPENED_NAMES[HAPPENED[act]] for act in BY_STAFF}
ALL = ""
"""What the form sends in place of an invoice for all of them, and in place of a paper for none."""


@get(LIST, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def list_limitations(request: AnyRequest, database: GivenDatabase, show: FromQuery[str] = "") -> Response[bytes]:
    """The open debts of which the time is over soon, the first first, or those of which it is over."""
    is_over = show == OVER
    within = max(warn_days())
    with database.reading() as session:
        day = today(session)
        found = queries.over(session, most=MOST + 1) if is_over else queries.ending(session, within_days=within)
    context = {
        "times": [time_view(one, day) for one in found[:MOST]],
        "more": len(found) > MOST,
        "most": MOST,
        "within": within,
        "is_over": is_over,
        "views": [
            (N_("Soon"), LIST, not is_over, None),
            (N_("Over"), with_query(LIST, show=OVER), is_over, None),
        ],
    }
    return page(request, "backoffice/limitations/list.html", context)


@get(OF_ACCOUNT, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def account_limitations(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Whose law its debts are under, until when each can be enforced, and what was recorded of that."""
    return _show(request, database, account_id, Form.starting(request))


@post(f"{OF_ACCOUNT}/law", guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def set_limitation_law(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Say whose law its debts are under."""

    def act(session: Session) -> None:
        with form.reading():
            jurisdiction = form.choice("jurisdiction", {one: one for one in LAWS}, missing=N_("Choose a law."))
            why = form.text("why", longest=LONGEST_NOTE, missing=N_("Say why, for whoever reads this later."))
        use_once(session, form.value("once"))
        recording.set_law(session, account_id, jurisdiction, why=why, actor=actor_of(request))

    return _done(request, database, account_id, form, act)


@post(f"{OF_ACCOUNT}/events", guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def note_limitation_event(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Record an acknowledgement in writing, or that the time stands still or goes on."""

    def act(session: Session) -> None:
        with form.reading():
            what = form.choice("act", ACTS, missing=N_("Choose what happened."))
            on = form.day("on")
            note = form.text("note", longest=LONGEST_NOTE, missing=SAY_WHY)
            invoices = form.ids("invoice") if form.value("invoice") != ALL else ()
            papers = form.ids("document") if form.value("document") != ALL else ()
        use_once(session, form.value("once"))
        noted = Noted(what, on, note, invoices[0] if invoices else None, papers[0] if papers else None)
        recording.note_by_staff(session, account_id, noted, actor=actor_of(request))

    return _done(request, database, account_id, form, act)


def _done(
    request: AnyRequest, database: Database, account_id: int, form: Form, act: Callable[[Session], None]
) -> Response[bytes]:
    with database.reading() as session:
        entered(session, account_id)

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, form)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/limitations", again=again)


def _show(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "limitations")
        day = today(session)
        invoices = receivables.open_invoices(session, account_id)
        times = timed(session, (row.id for row in invoices))
        law = queries.law(session, account_id)
        papers = listing.listed(session, Wanted(account_id), limit=MOST_PAPERS).rows
        context |= {
            "times": [time_view(times[row.id], day) for row in invoices],
            "law": law_name(queries.jurisdiction(session, account_id)),
            "said": with_doers(session, [law])[0] if law else None,
            "laws": list(LAWS.items()),
            "acts": [(act.value, ACT_NAMES[act]) for act in LimitationAct if act in BY_STAFF],
            "events": [
                (row, HAPPENED_NAMES[HAPPENED[row.act]], who)
                for row, who in with_doers(session, queries.events(session, account_id))
            ],
            "invoices": [(row.id, row.number) for row in invoices],
            "papers": [(row.id, row.filename) for row in papers],
            "longest": LONGEST_NOTE,
            "form": form,
        }
    return page(request, "backoffice/limitations/account.html", context)
