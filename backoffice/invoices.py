"""Invoices: one with the story of its balance, and issuing a new one, checked before it is issued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.approvals_views import awaiting
from backoffice.document_views import filed_just_now
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.limitation_views import time_view
from backoffice.reminder_views import ReminderView, reminder_views
from backoffice.views import AccountView, invoice_view
from backoffice.wording import Doer, with_doers
from domain.accounts import queries as accounts
from domain.approvals import queries as approvals
from domain.credit.standing import Standing, standing_of
from domain.disputes import queries as disputes
from domain.disputes.raising import left_to_contest
from domain.documents import listing
from domain.documents.model import Category
from domain.documents.names import FILED
from domain.invoicing import issuing, readiness
from domain.invoicing import queries as invoicing
from domain.invoicing.details import change_details, details_of
from domain.invoicing.issuing import NewLine
from domain.invoicing.readiness import GAP_WORDS, Gap
from domain.limitations.queries import clock_of
from domain.payments import queries as payments
from domain.plans import queries as plans
from domain.policies import acceptances
from domain.policies import queries as policies
from domain.processing.applying import usable_by_itself, use_by_itself
from domain.processing.extending import is_extendable
from domain.processing.shortening import is_shortenable
from domain.receivables import governed
from domain.receivables import queries as receivables
from domain.receivables.due_days import extension_of
from domain.receivables.references import printed, reference_of
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from domain.statements.agreements import agreements
from domain.statements.papers import names_other_bank
from domain.statements.story import story_of
from web.disputes import dispute_view
from web.extension import extension_view
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.lateness import lateness_view, working_view
from web.visit import AnyRequest

FIRST_LINES = 3
MORE_LINES = 3
MOST_LINES = 60
MINUS = ("-", "−")
LONG_AGO = 90
"""An invoice that is dated more days back is asked about."""
STEP = "step"
"""Which button of the form was pressed: `more` lines, `check`, `change`, `issue`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An invoice as it was typed."""

    lines: list[NewLine]
    issued_on: date | None
    due_on: date | None
    delivered_on: date | None
    purchase_order: str
    description: str


@get("/accounts/{account_id:int}/invoices/{invoice_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_invoice(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    invoice_id: InvoiceId,
    filed: FromQuery[str] = "",
) -> Response[bytes]:
    """One invoice: its lines, how its balance came about, who is paying it, its credit notes; what was just `filed`."""
    with database.reading() as session:
        account = entered(session, account_id)
        row = receivables.invoice(session, account_id, invoice_id)
        context = {
            "account": account,
            "invoice": invoice_view(row, today(session)),
            "lines": [
                (line, Money(line.amount_minor, row.currency), Money(line.tax_minor, row.currency))
                for line in receivables.lines(session, invoice_id)
            ],
            "lately": filed_just_now(session, account_id, filed),
            "reference": printed(reference_of(invoice_id)),
            "names_other_bank": names_other_bank(session, invoice_id),
            "story": story_of(session, row),
            "working": working_view(session, row),
            "lateness": lateness_view(session, row),
            "on_plan": plans.on_plan(session, [invoice_id]).get(invoice_id),
            "agreed": agreements(session, account_id, row.currency).of(invoice_id),
            "disputes": [dispute_view(one) for one in disputes.of_invoice(session, invoice_id)],
            "left_to_contest": left_to_contest(session, invoice_id, Money(row.open_minor, row.currency)),
            "follows": _follows(session, row),
            "extension": extension_view(extension_of(session, invoice_id)),
            "extended_by": _extended_by(session, invoice_id),
            "is_extendable": is_extendable(session, account_id, invoice_id),
            "awaiting": awaiting(session, approvals.waiting_about(session, "invoice", invoice_id)),
            "is_shortenable": is_shortenable(session, account_id, invoice_id),
            "claims": payments.live_claims(session, [invoice_id]),
            "reminder": _reminder(session, account_id, invoice_id),
            "time": time_view(clock_of(session, invoice_id), today(session)) if row.open_minor else None,
            "documents": listing.about(session, ("invoice", invoice_id)),
            "filed": FILED,
            "form": Form.starting(request, category=Category.PROOF_OF_DELIVERY.value),
            "credit_notes": [
                (note, Money(note.amount_minor, row.currency)) for note in invoicing.credit_notes(session, invoice_id)
            ],
        }
    return page(request, "backoffice/invoices/show.html", context)


def _reminder(session: Session, account_id: int, invoice_id: int) -> ReminderView | None:
    """What was said last of the invoice and what comes next; None where nothing is open of it."""
    return next((one for one in reminder_views(session, account_id) if one.invoice_id == invoice_id), None)


def _follows(session: Session, row: AnyRow) -> tuple[str, str, int] | None:
    """The page, policy and number of the version that the invoice, or what a debit note is on top of, follows."""
    version_id = governed.version_of(session, row.id)
    if version_id is None:
        return None
    version = acceptances.versions(session, [version_id])[version_id]
    name = policies.names(session, [version.policy_id])[version.policy_id]
    return f"/policies/{version.policy_id}/versions/{version.number}", name, version.number


def _extended_by(session: Session, invoice_id: int) -> Doer | None:
    """Who set its due day later; None where nobody has."""
    extension = extension_of(session, invoice_id)
    return with_doers(session, [extension])[0][1] if extension is not None else None


@get("/accounts/{account_id:int}/invoices/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def new_invoice(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form for an invoice, with a few lines."""
    with database.reading() as session:
        account = entered(session, account_id)
        day = today(session)
    form = Form.starting(request, issued_on=day.isoformat(), lines=str(FIRST_LINES))
    return _form_page(request, account, form, FIRST_LINES)


@post("/accounts/{account_id:int}/invoices/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def issue_invoice(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Show more lines, or what would be issued, or issue it."""
    with database.reading() as session:
        account = entered(session, account_id)
    count, step = _line_count(form), form.value(STEP)
    if step == "more":
        return _form_page(request, account, form, min(count + MORE_LINES, MOST_LINES))
    if step == "change":
        return _form_page(request, account, form, count)
    try:
        wanted = _read(form, account.currency, count)
        if step != "issue":
            return _check_page(request, database, account, form, wanted)
    except Refused as refused:
        return _form_page(request, account, form.refused(refused), count, status=422)
    try:
        with database.transaction() as session:
            use_once(session, form.value("once"))
            _keep_address(request, session, account_id, form)
            _check_ready(session, account, wanted)
            issued = issuing.issue(
                session,
                accounts.lock(session, account_id),
                wanted.lines,
                issued_on=wanted.issued_on,
                due_on=wanted.due_on,
                delivered_on=wanted.delivered_on,
                purchase_order=wanted.purchase_order or None,
                description=wanted.description or None,
                actor=actor_of(request),
            )
            use_by_itself(session, issued, actor=actor_of(request))
    except SentAlready:
        return see_other(request, account.path)
    except Refused as refused:
        if refused.field == Gap.ADDRESS:
            return _check_page(request, database, account, form.refused(refused), wanted, status=422)
        return _form_page(request, account, form.refused(refused), count, status=422)
    return see_other(request, f"{account.path}/invoices/{issued.id}")


def _keep_address(request: AnyRequest, session: Session, account_id: int, form: Form) -> None:
    """The customer's address, where it was typed because the invoice lacked it."""
    if typed := form.value("address").strip():
        details = replace(details_of(session, account_id), address=typed)
        change_details(session, account_id, details, actor=actor_of(request))


def _check_ready(session: Session, account: AccountView, wanted: Wanted) -> None:
    day = wanted.issued_on or today(session)
    has_tax = any(line.tax for line in wanted.lines)
    readiness.check_ready(session, account.id, day, has_tax=has_tax, purchase_order=wanted.purchase_order or None)


def _read(form: Form, currency: str, count: int) -> Wanted:
    with form.reading():
        wanted = Wanted(
            lines=[line for number in range(1, count + 1) if (line := _line(form, currency, number)) is not None],
            issued_on=form.optional_day("issued_on"),
            due_on=form.optional_day("due_on"),
            delivered_on=form.optional_day("delivered_on"),
            purchase_order=form.text("purchase_order", required=False, longest=100),
            description=form.text("description", required=False, longest=500),
        )
        if not wanted.lines and not form.errors:
            form.refuse("description-1", N_("An invoice needs at least one line."))
    return wanted


def _line(form: Form, currency: str, number: int) -> NewLine | None:
    """A line of the form; None where nothing was typed into it."""
    names = [f"{name}-{number}" for name in ("description", "quantity", "net", "tax")]
    if not any(form.value(name).strip() for name in names):
        return None
    description, quantity, net, tax = names
    if form.value(quantity).strip().startswith(MINUS):
        form.refuse(quantity, N_("A quantity is more than nothing; what is taken back gets a credit note."))
    return NewLine(
        description=form.text(description, longest=500, missing=N_("Say what the line is for.")),
        quantity=form.text(quantity, required=False, longest=40) or None,
        net=form.amount(net, currency),
        tax=form.amount(tax, currency) if form.value(tax).strip(" 0.,") else Money.zero(currency),
    )


def _line_count(form: Form) -> int:
    typed = form.value("lines")
    return (
        max(1, min(int(typed), MOST_LINES)) if typed.isascii() and typed.isdigit() and len(typed) < 4 else FIRST_LINES
    )


def _form_page(
    request: AnyRequest, account: AccountView, form: Form, count: int, *, status: int = 200
) -> Response[bytes]:
    context = {"account": account, "form": form, "count": count}
    return page(request, "backoffice/invoices/new.html", context, status=status)


def _above(standing: Standing, amount: Money) -> Money | None:
    """By how much another `amount` would exceed the credit limit; None where it would not."""
    if standing.limit is None:
        return None
    beyond = standing.exposure.total + amount - standing.limit
    return beyond if beyond.minor > 0 else None


def _check_page(
    request: AnyRequest, database: Database, account: AccountView, form: Form, wanted: Wanted, *, status: int = 200
) -> Response[bytes]:
    tax = Money.sum((line.tax for line in wanted.lines), account.currency)
    with database.reading() as session:
        issued_on = wanted.issued_on or today(session)
        due_on = wanted.due_on or issuing.due_day(session, account.id, issued_on, account.terms_days)
        issuing.check_issuable(
            session,
            account.currency,
            wanted.lines,
            issued_on=issued_on,
            due_on=due_on,
            delivered_on=wanted.delivered_on,
        )
        is_old = (today(session) - issued_on).days > LONG_AGO
        standing = standing_of(session, account.id)
        credit = usable_by_itself(session, account.id, account.currency)
        lacking = readiness.lacking(
            session, account.id, issued_on, has_tax=bool(tax), purchase_order=wanted.purchase_order or None
        )
    net = Money.sum((line.net for line in wanted.lines), account.currency)
    context = {
        "account": account,
        "wanted": wanted,
        "issued_on": issued_on,
        "due_on": due_on,
        "net": net,
        "tax": tax,
        "total": net + tax,
        "is_old": is_old,
        "standing": standing,
        "above": _above(standing, net + tax),
        "settled": min(credit, net + tax),
        "lacking": [(each, GAP_WORDS[each.gap]) for each in lacking],
        "asks_address": any(each.blocks for each in lacking),
        "form": form,
        "carried": [(name, form.value(name)) for name in form.names() if name not in (STEP, Gap.ADDRESS)],
    }
    return page(request, "backoffice/invoices/check.html", context, status=status)
