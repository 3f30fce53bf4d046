"""Paying: check what is to be paid, then hand over to the processor's page; nobody pays for what somebody is paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Response, get, post

from domain.accounts.model import Right
from domain.payments import queries as payments
from domain.payments import sending, starting
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed
from domain.receivables import queries as receivables
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid, Refused
from domain.shared.money import Money, minor_digits
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId, GivenProcessor
from portal.views import InvoiceView, claim_views, invoice_view
from web.amounts import typed_amount
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

STARTING = Rate(30, 3600)
"""So many payments one login may start."""
UNREACHABLE = N_(
    "We cannot reach the payment service at the moment. No money has moved. Try again in a few minutes, or pay by bank "
    "transfer."
)


@get("/accounts/{account_id:int}/pay", sync_to_thread=True)
def check(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Check what is to be paid; each amount can be changed, and no money moves."""
    form = query_form(request)
    try:
        with form.reading():
            ids = form.ids("invoice", missing=N_("Choose at least one invoice to pay."))
    except Refused:
        with database.reading() as session:
            enter(request, session, account_id, Right.PAY)
        return see_other(request, f"/accounts/{account_id}/invoices?chosen=none")
    return _check_page(request, database, account_id, ids, form, fresh=True)


@post("/accounts/{account_id:int}/pay", sync_to_thread=True)
def pay(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    form: SentForm,
) -> Response[bytes]:
    """Start the payment and go to the processor's page; an earlier one that stands in the way is closed if asked."""
    account = _enter_to_pay(request, database, account_id)
    visit_of(request).site.limiter.count("pay", str(customer_of(request).login_id), STARTING)
    ids: tuple[int, ...] = ()
    try:
        with form.reading():
            ids = form.ids("invoice", missing=N_("Choose at least one invoice to pay."))
            wanted = {one: form.amount(f"amount-{one}", account.currency) for one in ids}
        if form.value("instead_of"):
            _close_earlier(request, database, processor, account, form.value("instead_of"))
        return _start(request, database, processor, account, wanted)
    except AlreadyClaimed as claim:
        return _claimed_page(request, account, form, claim)
    except ProcessorUnreachable:
        return _check_page(request, database, account_id, ids, form.refused(Conflict(UNREACHABLE)), status=503)
    except (Invalid, Conflict) as refused:
        return _check_page(request, database, account_id, ids, form.refused(refused), status=422)


def _enter_to_pay(request: AnyRequest, database: Database, account_id: int) -> Entered:
    with database.reading() as session:
        return enter(request, session, account_id, Right.PAY)


def _start(
    request: AnyRequest, database: Database, processor: Processor, account: Entered, wanted: Mapping[int, Money]
) -> Response[bytes]:
    visit = visit_of(request)
    back = f"{visit.site.settings.public_url}{account.path}/payments/{{payment}}"
    sending.know_customer(database, processor, account.id)
    with database.transaction() as session:
        started = starting.start(
            session,
            processor,
            account.id,
            wanted,
            login_id=customer_of(request).login_id,
            return_url=f"{back}/returned",
            cancel_url=back,
            language=visit.speaking.language,
            actor=actor_of(request),
        )
    if started.url is not None:
        return see_other(request, started.url)
    outcome = sending.send(database, processor, started.attempt_id, actor=actor_of(request))
    with database.reading() as session:
        url = payments.by_public_id(session, started.public_id).checkout_url
    if outcome is Outcome.OPENED and url:
        return see_other(request, url)
    return see_other(request, f"{account.path}/payments/{started.public_id}")


def _close_earlier(
    request: AnyRequest, database: Database, processor: Processor, account: Entered, public_id: str
) -> None:
    """Close the page of a payment that stands in the way; Conflict when it turns out to have been paid."""
    with database.reading() as session:
        payments.by_public_id(session, public_id, account_id=account.id)
    if not sending.cancel(database, processor, public_id, actor=actor_of(request)):
        raise Conflict(N_("That payment has just been made, so nothing new was started. It shows here in a moment."))


def _check_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    ids: tuple[int, ...],
    form: Form,
    *,
    fresh: bool = False,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        rows = receivables.invoices(session, account_id, ids)
        claims = claim_views(payments.live_claims(session, ids), customer_of(request).login_id)
        day = today(session)
    views = [invoice_view(row, day, claims) for row in rows if row.open_minor]
    if not views:
        return see_other(request, f"{account.path}/invoices")
    if fresh:
        form = _starting(request, form, views)
    context = {
        "account": account,
        "invoices": views,
        "digits": minor_digits(account.currency),
        "form": form,
        "email": customer_of(request).email,
    }
    return page(request, "portal/pay/check.html", context, status=status)


def _starting(request: AnyRequest, query: Form, views: Sequence[InvoiceView]) -> Form:
    """All that is open of each invoice, or the part that somebody comes back with."""
    locale = visit_of(request).speaking.formats.locale
    names = {f"amount-{view.id}": view for view in views}
    amounts = {name: query.value(name) or typed_amount(view.open, locale) for name, view in names.items()}
    return Form.starting(request, **amounts)


def _claimed_page(request: AnyRequest, account: Entered, form: Form, claim: AlreadyClaimed) -> Response[bytes]:
    context = {
        "account": account,
        "form": form,
        "claim": claim,
        "carried": [name for name in form.names() if name != "instead_of"],
    }
    return page(request, "portal/pay/claimed.html", context, status=409)
