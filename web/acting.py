"""Acting: what a form asks for is done in one transaction, or the form is shown again with what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from litestar import Response
from sqlalchemy.orm import Session

from domain.sessions.once import SentAlready
from domain.shared.db.session import Database
from domain.shared.errors import NotAllowed, Refused
from web.forms import Form
from web.fragments import see_other
from web.visit import AnyRequest

Read = TypeVar("Read")
"""What a form says."""


def status_of(refused: Refused) -> int:
    """How a form that is shown again because of a refusal is answered."""
    return 403 if isinstance(refused, NotAllowed) else 422


def carry_out(
    request: AnyRequest,
    database: Database,
    form: Form,
    act: Callable[[Session], str | None],
    *,
    there: str,
    again: Callable[[Form], Response[bytes]],
) -> Response[bytes]:
    """Run `act`, which reads the form and does one thing, and go `there`, or where it says instead.

    `again` shows the form with what was refused. A form that was sent already does nothing more and leads `there`.
    """
    try:
        with database.transaction() as session:
            elsewhere = act(session)
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return _shown(form, refused, again)
    return see_other(request, elsewhere or there)


def read_and_carry_out(
    request: AnyRequest,
    database: Database,
    form: Form,
    read: Callable[[], Read],
    act: Callable[[Session, Read], str | None],
    *,
    there: str,
    again: Callable[[Form], Response[bytes]],
) -> Response[bytes]:
    """The same where `read` comes first, outside the transaction: it takes files in, and that takes its time."""
    try:
        said = read()
    except Refused as refused:
        return _shown(form, refused, again)
    return carry_out(request, database, form, lambda session: act(session, said), there=there, again=again)


def _shown(form: Form, refused: Refused, again: Callable[[Form], Response[bytes]]) -> Response[bytes]:
    answer = again(form.refused(refused))
    answer.status_code = status_of(refused)
    return answer
