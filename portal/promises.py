"""Promises: the customer names a day on which they will pay, checks it, and sees how it stands."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.promises import making, queries
from domain.promises.making import LONGEST_WORDS, Fence, Word, promise_alone
from domain.receivables import queries as receivables
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from portal.access import actor_of, customer_of, enter
from portal.given import AccountId
from portal.views import invoice_view
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.promises import promise_view
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/promises"
STEP = "step"
"""Which button was pressed: `check`, `promise`, `change`."""
INVOICE = "invoice"


@get(f"{PATH}/new", sync_to_thread=True)
def promise_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Of which invoices, how much, and by when; the invoices that were chosen before are ticked."""
    return _form_page(request, database, account_id, None, ticked=query_form(request).values(INVOICE))


@post(f"{PATH}/new", sync_to_thread=True)
def make_promise(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Check what is promised, and keep it once that is confirmed."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PROMISE)
    ticked = form.values(INVOICE)
    if form.value(STEP) == "change":
        return _form_page(request, database, account_id, form, ticked=ticked)
    try:
        with form.reading():
            word = Word(
                promised_on=form.day("promised_on", missing=N_("Enter the day by which you will pay.")),
                invoice_ids=form.ids(INVOICE, missing=N_("Choose at least one invoice.")),
                amount=form.amount("amount", account.currency) if form.value("amount").strip() else None,
                words=form.text("words", required=False, longest=LONGEST_WORDS),
            )
        if form.value(STEP) != "promise":
            return _check_page(request, database, account_id, form, word)
        login_id = customer_of(request).login_id
        with database.transaction() as session:
            use_once(session, form.value("once"))
            made = promise_alone(session, account_id, word, login_id=login_id, actor=actor_of(request)).id
    except SentAlready:
        return see_other(request, account.path)
    except Refused as refused:
        return _form_page(request, database, account_id, form.refused(refused), ticked=ticked, status=422)
    return see_other(request, f"{account.path}/promises/{made}")


@get(f"{PATH}/{{promise_id:int}}", sync_to_thread=True)
def show_promise(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, promise_id: FromPath[int]
) -> Response[bytes]:
    """What was promised, how it stands, and how to pay it or to choose another day."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        row = queries.promise(session, promise_id, account_id=account_id)
        view = promise_view(row, queries.parts(session, promise_id))
        fence = making.fence_of(session, account_id, [part.invoice_id for part in view.parts])
        may_move = view.is_open and account.may_promise and fence is not None
        others = urlencode([(INVOICE, part.invoice_id) for part in view.parts])
        again = f"{account.path}/promises/new?{others}" if may_move else None
        context = {"account": account, "promise": view, "again": again}
    return page(request, "portal/promises/show.html", context)


def _check_page(request: AnyRequest, database: Database, account_id: int, form: Form, word: Word) -> Response[bytes]:
    """What would be promised, to be confirmed."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PROMISE)
        parts = making.preview_alone(session, account_id, word)
        context = {
            "account": account,
            "parts": [(invoice.number, Money(minor, account.currency)) for invoice, minor in parts.items()],
            "total": Money(sum(parts.values()), account.currency),
            "word": word,
            "form": form,
        }
    return page(request, "portal/promises/check.html", context)


def _form_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form | None,
    *,
    ticked: Collection[str],
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PROMISE)
        views = [invoice_view(row, today(session)) for row in receivables.open_invoices(session, account_id)]
        chosen = [view.id for view in views if str(view.id) in ticked]
        fence, refusal = _fence(session, account_id, chosen or [view.id for view in views])
    context = {
        "account": account,
        "invoices": views,
        "fence": fence,
        "refusal": refusal,
        "longest": LONGEST_WORDS,
        "form": form or Form.starting(request, **{INVOICE: [str(one) for one in chosen]}),
    }
    return page(request, "portal/promises/form.html", context, status=status)


def _fence(session: Session, account_id: int, chosen: Collection[int]) -> tuple[Fence | None, Words | None]:
    """What may be promised of these, or why nothing may."""
    try:
        return making.check_alone(session, account_id, chosen), None
    except Conflict as refused:
        return None, Words.of(refused.text, **refused.params)
