"""Tasks: one piece of work with all that can be done about it in place, and those that are done."""

from __future__ import annotations

from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.task_page import task_page
from backoffice.worklist_views import UNTILS, Line, wanted_of
from domain.accounts import queries as accounts
from domain.shared.db.session import today
from domain.shared.errors import Refused
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.tasks import working
from domain.worklist import queue, snoozing
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
STAYS = {"take": working.take, "give_back": working.give_back, "reopen": working.reopen, "wake": snoozing.wake}
"""What leaves somebody where they are; after everything else the next piece of work opens."""
FROM_LIST = "list"


@get("/tasks", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def list_done(request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None) -> Response[bytes]:
    """The tasks that are done, the newest first; what waits is the worklist's."""
    with database.reading() as session:
        found = tasks.done(session, before=before, limit=PAGE + 1)
        shown = found[:PAGE]
        labels = accounts.labels(session, {task.account_id for task in shown if task.account_id is not None})
        names = staff.names(session, {task.done_by for task in shown if task.done_by is not None})
    context = {
        "tasks": [(task, labels.get(task.account_id or 0)) for task in shown],
        "names": names,
        "following": with_query("/tasks", before=shown[-1].id) if len(found) > PAGE else None,
    }
    return page(request, "backoffice/tasks/list.html", context)


@get("/tasks/{task_id:int}", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def show_task(
    request: AnyRequest,
    database: GivenDatabase,
    task_id: FromPath[int],
    whose: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    did: FromQuery[int | None] = None,
) -> Response[bytes]:
    """One task, with what can be done about it."""
    return task_page(request, database, task_id, Line.read(whose, kind), did=did)


@post("/tasks/{task_id:int}", guards=admit(Permission.WORK_TASKS), sync_to_thread=True)
def work_task(request: AnyRequest, database: GivenDatabase, task_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Take it, give it back, put it off, finish it with a word on how it ended, or open it again."""
    act, line = form.value("act"), Line.of(form)
    try:
        with database.transaction() as session:
            _do(session, task_id, act, form, request)
            following = queue.following(
                session, wanted_of(session, line, officer_of(request)), queue.place_of(session, task_id)
            )
    except Refused as refused:
        refusal = form.refused(refused)
        return task_page(request, database, task_id, line, form=refusal, status=status_of(refused))
    did = None if act in STAYS else task_id
    if form.value("from") == FROM_LIST:
        at = task_id if act in STAYS else following
        return see_other(request, line.href("/worklist", did=did or "") + (f"#task-{at}" if at is not None else ""))
    if act in STAYS:
        return see_other(request, line.href(f"/tasks/{task_id}"))
    return see_other(request, line.href(f"/tasks/{following}" if following is not None else "/worklist", did=did or ""))


def _do(session: Session, task_id: int, act: str, form: Form, request: AnyRequest) -> None:
    actor = actor_of(request)
    if act in STAYS:
        STAYS[act](session, task_id, actor=actor)
    elif act == "snooze":
        with form.reading():
            until_on = _until_on(form, today(session))
        snoozing.snooze(session, task_id, until_on, actor=actor)
    else:
        with form.reading():
            note = form.text("note", required=False, longest=500)
        working.done(session, task_id, actor=actor, note=note)


def _until_on(form: Form, day: date) -> date:
    """The day on which it comes back: the one that is named, or the one that was typed."""
    until = form.choice("until", UNTILS)
    return snoozing.day_of(until, day) or form.day("until_on")
