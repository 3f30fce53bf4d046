"""Applying for credit: a form that may be left and taken up again, checked before it is sent, and what became of it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.credit.applications import queries
from domain.credit.applications.applying import Sent, check, problems, save, submit, under_way, withdraw
from domain.credit.applications.attaching import attach
from domain.credit.applications.deciding import decisions
from domain.credit.applications.model import STATE_WORDS, ApplicationState, CreditApplication
from domain.credit.standing import standing_of
from domain.documents.intake import Intake
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.shared.money import Money
from portal.access import Entered, actor_of, customer_of, enter
from portal.credit_form import FIELDS, LEGAL_FORMS, PLACES, countries, read, starting
from portal.given import AccountId
from portal.uploading import count_uploads
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/apply-for-credit"
STEP = "step"
"""Which button was pressed: `save`, `check`, `send`, `change`."""
NUMBERS = ("company", "tax")
"""The numbers of an application, in the order in which they come back from their check."""


@get(PATH, sync_to_thread=True)
def apply_page(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form with what was typed before, or how the application stands."""
    return _page(request, database, account_id, None)


@post(PATH, sync_to_thread=True, request_max_body_size=MOST_SENT)
def apply(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, intake: GivenIntake
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
            _keep_file(request, database, account_id, draft.id, form, intake)
        if step not in ("check", "send"):
            return see_other(request, f"{account.path}/apply-for-credit")
        with database.reading() as session:
            sent = read(form, account.currency, lambda typed_in: problems(session, account_id, typed_in))
            checked = check(session, account_id, sent)
        if step == "check":
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

    def act(session: Session) -> None:
        withdraw(session, account_id, application_id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, form, status=422)

    return carry_out(request, database, form, act, there=f"{account.path}/apply-for-credit", again=again)


def _keep_file(
    request: AnyRequest, database: Database, account_id: int, application_id: int, form: Form, intake: Intake
) -> None:
    """File what came with the form, if something did."""
    sent = form.optional_upload("file")
    if sent is None:
        return
    count_uploads(request, 1)
    taken = intake.take_in(sent)
    with database.transaction() as session:
        attach(session, account_id, application_id, taken, actor=actor_of(request))


def _page(
    request: AnyRequest, database: Database, account_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.BIND)
        application = under_way(session, account_id) or queries.latest(session, account_id)
        draft = application if application is not None and application.state is ApplicationState.DRAFT else None
        told = {}
        if application is not None and draft is None and form is None:
            told = _told(session, account, application)
            if application.state in (ApplicationState.SUBMITTED, ApplicationState.REVIEW):
                told |= _answers(request, session, application)
                return page(request, "portal/applying_for_credit/sent.html", told)
        context = {
            **told,
            "account": account,
            "draft": draft,
            "files": queries.files(session, draft.id) if draft else [],
            "forms": [(one.value, words) for one, words in LEGAL_FORMS.items()],
            "countries": countries(request),
            "places": list(PLACES),
            "form": form or starting(request, draft, accounts.account(session, account_id)),
            "year": today(session).year,
            "credit": standing_of(session, account_id),
        }
    return page(request, "portal/applying_for_credit/form.html", context, status=status)


def _told(session: Session, account: Entered, application: CreditApplication) -> dict[str, object]:
    """How an application that was sent stands, in words for the customer."""
    assert application.wanted_minor is not None
    final = next((one for one in decisions(session, application.id) if one.counts), None)
    return {
        "account": account,
        "application": application,
        "number": application.number,
        "wanted": Money(application.wanted_minor, application.currency),
        "state": STATE_WORDS[application.state],
        "final": final,
        "granted": None
        if final is None or final.limit_minor is None
        else Money(final.limit_minor, application.currency),
    }


def _answers(request: AnyRequest, session: Session, application: CreditApplication) -> dict[str, object]:
    """What was sent, for whoever sent it."""
    assert application.legal_form is not None
    assert application.country is not None
    return {
        "sent": application,
        "references": queries.references(session, application.id),
        "legal_form": LEGAL_FORMS.get(application.legal_form, ""),
        "country": dict(countries(request)).get(application.country, application.country),
        "files": queries.files(session, application.id),
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
        "wanted": sent.wanted,
        "references": sent.references,
        "legal_form": LEGAL_FORMS[sent.legal_form],
        "country": dict(countries(request)).get(sent.country, sent.country),
        "unchecked": unchecked,
        "files": files,
        "carried": [(name, form.value(name)) for name in FIELDS if form.value(name)],
    }
    return page(request, "portal/applying_for_credit/check.html", context)
