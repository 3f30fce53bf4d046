"""Accounts: find one by whatever is known of it, see who is late, open a new one."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import ANY_STAFF, actor_of, admit, officer_of
from backoffice.account_filters import LATE, SORTS, chips, chosen_of, options
from backoffice.account_views import view_links
from backoffice.bulk_views import acts_of
from domain.accounts import opening
from domain.accounts.model import LEGAL_FORM_NAMES, LegalForm
from domain.finding import filtering
from domain.finding.filtering import Amount
from domain.notes import queries as notes
from domain.receivables import queries as receivables
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import LONGEST_NUMBER, Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of

PAGE = 50


@get("/", guards=ANY_STAFF, sync_to_thread=True)
def root(request: AnyRequest) -> Response[bytes]:
    """Work begins with what waits."""
    return see_other(request, "/worklist")


@get("/accounts", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_accounts(
    request: AnyRequest,
    database: GivenDatabase,
    after: FromQuery[str | None] = None,
    after_id: FromQuery[int] = 0,
) -> Response[bytes]:
    """Accounts with what is open and what is late on each: by name, or the greatest of these amounts first."""
    chosen = chosen_of(request)
    wanted, by = chosen.filter, Amount(chosen.sort) if chosen.sort else None
    with database.reading() as session:
        place = _place(after, after_id, by_amount=by is not None)
        found = filtering.listed(session, wanted, by=by, after=place, limit=PAGE + 1)
        shown = found[:PAGE]
        owed = receivables.owed_by_account(session, [account.id for account in shown])
        context = {
            "tags_of": notes.tags_of_each(session, [account.id for account in shown]),
            "options": options(session, officer_of(request)),
            "views": view_links(session, request, chosen),
            "chips": chips(session, chosen),
        }
    older = None
    if len(found) > PAGE:
        last = shown[-1]
        reached = last.name if by is None else owed.get(last.id, (0, 0))[by is Amount.LATE]
        older = with_query("/accounts", **chosen.asked, after=str(reached), after_id=last.id)
    context |= {
        "accounts": [
            (account, *(Money(minor, account.currency) for minor in owed.get(account.id, (0, 0)))) for account in shown
        ],
        "form": chosen.form,
        "searched": wanted.words,
        "narrowed": chosen.is_narrowed,
        "asked": chosen.asked,
        "show": LATE if wanted.is_late else "",
        "older": older,
        "all_href": with_query("/accounts", **chosen.without("show")),
        "late_href": with_query("/accounts", **chosen.without("show"), show=LATE),
        "sorts": [
            (words, with_query("/accounts", **chosen.without("sort"), sort=key), key == chosen.sort, None)
            for key, words in SORTS.items()
        ],
        "keep_href": with_query("/accounts/views", **chosen.asked),
        "is_first_page": after is None,
        "acts_on_many": bool(acts_of(officer_of(request))),
    }
    return page(request, "backoffice/accounts/list.html", context)


@get("/accounts/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def new_account(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The form for an account that is not here yet."""
    ours = database.business
    form = Form.starting(
        request, currency=ours.currency, language=ours.language, terms_days="30", legal_form=LegalForm.COMPANY
    )
    return _form_page(request, form)


@post("/accounts/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def open_account(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Open it."""
    try:
        with form.reading():
            given: dict[str, Any] = {
                "number": form.text("number", longest=64, missing=N_("Enter the number of the account.")),
                "name": form.text("name", missing=N_("Enter the name of the customer.")),
                "currency": form.text("currency", longest=3, missing=N_("Enter the currency, such as EUR.")).upper(),
                "legal_form": form.choice(
                    "legal_form", {one.value: one for one in LegalForm}, missing=N_("Choose the legal form.")
                ),
                "language": form.choice(
                    "language", {tag: tag for tag in LANGUAGES}, missing=N_("Choose the language.")
                ),
                "country": form.text("country", required=False, longest=2),
                "email": form.text("email", required=False, longest=254),
                "phone": form.text("phone", required=False, longest=40),
                "address": form.text("address", required=False, longest=500),
                "terms_days": form.number("terms_days", least=0, most=opening.LONGEST_TERMS),
            }
        with database.transaction() as session:
            account = opening.open_account(session, **given, actor=actor_of(request))
    except Refused as refused:
        return _form_page(request, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account.id}")


def _place(after: str | None, after_id: int, *, by_amount: bool) -> tuple[str | int, int] | None:
    """Where the list goes on, read from the address; from its beginning where that makes no sense."""
    if after is None or not by_amount:
        return None if after is None else (after, after_id)
    return (int(after), after_id) if after.isascii() and after.isdigit() and len(after) <= LONGEST_NUMBER else None


def _form_page(request: AnyRequest, form: Form, *, status: int = 200) -> Response[bytes]:
    speaking = visit_of(request).speaking
    context = {
        "form": form,
        "legal_forms": [(one.value, speaking.translate(words)) for one, words in LEGAL_FORM_NAMES.items()],
    }
    return page(request, "backoffice/accounts/new.html", context, status=status)
