"""Once: a form that does something for good works once, however often its button is pressed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.sessions.model import SENT_FORMS
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.tokens import token_hash

KEPT = timedelta(days=2)
"""For so long a form that was sent is remembered; a session, and so a page, lives shorter."""


class SentAlready(Conflict):
    """This very form has had its effect before."""

    def __init__(self) -> None:
        super().__init__(N_("This was sent already, and has been done once."))


def use_once(session: Session, token: str) -> None:
    """Use up the token that a form bears, in the transaction of what the form does.

    Raises SentAlready when it was used before, and waits for a transaction that is just using it; Invalid without one.
    """
    if not token:
        raise Invalid(N_("Open the form again and send it from there."))
    used = {"token_hash": token_hash(token), "sent_at": now(session)}
    if insert_if_new(session, SENT_FORMS, ("token_hash",), used) is None:
        raise SentAlready


def forget_old(session: Session) -> None:
    """Delete what no open page can send any more."""
    session.execute(delete(SENT_FORMS).where(SENT_FORMS.c.sent_at < now(session) - KEPT))
