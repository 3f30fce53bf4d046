"""Practice: what can be practised, one's own progress, and for managers which situations the team has practised."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.practice_views import OfferedView, TrainedView, title_of
from domain.practice import queries
from domain.practice.practising import SURPRISE, begin
from domain.practice.situation import Way
from domain.practice.situations import ALL
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff.permissions import Permission, roles_with
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/practice"
WAY_NAMES = {Way.CALL: N_("Calls"), Way.MESSAGE: N_("Messages")}


@get(PATH, guards=admit(Permission.PRACTISE), sync_to_thread=True)
def list_practice(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every situation with what one has done of it, and one's newest sessions."""
    return _page(request, database, Form.starting(request))


@post(PATH, guards=admit(Permission.PRACTISE), sync_to_thread=True)
def begin_practice(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Begin a session of a situation, or of any."""

    def act(session: Session) -> str:
        with form.reading():
            known = {SURPRISE: SURPRISE, **{key: key for key in ALL}}
            key = form.choice("situation", known, missing=N_("Choose what you would like to practise."))
        return f"{PATH}/sessions/{begin(session, officer_of(request).staff_id, key)}"

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _page(request, database, form))


@get(f"{PATH}/team", guards=admit(Permission.COACH), sync_to_thread=True)
def practice_of_team(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Who has practised what, and what they let managers read; no marks."""
    with database.reading() as session:
        people = queries.team(session, roles_with(Permission.PRACTISE))
    context = {
        "people": [TrainedView.of(one) for one in people],
        "situations": [(one.title, sum(one.key in each.situations for each in people)) for one in ALL.values()],
        "most": len(ALL),
    }
    return page(request, "backoffice/practice/team.html", context)


def _page(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    officer = officer_of(request)
    with database.reading() as session:
        done = queries.progress(session, officer.staff_id)
        rows = queries.lately(session, officer.staff_id)
    offered = [OfferedView.of(one, done.get(one.key)) for one in ALL.values()]
    context = {
        "form": form,
        "groups": [(name, [one for one in offered if one.way is way]) for way, name in WAY_NAMES.items()],
        "done": len(done),
        "full": sum(tries.is_full for tries in done.values()),
        "most": len(ALL),
        "lately": [(row, title_of(ALL[row.situation], row.is_surprise and row.points is None)) for row in rows],
        "surprise": SURPRISE,
    }
    return page(request, "backoffice/practice/list.html", context)


PAGES = (list_practice, begin_practice, practice_of_team)
"""Its ways."""
