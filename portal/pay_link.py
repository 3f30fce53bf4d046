"""Pay link: the pages for whoever holds the link out of a notice: its invoices, and what can be done about them."""

from __future__ import annotations

import re

from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from domain.disputes import queries as disputes
from domain.payments import discount_quotes
from domain.payments import queries as payments
from domain.placements.acting import acting
from domain.promises import queries as promises
from domain.receivables.due_days import extension_of
from domain.shared.db.session import today
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import agreements
from portal import contesting, paying
from portal import disputes as disputing
from portal import extensions as extending
from portal import later as being_late
from portal import payments as paid
from portal import promises as promising
from portal.access import LINK_PATH, Entered
from portal.doors import LINK, ByLink, Door, LinkGone
from portal.given import GivenProcessor, PublicId
from portal.insolvency import estate_of, ids_in
from portal.views import claim_views, invoice_view
from web.dispute_threads import MessageView, question_of
from web.disputes import DisputeView, dispute_view
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenNudge
from web.rate_limits import Rate
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest, visit_of

MOVED = N_("{number} is now due on {day}.")
OPENING = Rate(60, 3600)
"""So many links one network address may open."""
LASTS = 24 * 3600
"""Seconds for which a browser keeps the secret; the message has it still."""
SECRET = re.compile(r"[\w-]{20,100}", re.ASCII)


def gone(request: AnyRequest, _: LinkGone) -> Response[bytes]:
    """The same words for a link that has run out, was revoked, or never was; and the other ways to reach us."""
    return page(request, "portal/link/gone.html", status=410)


@get("/{token:str}", sync_to_thread=False)
def open_link(request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
    """Put the secret where only the pages of the link see it, and out of the address; proves and changes nothing."""
    visit = visit_of(request)
    visit.site.limiter.count("open a link", visit.address, OPENING)
    if SECRET.fullmatch(token):
        visit.set_cookie(LINK, token, max_age=LASTS, path=LINK_PATH)
    answer = see_other(request, LINK_PATH)
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@get(sync_to_thread=True)
def link_page(request: AnyRequest, database: GivenDatabase, later: FromQuery[int | None] = None) -> Response[bytes]:
    """What the notice asks for and is open, and what can be done; `later` is the invoice that was just set later."""
    with database.reading() as session:
        context = _context(session, ByLink(request), later)
    return page(request, "portal/link/show.html", context)


@get("/pay", sync_to_thread=True)
def link_check(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Check what is to be paid."""
    return paying.check_page(request, database, ByLink(request))


@post("/pay", sync_to_thread=True)
def link_pay(
    request: AnyRequest, database: GivenDatabase, processor: GivenProcessor, form: SentForm
) -> Response[bytes]:
    """Go to the processor's page."""
    return paying.start(request, database, processor, ByLink(request), form)


@get("/payments/{public_id:str}", sync_to_thread=True)
def link_payment(request: AnyRequest, database: GivenDatabase, public_id: PublicId) -> Response[bytes]:
    """A payment that was begun with this link."""
    return paid.show(request, database, ByLink(request), public_id)


@get("/payments/{public_id:str}/returned", sync_to_thread=True)
def link_returned(
    request: AnyRequest, database: GivenDatabase, public_id: PublicId, nudge: GivenNudge
) -> Response[bytes]:
    """Back from the processor's page."""
    return paid.come_back(request, database, ByLink(request), public_id, nudge)


@get("/payments/{public_id:str}/state", sync_to_thread=True)
def link_state(request: AnyRequest, database: GivenDatabase, public_id: PublicId) -> Response[bytes]:
    """Only reads: what the waiting page asks again and again."""
    return paid.show(request, database, ByLink(request), public_id, confirming=True)


@post("/payments/{public_id:str}/give-up", sync_to_thread=True)
def link_give_up(
    request: AnyRequest, database: GivenDatabase, processor: GivenProcessor, public_id: PublicId, form: SentForm
) -> Response[bytes]:
    """Close the processor's page."""
    return paid.close(request, database, processor, ByLink(request), public_id, form)


@get("/later", sync_to_thread=True)
def link_later(request: AnyRequest, database: GivenDatabase, invoice: FromQuery[int | None] = None) -> Response[bytes]:
    """What can be done where it will be late."""
    return being_late.later_page(request, database, ByLink(request), invoice)


@get("/promises/new", sync_to_thread=True)
def link_promise_form(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Name a day."""
    return promising.form_page(request, database, ByLink(request))


@post("/promises/new", sync_to_thread=True)
def link_promise(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Check the promise, and keep it once that is confirmed."""
    return promising.promise(request, database, ByLink(request), form)


@get("/promises/{promise_id:int}", sync_to_thread=True)
def link_promised(request: AnyRequest, database: GivenDatabase, promise_id: FromPath[int]) -> Response[bytes]:
    """A promise that was made with this link."""
    return promising.show(request, database, ByLink(request), promise_id)


@get("/invoices/{invoice_id:int}/later", sync_to_thread=True)
def link_later_form(request: AnyRequest, database: GivenDatabase, invoice_id: FromPath[int]) -> Response[bytes]:
    """Set a later due day."""
    return extending.form_page(request, database, ByLink(request), invoice_id, Form.starting(request))


@post("/invoices/{invoice_id:int}/later", sync_to_thread=True)
def link_set_later(
    request: AnyRequest, database: GivenDatabase, invoice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Check the later day, and set it once that is confirmed."""
    return extending.extend(request, database, ByLink(request), invoice_id, form)


@get("/invoices/{invoice_id:int}/dispute", sync_to_thread=True)
def link_dispute_form(request: AnyRequest, database: GivenDatabase, invoice_id: FromPath[int]) -> Response[bytes]:
    """Say what is wrong."""
    return contesting.form_page(request, database, ByLink(request), invoice_id)


@post("/invoices/{invoice_id:int}/dispute", sync_to_thread=True, request_max_body_size=MOST_SENT)
def link_dispute(
    request: AnyRequest, database: GivenDatabase, intake: GivenIntake, invoice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Raise the dispute."""
    return contesting.contest(request, database, intake, ByLink(request), invoice_id, form)


@get("/disputes/{dispute_id:int}", sync_to_thread=True)
def link_disputed(request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int]) -> Response[bytes]:
    """A dispute that was raised with this link."""
    return disputing.show(request, database, ByLink(request), dispute_id, Form.starting(request))


@post("/disputes/{dispute_id:int}/write", sync_to_thread=True, request_max_body_size=MOST_SENT)
def link_write(
    request: AnyRequest, database: GivenDatabase, intake: GivenIntake, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Write to us about a dispute that was raised with this link."""
    return disputing.write(request, database, intake, ByLink(request), dispute_id, form)


PAGES = Router(
    LINK_PATH,
    route_handlers=[
        open_link,
        link_page,
        link_check,
        link_pay,
        link_payment,
        link_returned,
        link_state,
        link_give_up,
        link_later,
        link_promise_form,
        link_promise,
        link_promised,
        link_later_form,
        link_set_later,
        link_dispute_form,
        link_dispute,
        link_disputed,
        link_write,
    ],
    opt={"public": True},
    exception_handlers={LinkGone: gone},
)
"""All pages of a link; nobody need sign in for them."""


def _context(session: Session, door: Door, later: int | None) -> dict[str, object]:
    account = door.enter(session)
    rows, day = door.open_invoices(session), today(session)
    ids = [row.id for row in rows]
    claims = claim_views(payments.live_claims(session, ids), door.login_id, door.link_id)
    offers = discount_quotes.offered(session, account.id, ids)
    contested = disputes.contested(session, ids)
    agreed = agreements(session, account.id, account.currency).without_amounts()
    estate = estate_of(session, account.id)
    frozen = ids_in(estate)
    views = [invoice_view(row, day, claims, offers, contested=contested, agreed=agreed, estate=frozen) for row in rows]
    payable = [view for view in views if view.payable and view.asked]
    return {
        "account": account,
        "invoices": views,
        "estate": estate,
        "payable": payable,
        "asked": Money.sum((view.asked for view in views), account.currency),
        "to_pay": Money.sum((view.to_pay for view in payable), account.currency),
        "saved": Money.sum((view.offer.saves for view in payable if view.offer), account.currency),
        "told": _told(session, door, account),
        "promised": promises.promised_days(session, ids),
        "moved": _moved(session, door, later),
        "acting": acting(session, account.id, ids),
    }


def _told(session: Session, door: Door, account: Entered) -> list[tuple[DisputeView, MessageView | None]]:
    """The disputes that were raised with this link, each with what we ask while we wait for an answer."""
    if door.link_id is None:
        return []
    rows = disputes.raised_by_link(session, account.id, door.link_id)
    return [(dispute_view(row), question_of(session, row.id) if row.silent_on else None) for row in rows]


def _moved(session: Session, door: Door, invoice_id: int | None) -> Words | None:
    """That an invoice was set later, where it was."""
    try:
        invoice = door.invoice(session, invoice_id) if invoice_id else None
    except NotFound:
        return None
    if invoice is None or extension_of(session, invoice.id) is None:
        return None
    return Words.of(MOVED, number=invoice.number, day=invoice.due_on)
