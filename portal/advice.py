"""Advice: who pays by bank transfer tells us what it is for, typed or from a file, checked before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.advices.queries import open_advices
from domain.advices.telling import check_advice, take_back, tell
from domain.disputes import queries as disputes
from domain.documents import filing
from domain.documents import queries as documents
from domain.documents.intake import Intake
from domain.documents.model import Category
from domain.importing.advice_files import LARGEST_ADVICE, shares_in
from domain.late_charges import queries as late_charges
from domain.payments import discount_quotes
from domain.receivables import queries as receivables
from domain.receivables.references import printed, reference_of
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid, NotFound, Refused
from domain.shared.money import Money, minor_digits
from domain.statements.agreements import agreements
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from portal.transfers import told_views, transfer_of
from portal.uploading import count_uploads
from portal.views import invoice_view
from web.acting import carry_out
from web.amounts import typed_amount
from web.forms import AROUND_A_FILE, Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.uploads import GivenIntake
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/advice"
STEP = "step"
"""Which button was pressed: `read` a file, `check`, `tell`, `change`."""


@get(PATH, sync_to_thread=True)
def advice_page(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The transfers that we know of, and the way to tell of another; what was ticked before is filled in."""
    return _page(request, database, account_id, None, ticked=query_form(request).values("invoice"))


@post(PATH, sync_to_thread=True, request_max_body_size=LARGEST_ADVICE + AROUND_A_FILE)
def tell_us(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Read a file, check what is meant, and keep it."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        rows = receivables.open_invoices(session, account_id)
        open_invoices = {row.id: (row.number, Money(row.open_minor, row.currency)) for row in rows}
        day = today(session)
    try:
        if form.value(STEP) == "read":
            count_uploads(request, 1)
            return _read(request, database, account, form, intake, open_invoices)
        if form.value(STEP) not in ("check", "tell"):
            return _page(request, database, account_id, form)
        with form.reading():
            typed = [one for one in open_invoices if form.value(f"amount-{one}").strip()]
            wanted = {one: form.amount(f"amount-{one}", account.currency) for one in typed}
            expected_on = form.day("expected_on", missing=N_("Enter the day of the transfer."), example=day)
        if form.value(STEP) == "check":
            with database.reading() as session:
                total = check_advice(session, account_id, account.currency, wanted, expected_on)
            numbers = {one: open_invoices[one][0] for one in wanted}
            return _check_page(request, account, form, wanted, numbers, expected_on, total)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            document_id = _own_document(session, account_id, form.value("document"))
            tell(
                session,
                account_id,
                wanted,
                expected_on=expected_on,
                actor=actor_of(request),
                login_id=customer_of(request).login_id,
                document_id=document_id,
            )
    except SentAlready:
        return see_other(request, f"{account.path}/advice")
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/advice")


@post("/accounts/{account_id:int}/advice/{advice_id:int}/take-back", sync_to_thread=True)
def take_advice_back(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, advice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """The transfer is not coming after all."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)

    def act(session: Session) -> None:
        take_back(session, account_id, advice_id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, form, status=422)

    return carry_out(request, database, form, act, there=f"{account.path}/advice", again=again)


def _read(
    request: AnyRequest,
    database: Database,
    account: Entered,
    form: Form,
    intake: Intake,
    open_invoices: Mapping[int, tuple[str, Money]],
) -> Response[bytes]:
    """Fill the form in from a file; only a file that names an invoice is kept."""
    with form.reading():
        sent = form.upload("file", missing=N_("Choose the file of your remittance advice."))
    assert sent is not None
    shares = shares_in(sent.file, open_invoices)
    taken = intake.take_in(sent)
    with database.transaction() as session:
        kept = filing.enter(
            session,
            taken,
            category=Category.ADVICE,
            account_id=account.id,
            subject=("account", account.id),
            actor=actor_of(request),
        )
    locale = visit_of(request).speaking.formats.locale
    amounts = {f"amount-{one}": typed_amount(amount, locale) for one, amount in shares.items()}
    day = form.value("expected_on")
    filled = Form.starting(request, document=str(kept.id), expected_on=day, **amounts)
    return _page(request, database, account.id, filled)


def _own_document(session: Session, account_id: int, typed: str) -> int | None:
    """The file that was read before, if one was: of this account, and no other paper of it."""
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 18):
        raise Invalid(N_("Choose a file."), field="file")
    document = documents.document(session, account_id, int(typed))
    if document.category is not Category.ADVICE:
        raise NotFound
    return int(document.id)


def _page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form | None,
    *,
    ticked: Sequence[str] = (),
    status: int = 200,
) -> Response[bytes]:
    locale = visit_of(request).speaking.formats.locale
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        day = today(session)
        rows = receivables.open_invoices(session, account_id)
        ids = [row.id for row in rows]
        offers, contested = discount_quotes.offered(session, account_id, ids), disputes.contested(session, ids)
        agreed = agreements(session, account_id, account.currency)
        views = [invoice_view(row, day, None, offers, contested=contested, agreed=agreed) for row in rows]
        asked = [view for view in views if str(view.id) in ticked and view.to_pay]
        full = {f"amount-{view.id}": typed_amount(view.to_pay, locale) for view in asked}
        context = {
            "account": account,
            "known": told_views(database.business.bank, open_advices(session, account_id), day),
            "invoices": [(view, printed(reference_of(view.id))) for view in views],
            "interest": late_charges.still_to_come(session, account_id, ids),
            "digits": minor_digits(account.currency),
            "form": form or Form.starting(request, expected_on=day.isoformat(), **full),
        }
    return page(request, "portal/advice/tell.html", context, status=status)


def _check_page(
    request: AnyRequest,
    account: Entered,
    form: Form,
    wanted: Mapping[int, Money],
    numbers: Mapping[int, str],
    expected_on: date,
    total: Money,
) -> Response[bytes]:
    shares: Sequence[tuple[str, Money]] = [(numbers[one], amount) for one, amount in wanted.items()]
    carried = [
        (name, form.value(name)) for name in form.names() if name.startswith(("amount-", "expected", "document"))
    ]
    first = next(iter(wanted))
    context = {
        "account": account,
        "shares": shares,
        "total": total,
        "expected_on": expected_on,
        "carried": carried,
        "transfer": transfer_of(visit_of(request).site.business.bank, total, first, numbers[first]),
    }
    return page(request, "portal/advice/check.html", context)
