"""Views: lists with their filters that somebody keeps under names of their own."""

from __future__ import annotations

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.staff.model import STAFF
from domain.worklist.model import SAVED_VIEWS

LONGEST_NAME = 80
LONGEST_QUERY = 500
MOST = 30
"""Views that somebody may keep of one list."""
NO_SUCH_VIEW = N_("We could not find that view.")


def views(session: Session, staff_id: int, path: str) -> AnyRows:
    """Somebody's views of the list at `path`, by name: `id`, `name`, `query`."""
    own = SAVED_VIEWS.c.staff_id == staff_id, SAVED_VIEWS.c.path == path
    columns = SAVED_VIEWS.c.id, SAVED_VIEWS.c.name, SAVED_VIEWS.c.query
    return session.execute(select(*columns).where(*own).order_by(SAVED_VIEWS.c.name, SAVED_VIEWS.c.id)).all()


def view(session: Session, staff_id: int, view_id: int) -> AnyRow:
    """One of somebody's views; NotFound for anybody else's."""
    return _own(session, view_id, staff_id)


def save(session: Session, path: str, query: str, name: str, *, actor: Actor) -> int:
    """Keep what a list shows now under a name; returns the view's id.

    Invalid for a name that is none, or with more filters than are kept; Conflict for one that is taken, or where there
    are `MOST` already.
    """
    staff_id = _holder(session, actor)
    words = _name(name)
    if len(query) > LONGEST_QUERY:
        raise Invalid(N_("These are more filters than a view can keep."), field="name")
    _refuse_taken(session, staff_id, path, words)
    own = SAVED_VIEWS.c.staff_id == staff_id, SAVED_VIEWS.c.path == path
    if session.scalars(select(func.count()).where(*own)).one() >= MOST:
        raise Conflict(N_("There are {most} views already. Remove one first."), field="name", most=MOST)
    values = {"staff_id": staff_id, "path": path, "query": query, "name": words, "saved_at": now(session)}
    view_id = int(session.execute(insert(SAVED_VIEWS).returning(SAVED_VIEWS.c.id), values).scalar_one())
    record(session, "view.saved", actor=actor, subject=("saved_view", view_id), after={"name": words})
    return view_id


def rename(session: Session, view_id: int, name: str, *, actor: Actor) -> None:
    """Give one's own view another name. NotFound for anybody else's; Invalid and Conflict as for `save`."""
    staff_id = _holder(session, actor)
    view, words = _own(session, view_id, staff_id), _name(name)
    if words == view.name:
        return
    _refuse_taken(session, staff_id, view.path, words)
    session.execute(update(SAVED_VIEWS).where(SAVED_VIEWS.c.id == view_id).values(name=words))
    _record(session, "view.renamed", view, actor, words)


def remove(session: Session, view_id: int, *, actor: Actor) -> None:
    """Remove one's own view. NotFound for anybody else's."""
    view = _own(session, view_id, _holder(session, actor))
    session.execute(SAVED_VIEWS.delete().where(SAVED_VIEWS.c.id == view_id))
    _record(session, "view.removed", view, actor, None)


def _record(session: Session, act: str, view: AnyRow, actor: Actor, name: str | None) -> None:
    after = {"name": name} if name else None
    record(session, act, actor=actor, subject=("saved_view", view.id), before={"name": view.name}, after=after)


def _holder(session: Session, actor: Actor) -> int:
    """Whose views these are, under a lock, so that two of their browsers do not keep the same name."""
    return int(session.scalars(select(STAFF.c.id).where(STAFF.c.id == actor.id).with_for_update()).one())


def _own(session: Session, view_id: int, staff_id: int) -> AnyRow:
    found = select(SAVED_VIEWS).where(SAVED_VIEWS.c.id == view_id, SAVED_VIEWS.c.staff_id == staff_id)
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_VIEW)
    return row


def _name(given: str) -> str:
    words = " ".join(given.split())
    if not words:
        raise Invalid(N_("Enter a name for the view."), field="name")
    if len(words) > LONGEST_NAME:
        raise Invalid(N_("Use at most {most} characters."), field="name", most=LONGEST_NAME)
    return words


def _refuse_taken(session: Session, staff_id: int, path: str, name: str) -> None:
    own = SAVED_VIEWS.c.staff_id == staff_id, SAVED_VIEWS.c.path == path, SAVED_VIEWS.c.name == name
    if session.execute(select(SAVED_VIEWS.c.id).where(*own)).first() is not None:
        raise Conflict(N_("There is a view of that name already."), field="name")
