"""Applying: use an account's credit for its invoices, or move what settles one invoice to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.views import AccountView, invoice_view
from domain.processing.applying import (
    Use,
    check_move,
    check_use,
    move_allocation,
    standing_allocation,
    suggestion,
    use_credit,
)
from domain.receivables import credits
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.permissions import Permission
from domain.statements.credit_wording import say_credits
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

CREDIT_PATH = "/accounts/{account_id:int}/credit"
MOVE_PATH = "/accounts/{account_id:int}/allocations/{allocation_id:int}/move"
STEP = "step"


@get(CREDIT_PATH, guards=admit(Permission.APPLY_CREDIT), sync_to_thread=True)
def credit_page(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What credit there is, and which invoices it could settle: the oldest are suggested."""
    return _credit_page(request, database, account_id, None)


@post(CREDIT_PATH, guards=admit(Permission.APPLY_CREDIT), sync_to_thread=True)
def apply_credit(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Show what using it would do, then use it."""
    if form.value(STEP) == "change":
        return _credit_page(request, database, account_id, form)
    try:
        with database.reading() as session:
            account = entered(session, account_id)
            wanted = _wanted(form, account, [row.id for row in receivables.open_invoices(session, account_id)])
            uses = None if form.value(STEP) == "apply" else check_use(session, account_id, account.currency, wanted)
        if uses is not None:
            return _check_page(request, account, form, uses)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            use_credit(session, account_id, wanted, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}")
    except Refused as refused:
        return _credit_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}")


@get(MOVE_PATH, guards=admit(Permission.APPLY_CREDIT), sync_to_thread=True)
def move_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, allocation_id: FromPath[int]
) -> Response[bytes]:
    """To which invoice, and why."""
    return _move_page(request, database, account_id, allocation_id, Form.starting(request))


@post(MOVE_PATH, guards=admit(Permission.APPLY_CREDIT), sync_to_thread=True)
def move(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, allocation_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Show what moving it would do, then move it."""
    with database.reading() as session:
        standing_allocation(session, account_id, allocation_id)
    try:
        with form.reading():
            (to_invoice, *_) = form.ids("invoice", missing=N_("Choose the invoice that it is for.")) or (0,)
            reason = form.text("reason", longest=500, missing=N_("Say why."))
        with database.reading() as session:
            effect = check_move(session, account_id, allocation_id, to_invoice)
        if form.value(STEP) != "move":
            return _move_page(request, database, account_id, allocation_id, form, effect=effect)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            move_allocation(session, account_id, allocation_id, to_invoice, reason=reason, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}")
    except Refused as refused:
        return _move_page(request, database, account_id, allocation_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/invoices/{to_invoice}")


def _wanted(form: Form, account: AccountView, open_ids: Sequence[int]) -> dict[int, Money]:
    """Of which invoice how much was typed; an empty field is none of it."""
    with form.reading():
        return {
            one: form.amount(f"amount-{one}", account.currency)
            for one in open_ids
            if form.value(f"amount-{one}").strip()
        }


def _credit_page(
    request: AnyRequest, database: Database, account_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        day = today(session)
        context = {
            "account": account,
            "items": _items(session, account_id),
            "credit": credits.unapplied(session, account_id, account.currency),
            "invoices": [invoice_view(row, day) for row in receivables.open_invoices(session, account_id)],
        }
        uses = suggestion(session, account_id, account.currency) if form is None else []
    locale = visit_of(request).speaking.formats.locale
    amounts = {f"amount-{use.invoice_id}": typed_amount(use.amount, locale) for use in uses}
    context["form"] = form or Form.starting(request, **amounts)
    return page(request, "backoffice/credit/use.html", context, status=status)


def _items(session: Session, account_id: int) -> list[tuple[date, Words, Money]]:
    """Each piece of unused credit: its day, what it is called, and how much is left of it."""
    items = credits.unapplied_items(session, account_id)
    said = say_credits(session, items)
    return [(item.effective_on, words, item.unapplied) for item, words in zip(items, said, strict=True)]


def _check_page(request: AnyRequest, account: AccountView, form: Form, uses: Sequence[Use]) -> Response[bytes]:
    context = {
        "account": account,
        "uses": uses,
        "total": Money.sum((use.amount for use in uses), account.currency),
        "carried": [(name, form.value(name)) for name in form.names() if name.startswith("amount-")],
    }
    return page(request, "backoffice/credit/check.html", context)


def _move_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    allocation_id: int,
    form: Form,
    *,
    effect: object = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        allocation, item = standing_allocation(session, account_id, allocation_id)
        source = session.get_one(Invoice, allocation.invoice_id)
        if not (rows := receivables.open_invoices(session, account_id)):
            raise Conflict(N_("No other invoice of this account is open."))
        day = today(session)
        context = {
            "account": account,
            "path": f"{account.path}/allocations/{allocation_id}/move",
            "source": source.number,
            "source_id": source.id,
            "amount": Money(allocation.amount_minor, item.currency),
            "words": say_credits(session, [item])[0],
            "invoices": [invoice_view(row, day) for row in rows if row.id != source.id],
            "form": form,
            "effect": effect,
        }
    return page(request, "backoffice/credit/move_allocation.html", context, status=status)
