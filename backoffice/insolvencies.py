"""Insolvencies: the desk's lists, those of one account, and the one press that opens a proceeding and freezes all."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import frame
from backoffice.given import AccountId
from backoffice.insolvency_views import ProceedingView, proceeding_view
from domain.accounts import queries as accounts
from domain.insolvencies import details, queries
from domain.insolvencies.details import LONGEST, Details
from domain.insolvencies.model import PROCEEDING_NAMES, ProceedingKind
from domain.insolvencies.queries import View
from domain.processing.insolvency.freezing import freeze
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
LIST = "/insolvencies"
OF_ACCOUNT = "/accounts/{account_id:int}/insolvencies"
VIEW_WORDS = {View.OPEN: N_("Open"), View.ENDED: N_("Ended")}
"""What the lists are called."""
KINDS = {kind.value: kind for kind in ProceedingKind}
InsolvencyId = FromPath[int]


@get(LIST, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_insolvencies(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OPEN,
    skip: FromQuery[int] = 0,
) -> Response[bytes]:
    """The proceedings of one list: where our claim is due soonest first, or those that ended last."""
    view, skip = View(show) if show in set(View) else View.OPEN, max(skip, 0)
    with database.reading() as session:
        rows = queries.proceedings(session, view, limit=PAGE + 1, skip=skip)
        counts = queries.counts(session)
        shown = views_of(session, rows[:PAGE])
    context = {
        "proceedings": shown,
        "view": view.value,
        "views": [
            (words, with_query(LIST, show=one.value), one is view, counts[one]) for one, words in VIEW_WORDS.items()
        ],
        "following": with_query(LIST, show=view.value, skip=skip + PAGE) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/insolvencies/list.html", context)


@get(OF_ACCOUNT, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def account_insolvencies(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The proceedings about the account's debtor, the newest first."""
    with database.reading() as session:
        context = frame(session, account_id, "insolvencies")
        shown = views_of(session, queries.of_account(session, account_id))
    context |= {"proceedings": shown, "is_open": any(one.closed_on is None for one in shown)}
    return page(request, "backoffice/insolvencies/account.html", context)


@get(f"{OF_ACCOUNT}/new", guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def insolvency_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What is known of a proceeding, and what opening it stops."""
    return _form_page(request, database, account_id, Form.starting(request))


@post(f"{OF_ACCOUNT}/new", guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def open_insolvency(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Open it and freeze the account."""

    def act(session: Session) -> str:
        known = read_details(form)
        use_once(session, form.value("once"))
        return f"{LIST}/{freeze(session, account_id, known, actor=actor_of(request)).id}"

    def again(form: Form) -> Response[bytes]:
        return _form_page(request, database, account_id, form)

    there = f"/accounts/{account_id}/insolvencies"
    return carry_out(request, database, form, act, there=there, again=again)


@get(f"{LIST}/{{insolvency_id:int}}/details", guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def details_form(request: AnyRequest, database: GivenDatabase, insolvency_id: InsolvencyId) -> Response[bytes]:
    """What is known of it, to be put right."""
    with database.reading() as session:
        account_id = queries.proceeding(session, insolvency_id).account_id
        known = details.details_of(queries.entity(session, account_id, insolvency_id))
    start = {name: getattr(known, name) for name in LONGEST}
    start |= {"kind": known.kind.value, "started_on": known.started_on.isoformat()}
    start["proof_due_on"] = known.proof_due_on.isoformat() if known.proof_due_on else ""
    return _details_page(request, database, insolvency_id, Form.starting(request, **start))


@post(f"{LIST}/{{insolvency_id:int}}/details", guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def amend_details(
    request: AnyRequest, database: GivenDatabase, insolvency_id: InsolvencyId, form: SentForm
) -> Response[bytes]:
    """Put right what is known of it."""
    with database.reading() as session:
        account_id = queries.proceeding(session, insolvency_id).account_id

    def act(session: Session) -> None:
        known = read_details(form)
        use_once(session, form.value("once"))
        details.amend(session, account_id, insolvency_id, known, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _details_page(request, database, insolvency_id, form)

    return carry_out(request, database, form, act, there=f"{LIST}/{insolvency_id}", again=again)


def read_details(form: Form) -> Details:
    """What was typed of a proceeding; Invalid with every field that is wrong."""
    with form.reading():
        kind = form.choice("kind", KINDS)
        started_on = form.day("started_on", missing=N_("Enter the day on which it began."))
        proof_due_on = form.optional_day("proof_due_on")
        texts = {name: form.text(name, required=False, longest=longest) for name, longest in LONGEST.items()}
        if texts["email"] and "@" not in texts["email"]:
            form.refuse("email", N_("Enter an email address."))
    return Details(kind, started_on, proof_due_on, **texts)


def views_of(session: Session, rows: AnyRows) -> list[ProceedingView]:
    """Rows of the queries as a list shows them."""
    came = queries.came(session, [row.id for row in rows], {row.id: row.currency for row in rows})
    return [proceeding_view(row, came[row.id], today(session)) for row in rows]


def _form_page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        account = accounts.account(session, account_id)
        is_open = queries.open_of(session, account_id) is not None
    context = {"account_name": account.name, "back": f"/accounts/{account_id}/insolvencies", "is_open": is_open}
    return page(request, "backoffice/insolvencies/new.html", context | _kinds(form))


def _details_page(request: AnyRequest, database: Database, insolvency_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)
    context = {"account_name": row.account_name, "back": f"{LIST}/{insolvency_id}"}
    return page(request, "backoffice/insolvencies/details.html", context | _kinds(form))


def _kinds(form: Form) -> dict[str, object]:
    return {
        "kinds": [(kind.value, words) for kind, words in PROCEEDING_NAMES.items()],
        "longest": LONGEST,
        "form": form,
    }
