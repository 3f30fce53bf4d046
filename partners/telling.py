"""Telling: how a form by which a partner tells us of one of its placements is shown, and how it is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from litestar import Response
from sqlalchemy.orm import Session

from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from partners.access import agent_of, enter
from partners.views import placement_view
from web.acting import carry_out
from web.forms import Form
from web.fragments import page
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

TELLING = Rate(600, 3600)
"""So much one person may tell us of: more than anybody types, and less than a program that has gone wrong."""
LONGEST_WHY = 500


def path_of(placement_id: int) -> str:
    """Where the page of a placement is."""
    return f"/placements/{placement_id}"


def form_page(
    request: AnyRequest,
    database: Database,
    placement_id: int,
    template: str,
    form: Form,
    more: Callable[[Session, AnyRow], Mapping[str, object]] | None = None,
) -> Response[bytes]:
    """A page with one form about a placement of theirs; `more` is what else its template shows."""
    with database.reading() as session:
        row = enter(request, session, placement_id)
        context = {
            "placement": placement_view(row),
            "today": today(session),
            "longest": LONGEST_WHY,
            "form": form,
            **(more(session, row) if more is not None else {}),
        }
    return page(request, template, context)


def tell(
    request: AnyRequest,
    database: Database,
    placement_id: int,
    form: Form,
    act: Callable[[Session, AnyRow], None],
    again: Callable[[Form], Response[bytes]],
) -> Response[bytes]:
    """Do what a form asks for, once, to a placement of theirs, and go to its page.

    NotFound for what is not theirs, before anything of the form is read.
    """
    with database.reading() as session:
        row = enter(request, session, placement_id)
    visit_of(request).site.limiter.count("tell", str(agent_of(request).login_id), TELLING)

    def once(session: Session) -> None:
        use_once(session, form.value("once"))
        act(session, row)

    return carry_out(request, database, form, once, there=path_of(placement_id), again=again)
