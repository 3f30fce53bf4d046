"""Paying: check what is to be paid, then one press or the processor's page; nobody pays for what somebody is paying."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.advices.queries import open_advices
from domain.disputes import queries as disputes
from domain.late_charges import queries as late_charges
from domain.payments import discount_quotes, sending, starting
from domain.payments import queries as payments
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed
from domain.receivables import credits, estates
from domain.receivables import queries as receivables
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound, Refused
from domain.shared.money import Money, minor_digits
from domain.statements.agreements import agreements
from portal.access import Entered, actor_of, customer_of
from portal.doors import Door, SignedIn, limited
from portal.given import AccountId, GivenProcessor
from portal.transfers import told_views, transfer_for
from portal.views import InvoiceView, claim_views, invoice_view
from portal.way_views import WayView, agreement_of, way_view
from web.amounts import read_amount, typed_amount
from web.disputes import DisputeView, dispute_view
from web.forms import LONGEST_NUMBER, Form, SentForm, query_form
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


Meant = Callable[[Session, int], None]
"""Writes down what a payment (its id) is for."""


def _for_its_invoices(_: Session, __: int) -> None:
    """It is for its invoices and nothing else."""


@get("/accounts/{account_id:int}/pay", sync_to_thread=True)
def check(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Check what is to be paid; each amount can be changed or left empty, and no money moves."""
    return check_page(request, database, SignedIn(request, account_id))


@post("/accounts/{account_id:int}/pay", sync_to_thread=True)
def pay(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    form: SentForm,
) -> Response[bytes]:
    """Pay from a saved method, or go to the processor's page; an earlier payment in the way is closed if asked."""
    return start(request, database, processor, SignedIn(request, account_id), form)


def check_page(request: AnyRequest, database: Database, door: Door) -> Response[bytes]:
    """What the address chooses, to be checked; back to the invoices where it chooses nothing."""
    form = query_form(request)
    try:
        with form.reading():
            ids = form.ids("invoice", missing=N_("Choose at least one invoice to pay."))
    except Refused:
        account = _enter_to_pay(database, door)
        return see_other(request, account.path if account.by_link else f"{account.path}/invoices?chosen=none")
    return _check_page(request, database, door, ids, form, fresh=True)


def start(request: AnyRequest, database: Database, processor: Processor, door: Door, form: Form) -> Response[bytes]:
    """Read the form, start the payment, and go where it is paid."""
    account = _enter_to_pay(database, door)
    visit_of(request).site.limiter.count("pay", limited(door), STARTING)
    ids: tuple[int, ...] = ()
    try:
        with form.reading():
            ids = form.ids("invoice", missing=N_("Choose at least one invoice to pay."))
            typed = [one for one in ids if form.value(f"amount-{one}").strip()]
            wanted = {one: form.amount(f"amount-{one}", account.currency) for one in typed or ids}
            method_id = chosen_method(form)
        with database.reading() as session:
            door.enter(session, Right.PAY)
            door.check(session, wanted)
            discount_quotes.refuse_more_than_enough(session, account.id, wanted)
        if form.value("instead_of"):
            close_earlier(database, processor, door, form.value("instead_of"))
        sending.know_customer(database, processor, account.id)
        if method_id is None or account.by_link:
            keeps = form.ticked("save") and not account.by_link
            return hand_over(request, database, processor, door, account, wanted, keeps=keeps)
        return take(request, database, processor, account, wanted, method_id, form.value("once"))
    except AlreadyClaimed as claim:
        return claimed_page(request, door, account, form, claim)
    except ProcessorUnreachable:
        return _check_page(request, database, door, ids, form.refused(Conflict(UNREACHABLE)), status=503)
    except (Invalid, Conflict) as refused:
        return _check_page(request, database, door, ids, form.refused(refused), status=422)


def _enter_to_pay(database: Database, door: Door) -> Entered:
    with database.reading() as session:
        return door.enter(session, Right.PAY)


def chosen_method(form: Form) -> int | None:
    """The saved method that was chosen; None for the processor's page."""
    if form.value("method") in ("", ANOTHER_WAY):
        return None
    chosen = form.ids("method")
    return chosen[0] if chosen else None


def hand_over(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    door: Door,
    account: Entered,
    wanted: Mapping[int, Money],
    *,
    keeps: bool,
    meant: Meant = _for_its_invoices,
) -> Response[bytes]:
    """Start a payment on the processor's page, and go there; `keeps`: its card or bank account is saved.

    `meant` writes down what the payment is for beyond its invoices, in the transaction in which it starts.
    """
    back = f"{visit_of(request).site.settings.public_url}{account.path}/payments/{{payment}}"
    with database.transaction() as session:
        door.enter(session, Right.PAY)
        started = starting.start(
            session,
            processor,
            account.id,
            wanted,
            login_id=door.login_id,
            return_url=f"{back}/returned",
            cancel_url=back,
            language=visit_of(request).speaking.language,
            actor=door.actor,
            agreement=agreement_of(request) if keeps else None,
        )
        meant(session, started.payment_id)
        door.acted(session)
    if started.url is not None:
        return see_other(request, started.url)
    outcome = sending.send(database, processor, started.attempt_id, actor=door.actor)
    return _go_on(request, database, account, started.public_id, outcome)


def take(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    account: Entered,
    wanted: Mapping[int, Money],
    method_id: int,
    once: str,
    *,
    meant: Meant = _for_its_invoices,
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
        meant(session, started.payment_id)
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


def close_earlier(database: Database, processor: Processor, door: Door, public_id: str) -> None:
    """Close the page of a payment that stands in the way; Conflict when it turns out to have been paid."""
    with database.reading() as session:
        door.enter(session, Right.PAY)
        door.payment(session, public_id)
    if not sending.cancel(database, processor, public_id, actor=door.actor):
        raise Conflict(N_("That payment has just been made, so nothing new was started. It shows here in a moment."))


def _check_page(
    request: AnyRequest,
    database: Database,
    door: Door,
    ids: tuple[int, ...],
    form: Form,
    *,
    fresh: bool = False,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = door.enter(session, Right.PAY)
        door.check(session, ids)
        rows = receivables.invoices(session, account.id, ids)
        claims = claim_views(payments.live_claims(session, ids), door.login_id, door.link_id)
        offers = discount_quotes.offered(session, account.id, ids)
        contested, agreed = disputes.contested(session, ids), agreements(session, account.id, account.currency)
        frozen = estates.of_account(session, account.id).invoice_ids
        interest = late_charges.still_to_come(session, account.id, ids)
        day, disputed = today(session), _just_disputed(session, door, account, form)
        private = {} if door.login_id is None else _private(session, database, account, door.login_id, day, ids)
    methods: Sequence[WayView] = private.get("methods", ())
    told = agreed.without_amounts() if account.by_link else agreed
    views = [
        invoice_view(row, day, claims, offers, contested=contested, agreed=told)
        for row in rows
        if row.open_minor and row.id not in frozen
    ]
    if not views:
        return see_other(request, account.path if account.by_link else f"{account.path}/invoices")
    if fresh:
        form = _starting(request, form, views, methods)
    meant = [(_meant(form, view), view.id, view.number) for view in views]
    context = {
        "account": account,
        "invoices": views,
        "disputed": disputed,
        "digits": minor_digits(account.currency),
        "form": form,
        "methods": methods,
        "transfer": transfer_for(database.business.bank, meant, agreed),
        "interest": interest,
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "email": "" if account.by_link else customer_of(request).email,
        **private,
    }
    return page(request, "portal/pay/check.html", context, status=status)


def _just_disputed(session: Session, door: Door, account: Entered, form: Form) -> DisputeView | None:
    """The dispute that somebody has just raised, before they pay the rest; None where it is not theirs to see."""
    number = form.value("disputed")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    try:
        row = disputes.dispute(session, int(number), account_id=account.id)
        door.check_maker(row.pay_link_id)
    except NotFound:
        return None
    view = dispute_view(row)
    return view if view.is_live else None


def _private(
    session: Session, database: Database, account: Entered, login_id: int, day: date, ids: Collection[int]
) -> dict[str, Any]:
    """What only those see who have signed in: ways to pay that they have kept, credit, and transfers they told of."""
    advices = open_advices(session, account.id)
    return {
        "methods": [way_view(row, login_id, day) for row in saved_methods.usable(session, account.id, login_id, day)],
        "credit": credits.unapplied(session, account.id, account.currency),
        "told": told_views(database.business.bank, advices, day, invoice_ids=ids),
    }


def _starting(request: AnyRequest, query: Form, views: Sequence[InvoiceView], methods: Sequence[WayView]) -> Form:
    """What is asked for, or the part that somebody comes back with; the method that was saved last."""
    locale = visit_of(request).speaking.formats.locale
    names = {f"amount-{view.id}": view for view in views}
    asked = {name: typed_amount(view.to_pay, locale) for name, view in names.items() if view.to_pay}
    amounts = {name: query.value(name) or asked.get(name, "") for name in names}
    return Form.starting(request, **amounts, method=str(methods[0].id) if methods else ANOTHER_WAY)


def _meant(form: Form, view: InvoiceView) -> Money:
    """What the form says of an invoice; what is asked for where that is no amount."""
    try:
        amount = read_amount(form.value(f"amount-{view.id}"), view.open.currency, form.speaking.formats.locale)
    except ValueError:
        return view.to_pay
    return amount if Money.zero(amount.currency) < amount <= view.open else view.to_pay


def claimed_page(
    request: AnyRequest, door: Door, account: Entered, form: Form, claim: AlreadyClaimed, *, again: str | None = None
) -> Response[bytes]:
    """Who is paying it; by a link nobody's name, and only a payment of that link can be closed.

    `again` is where the form goes that closes it and pays this instead.
    """
    (paying,) = claim_views([claim.claim], door.login_id, door.link_id).values()
    context = {
        "account": account,
        "form": form,
        "claim": claim,
        "paying": paying,
        "again": again or f"{account.path}/pay",
        "may_close": not claim.on_its_way and (paying.mine or not account.by_link),
        "may_see": paying.mine or not account.by_link,
        "carried": [name for name in form.names() if name not in ("instead_of", "once")],
    }
    return page(request, "portal/pay/claimed.html", context, status=409)
