"""Staff: who works here; an administrator changes roles, asks for new secrets, signs out, closes the door."""

from __future__ import annotations

from collections.abc import Callable

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.browsers import browser_views
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from backoffice.inviting import list_page
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff import changing, queries
from domain.staff.credentials import inviting, passkeys, recovery
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permissions import Permission
from domain.staff.queries import StaffRow
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of


@get("/staff", guards=admit(Permission.SEE_STAFF), sync_to_thread=True)
def list_staff(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Everybody, by name, and who is asked to join."""
    return list_page(request, database, Form.starting(request))


@get("/staff/{staff_id:int}", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def show_member(request: AnyRequest, database: GivenDatabase, staff_id: FromPath[int]) -> Response[bytes]:
    """One of them, with what can be changed."""
    return _member_page(request, database, staff_id, None)


@post("/staff/{staff_id:int}", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def change_member(
    request: AnyRequest, database: GivenDatabase, staff_id: FromPath[int], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Another role, a link for new secrets, signed out, the door closed or opened: whichever button was pressed."""
    with database.reading() as session:
        member = _member(session, staff_id)
    try:
        with form.reading():
            role = form.choice("role", {one.value: one for one in Role}, missing=N_("Choose the role."))
            act = ACTS.get(form.value("act"), _change_role)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            act(session, member, role, actor_of(request))
    except Refused as refused:
        return _member_page(request, database, staff_id, form.refused(refused).only_at(("role",)), status=422)
    nudge()
    return see_other(request, "/staff")


def _change_role(session: Session, member: StaffRow, role: Role, actor: Actor) -> None:
    changing.change_role(session, member.id, role, actor=actor)


def _ask_for_new_secrets(session: Session, member: StaffRow, _: Role, actor: Actor) -> None:
    assert actor.id is not None
    inviting.renew_secrets(session, member.id, by=actor.id, actor=actor)


def _sign_out(session: Session, member: StaffRow, _: Role, actor: Actor) -> None:
    sessions.end_all(session, Site.OFFICE, member.id, actor=actor)


def _disable(session: Session, member: StaffRow, _: Role, actor: Actor) -> None:
    changing.disable(session, member.id, actor=actor)
    sessions.end_all(session, Site.OFFICE, member.id, actor=actor)


def _enable(session: Session, member: StaffRow, _: Role, actor: Actor) -> None:
    changing.enable(session, member.id, actor=actor)


ACTS: dict[str, Callable[[Session, StaffRow, Role, Actor], None]] = {
    "role": _change_role,
    "secrets": _ask_for_new_secrets,
    "sign_out": _sign_out,
    "disable": _disable,
    "enable": _enable,
}
"""What the buttons of somebody's page do."""


def _member(session: Session, staff_id: int) -> StaffRow:
    found = queries.member(session, staff_id)
    if found is None:
        raise NotFound
    return found


def _member_page(
    request: AnyRequest, database: Database, staff_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        member = _member(session, staff_id)
        context = {
            "member": member,
            "form": form or Form.starting(request, role=member.role),
            "roles": [(role.value, speaking.translate(words)) for role, words in ROLE_NAMES.items()],
            "browsers": browser_views(sessions.sessions_of(session, Site.OFFICE, staff_id)),
            "passkeys": len(passkeys.theirs(session, staff_id)),
            "codes_left": recovery.left(session, staff_id),
        }
    return page(request, "backoffice/staff/show.html", context, status=status)
