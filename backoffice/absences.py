"""Absences: one's own, those that one stands in for, and for managers everybody's; and the mail of each morning."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import ANY_STAFF, actor_of, officer_of
from backoffice.assignment_views import absence_views
from domain.assignments import absences
from domain.digests import choosing
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff import queries as staff
from domain.staff.model import Role
from domain.staff.permissions import Permission, may, require
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/absences"


@get(PATH, guards=ANY_STAFF, sync_to_thread=True)
def list_absences(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Who is away and who stands in, as far as it is the visitor's business."""
    return _page(request, database, None)


@post(PATH, guards=ANY_STAFF, sync_to_thread=True)
def add_absence(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Write down that one is away, or, for who assigns work, that somebody else is."""
    officer = officer_of(request)

    def act(session: Session) -> None:
        with form.reading():
            people = {str(one.id): one.id for one in staff.in_roles(session, list(Role))}
            who = officer.staff_id
            if may(officer.role, Permission.ASSIGN_WORK):
                who = form.choice("staff_id", people, missing=N_("Choose who is away."))
            stand_in = form.choice("stand_in_id", people, missing=N_("Choose who stands in."))
            first_on = form.day("first_on", missing=N_("Enter the first day."))
            last_on = form.day("last_on", missing=N_("Enter the last day."))
        use_once(session, form.value("once"))
        absences.write_down(
            session, who, stand_in_id=stand_in, first_on=first_on, last_on=last_on, actor=actor_of(request)
        )

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _page(request, database, form))


@post(f"{PATH}/{{absence_id:int}}/end", guards=ANY_STAFF, sync_to_thread=True)
def end_absence(
    request: AnyRequest, database: GivenDatabase, absence_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Somebody is back early, or does not go; others' absences only for who assigns work."""
    officer = officer_of(request)

    def act(session: Session) -> None:
        if absences.absence(session, absence_id).staff_id != officer.staff_id:
            require(officer.role, Permission.ASSIGN_WORK)
        absences.end(session, absence_id, actor=actor_of(request))

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _page(request, database, form))


@post(f"{PATH}/digest", guards=ANY_STAFF, sync_to_thread=True)
def choose_digest(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Whether what waits for them comes by mail each working morning."""
    with database.transaction() as session:
        choosing.choose(session, officer_of(request).staff_id, wanted=form.ticked("wants"), actor=actor_of(request))
    return see_other(request, PATH)


def _page(request: AnyRequest, database: Database, form: Form | None) -> Response[bytes]:
    officer = officer_of(request)
    is_boss = may(officer.role, Permission.ASSIGN_WORK)
    with database.reading() as session:
        rows = absences.coming(session, of=None if is_boss else officer.staff_id)
        people = [(one.id, one.name) for one in staff.in_roles(session, list(Role))]
        context = {
            "absences": absence_views(session, rows, officer.staff_id),
            "people": people if is_boss else [],
            "others": [one for one in people if is_boss or one[0] != officer.staff_id],
            "is_boss": is_boss,
            "day": today(session),
            "wants": choosing.wants(session, officer.staff_id),
            "form": form or Form.starting(request, staff_id=str(officer.staff_id)),
        }
    return page(request, "backoffice/assignments/absences.html", context)
