"""Paying: check what is to be paid, then one press or the processor's page; nobody pays for what somebody is paying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Response, get, post

from domain.accounts.model import Right
from domain.advices.queries import open_advices
from domain.disputes import queries as disputes
from domain.late_charges import queries as late_charges
from domain.payments import discount_quotes, sending, starting
from domain.payments import queries as payments
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed
from domain.receivables import credits
from domain.receivables import queries as receivables
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid, Refused
from domain.shared.money import Money, minor_digits
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId, GivenProcessor
from portal.transfers import TransferView, told_views, transfer_of, transfer_of_any
from portal.views import InvoiceView, claim_views, invoice_view
from portal.way_views import WayView, agreement_of, way_view
from web.amounts import typed_amount
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

STARTING = Rate(30, 3600)
"""So many payments one login may start."""
ANOTHER_WAY = "new"
"""What the form sends in place of a saved method."""
NOT_TAKEN = N_("{why} No money has moved. Try again, or choose another way to pay.")
NO_REASON = N_("The payment did not go through.")
UNREACHABLE = N_(
    "We cannot reach the payment service at the moment. No money has moved. Try again in a few minutes, or pay by bank "
    "transfer."
)


@get("/accounts/{account_id:int}/pay", sync_to_thread=True)
def check(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Check what is to be paid; each amount can be changed or left empty, and no money moves."""
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
    """Pay from a saved method, or go to the processor's page; an earlier payment in the way is closed if asked."""
    account = _enter_to_pay(request, database, account_id)
    visit_of(request).site.limiter.count("pay", str(customer_of(request).login_id), STARTING)
    ids: tuple[int, ...] = ()
    try:
        with form.reading():
            ids = form.ids("invoice", missing=N_("Choose at least one invoice to pay."))
            typed = [one for one in ids if form.value(f"amount-{one}").strip()]
            wanted = {one: form.amount(f"amount-{one}", account.currency) for one in typed or ids}
            method_id = chosen_method(form)
        with database.reading() as session:
            discount_quotes.refuse_more_than_enough(session, account.id, wanted)
        if form.value("instead_of"):
            _close_earlier(request, database, processor, account, form.value("instead_of"))
        sending.know_customer(database, processor, account.id)
        if method_id is None:
            return _hand_over(request, database, processor, account, wanted, form)
        return _take(request, database, processor, account, wanted, method_id, form.value("once"))
    except AlreadyClaimed as claim:
        return _claimed_page(request, account, form, claim)
    except ProcessorUnreachable:
        return _check_page(request, database, account_id, ids, form.refused(Conflict(UNREACHABLE)), status=503)
    except (Invalid, Conflict) as refused:
        return _check_page(request, database, account_id, ids, form.refused(refused), status=422)


def _enter_to_pay(request: AnyRequest, database: Database, account_id: int) -> Entered:
    with database.reading() as session:
        return enter(request, session, account_id, Right.PAY)


def chosen_method(form: Form) -> int | None:
    """The saved method that was chosen; None for the processor's page."""
    if form.value("method") in ("", ANOTHER_WAY):
        return None
    chosen = form.ids("method")
    return chosen[0] if chosen else None


def _hand_over(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    account: Entered,
    wanted: Mapping[int, Money],
    form: Form,
) -> Response[bytes]:
    """Start a payment on the processor's page, and go there."""
    back = f"{visit_of(request).site.settings.public_url}{account.path}/payments/{{payment}}"
    with database.transaction() as session:
        started = starting.start(
            session,
            processor,
            account.id,
            wanted,
            login_id=customer_of(request).login_id,
            return_url=f"{back}/returned",
            cancel_url=back,
            language=visit_of(request).speaking.language,
            actor=actor_of(request),
            agreement=agreement_of(request) if form.ticked("save") else None,
        )
    if started.url is not None:
        return see_other(request, started.url)
    outcome = sending.send(database, processor, started.attempt_id, actor=actor_of(request))
    return _go_on(request, database, account, started.public_id, outcome)


def _take(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    account: Entered,
    wanted: Mapping[int, Money],
    method_id: int,
    once: str,
) -> Response[bytes]:
    """Take the money from a saved method: one press; Conflict, in plain words, when the bank says no."""
    back = f"{visit_of(request).site.settings.public_url}{account.path}/payments/{{payment}}"
    with database.transaction() as session:
        started = starting.start_saved(
            session,
            processor,
            account.id,
            wanted,
            saved_method_id=method_id,
            login_id=customer_of(request).login_id,
            return_url=f"{back}/returned",
            actor=actor_of(request),
        )
        if started.is_new:
            use_once(session, once)
    outcome = sending.send(database, processor, started.attempt_id, actor=actor_of(request))
    if outcome in (Outcome.DECLINED, Outcome.REFUSED):
        with database.reading() as session:
            said = payments.by_public_id(session, started.public_id).failure or NO_REASON
        raise Conflict(NOT_TAKEN, why=visit_of(request).speaking.translate(said))
    return _go_on(request, database, account, started.public_id, outcome)


def _go_on(
    request: AnyRequest, database: Database, account: Entered, public_id: str, outcome: Outcome
) -> Response[bytes]:
    """Where the payer goes from here: to the processor's or their bank's page, or to their payment's own."""
    path = f"{account.path}/payments/{public_id}"
    if outcome is Outcome.TAKEN:
        return see_other(request, f"{path}/returned")
    with database.reading() as session:
        url = payments.by_public_id(session, public_id).checkout_url
    return see_other(request, url if outcome is Outcome.OPENED and url else path)


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
        offers = discount_quotes.offered(session, account_id, ids)
        contested = disputes.contested(session, ids)
        interest = late_charges.still_to_come(session, account_id, ids)
        there = credits.unapplied(session, account_id, account.currency)
        day = today(session)
        told = told_views(database.business.bank, open_advices(session, account_id), day, invoice_ids=ids)
        methods = [
            way_view(row, customer_of(request).login_id, day)
            for row in saved_methods.usable(session, account_id, customer_of(request).login_id, day)
        ]
    views = [invoice_view(row, day, claims, offers, contested=contested) for row in rows if row.open_minor]
    if not views:
        return see_other(request, f"{account.path}/invoices")
    if fresh:
        form = _starting(request, form, views, methods)
    context = {
        "account": account,
        "invoices": views,
        "digits": minor_digits(account.currency),
        "form": form,
        "methods": methods,
        "credit": there,
        "transfer": _transfer(database, views),
        "told": told,
        "interest": interest,
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "email": customer_of(request).email,
    }
    return page(request, "portal/pay/check.html", context, status=status)


def _starting(request: AnyRequest, query: Form, views: Sequence[InvoiceView], methods: Sequence[WayView]) -> Form:
    """What is asked for, or the part that somebody comes back with; the method that was saved last."""
    locale = visit_of(request).speaking.formats.locale
    names = {f"amount-{view.id}": view for view in views}
    asked = {name: typed_amount(view.to_pay, locale) for name, view in names.items() if view.to_pay}
    amounts = {name: query.value(name) or asked.get(name, "") for name in names}
    return Form.starting(request, **amounts, method=str(methods[0].id) if methods else ANOTHER_WAY)


def _transfer(database: Database, views: Sequence[InvoiceView]) -> TransferView:
    """How to pay all of it by bank transfer; of several invoices each bears its own reference."""
    if len(views) == 1:
        return transfer_of(database.business.bank, views[0].to_pay, views[0].id, views[0].number)
    return transfer_of_any([(view.to_pay, view.id, view.number) for view in views])


def _claimed_page(request: AnyRequest, account: Entered, form: Form, claim: AlreadyClaimed) -> Response[bytes]:
    (paying,) = claim_views([claim.claim], customer_of(request).login_id).values()
    context = {
        "account": account,
        "form": form,
        "claim": claim,
        "paying": paying,
        "carried": [name for name in form.names() if name not in ("instead_of", "once")],
    }
    return page(request, "portal/pay/claimed.html", context, status=409)
