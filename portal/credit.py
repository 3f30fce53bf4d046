"""Credit: money that settles nothing yet is used for invoices, checked before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post

from domain.accounts.model import Right
from domain.payments import queries as payments
from domain.processing.applying import Use, check_use, suggestion, use_credit
from domain.receivables import credits
from domain.receivables import queries as receivables
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.shared.money import Money, minor_digits
from domain.statements.agreements import agreements
from domain.statements.credit_wording import say_credits
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from portal.views import claim_views, invoice_view
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/credit"
STEP = "step"
"""Which button was pressed: `check`, `use`, `change`."""


@get(PATH, sync_to_thread=True)
def credit_page(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What credit there is, and the invoices that it could settle, the oldest suggested."""
    return _choose_page(request, database, account_id, None)


@post(PATH, sync_to_thread=True)
def use(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Check what it will settle, then use it."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        rows = receivables.open_invoices(session, account_id)
    if form.value(STEP) not in ("check", "use"):
        return _choose_page(request, database, account_id, form)
    try:
        with form.reading():
            typed = [row.id for row in rows if form.value(f"amount-{row.id}").strip()]
            wanted = {one: form.amount(f"amount-{one}", account.currency) for one in typed}
        if form.value(STEP) != "use":
            with database.reading() as session:
                uses = check_use(session, account_id, account.currency, wanted)
            return _check_page(request, account, form, uses)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            use_credit(session, account_id, wanted, actor=actor_of(request))
    except SentAlready:
        return see_other(request, account.path)
    except Refused as refused:
        return _choose_page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/credit")


def _choose_page(
    request: AnyRequest, database: Database, account_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        items = credits.unapplied_items(session, account_id)
        said = say_credits(session, items)
        rows = receivables.open_invoices(session, account_id)
        claims = claim_views(payments.live_claims_of(session, [account_id]), customer_of(request).login_id)
        uses = suggestion(session, account_id, account.currency) if form is None else []
        agreed, day = agreements(session, account_id, account.currency), today(session)
    locale = visit_of(request).speaking.formats.locale
    amounts = {f"amount-{use.invoice_id}": typed_amount(use.amount, locale) for use in uses}
    views = [invoice_view(row, day, claims, agreed=agreed) for row in rows]
    context = {
        "account": account,
        "items": [(item.effective_on, words, item.unapplied) for item, words in zip(items, said, strict=True)],
        "credit": Money.sum((item.unapplied for item in items), account.currency),
        "invoices": [view for view in views if view.payable],
        "digits": minor_digits(account.currency),
        "form": form or Form.starting(request, **amounts),
    }
    return page(request, "portal/credit/choose.html", context, status=status)


def _check_page(request: AnyRequest, account: Entered, form: Form, uses: Sequence[Use]) -> Response[bytes]:
    context = {
        "account": account,
        "uses": uses,
        "total": Money.sum((use.amount for use in uses), account.currency),
        "carried": [(name, form.value(name)) for name in form.names() if name.startswith("amount-")],
    }
    return page(request, "portal/credit/check.html", context)
