"""Banking receipts: which the bank has still to show, the slip to take them there, and those that come back."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import PublicId
from backoffice.views import payment_view
from domain.accounts import queries as accounts
from domain.payments import queries as payments
from domain.payments import slips
from domain.payments.means import means_of
from domain.payments.model import BY_HAND, Payment
from domain.payments.slips import Awaited
from domain.processing.money_left import would_uncover
from domain.processing.receipts.banking import bank_receipts, bank_returns
from domain.processing.receipts.returning import RETURN_REASONS, ReturnReason, return_receipt
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

RETURN_PATH = "/payments/{public_id:str}/return"
REASONS = {reason.value: reason for reason in ReturnReason}


@get("/receipts", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def list_to_bank(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Receipts to take to the bank, and returns that the bank has still to take."""
    return _list_page(request, database, Form.starting(request))


@post("/receipts/banked", guards=admit(Permission.RECORD_RECEIPT), sync_to_thread=True)
def bank(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """The ticked ones are at the bank, on somebody's word; or lead to their slip, whose address needs no secret."""
    try:
        with form.reading():
            chosen = form.ids("receipt", missing=N_("Tick at least one receipt."))
            on = None if form.value("what") == "slip" else form.day("on", missing=N_("Enter the day at the bank."))
        if on is None:
            return see_other(request, "/receipts/slip?" + urlencode([("receipt", one) for one in chosen]))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            act = bank_returns if form.value("what") == "returns" else bank_receipts
            act(session, chosen, on, actor=actor_of(request))
    except SentAlready:
        return see_other(request, "/receipts")
    except Refused as refused:
        return _list_page(request, database, form.refused(refused), status=422)
    return see_other(request, "/receipts")


@get("/receipts/slip", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def paying_in_slip(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The ticked receipts as a slip to print and take along."""
    form = query_form(request)
    try:
        with form.reading():
            chosen = form.ids("receipt", missing=N_("Tick at least one receipt."))
    except Refused as refused:
        return _list_page(request, database, form.refused(refused), status=422)
    with database.reading() as session:
        found = slips.to_bank(session, chosen)
        context = {"receipts": _shown(session, found), "totals": _totals(found), "day": today(session)}
    return page(request, "backoffice/receipts/slip.html", context)


@get(RETURN_PATH, guards=admit(Permission.RETURN_RECEIPT), sync_to_thread=True)
def return_form(request: AnyRequest, database: GivenDatabase, public_id: PublicId) -> Response[bytes]:
    """Why it came back, when, and which invoices are open again."""
    with database.reading() as session:
        form = Form.starting(request, on=today(session).isoformat())
    return _return_page(request, database, public_id, form)


@post(RETURN_PATH, guards=admit(Permission.RETURN_RECEIPT), sync_to_thread=True)
def take_receipt_back(
    request: AnyRequest, database: GivenDatabase, public_id: PublicId, form: SentForm
) -> Response[bytes]:
    """Return it."""
    with database.reading() as session:
        _returnable(session, public_id)
    try:
        with form.reading():
            reason = form.choice("reason", REASONS, missing=N_("Choose why it came back."))
            on = form.day("on", missing=N_("Enter the day on which it came back."))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            payment = payments.by_public_id(session, public_id)
            return_receipt(session, payment, on, reason=reason, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/payments/{public_id}")
    except Refused as refused:
        return _return_page(request, database, public_id, form.refused(refused), status=422)
    return see_other(request, f"/payments/{public_id}")


def _returnable(session: Session, public_id: str) -> Payment:
    payment = payments.by_public_id(session, public_id)
    if payment.method not in BY_HAND or slips.return_of(session, payment.id) is not None:
        raise Conflict(N_("Only cheques, cash and transfers can be returned, and only once."))
    return payment


def _return_page(
    request: AnyRequest, database: Database, public_id: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        payment = _returnable(session, public_id)
        context = {
            "account": entered(session, payment.account_id),
            "payment": payment_view(payment),
            "uncovered": would_uncover(session, payment, payment.amount),
            "reasons": [(reason.value, words) for reason, words in RETURN_REASONS.items()],
            "form": form,
        }
    return page(request, "backoffice/receipts/return.html", context, status=status)


def _list_page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        waiting, returns = slips.to_bank(session), slips.returns_to_bank(session)
        context = {
            "receipts": _shown(session, waiting),
            "totals": _totals(waiting),
            "returns": _shown(session, returns),
            "day": today(session),
        }
        form = form if form.names() else Form.starting(request, on=today(session).isoformat())
    return page(request, "backoffice/receipts/list.html", context | {"form": form}, status=status)


def _shown(session: Session, found: Sequence[Awaited]) -> list[tuple[Awaited, object, object]]:
    """Each with its account, and what it is called."""
    labels = accounts.labels(session, {one.account_id for one in found})
    return [(one, labels[one.account_id], means_of(one.method, one.means)) for one in found]


def _totals(found: Sequence[Awaited]) -> list[Money]:
    """The sum in each currency."""
    currencies = sorted({one.amount.currency for one in found})
    return [
        Money.sum((one.amount for one in found if one.amount.currency == currency), currency) for currency in currencies
    ]
