"""Staff: who works here; an administrator adds people, changes their roles, renews their secrets, closes the door."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff import adding, changing, queries
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permissions import Permission
from domain.staff.queries import StaffRow
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.qr import qr_code
from web.visit import AnyRequest, visit_of

PASSWORD_BYTES = 15
"""Of a password that we make: 120 random bits, as 20 characters."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What somebody needs to sign in, shown once: nobody can read it again."""

    name: str
    email: str
    password: str | None
    second_factor: str | None


@get("/staff", guards=admit(Permission.SEE_STAFF), sync_to_thread=True)
def list_staff(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Everybody, by name."""
    with database.reading() as session:
        everybody = queries.everybody(session)
    return page(request, "backoffice/staff/list.html", {"staff": [(one, ROLE_NAMES[one.role]) for one in everybody]})


@get("/staff/new", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def new_member(request: AnyRequest) -> Response[bytes]:
    """The form for somebody who joins."""
    return _new_page(request, Form.starting(request, role=Role.COLLECTOR))


@post("/staff/new", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def add_member(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Add them, and show their secrets once."""
    try:
        with form.reading():
            email = form.text("email", longest=254, missing=N_("Enter their email address."))
            name = form.text("name", missing=N_("Enter their name."))
            role = form.choice("role", {one.value: one for one in Role}, missing=N_("Choose the role."))
        if (asked := unsure(request, database, form)) is not None:
            return asked
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        with database.transaction() as session:
            member, uri = adding.add(
                session, email=email, name=name, role=role, password=password, actor=actor_of(request)
            )
    except Refused as refused:
        return _new_page(request, form.refused(refused), status=422)
    return _secrets_page(request, Secrets(member.name, member.email, password, uri))


@get("/staff/{staff_id:int}", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def show_member(request: AnyRequest, database: GivenDatabase, staff_id: FromPath[int]) -> Response[bytes]:
    """One of them, with what can be changed."""
    return _member_page(request, database, staff_id, None)


@post("/staff/{staff_id:int}", guards=admit(Permission.MANAGE_STAFF), sync_to_thread=True)
def change_member(
    request: AnyRequest, database: GivenDatabase, staff_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Another role, new secrets, the door closed or opened: whichever button was pressed."""
    with database.reading() as session:
        member = _member(session, staff_id)
    try:
        with form.reading():
            role = form.choice("role", {one.value: one for one in Role}, missing=N_("Choose the role."))
            act = ACTS.get(form.value("act"), _change_role)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            made = act(session, member, role, actor_of(request))
    except Refused as refused:
        return _member_page(request, database, staff_id, form.refused(refused), status=422)
    return see_other(request, "/staff") if made is None else _secrets_page(request, made)


def _change_role(session: Session, member: StaffRow, role: Role, actor: Actor) -> Secrets | None:
    changing.change_role(session, member.id, role, actor=actor)
    return None


def _new_password(session: Session, member: StaffRow, _: Role, actor: Actor) -> Secrets:
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    changing.set_password(session, member.id, password, actor=actor)
    sessions.end_all(session, Site.OFFICE, member.id, actor=actor)
    return Secrets(member.name, member.email, password, None)


def _new_second_factor(session: Session, member: StaffRow, _: Role, actor: Actor) -> Secrets:
    uri = changing.renew_second_factor(session, member.id, actor=actor)
    sessions.end_all(session, Site.OFFICE, member.id, actor=actor)
    return Secrets(member.name, member.email, None, uri)


def _disable(session: Session, member: StaffRow, _: Role, actor: Actor) -> Secrets | None:
    changing.disable(session, member.id, actor=actor)
    sessions.end_all(session, Site.OFFICE, member.id, actor=actor)
    return None


def _enable(session: Session, member: StaffRow, _: Role, actor: Actor) -> Secrets | None:
    changing.enable(session, member.id, actor=actor)
    return None


ACTS: dict[str, Callable[[Session, StaffRow, Role, Actor], Secrets | None]] = {
    "role": _change_role,
    "password": _new_password,
    "second_factor": _new_second_factor,
    "disable": _disable,
    "enable": _enable,
}
"""What the buttons of somebody's page do."""


def _member(session: Session, staff_id: int) -> StaffRow:
    found = next((one for one in queries.everybody(session) if one.id == staff_id), None)
    if found is None:
        raise NotFound
    return found


def _new_page(request: AnyRequest, form: Form, *, status: int = 200) -> Response[bytes]:
    return page(request, "backoffice/staff/new.html", {"form": form, "roles": _roles(request)}, status=status)


def _member_page(
    request: AnyRequest, database: Database, staff_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        member = _member(session, staff_id)
    context = {
        "member": member,
        "form": form or Form.starting(request, role=member.role),
        "roles": _roles(request),
    }
    return page(request, "backoffice/staff/show.html", context, status=status)


def _secrets_page(request: AnyRequest, made: Secrets) -> Response[bytes]:
    context = {"made": made, "picture": qr_code(made.second_factor) if made.second_factor else None}
    return page(request, "backoffice/staff/secrets.html", context)


def _roles(request: AnyRequest) -> list[tuple[str, str]]:
    speaking = visit_of(request).speaking
    return [(role.value, speaking.translate(words)) for role, words in ROLE_NAMES.items()]
