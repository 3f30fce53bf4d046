"""Viewing: staff look at the portal as the customers of one account see it; nothing can be changed there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.sessions import keeping
from domain.sessions.model import PASSES, Site
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.tokens import new_token, token_hash

PASS_LASTS = timedelta(minutes=2)
"""How long somebody may take from one site to the other."""
LASTS = timedelta(hours=1)
"""How long they may look, at most."""
OVER = N_("This way in has been used already, or is too old. Go back to the back office and choose the customer again.")


def give_pass(session: Session, account_id: int, *, session_id: int, actor: Actor) -> str:
    """Let a member of staff into the portal for one account, and return the secret that takes them there, once.

    `session_id` is their session in the back office: what they open ends with it. Raises NotFound where there is no
    such account. The act stands on the account's timeline.
    """
    account = accounts.account(session, account_id)
    token, at = new_token(), now(session)
    made = {
        "token_hash": token_hash(token),
        "staff_id": actor.id,
        "session_id": session_id,
        "account_id": account.id,
        "made_at": at,
        "expires_at": at + PASS_LASTS,
    }
    session.execute(insert(PASSES).values(made))
    record(session, "account.seen_as_customer", actor=actor, subject=("account", account.id), account_id=account.id)
    return token


def come_in(session: Session, token: str, *, address: str | None, user_agent: str | None) -> tuple[str, int]:
    """Take the pass, and return the secret of the session that it opens and the id of the account that it is for.

    That session ends with the one in the back office that asked for the pass, and is for nobody once that is over.
    Raises Conflict where the pass is used, too old or none of ours, or whoever asked for it is signed out.
    """
    mine = select(PASSES).where(PASSES.c.token_hash == token_hash(token)).with_for_update()
    row = session.execute(mine).one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now(session):
        raise Conflict(OVER)
    office = keeping.held(session, Site.OFFICE, row.session_id)
    if office is None:
        raise Conflict(OVER)
    session.execute(update(PASSES).where(PASSES.c.id == row.id).values(used_at=now(session)))
    secret = keeping.start(
        session,
        site=Site.VIEWING,
        subject_id=row.staff_id,
        address=address,
        user_agent=user_agent,
        account_id=row.account_id,
        opened_from=office,
        lasts=LASTS,
    )
    return secret, int(row.account_id)


def forget_old(session: Session) -> int:
    """Delete passes that nobody can use any more; returns how many."""
    removed = session.execute(delete(PASSES).where(PASSES.c.expires_at < now(session) - keeping.KEPT))
    return int(removed.rowcount)  # type: ignore[attr-defined]
