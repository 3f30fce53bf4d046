"""Disputes: saying what is wrong with an invoice or a part of it, how it stands, and thinking better of it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes import queries
from domain.disputes.raising import LONGEST_WORDS, Complaint, left_to_contest, raise_dispute, withdraw
from domain.disputes.reasons import REASON_NAMES, Reason
from domain.payments import queries as payments
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.statements.agreements import agreements
from portal.access import actor_of, enter
from portal.doors import Door, SignedIn, limited
from portal.given import AccountId
from portal.views import claim_views, invoice_view
from web.acting import carry_out
from web.amounts import typed_amount
from web.disputes import dispute_view
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PAGE = 50
RAISING = Rate(20, 3600)
"""So many disputes one login may raise."""
FORM_PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/dispute"
REASONS = {reason.value: reason for reason in Reason}
SAY_WHAT = N_("Say what is wrong, so that we can look into it.")


@get("/accounts/{account_id:int}/disputes", sync_to_thread=True)
def list_disputes(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """All disputes of the account, newest first."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        rows = queries.of_account(session, account_id, before=before, limit=PAGE + 1)
    path = f"{account.path}/disputes"
    context = {
        "account": account,
        "disputes": [dispute_view(row) for row in rows[:PAGE]],
        "older": with_query(path, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "portal/disputes/list.html", context)


@get("/accounts/{account_id:int}/disputes/{dispute_id:int}", sync_to_thread=True)
def show_dispute(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, dispute_id: FromPath[int]
) -> Response[bytes]:
    """One dispute: how it stands, what happens next, and what was answered."""
    return show(request, database, SignedIn(request, account_id), dispute_id, Form.starting(request))


@post("/accounts/{account_id:int}/disputes/{dispute_id:int}/withdraw", sync_to_thread=True)
def withdraw_dispute(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """No longer contest it."""
    with database.reading() as session:
        enter(request, session, account_id, Right.DISPUTE)

    def act(session: Session) -> None:
        withdraw(session, account_id, dispute_id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return show(request, database, SignedIn(request, account_id), dispute_id, form, status=422)

    there = f"/accounts/{account_id}/disputes/{dispute_id}"
    return carry_out(request, database, form, act, there=there, again=again)


@get(FORM_PATH, sync_to_thread=True)
def dispute_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int]
) -> Response[bytes]:
    """What is wrong, and how much it is about."""
    return form_page(request, database, SignedIn(request, account_id), invoice_id)


@post(FORM_PATH, sync_to_thread=True)
def raise_it(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Raise the dispute, and go where it stands."""
    return contest(request, database, SignedIn(request, account_id), invoice_id, form)


def contest(request: AnyRequest, database: Database, door: Door, invoice_id: int, form: Form) -> Response[bytes]:
    """Read the form, raise the dispute, and go where it stands."""
    with database.reading() as session:
        account = door.enter(session, Right.DISPUTE)
    visit_of(request).site.limiter.count("dispute", limited(door), RAISING)

    def act(session: Session) -> str:
        with form.reading():
            complaint = Complaint(
                reason=form.choice("reason", REASONS, missing=N_("Choose what comes closest.")),
                amount=form.amount("amount", account.currency),
                words=form.text("words", longest=LONGEST_WORDS, missing=SAY_WHAT),
            )
        door.enter(session, Right.DISPUTE)
        door.invoice(session, invoice_id)
        use_once(session, form.value("once"))
        who = door.login_id
        dispute = raise_dispute(session, account.id, invoice_id, complaint, login_id=who, actor=door.actor)
        door.acted(session)
        return f"{account.path}/disputes/{dispute.id}"

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, door, invoice_id, form, status=422)

    return carry_out(request, database, form, act, there=account.invoice_path(invoice_id), again=again)


def form_page(
    request: AnyRequest,
    database: Database,
    door: Door,
    invoice_id: int,
    form: Form | None = None,
    *,
    status: int = 200,
) -> Response[bytes]:
    """The form, with all that is not in dispute yet."""
    with database.reading() as session:
        account = door.enter(session, Right.DISPUTE)
        row = door.invoice(session, invoice_id)
        left = left_to_contest(session, invoice_id, Money(row.open_minor, row.currency))
        view = invoice_view(row, today(session))
    typed = typed_amount(left, visit_of(request).speaking.formats.locale) if left else ""
    context = {
        "account": account,
        "invoice": view,
        "left": left,
        "reasons": [(reason.value, words) for reason, words in REASON_NAMES.items()],
        "longest": LONGEST_WORDS,
        "form": form or Form.starting(request, amount=typed),
    }
    return page(request, "portal/disputes/form.html", context, status=status)


def show(
    request: AnyRequest, database: Database, door: Door, dispute_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    """One dispute, and how it stands."""
    with database.reading() as session:
        account = door.enter(session)
        row = queries.dispute(session, dispute_id, account_id=account.id)
        door.check_maker(row.pay_link_id)
        invoice = door.invoice(session, row.invoice_id)
        claims = claim_views(payments.live_claims(session, [row.invoice_id]), door.login_id, door.link_id)
        contested = queries.contested(session, [row.invoice_id])
        agreed = agreements(session, account.id, account.currency)
        context = {
            "account": account,
            "dispute": dispute_view(row),
            "invoice": invoice_view(invoice, today(session), claims, contested=contested, agreed=agreed),
            "form": form,
        }
    return page(request, "portal/disputes/show.html", context, status=status)
