"""Applying for credit: a form that may be left and taken up again, checked before it is sent, and what became of it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm, Right
from domain.credit.applications import queries
from domain.credit.applications.applying import (
    FIRST_YEAR,
    MOST_REFERENCES,
    Reference,
    Sent,
    check,
    save,
    submit,
    under_way,
    withdraw,
)
from domain.credit.applications.deciding import decisions
from domain.credit.applications.model import STATE_WORDS, ApplicationState, CreditApplication
from domain.documents import filing
from domain.documents.kinds import kind_of
from domain.documents.model import Category
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenStore
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/apply-for-credit"
LARGEST = 10 * 1024 * 1024
"""Bytes of one file."""
ROOM = 100_000
"""Bytes that a form takes up around its file."""
MOST_FILES = 10
UPLOADING = Rate(30, 3600)
"""So many files one login may send."""
STEP = "step"
"""Which button was pressed: `save`, `check`, `send`, `change`."""
FORMS = {
    LegalForm.COMPANY: N_("A company"),
    LegalForm.SOLE_TRADER: N_("A sole trader"),
    LegalForm.PARTNERSHIP: N_("A partnership"),
    LegalForm.NATURAL_PERSON: N_("A private person"),
    LegalForm.PUBLIC_BODY: N_("A public body"),
}
"""What an applicant can be."""
NUMBERS = ("company", "tax")
"""The numbers of an application, in the order in which they come back from their check."""
PLACES = range(1, MOST_REFERENCES + 1)
FIELDS = (
    "legal_name",
    "legal_form",
    "country",
    "company_number",
    "tax_number",
    "trading_since",
    "wanted",
    "purpose",
    *(f"reference-{place}-{part}" for place in PLACES for part in ("name", "contact")),
)
"""What a draft keeps of the form."""


@get(PATH, sync_to_thread=True)
def apply_page(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form with what was typed before, or how the application stands."""
    return _page(request, database, account_id, None)


@post(PATH, sync_to_thread=True, request_max_body_size=LARGEST + ROOM)
def apply(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, store: GivenStore
) -> Response[bytes]:
    """Keep what is typed; with `check` show it once more, with `send` send it off."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
    step, actor, login_id = form.value(STEP), actor_of(request), customer_of(request).login_id
    typed = {name: form.value(name) for name in FIELDS}
    try:
        if step != "send":
            with database.transaction() as session:
                draft = save(session, account_id, typed, login_id=login_id, actor=actor)
            _keep_file(request, database, account_id, draft.id, form, store)
        if step not in ("check", "send"):
            return see_other(request, f"{account.path}/apply-for-credit")
        sent = _read(form, account.currency)
        if step == "check":
            with database.reading() as session:
                checked = check(session, sent)
            unsure = [name for name, one in zip(NUMBERS, checked, strict=True) if one and not one.is_checked]
            return _check_page(request, database, account, form, sent, unsure)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            submit(session, account_id, typed, sent, login_id=login_id, actor=actor)
    except SentAlready:
        return see_other(request, f"{account.path}/apply-for-credit")
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/apply-for-credit")


@post("/accounts/{account_id:int}/apply-for-credit/{application_id:int}/withdraw", sync_to_thread=True)
def withdraw_application(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, application_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Think better of it."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
    try:
        with database.transaction() as session:
            withdraw(session, account_id, application_id, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/apply-for-credit")


def _keep_file(
    request: AnyRequest, database: Database, account_id: int, application_id: int, form: Form, store: GivenStore
) -> None:
    """File what came with the form, if something did: as it is, under the account, beside the application."""
    sent = form.optional_upload("file")
    if sent is None:
        return
    visit_of(request).site.limiter.count("upload", str(customer_of(request).login_id), UPLOADING)
    content = sent.file.read(LARGEST + 1)
    media_type = kind_of(content, field="file", largest=LARGEST)
    with database.transaction() as session:
        accounts.lock(session, account_id)
        if len(queries.files(session, application_id)) >= MOST_FILES:
            raise Conflict(N_("An application has at most {most} files."), field="file", most=MOST_FILES)
        filing.file(
            session,
            store,
            content,
            media_type=media_type,
            category=Category.CREDIT_APPLICATION,
            filename=sent.filename,
            account_id=account_id,
            subject=("credit_application", application_id),
            actor=actor_of(request),
        )


def _read(form: Form, currency: str) -> Sent:
    """What was typed, as values; FormRefused with all that is wrong."""
    with form.reading():
        legal_form = form.choice("legal_form", {one.value: one for one in FORMS})
        references = []
        for place in PLACES:
            name, contact = f"reference-{place}-name", f"reference-{place}-contact"
            if form.value(name).strip() or form.value(contact).strip():
                words = N_("Enter who it is, and how we reach them.")
                references.append(Reference(form.text(name, missing=words), form.text(contact, missing=words)))
        return Sent(
            legal_name=form.text("legal_name", missing=N_("Enter the name as it is registered.")),
            legal_form=legal_form,
            country=form.text("country", longest=2, missing=N_("Choose a country.")),
            company_number=form.text("company_number", required=False, longest=40),
            tax_number=form.text("tax_number", required=False, longest=40),
            trading_since=form.number("trading_since", least=FIRST_YEAR, most=9999),
            wanted=form.amount("wanted", currency),
            purpose=form.text("purpose", longest=1000, missing=N_("Say in a few words what you want to buy from us.")),
            references=tuple(references),
        )


def _page(
    request: AnyRequest, database: Database, account_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        application = under_way(session, account_id) or queries.latest(session, account_id)
        if application is not None and application.state is not ApplicationState.DRAFT and form is None:
            if application.state in (ApplicationState.SUBMITTED, ApplicationState.REVIEW):
                return page(request, "portal/applying_for_credit/sent.html", _told(session, account, application))
            past = _told(session, account, application)
        else:
            past = {}
        draft = application if application is not None and application.state is ApplicationState.DRAFT else None
        row = accounts.account(session, account_id)
        context = {
            **past,
            "account": account,
            "draft": draft,
            "files": queries.files(session, draft.id) if draft else [],
            "forms": [(one.value, words) for one, words in FORMS.items()],
            "countries": _countries(request),
            "places": list(PLACES),
            "form": form or _starting(request, draft, row.name, row.legal_form, row.country or ""),
            "year": today(session).year,
        }
    return page(request, "portal/applying_for_credit/form.html", context, status=status)


def _starting(
    request: AnyRequest, draft: CreditApplication | None, name: str, legal_form: LegalForm, country: str
) -> Form:
    if draft is not None:
        return Form.starting(request, **draft.typed)
    known = legal_form.value if legal_form in FORMS else LegalForm.COMPANY.value
    return Form.starting(request, legal_name=name, legal_form=known, country=country)


def _told(session: Session, account: Entered, application: CreditApplication) -> dict[str, object]:
    """How an application that was sent stands, in words for the customer."""
    assert application.wanted_minor is not None
    final = next((one for one in decisions(session, application.id) if one.counts), None)
    return {
        "account": account,
        "application": application,
        "wanted": Money(application.wanted_minor, application.currency),
        "state": STATE_WORDS[application.state],
        "final": final,
        "granted": None
        if final is None or final.limit_minor is None
        else Money(final.limit_minor, application.currency),
    }


def _check_page(
    request: AnyRequest,
    database: Database,
    account: Entered,
    form: Form,
    sent: Sent,
    unchecked: list[str],
) -> Response[bytes]:
    with database.reading() as session:
        draft = under_way(session, account.id)
        files = queries.files(session, draft.id) if draft else []
    context = {
        "account": account,
        "sent": sent,
        "legal_form": FORMS[sent.legal_form],
        "country": dict(_countries(request)).get(sent.country, sent.country),
        "unchecked": unchecked,
        "files": files,
        "carried": [(name, form.value(name)) for name in FIELDS if form.value(name)],
    }
    return page(request, "portal/applying_for_credit/check.html", context)


def _countries(request: AnyRequest) -> list[tuple[str, str]]:
    """The countries by their names in the reader's language."""
    territories = visit_of(request).speaking.formats.locale.territories
    named = [(code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha()]
    return sorted(named, key=lambda each: each[1])
