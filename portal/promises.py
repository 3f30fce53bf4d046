"""Promises: the customer names a day on which they will pay, checks it, and sees how it stands."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.placements.acting import acting, placed_ids
from domain.promises import making, queries
from domain.promises.making import LONGEST_WORDS, Fence, Word, promise_alone
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, NotFound, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import agreements
from portal.access import Entered
from portal.doors import Door, SignedIn, limited
from portal.given import AccountId
from portal.views import invoice_view
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.promises import promise_view
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/promises"
STEP = "step"
"""Which button was pressed: `check`, `promise`, `change`."""
INVOICE = "invoice"
PROMISING = Rate(20, 3600)
"""So many promises one login, or the holder of one link, may make: each ends the one before it, and is confirmed."""
TALK = N_("A day cannot be promised here. Call us or write to us, and we find a way together.")


@get(f"{PATH}/new", sync_to_thread=True)
def promise_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Of which invoices, how much, and by when; the invoices that were chosen before are ticked."""
    return form_page(request, database, SignedIn(request, account_id))


@post(f"{PATH}/new", sync_to_thread=True)
def make_promise(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Check what is promised, and keep it once that is confirmed."""
    return promise(request, database, SignedIn(request, account_id), form)


@get(f"{PATH}/{{promise_id:int}}", sync_to_thread=True)
def show_promise(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, promise_id: FromPath[int]
) -> Response[bytes]:
    """What was promised, how it stands, and how to pay it or to choose another day."""
    return show(request, database, SignedIn(request, account_id), promise_id)


def form_page(
    request: AnyRequest, database: Database, door: Door, form: Form | None = None, *, status: int = 200
) -> Response[bytes]:
    """The form; the invoices that were chosen before are ticked."""
    ticked = (form or query_form(request)).values(INVOICE)
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
        agreed = agreements(session, account.id, account.currency)
        rows = [row for row in door.open_invoices(session) if agreed.of(row.id) is None]
        handed = acting(session, account.id, [row.id for row in rows])
        rows = [row for row in rows if row.id not in placed_ids(handed)]
        views = [invoice_view(row, today(session)) for row in rows]
        chosen = [view.id for view in views if str(view.id) in ticked]
        fence, refusal = _fence(session, account, chosen or [view.id for view in views])
        promised = queries.promised_days(session, chosen or [view.id for view in views])
    context = {
        "account": account,
        "acting": handed,
        "promised": sorted(set(promised.values())),
        "invoices": views,
        "fence": fence,
        "refusal": refusal,
        "longest": LONGEST_WORDS,
        "form": form or Form.starting(request, **{INVOICE: [str(one) for one in chosen]}),
    }
    return page(request, "portal/promises/form.html", context, status=status)


def promise(request: AnyRequest, database: Database, door: Door, form: Form) -> Response[bytes]:
    """Read the form: show what would be promised, or keep it once that is confirmed."""
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
    if form.value(STEP) == "change":
        return form_page(request, database, door, form)
    try:
        with form.reading():
            word = Word(
                promised_on=form.day("promised_on", missing=N_("Enter the day by which you will pay.")),
                invoice_ids=form.ids(INVOICE, missing=N_("Choose at least one invoice.")),
                amount=form.amount("amount", account.currency) if form.value("amount").strip() else None,
                words=form.text("words", required=False, longest=LONGEST_WORDS),
            )
        if form.value(STEP) != "promise":
            return _check_page(request, database, door, form, word)
        visit_of(request).site.limiter.count("promise", limited(door), PROMISING)
        with database.transaction() as session:
            door.enter(session, Right.PROMISE)
            _check_invoices(session, door, account, word.invoice_ids)
            use_once(session, form.value("once"))
            made = promise_alone(session, account.id, word, login_id=door.login_id, actor=door.actor).id
            door.acted(session)
    except SentAlready:
        return see_other(request, _where_it_stands(database, door, word.invoice_ids))
    except Refused as refused:
        return form_page(request, database, door, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/promises/{made}")


def show(request: AnyRequest, database: Database, door: Door, promise_id: int) -> Response[bytes]:
    """One promise, and the way to pay it or to another day."""
    with database.reading() as session:
        account = door.enter(session)
        row = queries.promise(session, promise_id, account_id=account.id)
        door.check_maker(row.pay_link_id)
        view = promise_view(row, queries.parts(session, promise_id))
        fence = making.fence_of(session, account.id, [part.invoice_id for part in view.parts])
        is_owed = view.is_open or (view.is_broken and bool(view.open))
        may_move = is_owed and account.may_promise and fence is not None
        others = urlencode([(INVOICE, part.invoice_id) for part in view.parts])
        again = f"{account.path}/promises/new?{others}" if may_move else None
        context = {"account": account, "promise": view, "is_owed": is_owed, "again": again}
    return page(request, "portal/promises/show.html", context)


def _where_it_stands(database: Database, door: Door, invoice_ids: Collection[int]) -> str:
    """Where a form leads whose button was pressed twice: to the promise that the first press made."""
    with database.reading() as session:
        account = door.enter(session)
        for made in reversed(queries.open_entities(session, invoice_ids)):
            with suppress(NotFound):
                door.check_maker(queries.promise(session, made.id, account_id=account.id).pay_link_id)
                return f"{account.path}/promises/{made.id}"
        return account.path


def _check_page(request: AnyRequest, database: Database, door: Door, form: Form, word: Word) -> Response[bytes]:
    """What would be promised, to be confirmed."""
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
        _check_invoices(session, door, account, word.invoice_ids)
        parts = making.preview_alone(session, account.id, word)
        context = {
            "account": account,
            "parts": [(invoice.number, Money(minor, account.currency)) for invoice, minor in parts.items()],
            "total": Money(sum(parts.values()), account.currency),
            "word": word,
            "form": form,
        }
    return page(request, "portal/promises/check.html", context)


def _check_invoices(session: Session, door: Door, account: Entered, invoice_ids: Collection[int]) -> None:
    """Do nothing where these are theirs to see, and so is all that a promise about them would put an end to.

    Raises NotFound, and Conflict where an earlier promise is about more than they see, or holders of a link may not.
    """
    door.check(session, invoice_ids)
    for earlier in queries.open_entities(session, invoice_ids):
        try:
            door.check(session, [part.invoice_id for part in queries.parts(session, earlier.id)])
        except NotFound:
            raise Conflict(TALK) from None
    if account.by_link and _fence(session, account, invoice_ids)[1] is not None:
        raise Conflict(TALK)


def _fence(session: Session, account: Entered, chosen: Collection[int]) -> tuple[Fence | None, Words | None]:
    """What may be promised of these, or why nothing may; how promises went before is not told to holders of a link."""
    try:
        return making.check_alone(session, account.id, chosen), None
    except Conflict as refused:
        return None, Words.of(TALK) if account.by_link else Words.of(refused.text, **refused.params)
