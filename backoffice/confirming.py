"""Confirming: before a dangerous act the phone's code is asked for again; what was typed waits in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from litestar import Response
from sqlalchemy.orm import Session

from backoffice.access import officer_of
from domain.sessions import keeping as sessions
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff import signing_in
from web.acting import carry_out, status_of
from web.forms import Form
from web.fragments import page
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

CODE = "confirm_code"
"""The field of the code; a form of ours has no other field of that name."""
TRYING = Rate(20, 900)
Read = TypeVar("Read")
"""What a form says."""


def unsure(request: AnyRequest, database: Database, form: Form, *, always: bool = False) -> Response[bytes] | None:
    """None where the second factor was given minutes ago, or comes with the form; else the page that asks for it.

    That page carries the whole form and sends it to the same address, so that nothing is lost and the act follows.
    `always` asks for it however lately it was given: before what nobody can ever take back.
    """
    officer, visit = officer_of(request), visit_of(request)
    if officer.is_sure and not always:
        return None
    if CODE not in form.names():
        return _ask(request, form, status=200)
    visit.site.limiter.count("confirm", visit.address, TRYING)
    try:
        with form.reading():
            code = form.text(CODE, longest=20, missing=N_("Type the six digits from your phone."))
        signing_in.step_up(database, officer.staff_id, code=code, address=visit.address)
    except Refused as refused:
        refused.field = CODE
        return _ask(request, form.refused(refused), status=422)
    with database.transaction() as session:
        sessions.step_up(session, officer.session_id)
    return None


def carry_out_when_sure(
    request: AnyRequest,
    database: Database,
    form: Form,
    read: Callable[[], Read],
    act: Callable[[Session, Read], str | None],
    *,
    there: str,
    again: Callable[[Form], Response[bytes]],
) -> Response[bytes]:
    """As `web.acting.carry_out`: `read` the form, be sure who sent it, then `act` in one transaction."""
    try:
        said = read()
    except Refused as refused:
        answer = again(form.refused(refused))
        answer.status_code = status_of(refused)
        return answer
    if (asked := unsure(request, database, form)) is not None:
        return asked
    return carry_out(request, database, form, lambda session: act(session, said), there=there, again=again)


def _ask(request: AnyRequest, form: Form, *, status: int) -> Response[bytes]:
    carried = [(name, value) for name in form.names() if name != CODE for value in form.values(name)]
    context = {"form": form, "carried": carried, "action": request.scope["path"], "code_field": CODE}
    return page(request, "backoffice/sign_in/confirm.html", context, status=status)
