"""Removing: a content leaves the store some time after its document was erased, unless somebody files the same first.

Whoever files puts the content into the store before the transaction that says so, where it may be already. So nothing
goes before all who were filing when it was erased are done, and nothing is filed while what was put may just be gone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.documents.messages import RemoveContent
from domain.documents.model import REMOVALS, Removal
from domain.outbox.sending import add
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict

REST: Final = timedelta(minutes=10)
"""Longer than a request takes: from erasing to removing, and from removing until the same is filed again."""


def ask_for(session: Session, sha256: str) -> None:
    """Have the worker take a content out of the store, after a rest."""
    values = {"sha256": sha256, "asked_at": now(session), "removed_at": None}
    if not insert_new(session, REMOVALS, ("sha256",), [values], returning=("sha256",)):
        session.execute(update(REMOVALS).where(REMOVALS.c.sha256 == sha256).values(values))
    add(session, RemoveContent(sha256), due_at=now(session) + REST)


def keep(session: Session, sha256: str) -> None:
    """Have a content stay that is needed again; Conflict where it was removed so lately that it may just have gone."""
    removal = _removal(session, sha256)
    if removal is None:
        return
    if removal.removed_at is not None and removal.removed_at > now(session) - REST:
        raise Conflict(N_("The same file was erased just now. Send it again in a few minutes."))
    session.delete(removal)
    session.flush()


def begin(session: Session, sha256: str, *, is_needed: bool) -> bool:
    """Whether a content goes now: nobody has kept it since that was asked for, and nothing needs it."""
    removal = _removal(session, sha256)
    if removal is None:
        return False
    if is_needed:
        session.delete(removal)
        return False
    removal.removed_at = now(session)
    return True


def _removal(session: Session, sha256: str) -> Removal | None:
    return session.get(Removal, sha256, with_for_update=True, populate_existing=True)
