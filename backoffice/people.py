"""People: the contacts of an account, and the logins that may see it in the portal with what each may do."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.people_views import person_rows
from domain.accounts import contacts, logins
from domain.accounts import queries as accounts
from domain.accounts.contacts import ContactDetails
from domain.accounts.model import RIGHT_NAMES, Right
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of

CONTACT_FIELDS = ("name", "job_title", "email", "phone", "language")
USUAL_RIGHTS = (Right.VIEW, Right.PAY, Right.DISPUTE, Right.PROMISE)


@get("/accounts/{account_id:int}/people", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def people(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Who they are, how they are reached, and who may sign in."""
    with database.reading() as session:
        context = frame(session, account_id, "people")
        context["people"] = person_rows(session, account_id)
    return page(request, "backoffice/account/people.html", context)


@get("/accounts/{account_id:int}/contacts/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def new_contact(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form for a contact that is not here yet."""
    with database.reading() as session:
        language = entered(session, account_id).language
    return _contact_page(request, database, account_id, None, Form.starting(request, language=language))


@post("/accounts/{account_id:int}/contacts/new", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def add_contact(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Add it."""
    try:
        details = _details(form)
        with database.transaction() as session:
            contacts.add(session, accounts.lock(session, account_id), details, actor=actor_of(request))
    except Refused as refused:
        return _contact_page(request, database, account_id, None, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/people")


@get(
    "/accounts/{account_id:int}/contacts/{contact_id:int}",
    guards=admit(Permission.CHANGE_ACCOUNTS),
    sync_to_thread=True,
)
def contact_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, contact_id: FromPath[int]
) -> Response[bytes]:
    """What is known of a contact, to be changed."""
    with database.reading() as session:
        row = _contact(session, account_id, contact_id)
    known = {name: getattr(row, name) or "" for name in CONTACT_FIELDS}
    return _contact_page(request, database, account_id, contact_id, Form.starting(request, **known))


@post(
    "/accounts/{account_id:int}/contacts/{contact_id:int}",
    guards=admit(Permission.CHANGE_ACCOUNTS),
    sync_to_thread=True,
)
def change_contact(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, contact_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Change it."""
    try:
        details = _details(form)
        with database.transaction() as session:
            account = accounts.lock(session, account_id)
            contacts.change(session, account, contact_id, details, actor=actor_of(request))
    except Refused as refused:
        return _contact_page(request, database, account_id, contact_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/people")


@get("/accounts/{account_id:int}/logins/new", guards=admit(Permission.MANAGE_LOGINS), sync_to_thread=True)
def new_login(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The form to let somebody in."""
    return _login_page(request, database, account_id, None, Form.starting(request, rights=USUAL_RIGHTS))


@post("/accounts/{account_id:int}/logins/new", guards=admit(Permission.MANAGE_LOGINS), sync_to_thread=True)
def invite(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Let them in: they sign in with their address, without a password."""
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Enter their email address."))
            name = form.text("name", missing=N_("Enter their name."))
            rights = _rights(form)
        with database.reading() as session:
            entered(session, account_id)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            account = accounts.lock(session, account_id)
            logins.grant(session, account, email=email, name=name, rights=rights, actor=actor_of(request))
    except Refused as refused:
        return _login_page(request, database, account_id, None, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/people")


@get("/accounts/{account_id:int}/logins/{login_id:int}", guards=admit(Permission.MANAGE_LOGINS), sync_to_thread=True)
def login_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, login_id: FromPath[int]
) -> Response[bytes]:
    """What a login may do here, to be changed."""
    with database.reading() as session:
        row = _login(session, account_id, login_id)
    return _login_page(request, database, account_id, row, Form.starting(request, rights=sorted(row.rights)))


@post("/accounts/{account_id:int}/logins/{login_id:int}", guards=admit(Permission.MANAGE_LOGINS), sync_to_thread=True)
def change_login(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, login_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Change what it may do, or take everything away."""
    with database.reading() as session:
        row = _login(session, account_id, login_id)
    try:
        takes_away = form.value("act") == "revoke"
        with form.reading():
            rights = frozenset() if takes_away else _rights(form)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            account = accounts.lock(session, account_id)
            if takes_away:
                logins.revoke(session, account, login_id, actor=actor_of(request))
            else:
                logins.change_rights(session, account, login_id, rights, actor=actor_of(request))
    except Refused as refused:
        return _login_page(request, database, account_id, row, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{account_id}/people")


def _details(form: Form) -> ContactDetails:
    with form.reading():
        return ContactDetails(
            name=form.text("name", missing=N_("Enter their name.")),
            job_title=form.text("job_title", required=False, longest=120),
            email=form.text("email", required=False, longest=254),
            phone=form.text("phone", required=False, longest=40),
            language=form.choice("language", {tag: tag for tag in LANGUAGES}, missing=N_("Choose the language.")),
        )


def _rights(form: Form) -> frozenset[Right]:
    chosen = form.values("rights")
    if not chosen or not set(chosen) <= set(Right):
        form.refuse("rights", N_("Choose at least one thing that they may do."))
        return frozenset()
    return frozenset(Right(one) for one in chosen)


def _contact(session: Session, account_id: int, contact_id: int) -> AnyRow:
    found = next((row for row in accounts.contacts(session, account_id) if row.id == contact_id), None)
    if found is None:
        raise NotFound
    return found


def _login(session: Session, account_id: int, login_id: int) -> AnyRow:
    found = next((row for row in accounts.logins_on(session, account_id) if row.id == login_id), None)
    if found is None:
        raise NotFound
    return found


def _contact_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    contact_id: int | None,
    form: Form,
    *,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
    context = {"account": account, "contact_id": contact_id, "form": form}
    return page(request, "backoffice/account/contact.html", context, status=status)


def _login_page(
    request: AnyRequest, database: Database, account_id: int, login: AnyRow | None, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
    speaking = visit_of(request).speaking
    context = {
        "account": account,
        "login": login,
        "form": form,
        "rights": [(right.value, speaking.translate(RIGHT_NAMES[right])) for right in Right],
    }
    return page(request, "backoffice/account/login.html", context, status=status)
