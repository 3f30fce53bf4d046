"""Invoices: open ones to tick and pay together, settled ones, and one invoice with the story of its balance."""

from __future__ import annotations

from datetime import date

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from domain.advices.queries import open_advices
from domain.collecting import queries as collecting
from domain.disputes import queries as disputes
from domain.disputes.ageing import disputed, late_part
from domain.invoicing import queries as invoicing
from domain.payments import discount_quotes
from domain.payments import queries as payments
from domain.placements.acting import acting
from domain.policies import acceptances
from domain.policies.asked import reference
from domain.promises import queries as promises
from domain.receivables import governed
from domain.receivables import queries as receivables
from domain.receivables.due_days import extension_of
from domain.receivables.model import InvoiceKind
from domain.receivables.references import printed, reference_of
from domain.settlements.queries import concession_notes
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money, minor_digits
from domain.statements.agreements import agreements
from domain.statements.papers import names_other_bank
from domain.statements.story import story_of
from portal.access import Entered, customer_of, enter
from portal.autopay_views import coming_view
from portal.given import AccountId
from portal.insolvency import estate_of, ids_in
from portal.transfers import told_views, transfer_of
from portal.views import InvoiceView, claim_views, invoice_view
from web.disputes import dispute_view
from web.extension import extension_view
from web.forms import Form
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase
from web.lateness import lateness_view, working_view
from web.promises import promise_view
from web.visit import AnyRequest

PAGE = 50


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
        claims = payments.live_claims_of(session, [account_id])
        totals = receivables.totals(session, account_id, account.currency)
        ids = [row.id for row in rows]
        offers = discount_quotes.offered(session, account_id, ids)
        contested = disputes.contested(session, ids)
        agreed = agreements(session, account_id, account.currency)
        in_dispute = disputed(session, day, account_id, but=agreed.invoice_ids).get(account.currency, {})
        handed = acting(session, account.id)
        estate = estate_of(session, account_id)
    mine = claim_views(claims, customer_of(request).login_id)
    frozen = ids_in(estate)
    views = [invoice_view(row, day, mine, offers, contested=contested, agreed=agreed, estate=frozen) for row in rows]
    in_estate = [view for view in views if view.in_estate]
    late_sum = totals.late - agreed.late(day) - late_part(in_dispute, account.currency)
    coming_sum = totals.open - agreed.open() - Money.sum(in_dispute.values(), account.currency) - late_sum
    if frozen:
        late_sum = Money.sum((view.asked for view in views if view.late_days), account.currency)
        coming_sum = Money.sum((view.asked for view in views if not view.late_days), account.currency)
    all_in_dispute = Money.sum(in_dispute.values(), account.currency)
    form = Form.starting(request)
    if chosen == "none":
        form.refuse("invoices", N_("Tick at least one invoice."))
    context = {
        "account": account,
        "late": [view for view in views if view.late_days],
        "late_sum": late_sum,
        "coming_sum": coming_sum,
        "in_dispute": all_in_dispute,
        "coming": [view for view in views if not view.late_days and not view.is_agreed and not view.in_estate],
        "estate": estate,
        "in_estate": in_estate,
        "estate_sum": Money.sum((view.open for view in in_estate), account.currency),
        "agreed": [(one, [view for view in views if agreed.of(view.id) is one]) for one in agreed.each],
        "totals": totals,
        "acting": handed,
        "acted_on": {placed.id: one.name for one in handed if one.since for placed in one.invoices},
        "following": _following(account, rows),
        "digits": minor_digits(account.currency),
        "ticked": {view.id for view in views if _is_wanted(view)} if chosen != "none" else set(),
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
        claims = claim_views(payments.live_claims(session, [invoice_id]), customer_of(request).login_id)
        offers = discount_quotes.offered(session, account_id, [invoice_id])
        contested = disputes.contested(session, [invoice_id])
        agreed = agreements(session, account_id, account.currency)
        estate = estate_of(session, account_id)
        frozen = ids_in(estate)
        view = invoice_view(row, today(session), claims, offers, contested=contested, agreed=agreed, estate=frozen)
        coming = [coming_view(one, account) for one in collecting.coming(session, account_id)]
        context = {
            "account": account,
            "invoice": view,
            "estate": estate if view.in_estate else None,
            "coming": next((one for one in coming if one.invoice_id == invoice_id), None),
            "reference": printed(reference_of(invoice_id)),
            "names_other_bank": names_other_bank(session, invoice_id),
            "transfer": transfer_of(database.business.bank, view.to_pay, invoice_id, view.number),
            "told": told_views(
                database.business.bank, open_advices(session, account_id), today(session), invoice_ids={invoice_id}
            ),
            "disputes": [dispute_view(one) for one in disputes.of_invoice(session, invoice_id)],
            "may_contest": account.may_dispute and view.contestable,
            "story": story_of(session, row),
            "working": working_view(session, row),
            "lateness": lateness_view(session, row),
            "terms": _terms(session, row),
            "extension": extension_view(extension_of(session, invoice_id)),
            "promised": [promise_view(row) for row in promises.of_invoice(session, invoice_id)],
            "acting": acting(session, account.id, {invoice_id}),
            "lines": [
                (line, Money(line.amount_minor, row.currency), Money(line.tax_minor, row.currency))
                for line in receivables.lines(session, invoice_id)
            ],
            "credit_notes": [
                (note, Money(note.amount_minor, row.currency)) for note in invoicing.credit_notes(session, invoice_id)
            ],
            "discount_notes": [
                (note, Money(note.amount_minor, row.currency)) for note in invoicing.discount_notes(session, invoice_id)
            ],
            "concession_notes": [
                (note, Money(note.amount_minor, row.currency)) for note in concession_notes(session, invoice_id)
            ],
        }
    return page(request, "portal/invoices/show.html", context)


def _terms(session: Session, row: AnyRow) -> tuple[int, str] | None:
    """The version of the terms that an invoice follows, and by what it is known; None where it follows none."""
    version_id = governed.version_of(session, row.id) if row.kind is InvoiceKind.INVOICE else None
    return (
        None if version_id is None else (version_id, reference(acceptances.versions(session, [version_id])[version_id]))
    )


def _is_wanted(view: InvoiceView) -> bool:
    """Whether it is ticked from the beginning: late, neither in dispute nor being paid."""
    return bool(view.late_days and view.payable and view.asked)


def _following(account: Entered, rows: AnyRows) -> str | None:
    """Where the next page of a long list is."""
    if len(rows) < receivables.MOST_AT_ONCE:
        return None
    return f"{account.path}/invoices?after={rows[-1].due_on}&after_id={rows[-1].id}"
