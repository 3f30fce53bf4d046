"""Worklist ranking: how much each factor counts, tried on what waits now before it holds."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import actor_of, admit, officer_of
from backoffice.worklist_views import Line, item_views
from domain.shared.db.session import Database
from domain.shared.errors import Refused
from domain.staff.permissions import Permission
from domain.worklist import queue, tuning, weighing
from domain.worklist.queue import Whose
from domain.worklist.ranking import FACTOR_NAMES, USUAL, Factor, Weights
from domain.worklist.tuning import MOST
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/worklist/ranking"


@get(PATH, guards=admit(Permission.TUNE_WORKLIST), sync_to_thread=True)
def ranking_form(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """How much each factor counts now, and what stands first."""
    with database.reading() as session:
        weights = tuning.current(session)
    filled = {which.value: str(weights.of(which)) for which in Factor}
    return _shown(request, database, Form.starting(request, **filled), weights)


@post(PATH, guards=admit(Permission.TUNE_WORKLIST), sync_to_thread=True)
def tune_ranking(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Show the order that these weights would give, or let them hold."""
    weights = USUAL
    try:
        with form.reading():
            weights = Weights(*(form.number(which.value, least=0, most=MOST) for which in Factor))
        if form.value("step") != "save":
            return _shown(request, database, form, weights)
        with database.transaction() as session:
            tuning.tune(session, weights, actor=actor_of(request))
        _weigh_some(database)
    except Refused as refused:
        return _shown(request, database, form.refused(refused), None, status=status_of(refused))
    return see_other(request, Line(Whose.ALL).href("/worklist"))


def _weigh_some(database: Database) -> None:
    """Put the first hundreds in their new order at once; the worker does the rest within seconds."""
    with database.reading() as session:
        usual = weighing.usual_amounts(session)
    with database.transaction() as session:
        weighing.weigh(session, usual)


def _shown(
    request: AnyRequest, database: Database, form: Form, weights: Weights | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        now = tuning.current(session)
        moved = tuning.preview(session, weights or now)
        items = queue.of_tasks(session, [one.task_id for one in moved])
        views = item_views(session, items, Line(Whose.ALL), officer_of(request))
    context = {
        "factors": [(which.value, FACTOR_NAMES[which], now.of(which)) for which in Factor],
        "moved": list(zip(moved, views, strict=True)),
        "is_tried": weights is not None and weights != now,
        "most": MOST,
        "form": form,
    }
    return page(request, "backoffice/worklist/ranking.html", context, status=status)
