"""Inviting: an administrator asks somebody to join; what waits for an answer is sent again or withdrawn."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Refused
from domain.staff import queries
from domain.staff.credentials import inviting
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of


@get("/staff/new", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def invite_form(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The form for somebody who is to join."""
    start = Form.starting(request, role=Role.COLLECTOR, language=database.business.language)
    return _page(request, start)


@post("/staff/new", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def invite_colleague(
    request: AnyRequest, database: GivenDatabase, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Send them a link by which they choose their own secrets."""
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Enter their email address."))
            name = form.text("name", missing=N_("Enter their name."))
            role = form.choice("role", {one.value: one for one in Role}, missing=N_("Choose the role."))
            language = form.choice("language", {tag: tag for tag in LANGUAGES}, missing=N_("Choose the language."))
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            inviting.invite(
                session,
                email=email,
                name=name,
                role=role,
                language=language,
                by=officer_of(request).staff_id,
                actor=actor_of(request),
            )
    except Refused as refused:
        return _page(request, form.refused(refused), status=422)
    nudge()
    return see_other(request, "/staff#invited")


@post("/staff/invitations/{invitation_id:int}", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def change_invitation(
    request: AnyRequest, database: GivenDatabase, invitation_id: FromPath[int], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Send the link again, or withdraw it: whichever button was pressed."""
    try:
        if (asked := unsure(request, database, form)) is not None:
            return asked
        act = inviting.withdraw if form.value("act") == "withdraw" else inviting.send_again
        with database.transaction() as session:
            act(session, invitation_id, actor=actor_of(request))
    except Refused as refused:
        answer = list_page(request, database, form.refused(refused))
        answer.status_code = status_of(refused)
        return answer
    nudge()
    return see_other(request, "/staff#invited")


def list_page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    """Everybody who works here, by name, and who is asked."""
    with database.reading() as session:
        everybody, asked, at = queries.everybody(session), inviting.open_ones(session), now(session)
    context = {
        "staff": [(one, ROLE_NAMES[one.role]) for one in everybody],
        "invited": [(one, ROLE_NAMES[one.role], one.expires_at <= at) for one in asked],
        "form": form,
    }
    return page(request, "backoffice/staff/list.html", context)


def _page(request: AnyRequest, form: Form, *, status: int = 200) -> Response[bytes]:
    speaking = visit_of(request).speaking
    roles = [(role.value, speaking.translate(words)) for role, words in ROLE_NAMES.items()]
    days = inviting.LIFE.days
    return page(request, "backoffice/staff/new.html", {"form": form, "roles": roles, "days": days}, status=status)
