"""Profile: one's own page: who one is and may, how one signs in, and in which browsers one is."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import ANY_STAFF, actor_of, officer_of
from backoffice.browsers import browser_views
from backoffice.ceremony import relying_party
from backoffice.confirming import unsure
from backoffice.elsewhere import Elsewhere, GivenElsewhere
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff import changing
from domain.staff.credentials import elsewhere as identities
from domain.staff.credentials import passkeys, recovery
from domain.staff.permission_words import permission_groups
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of


@get("/profile", guards=ANY_STAFF, sync_to_thread=True)
def show_profile(request: AnyRequest, database: GivenDatabase, elsewhere: GivenElsewhere) -> Response[bytes]:
    """What is known, and what can be changed."""
    return _show(request, database, elsewhere, Form.starting(request))


@post("/profile/language", guards=ANY_STAFF, sync_to_thread=True)
def change_language(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Read the back office in another language."""
    try:
        with form.reading():
            language = form.choice("language", {tag: tag for tag in LANGUAGES}, missing=N_("Choose the language."))
    except Refused as refused:
        return _show(request, database, elsewhere, form.refused(refused), status=422)
    with database.transaction() as session:
        changing.set_language(session, officer_of(request).staff_id, language)
    return see_other(request, "/profile")


@post("/profile/password", guards=ANY_STAFF, sync_to_thread=True)
def change_password(
    request: AnyRequest, database: GivenDatabase, form: SentForm, elsewhere: GivenElsewhere
) -> Response[bytes]:
    """Choose a new password, once the code has been given; every browser has to sign in again."""
    officer = officer_of(request)
    try:
        with form.reading():
            password = form.value("password")
            if password != form.value("again"):
                form.refuse("again", N_("The two are not the same."))
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            changing.set_password(session, officer.staff_id, password, actor=actor_of(request))
            sessions.end_all(session, Site.OFFICE, officer.staff_id)
    except Refused as refused:
        return _show(request, database, elsewhere, form.refused(refused), status=422)
    visit_of(request).end_session()
    return see_other(request, "/sign-in")


def _show(
    request: AnyRequest, database: Database, elsewhere: Elsewhere, form: Form, *, status: int = 200
) -> Response[bytes]:
    officer = officer_of(request)
    with database.reading() as session:
        context = {
            "officer": officer,
            "browsers": browser_views(sessions.sessions_of(session, Site.OFFICE, officer.staff_id), officer.session_id),
            "passkeys": passkeys.theirs(session, officer.staff_id),
            "can_have_passkeys": relying_party(request) is not None,
            "organisation": elsewhere.name,
            "links": identities.links_of(session, officer.staff_id),
            "codes_left": recovery.left(session, officer.staff_id),
            "may": [(group, words) for group, words in permission_groups(officer.role) if words],
        }
    shown = form if form.value("language") or form.errors else Form.starting(request, language=officer.language or "en")
    return page(request, "backoffice/staff/profile.html", {**context, "form": shown}, status=status)
