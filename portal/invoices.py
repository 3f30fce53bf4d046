"""Invoices: open ones to tick and pay together, settled ones, and one invoice with the story of its balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from domain.invoicing import queries as invoicing
from domain.payments import queries as payments
from domain.receivables import queries as receivables
from domain.receivables.model import CreditKind
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money, minor_digits
from domain.shared.words import Words
from portal.access import Entered, customer_of, enter
from portal.given import AccountId
from portal.views import claim_views, invoice_view
from web.forms import Form
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase
from web.visit import AnyRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One step of how an invoice came to its balance."""

    on: date
    words: Words
    href: str | None
    amount: Money
    balance: Money
    icon: str
    tone: str


@get("/accounts/{account_id:int}/invoices", sync_to_thread=True)
def open_invoices(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    after: FromQuery[date | None] = None,
    after_id: FromQuery[int] = 0,
    chosen: FromQuery[str] = "late",
) -> Response[bytes]:
    """What is open, late first, each to be ticked unless somebody is paying it."""
    place = (after, after_id) if after is not None else None
    with database.reading() as session:
        account = enter(request, session, account_id)
        day = today(session)
        rows = receivables.open_invoices(session, account_id, after=place)
        claims = payments.live_claims_of_account(session, account_id)
        totals = receivables.totals(session, account_id, account.currency)
    mine = claim_views(claims, customer_of(request).login_id)
    views = [invoice_view(row, day, mine) for row in rows]
    form = Form.starting(request)
    if chosen == "none":
        form.refuse("invoices", N_("Tick at least one invoice."))
    context = {
        "account": account,
        "late": [view for view in views if view.late_days],
        "coming": [view for view in views if not view.late_days],
        "totals": totals,
        "following": _following(account, rows),
        "digits": minor_digits(account.currency),
        "ticked": {view.id for view in views if view.late_days and view.payable and chosen != "none"},
        "form": form,
    }
    return page_or_fragment(
        request, page="portal/invoices/open.html", fragment="portal/invoices/_open.html", context=context
    )


@get("/accounts/{account_id:int}/invoices/settled", sync_to_thread=True)
def settled_invoices(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    before: FromQuery[date | None] = None,
    before_id: FromQuery[int] = 0,
) -> Response[bytes]:
    """What is settled, newest first, a page at a time."""
    place = (before, before_id) if before is not None else None
    with database.reading() as session:
        account = enter(request, session, account_id)
        rows = receivables.settled_invoices(session, account_id, before=place, limit=PAGE + 1)
        day = today(session)
    shown = rows[:PAGE]
    older = None
    if len(rows) > PAGE:
        older = f"{account.path}/invoices/settled?before={shown[-1].issued_on}&before_id={shown[-1].id}"
    context = {"account": account, "invoices": [invoice_view(row, day) for row in shown], "older": older}
    return page(request, "portal/invoices/settled.html", context)


@get("/accounts/{account_id:int}/invoices/{invoice_id:int}", sync_to_thread=True)
def invoice(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int]
) -> Response[bytes]:
    """One invoice: its lines, and how its balance came about step by step."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        row = receivables.invoice(session, account_id, invoice_id)
        story = receivables.story(session, invoice_id)
        receipts = payments.receipts(session, [step.source for step in story if step.kind is CreditKind.PAYMENT])
        claims = claim_views(payments.live_claims(session, [invoice_id]), customer_of(request).login_id)
        view = invoice_view(row, today(session), claims)
        context = {
            "account": account,
            "invoice": view,
            "lines": [
                (line, Money(line.amount_minor, row.currency), Money(line.tax_minor, row.currency))
                for line in receivables.lines(session, invoice_id)
            ],
            "credit_notes": [
                (note, Money(note.amount_minor, row.currency)) for note in invoicing.credit_notes(session, invoice_id)
            ],
        }
    context["story"] = _story(account, row, story, receipts)
    return page(request, "portal/invoices/show.html", context)


def _following(account: Entered, rows: AnyRows) -> str | None:
    """Where the next page of a long list is."""
    if len(rows) < receivables.MOST_AT_ONCE:
        return None
    return f"{account.path}/invoices?after={rows[-1].due_on}&after_id={rows[-1].id}"


def _story(account: Entered, row: AnyRow, steps: AnyRows, receipts: dict[str, str | None]) -> list[StoryLine]:
    balance = Money(row.amount_minor, row.currency)
    lines = [StoryLine(row.issued_on, Words.of(N_("Invoiced")), None, balance, balance, "invoice", "")]
    for step in steps:
        change = Money(-step.amount_minor, row.currency)
        balance = balance + change
        words, href, icon = _step(account, step, receipts)
        lines.append(
            StoryLine(step.effective_on, words, href, change, balance, icon, "late" if change.minor > 0 else "paid")
        )
    if row.voided_at is not None:
        day = day_in(row.voided_at, account.time_zone)
        nothing = Money.zero(balance.currency)
        lines.append(StoryLine(day, Words.of(N_("Withdrawn")), None, -balance, nothing, "pause", ""))
    return lines


def _step(account: Entered, step: AnyRow, receipts: dict[str, str | None]) -> tuple[Words, str | None, str]:
    if step.kind is CreditKind.CREDIT_NOTE:
        return Words.of(N_("Credit note {number}"), number=step.source), None, "invoice"
    href = f"{account.path}/payments/{step.source}"
    if step.reverses_id is not None:
        return Words.of(N_("Payment taken back")), href, "broken"
    number = receipts.get(step.source)
    if number:
        return Words.of(N_("Paid, receipt {number}"), number=number), href, "card"
    return Words.of(N_("Paid")), href, "card"
