"""Refunding: ask for a refund of a payment, or name the source of one made elsewhere; checked before it is done."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.frame import entered
from backoffice.given import GivenNudge, PublicId
from backoffice.refund_views import SOURCE_MEANINGS, SOURCE_NAMES, WAY_NAMES, refund_view
from backoffice.views import payment_view
from domain.payments import queries as payments
from domain.payments.model import BY_PROCESSOR, Payment
from domain.processing import aftermath
from domain.processing.refunds import asking, drawing, explaining
from domain.processing.refunds.drawing import Preview, Wish
from domain.receivables import credits
from domain.receivables.model import CreditKind
from domain.receivables.withdrawing import Uncovered
from domain.refunds import queries as refunds
from domain.refunds.model import RefundSource, RefundWay
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

ASK_PATH = "/payments/{public_id:str}/refund"
EXPLAIN_PATH = "/refunds/{refund_id:str}/explain"
STEP = "step"
"""Which button of the form was pressed: `check`, `change`, `do`."""
SOURCES = {source.value: source for source in SOURCE_MEANINGS}
WAYS = {way.value: way for way in RefundWay}


@get(ASK_PATH, guards=admit(Permission.REFUND), sync_to_thread=True)
def refund_form(request: AnyRequest, database: GivenDatabase, public_id: PublicId) -> Response[bytes]:
    """How much, from what, and why; what the payment left as credit is offered first."""
    with database.reading() as session:
        payment = payments.by_public_id(session, public_id)
        credit = credits.left_of(session, CreditKind.PAYMENT, public_id, payment.currency)
        offered = min(credit, aftermath.refundable(session, payment))
    start = {"source": RefundSource.CREDIT.value, "amount": str(offered.decimal)} if offered else {}
    return _ask_page(request, database, public_id, Form.starting(request, way=RefundWay.PROCESSOR.value, **start))


@post(ASK_PATH, guards=admit(Permission.REFUND), sync_to_thread=True)
def ask_refund(
    request: AnyRequest, database: GivenDatabase, nudge: GivenNudge, public_id: PublicId, form: SentForm
) -> Response[bytes]:
    """Show what the refund would do, and ask for it once that is confirmed."""
    with database.reading() as session:
        payment = payments.by_public_id(session, public_id)
    role = officer_of(request).role
    try:
        wish = _read(form, payment.id, payment.currency)
        if form.value(STEP) == "change":
            return _ask_page(request, database, public_id, form)
        if form.value(STEP) != "do":
            with database.reading() as session:
                found = drawing.preview(
                    session, session.get_one(Payment, payment.id), wish, role=role, actor=actor_of(request)
                )
            return _check_page(request, database, public_id, form, wish, found)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            use_once(session, form.value("once"))
            refund = asking.request(session, payment.account_id, wish, role=role, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/payments/{public_id}")
    except Refused as refused:
        return _ask_page(request, database, public_id, form.refused(refused), status=status_of(refused))
    nudge()
    return see_other(request, f"/refunds/{refund.public_id}")


@get(EXPLAIN_PATH, guards=admit(Permission.REFUND), sync_to_thread=True)
def explain_form(request: AnyRequest, database: GivenDatabase, refund_id: PublicId) -> Response[bytes]:
    """From what a refund was taken that somebody made elsewhere."""
    return _explain_page(request, database, refund_id, Form.starting(request))


@post(EXPLAIN_PATH, guards=admit(Permission.REFUND), sync_to_thread=True)
def explain_refund(
    request: AnyRequest, database: GivenDatabase, refund_id: PublicId, form: SentForm
) -> Response[bytes]:
    """Show what that opens again, and post it once that is confirmed."""
    with database.reading() as session:
        refund = refunds.by_public_id(session, refund_id)
    role = officer_of(request).role
    try:
        wish = _read(form, refund.payment_id, refund.currency, amount=refund.amount)
        if form.value(STEP) == "change":
            return _explain_page(request, database, refund_id, form)
        if form.value(STEP) != "do":
            with database.reading() as session:
                row = refunds.by_public_id(session, refund_id)
                reopens = explaining.would_reopen(session, row, wish, role=role)
            return _explain_page(request, database, refund_id, form, wish=wish, reopens=reopens)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            use_once(session, form.value("once"))
            row = refunds.by_public_id(session, refund_id)
            explaining.explain(session, row, wish, role=role, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/refunds/{refund_id}")
    except Refused as refused:
        return _explain_page(request, database, refund_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/refunds/{refund_id}")


def _read(form: Form, payment_id: int, currency: str, *, amount: Money | None = None) -> Wish:
    """What was typed; `amount` where it is known, unless a credit note of another amount is needed."""
    with form.reading():
        source = form.choice("source", SOURCES, missing=N_("Say what the money is taken from."))
        if amount is None or (source is RefundSource.CREDIT_NOTE and form.value("amount").strip()):
            amount = form.amount("amount", currency)
        reason = form.text("reason", longest=500, missing=N_("Say why."))
        way = form.choice("way", WAYS, missing=N_("Choose which way it goes.")) if form.value("way") else None
        invoice_id = None
        if source is RefundSource.CREDIT_NOTE:
            (invoice_id,) = form.ids("invoice", missing=N_("Choose the invoice that is credited."))[:1] or (None,)
    return Wish(payment_id, amount, source, reason, invoice_id, way)


def _subject(session: Session, payment: Payment) -> dict[str, object]:
    """What both forms show of the payment."""
    refundable = aftermath.refundable(session, payment)
    return {
        "account": entered(session, payment.account_id),
        "payment": payment_view(payment),
        "refundable": refundable,
        "credit": drawing.available_credit(session, payment),
        "sources": [(source.value, SOURCE_NAMES[source], words) for source, words in SOURCE_MEANINGS.items()],
        "invoices": [
            (row.invoice_id, row.number, Money(row.amount_minor, payment.currency))
            for row in payments.settled(session, payment.public_id)
        ],
        "ways": [(way.value, WAY_NAMES[way]) for way in RefundWay] if payment.method in BY_PROCESSOR else [],
    }


def _ask_page(
    request: AnyRequest, database: Database, public_id: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = _subject(session, payments.by_public_id(session, public_id))
    return page(request, "backoffice/refunds/ask.html", {**context, "form": form}, status=status)


def _check_page(
    request: AnyRequest, database: Database, public_id: str, form: Form, wish: Wish, found: Preview
) -> Response[bytes]:
    with database.reading() as session:
        context = _subject(session, payments.by_public_id(session, public_id))
    context |= {
        "preview": found,
        "wish": wish,
        "source": SOURCE_NAMES[wish.source],
        "way": WAY_NAMES[found.way],
        "carried": _carried(form),
    }
    return page(request, "backoffice/refunds/check.html", context)


def _explain_page(
    request: AnyRequest,
    database: Database,
    refund_id: str,
    form: Form,
    *,
    wish: Wish | None = None,
    reopens: list[Uncovered] | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        row = refunds.shown(session, refund_id)
        refund = refund_view(row)
        if not refund.to_explain and not form.errors:
            raise Conflict(N_("This refund is not waiting for an explanation."))
        context = _subject(session, payments.by_public_id(session, refund.payment))
    context |= {
        "refund": refund,
        "form": form,
        "wish": wish,
        "source": SOURCE_NAMES[wish.source] if wish else None,
        "reopens": reopens or [],
        "carried": _carried(form),
    }
    return page(request, "backoffice/refunds/explain.html", context, status=status)


def _carried(form: Form) -> list[tuple[str, str]]:
    return [(name, value) for name in form.names() if name not in (STEP, "once") for value in form.values(name)]
