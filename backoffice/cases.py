"""Cases: the lists of legal cases, those of an account, and opening one about its invoices."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.case_views import case_view
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from domain.legal_cases import opening, queries
from domain.legal_cases.opening import LONGEST_COURT, LONGEST_WHY, Claim
from domain.placements import queries as placements
from domain.placements.model import PLACED, PartnerKind
from domain.placements.naming import reference_of
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

LIST = "/cases"
OF_ACCOUNT = "/accounts/{account_id:int}/cases"
CLOSED = "closed"
PAGE = 50
NONE = ""
"""What the form sends where no attorney brings the case."""


@get(LIST, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def list_cases(
    request: AnyRequest, database: GivenDatabase, show: FromQuery[str] = "", place: FromQuery[int | None] = None
) -> Response[bytes]:
    """The cases that go on, or those that are closed, the newest first."""
    closed = show == CLOSED
    with database.reading() as session:
        rows = queries.cases(session, closed=closed, place=place, limit=PAGE + 1)
    following = with_query(LIST, show=show, place=rows[PAGE - 1].id) if len(rows) > PAGE else None
    context = {
        "cases": [case_view(row) for row in rows[:PAGE]],
        "views": [
            (N_("Going on"), LIST, not closed, None),
            (N_("Closed"), with_query(LIST, show=CLOSED), closed, None),
        ],
        "following": following,
    }
    return page(request, "backoffice/cases/list.html", context)


@get(OF_ACCOUNT, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def account_cases(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Its cases, and the form for another; a placement in the query is chosen in it."""
    return _show(request, database, account_id, query_form(request))


@post(OF_ACCOUNT, guards=admit(Permission.HANDLE_CASES), sync_to_thread=True)
def open_legal_case(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Prepare a case about the invoices that are ticked."""
    with database.reading() as session:
        entered(session, account_id)

    def act(session: Session) -> str:
        with form.reading():
            chosen = form.ids("invoice", missing=N_("Choose at least one invoice."))
            court = form.text("court", longest=LONGEST_COURT, missing=N_("Say which court."))
            note = form.text("note", longest=LONGEST_WHY, required=False)
            attorneys = form.ids("placement") if form.value("placement") != NONE else ()
        use_once(session, form.value("once"))
        claim = Claim(chosen, court, attorneys[0] if attorneys else None, note)
        made = opening.open_case(session, account_id, claim, actor=actor_of(request))
        return f"{LIST}/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, form)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/cases", again=again)


def _show(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "cases")
        taken = queries.in_a_case(session, account_id)
        context |= {
            "cases": [case_view(row) for row in queries.of_account(session, account_id)],
            "choice": [
                (row.id, row.number, row.due_on, Money(row.open_minor, row.currency))
                for row in receivables.open_invoices(session, account_id)
                if row.id not in taken
            ],
            "attorneys": [
                (row.id, f"{row.partner_name}, {reference_of(row.id)}")
                for row in placements.of_account(session, account_id)
                if row.partner_kind is PartnerKind.ATTORNEY and row.status in PLACED
            ],
            "longest": LONGEST_WHY,
            "longest_court": LONGEST_COURT,
            "form": form,
        }
    return page(request, "backoffice/cases/account.html", context)
