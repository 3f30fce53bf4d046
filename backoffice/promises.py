"""Promises: those that run, those that were broken, one with all that is known of it, and writing one down."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import do_or_ask
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.views import invoice_view
from backoffice.wording import with_doers
from domain.approvals.wishes import RecordPromise
from domain.notices import queries as notices
from domain.policies import authority
from domain.policies.acts import Act
from domain.promises import queries
from domain.promises.making import LONGEST_WORDS, withdraw
from domain.promises.queries import View
from domain.receivables import queries as receivables
from domain.sessions.once import SentAlready
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.promises import STATUS_BADGES, promise_view
from web.visit import AnyRequest

PAGE = 50
VIEW_WORDS = {View.OPEN: N_("Running"), View.BROKEN: N_("Not kept"), View.ENDED: N_("Ended")}
"""What the lists are called."""
PATH = "/promises/{promise_id:int}"
NEW_PATH = "/accounts/{account_id:int}/promises/new"


@get("/promises", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_promises(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OPEN,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Promises of all accounts, the newest first."""
    view = View(show) if show in set(View) else View.OPEN
    with database.reading() as session:
        rows = queries.promises(session, view, place=place, limit=PAGE + 1)
        counts = queries.counts(session)
    context = {
        "promises": [promise_view(row) for row in rows[:PAGE]],
        "views": [
            (words, with_query("/promises", show=one.value), one is view, counts[one])
            for one, words in VIEW_WORDS.items()
        ],
        "following": with_query("/promises", show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/promises/list.html", context)


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_promise(request: AnyRequest, database: GivenDatabase, promise_id: FromPath[int]) -> Response[bytes]:
    """What was promised, by whom, of which invoices, and what became of it."""
    return _show(request, database, promise_id, Form.starting(request))


@post(PATH, guards=admit(Permission.RECORD_PROMISE), sync_to_thread=True)
def withdraw_promise(
    request: AnyRequest, database: GivenDatabase, promise_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Write down that it holds no more."""
    with database.reading() as session:
        row = queries.promise(session, promise_id)
    try:
        with form.reading():
            why = form.text("why", longest=500, missing=N_("Say who told you, and when."))
        with database.transaction() as session:
            withdraw(session, row.account_id, promise_id, why=why, actor=actor_of(request))
    except Refused as refused:
        return _show(request, database, promise_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/promises/{promise_id}")


@get(NEW_PATH, guards=admit(Permission.RECORD_PROMISE), sync_to_thread=True)
def promise_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, call: FromQuery[int | None] = None
) -> Response[bytes]:
    """Of which invoices, how much, by when, and who said so.

    Invoices that were chosen before are ticked, and what was said in a call that led here stands there.
    """
    form = query_form(request)
    with database.reading() as session:
        form.fill({"words": notices.words_of_call(session, account_id, call)})
    return _form_page(request, database, account_id, form)


@post(NEW_PATH, guards=admit(Permission.RECORD_PROMISE), sync_to_thread=True)
def write_promise_down(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Keep it; for a day further ahead than one's authority, ask for it."""
    with database.reading() as session:
        account = entered(session, account_id)
    try:
        with form.reading():
            amount = form.amount("amount", account.currency) if form.value("amount").strip() else None
            wish = RecordPromise(
                promised_on=form.day("promised_on", missing=N_("Enter the day by which they will pay.")),
                invoice_ids=form.ids("invoice", missing=N_("Choose at least one invoice.")),
                amount_minor=None if amount is None else amount.minor,
                why=form.text("words", longest=LONGEST_WORDS, missing=N_("Say who promised it, and how.")),
            )
        with database.transaction() as session:
            there = do_or_ask(request, session, form, account_id, wish, there="/promises/{}".format)
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}")
    except Refused as refused:
        return _form_page(request, database, account_id, form.refused(refused), status=status_of(refused))
    return see_other(request, there or f"/accounts/{account_id}")


def _form_page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = {
            "account": entered(session, account_id),
            "invoices": [invoice_view(row, today(session)) for row in receivables.open_invoices(session, account_id)],
            "most_days": authority.limits_on(session, account_id)[Act.PROMISE][officer_of(request).role],
            "longest": LONGEST_WORDS,
            "form": form,
        }
    return page(request, "backoffice/promises/new.html", context, status=status)


def _show(
    request: AnyRequest, database: Database, promise_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        changes = queries.changes(session, promise_id)
        context = {
            "promise": promise_view(queries.promise(session, promise_id), queries.parts(session, promise_id)),
            "changes": [(change, STATUS_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "form": form,
        }
    return page(request, "backoffice/promises/show.html", context, status=status)
