"""Extensions: the customer says that an invoice will be paid later, and sets the day inside the fence of the policy."""

from __future__ import annotations

from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath

from domain.accounts.model import Right
from domain.collecting import queries as collecting
from domain.payments import discount_quotes
from domain.processing.extending import check_alone, extend_alone, fence_of, why_not
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from portal.doors import Door, SignedIn
from portal.given import AccountId
from portal.views import invoice_view
from web.forms import EXAMPLE_DAY, Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/later"
STEP = "step"
"""Which button was pressed: `check`, `set`, `change`."""
WHEN = N_("Enter the day on which you will pay it.")


@get(PATH, sync_to_thread=True)
def later_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int]
) -> Response[bytes]:
    """Between which days it may be, and what that changes; or that it cannot be set here."""
    return form_page(request, database, SignedIn(request, account_id), invoice_id, Form.starting(request))


@post(PATH, sync_to_thread=True)
def pay_later(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Check the day, and set it once that is confirmed."""
    return extend(request, database, SignedIn(request, account_id), invoice_id, form)


def extend(request: AnyRequest, database: Database, door: Door, invoice_id: int, form: Form) -> Response[bytes]:
    """Read the form: show the day to be checked, or set it once that is confirmed."""
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
        door.invoice(session, invoice_id)
        fence = fence_of(session, account.id, invoice_id)
    if form.value(STEP) == "change":
        return form_page(request, database, door, invoice_id, form)
    there = f"{account.path}?later={invoice_id}" if account.by_link else account.invoice_path(invoice_id)
    try:
        with form.reading():
            due_on = form.day("due_on", missing=WHEN, example=fence.latest if fence else EXAMPLE_DAY)
        if form.value(STEP) != "set":
            with database.reading() as session:
                check_alone(session, account.id, invoice_id, due_on)
            return form_page(request, database, door, invoice_id, form, chosen=due_on)
        with database.transaction() as session:
            door.enter(session, Right.PROMISE)
            use_once(session, form.value("once"))
            extend_alone(session, account.id, invoice_id, due_on, actor=door.actor)
            door.acted(session)
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return form_page(request, database, door, invoice_id, form.refused(refused), status=422)
    return see_other(request, there)


def form_page(
    request: AnyRequest,
    database: Database,
    door: Door,
    invoice_id: int,
    form: Form,
    *,
    chosen: date | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The form, or with a day that was chosen the page on which it is checked."""
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
        row = door.invoice(session, invoice_id)
        offers = discount_quotes.offered(session, account.id, [invoice_id])
        context = {
            "account": account,
            "invoice": invoice_view(row, today(session), offers=offers),
            "fence": fence_of(session, account.id, invoice_id),
            "why_not": why_not(session, account.id, invoice_id),
            "is_taken": any(one.row.invoice_id == invoice_id for one in collecting.coming(session, account.id)),
            "chosen": chosen,
            "form": form,
        }
    template = "portal/extensions/check.html" if chosen else "portal/extensions/later.html"
    return page(request, template, context, status=status)
