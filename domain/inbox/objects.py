"""Objects: who looks at which outside object right now, so that whatever is read of it is acted upon once."""

from __future__ import annotations

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from domain.inbox.model import LEASES
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now
from domain.shared.retrying import LEASE


def take_object(session: Session, ref: str, holder: str) -> bool:
    """Take the object for two minutes; False while another holder has it. Who has it may take it again, for longer.

    Commit before asking the outside about it: what is read afterwards is then acted upon by nobody else.
    """
    given = {"object_ref": ref, "holder": holder, "until": now(session) + LEASE}
    free = or_(LEASES.c.until <= now(session), LEASES.c.holder == holder)
    taken = update(LEASES).where(LEASES.c.object_ref == ref, free).values(given).returning(LEASES.c.object_ref)
    if session.execute(taken).first() is not None:
        return True
    return bool(insert_new(session, LEASES, ("object_ref",), [given], returning=("object_ref",)))


def release_object(session: Session, ref: str, holder: str) -> None:
    """Let others have the object; nothing where it is not `holder`'s any more."""
    session.execute(delete(LEASES).where(LEASES.c.object_ref == ref, LEASES.c.holder == holder))


def forget_old(session: Session) -> None:
    """Delete leases that ran out: their holders died."""
    session.execute(delete(LEASES).where(LEASES.c.until <= now(session)))
