"""Settlements: an offer to settle for less, what it saves and until when; accepted, declined, paid, and its letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.processing.settling.letters import SUBJECT
from domain.receivables import queries as receivables
from domain.sessions.once import SentAlready, use_once
from domain.settlements import accepting, queries, watching
from domain.settlements.model import TO_PAY, OfferStatus
from domain.settlements.paying import spread
from domain.settlements.rules import rules
from domain.shared.db.session import Database, today
from domain.shared.errors import NotFound, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import agreements
from portal.access import actor_of, customer_of, enter
from portal.given import AccountId
from portal.plan_views import payments_of
from portal.transfers import transfer_for
from portal.views import InvoiceView, invoice_view
from web.acting import status_of
from web.amounts import typed_amount
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.settlements import OfferView, offer_view
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/settlements/{offer_id:int}"
ANSWERING = Rate(60, 3600)
"""So many answers to offers one login may give."""
HIDDEN = frozenset({OfferStatus.AWAITING_APPROVAL})
"""What customers are not told of yet."""
OfferId = FromPath[int]


@get(PATH, sync_to_thread=True)
def show_settlement(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, offer_id: OfferId
) -> Response[bytes]:
    """What is offered and how to accept it; how it stands, how to pay it; and the letter when it is paid."""
    return _show(request, database, account_id, offer_id, Form.starting(request, parts="1"))


@get(f"{PATH}/accept", sync_to_thread=True)
def check_settlement(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, offer_id: OfferId
) -> Response[bytes]:
    """A second look before it binds: what is paid when, what is forgiven for it, and what if it is not paid."""
    _enter(request, database, account_id, offer_id, Right.BIND)
    form = query_form(request)
    try:
        with form.reading():
            parts = form.number("parts", least=1, most=accepting_most(database, account_id, offer_id))
    except Refused as refused:
        return _show(request, database, account_id, offer_id, form.refused(refused), status=status_of(refused))
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        row = queries.offer(session, offer_id, account_id=account_id)
        offer = offer_view(row, queries.invoices(session, offer_id))
        patience = rules(session, offer_id).patience_days
    if not offer.is_offered:
        return see_other(request, f"{account.path}/settlements/{offer_id}")
    context = {
        "account": account,
        "offer": offer,
        "parts": accepting.parts_of(offer.amount, parts, offer.expires_on),
        "patience": patience,
    }
    return page(request, "portal/settlements/accept.html", context)


@post(f"{PATH}/accept", sync_to_thread=True)
def accept_settlement(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, offer_id: OfferId, form: SentForm
) -> Response[bytes]:
    """Accept it, in one go or in monthly parts, and go on to paying the first of them."""
    _enter(request, database, account_id, offer_id, Right.BIND)
    visit_of(request).site.limiter.count("settlement", str(customer_of(request).login_id), ANSWERING)
    try:
        with form.reading():
            parts = form.number("parts", least=1, most=accepting_most(database, account_id, offer_id))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            accepting.accept(session, account_id, offer_id, parts=parts, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}/settlements/{offer_id}")
    except Refused as refused:
        return _show(request, database, account_id, offer_id, form.refused(refused), status=status_of(refused))
    return see_other(request, _where_to_pay(request, database, account_id, offer_id))


@post(f"{PATH}/decline", sync_to_thread=True)
def decline_settlement(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, offer_id: OfferId, form: SentForm
) -> Response[bytes]:
    """Say no to it."""
    _enter(request, database, account_id, offer_id, Right.BIND)
    try:
        with database.transaction() as session:
            accepting.decline(session, account_id, offer_id, actor=actor_of(request))
    except Refused as refused:
        return _show(request, database, account_id, offer_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/accounts/{account_id}/settlements/{offer_id}")


def standing_offers(session: Session, account_id: int) -> list[OfferView]:
    """The offers that the customer can accept, or is paying, for their first page."""
    rows = queries.of_account(session, account_id, TO_PAY | {OfferStatus.OFFERED})
    found = queries.standings(session, [row.id for row in rows])
    return [offer_view(row, standing=found.get(row.id)) for row in rows]


def accepting_most(database: Database, account_id: int, offer_id: int) -> int:
    """In how many parts the offer may be paid."""
    with database.reading() as session:
        return int(queries.offer(session, offer_id, account_id=account_id).most_parts)


def _enter(request: AnyRequest, database: Database, account_id: int, offer_id: int, right: Right) -> None:
    with database.reading() as session:
        enter(request, session, account_id, right)
        if queries.offer(session, offer_id, account_id=account_id).status in HIDDEN:
            raise NotFound(queries.NO_SUCH_OFFER)


def _where_to_pay(request: AnyRequest, database: Database, account_id: int, offer_id: int) -> str:
    """To the page where the next part is paid, for whoever may pay; else to the offer's own."""
    here = f"/accounts/{account_id}/settlements/{offer_id}"
    with database.reading() as session:
        account = enter(request, session, account_id)
        standing = queries.standing(session, offer_id)
        if not account.may_pay or standing is None or standing.next is None:
            return here
        return _pay_link(request, account.path, spread(session, offer_id, standing.next.left))


def _way(offer: OfferView, count: int) -> tuple[int, list[tuple[date, Money]], Words]:
    """A way to pay an offer: in how many parts, when and how much each is, and these amounts in words."""
    parts = accepting.parts_of(offer.amount, count, offer.expires_on)
    return count, parts, payments_of([amount for _, amount in parts])


def _pay_link(request: AnyRequest, path: str, amounts: Mapping[int, Money]) -> str:
    """Where these amounts of these invoices are paid, filled in already."""
    locale = visit_of(request).speaking.formats.locale
    fields = [("invoice", str(invoice_id)) for invoice_id in amounts]
    fields += [(f"amount-{invoice_id}", typed_amount(amount, locale)) for invoice_id, amount in amounts.items()]
    return f"{path}/pay?{urlencode(fields)}"


def _show(
    request: AnyRequest, database: Database, account_id: int, offer_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id)
        row = queries.offer(session, offer_id, account_id=account_id)
        if row.status in HIDDEN:
            raise NotFound(queries.NO_SUCH_OFFER)
        standing = queries.standing(session, offer_id)
        offer = offer_view(row, queries.invoices(session, offer_id), standing)
        next_part = standing.next if standing and offer.is_to_pay else None
        next_link = all_link = transfer = None
        priced: list[InvoiceView] = []
        if standing and next_part and account.may_pay:
            next_of = spread(session, offer_id, next_part.left)
            rows = receivables.invoices(session, account_id, next_of)
            agreed = agreements(session, account_id, account.currency)
            priced = [invoice_view(row, today(session), agreed=agreed) for row in rows]
            meant = [(next_of[one.id], one.id, one.number) for one in priced]
            transfer = transfer_for(database.business.bank, meant, agreed)
            next_link = _pay_link(request, account.path, next_of)
            all_link = _pay_link(request, account.path, spread(session, offer_id, standing.left))
        is_paid = offer.status is OfferStatus.FULFILLED
        letter = documents.newest(session, Category.DISCHARGE, (SUBJECT, offer_id)) if is_paid else None
        letter_on = watching.letter_day(session, offer_id)
        paid_on = watching.paid_on(session, offer_id) if is_paid else None
    counts = range(1, offer.most_parts + 1) if offer.is_offered else ()
    context = {
        "account": account,
        "offer": offer,
        "next_part": next_part,
        "next_link": next_link,
        "all_link": all_link if next_part and standing and next_part.left != standing.left else None,
        "ways": [_way(offer, count) for count in counts],
        "transfer": transfer,
        "priced": priced,
        "letter": letter,
        "letter_on": letter_on,
        "paid_on": paid_on,
        "form": form,
    }
    return page(request, "portal/settlements/show.html", context, status=status)
