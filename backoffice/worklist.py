"""Worklist: everything that waits for a person in one ranked list, and from one piece of work to the next."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from backoffice.access import admit, officer_of
from backoffice.worklist_views import UNTIL_CHOICES, WHOSE_NAMES, Line, item_views, kind_choices, wanted_of
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.worklist import queue
from domain.worklist.queue import Place, Whose
from web.forms import Form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PAGE = 25


@get("/worklist", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def list_work(
    request: AnyRequest,
    database: GivenDatabase,
    whose: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    rank: FromQuery[int | None] = None,
    after: FromQuery[int | None] = None,
    did: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What waits, the most worthwhile first: mine where anything is mine, else all."""
    line, officer = Line.read(whose, kind), officer_of(request)
    with database.reading() as session:
        wanted = wanted_of(session, line, officer)
        counts = queue.counts(session, wanted)
        if line.whose is None:
            line = Line(Whose.MINE if counts[Whose.MINE] else Whose.ALL, line.kind)
            wanted = wanted_of(session, line, officer)
        place = Place(rank, after) if rank is not None and after is not None else None
        found = queue.items(session, wanted, after=place, limit=PAGE + 1)
        shown = found[:PAGE]
        views = item_views(session, shown, line, officer)
        kinds = queue.kinds(session, wanted)
        finished = tasks.task(session, did) if did is not None else None
        following_id = queue.following(session, wanted, queue.place_of(session, did)) if did is not None else None
        has_team = wanted.team is not None
    last = shown[-1].place if shown else None
    context = {
        "items": views,
        "line": line,
        "whose": [
            (words, Line(one, line.kind).href("/worklist"), one is line.whose, counts[one])
            for one, words in WHOSE_NAMES.items()
            if one is not Whose.TEAM or has_team
        ],
        "kinds": kind_choices(kinds, line.kind),
        "untils": UNTIL_CHOICES,
        "finished": finished,
        "following_id": following_id,
        "is_first_page": place is None,
        "following": line.href("/worklist", rank=last.rank, after=last.id) if last and len(found) > PAGE else None,
        "form": Form.starting(request),
    }
    return page(request, "backoffice/worklist/list.html", context)


@get("/worklist/next", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def next_work(
    request: AnyRequest,
    database: GivenDatabase,
    whose: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Go to the first of a list, or to the one behind another; back to the list where nothing is left."""
    line = Line.read(whose, kind)
    with database.reading() as session:
        place = queue.place_of(session, after) if after is not None else None
        following = queue.following(session, wanted_of(session, line, officer_of(request)), place)
    return see_other(request, line.href(f"/tasks/{following}") if following is not None else line.href("/worklist"))
