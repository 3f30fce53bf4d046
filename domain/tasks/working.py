"""Working: take a task, finish it, and open it again."""

from __future__ import annotations

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.tasks.model import DECIDED, TASKS, Task, TaskKind

NO_SUCH_TASK = N_("We could not find that task.")
TO_DECIDE = N_("This is done when it is decided: approve it or refuse it.")


def take(session: Session, task_id: int, *, actor: Actor) -> None:
    """Make an open task one's own, from a colleague too; Conflict where it is done."""
    task = open_one(session, task_id)
    if task.owner_id == actor.id:
        return
    before, task.owner_id = task.owner_id, _staff_id(actor)
    _record(session, task, "task.taken", actor, before={"owner_id": before})


def give(session: Session, kind: TaskKind, *, subject: tuple[str, int | str], owner_id: int | None) -> None:
    """Make the open task of this kind about `subject`, if there is one, theirs who the matter belongs to."""
    session.execute(_open_about(kind, subject).values(owner_id=owner_id))


def give_back(session: Session, task_id: int, *, actor: Actor) -> None:
    """Leave an open task to whoever takes it."""
    task = open_one(session, task_id)
    before, task.owner_id = task.owner_id, None
    _record(session, task, "task.given_back", actor, before={"owner_id": before})


def done(session: Session, task_id: int, *, actor: Actor, note: str | None = None) -> None:
    """Finish an open task, with a word on how it ended; Conflict where it is done, or where a decision ends it."""
    task = open_one(session, task_id)
    _check_by_hand(task)
    task.done_at, task.done_by = now(session), _staff_id(actor)
    if note and note.strip():
        task.detail = {**task.detail, "note": note.strip()}
    _record(session, task, "task.done", actor, before=None)


def reopen(session: Session, task_id: int, *, actor: Actor) -> None:
    """Open a finished task again; Conflict where it is open, or a new one on the matter is, or it was decided."""
    task = _locked(session, task_id)
    _check_by_hand(task)
    same = select(Task.id).where(
        Task.kind == task.kind,
        Task.subject_kind == task.subject_kind,
        Task.subject_id == task.subject_id,
        Task.done_at.is_(None),
    )
    if session.scalars(same).first() is not None:
        raise Conflict(N_("This is open already."))
    task.done_at, task.done_by = None, None
    _record(session, task, "task.reopened", actor, before=None)


def settle(session: Session, kind: TaskKind, *, subject: tuple[str, int | str]) -> None:
    """Finish the open task of this kind about `subject`, if there is one, because the matter has settled itself."""
    session.execute(_open_about(kind, subject).values(done_at=now(session)))


def _open_about(kind: TaskKind, subject: tuple[str, int | str]) -> Update:
    subject_kind, subject_id = subject
    return update(TASKS).where(
        TASKS.c.kind == kind,
        TASKS.c.subject_kind == subject_kind,
        TASKS.c.subject_id == str(subject_id),
        TASKS.c.done_at.is_(None),
    )


def open_one(session: Session, task_id: int) -> Task:
    """An open task, held until the transaction ends; NotFound, Conflict where it is done."""
    task = _locked(session, task_id)
    if task.done_at is not None:
        raise Conflict(N_("This has been done already."))
    return task


def _locked(session: Session, task_id: int) -> Task:
    task = session.get(Task, task_id, with_for_update=True, populate_existing=True)
    if task is None:
        raise NotFound(NO_SUCH_TASK)
    return task


def _staff_id(actor: Actor) -> int:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise ValueError("tasks are worked by staff")
    return actor.id


def _check_by_hand(task: Task) -> None:
    if task.kind in DECIDED:
        raise Conflict(TO_DECIDE)


def _record(session: Session, task: Task, act: str, actor: Actor, *, before: dict[str, object] | None) -> None:
    session.flush()
    record(session, act, actor=actor, subject=("task", task.id), account_id=task.account_id, before=before)
