"""Texting: what Twilio told us, as it lies in the inbox, and what is to be done about it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from adapters.sms.webhooks import news_of, text_of
from app.handlers.looks import Apply
from app.text_hooks import MARK, NEWS, RECEIVED
from domain.notices.incoming import texting
from domain.shared.actor import WORKER, Actor
from domain.shared.db.rows import AnyRow


def tell_of_text(event: AnyRow) -> Apply | None:
    """What became of a text of ours; None for what says nothing to us."""
    news = news_of(event.payload, event.payload[MARK])
    if news is None:
        return None

    def apply(session: Session) -> None:
        texting.told(session, news.mark, news.state, fault=news.fault, detail=news.detail, actor=WORKER)

    return apply


def take_text_in(event: AnyRow) -> Apply:
    """A text that somebody sent us."""
    text = text_of(event.payload)

    def apply(session: Session) -> None:
        texting.texted(
            session,
            message_id=f"{event.source}:{text.message_id}",
            sender=text.sender,
            body=text.body,
            wish=text.wish,
            at=event.received_at,
            actor=Actor.visitor(),
        )

    return apply


TELLS = {NEWS: tell_of_text, RECEIVED: take_text_in}
"""The kinds of event that bring all there is to know."""
