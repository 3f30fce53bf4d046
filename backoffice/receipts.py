"""Receipts: record a cheque, a transfer or cash on an account; checked before it is posted."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.views import AccountView, InvoiceView, invoice_view
from domain.advices.queries import open_advices
from domain.payments.means import means_of
from domain.payments.model import PaymentMethod
from domain.processing.receipts.recording import Slip, check_slip, record_receipt
from domain.receivables import queries as receivables
from domain.receivables.allocating import open_in_order
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/receipts/new"
METHODS = {
    PaymentMethod.CHEQUE.value: (PaymentMethod.CHEQUE, N_("Cheque")),
    PaymentMethod.TRANSFER.value: (PaymentMethod.TRANSFER, N_("Bank transfer")),
    PaymentMethod.CASH.value: (PaymentMethod.CASH, N_("Cash")),
}
"""How money comes by hand, as the form offers it."""
STEP = "step"
"""Which button was pressed: `check`, `record`, `change`; `look` is htmx asking while somebody types."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a receipt would settle, in which order, and what of it would stay as credit."""

    uses: list[tuple[str, Money]]
    credit: Money
    as_told: bool


@get(PATH, guards=admit(Permission.RECORD_RECEIPT), sync_to_thread=True)
def receipt_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, advice: FromQuery[int | None] = None
) -> Response[bytes]:
    """What came, when, how much, and what it is for where the payer said so; `advice` fills in what they said."""
    with database.reading() as session:
        start = {"method": "cheque", "received_on": today(session).isoformat(), "mail": "yes"}
        told = next((one for one in open_advices(session, account_id) if one.id == advice), None)
    if told is not None:
        locale = visit_of(request).speaking.formats.locale
        shares = {f"amount-{one}": typed_amount(amount, locale) for one, amount in told.lines}
        start |= {"method": "transfer", "amount": typed_amount(told.total, locale), **shares}
    return _form_page(request, database, account_id, Form.starting(request, **start))


@post(PATH, guards=admit(Permission.RECORD_RECEIPT), sync_to_thread=True)
def record(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Show what it will settle, then record it."""
    step = form.value(STEP)
    if step == "look":
        return _look(request, database, account_id, form)
    if step == "change":
        return _form_page(request, database, account_id, form)
    try:
        with database.reading() as session:
            account = entered(session, account_id)
            slip = _slip(form, account, receivables.open_invoices(session, account_id))
            check_slip(session, account_id, account.currency, slip)
            effect = _effect(session, account_id, slip)
        if step != "record":
            return _check_page(request, account, form, slip, effect)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            mail = form.ticked("mail")
            payment = record_receipt(session, account_id, slip, actor=actor_of(request), mail_receipt=mail)
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}/payments")
    except Refused as refused:
        return _form_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/payments/{payment.public_id}")


def _slip(form: Form, account: AccountView, open_rows: AnyRows) -> Slip:
    """The slip as it was typed; an invoice of which nothing is typed is not named."""
    with form.reading():
        method, _ = form.choice("method", METHODS, missing=N_("Choose how it came."))
        amount = form.amount("amount", account.currency)
        received_on = form.day("received_on", missing=N_("Enter the day on which it was received."))
        reference = form.text("reference", required=False, longest=140)
        note = form.text("note", required=False, longest=500)
        wanted = {
            row.id: form.amount(f"amount-{row.id}", account.currency)
            for row in open_rows
            if form.value(f"amount-{row.id}").strip()
        }
    return Slip(method, amount, received_on, reference or None, note or None, wanted or None)


def _effect(session: Session, account_id: int, slip: Slip) -> Effect:
    """What the receipt would settle if it came now."""
    left, uses = slip.amount, []
    nothing = Money.zero(slip.amount.currency)
    for invoice in open_in_order(session, account_id):
        told = left if slip.wanted is None else slip.wanted.get(invoice.id, nothing)
        share = min(left, told, invoice.open)
        if share:
            uses.append((invoice.number, share))
            left -= share
    return Effect(uses, left, as_told=slip.wanted is not None)


def _look(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    """What would happen, beside the form, while it is filled in; says nothing of what is not finished."""
    with database.reading() as session:
        account = entered(session, account_id)
        try:
            slip = _slip(form, account, receivables.open_invoices(session, account_id))
            check_slip(session, account_id, account.currency, slip)
            effect = _effect(session, account_id, slip)
        except Refused:
            effect = None
    context = {"account": account, "form": form, "effect": effect}
    return page_or_fragment(
        request, page="backoffice/receipts/look.html", fragment="backoffice/receipts/_effect.html", context=context
    )


def _form_page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        day = today(session)
        advices = open_advices(session, account_id)
        invoices: list[InvoiceView] = [invoice_view(row, day) for row in receivables.open_invoices(session, account_id)]
    context = {
        "account": account,
        "form": form,
        "invoices": invoices,
        "advices": advices,
        "methods": [(value, words) for value, (_, words) in METHODS.items()],
        "effect": None,
    }
    return page(request, "backoffice/receipts/new.html", context, status=status)


def _check_page(request: AnyRequest, account: AccountView, form: Form, slip: Slip, effect: Effect) -> Response[bytes]:
    context = {
        "account": account,
        "form": form,
        "slip": slip,
        "means": means_of(slip.method, slip.reference),
        "effect": effect,
        "carried": [
            (name, value) for name in form.names() if name not in (STEP, "once") for value in form.values(name)
        ],
    }
    return page(request, "backoffice/receipts/check.html", context)
