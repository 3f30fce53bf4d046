"""Confirming: before a dangerous act the second factor is asked for again; what was typed waits in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from litestar import Response
from sqlalchemy.orm import Session

from backoffice.access import officer_of
from backoffice.ceremony import kept_secret, own_secret, relying_party
from domain.sessions import keeping as sessions
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff import signing_in
from domain.staff.credentials import passkeys
from domain.staff.credentials.passkeys import Begun
from web.acting import carry_out, status_of
from web.forms import Form
from web.fragments import page
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

CODE, CEREMONY, ANSWER = "confirm_code", "confirm_ceremony", "confirm_answer"
"""The fields of the code, or of a passkey's proof; a form of ours has no other fields of these names."""
OURS = (CODE, CEREMONY, ANSWER)
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
    if CODE not in form.names() and not form.value(ANSWER):
        return _ask(request, database, form, status=200)
    visit.site.limiter.count("confirm", visit.address, TRYING)
    try:
        _prove(request, database, form)
    except Refused as refused:
        refused.field = CODE
        return _ask(request, database, form.refused(refused), status=422)
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


def _prove(request: AnyRequest, database: Database, form: Form) -> None:
    """Take the passkey's proof or the code that came with the form; Refused where it is not right."""
    staff_id, address = officer_of(request).staff_id, visit_of(request).address
    party = relying_party(request)
    if form.value(ANSWER) and party is not None:
        signing_in.step_up_with_passkey(
            database,
            party,
            staff_id,
            browser_secret=kept_secret(request),
            ceremony=form.value(CEREMONY),
            answer=form.value(ANSWER),
            address=address,
        )
        return
    with form.reading():
        code = form.text(CODE, longest=30, missing=N_("Type the six digits from your phone."))
    signing_in.step_up(database, staff_id, code=code, address=address)


def _ask(request: AnyRequest, database: Database, form: Form, *, status: int) -> Response[bytes]:
    carried = [(name, value) for name in form.names() if name not in OURS for value in form.values(name)]
    context = {
        "form": form,
        "carried": carried,
        "action": request.scope["path"],
        "code_field": CODE,
        "ceremony_field": CEREMONY,
        "answer_field": ANSWER,
        "begun": _begun(request, database),
    }
    return page(request, "backoffice/sign_in/confirm.html", context, status=status)


def _begun(request: AnyRequest, database: Database) -> Begun | None:
    """A challenge for one of their passkeys; None where they have none."""
    staff_id, party = officer_of(request).staff_id, relying_party(request)
    with database.reading() as session:
        has_some = party is not None and passkeys.theirs(session, staff_id)
    if party is None or not has_some:
        return None
    secret = own_secret(request)
    with database.transaction() as session:
        return passkeys.begin_using(session, party, browser_secret=secret, staff_id=staff_id)
