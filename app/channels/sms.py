"""SMS: a notice as a text message; where the carrier says that somebody wants none, that is kept."""

from __future__ import annotations

from sqlalchemy import select

from app.channels.outgoing import Handed, NotNow, Outgoing, Undeliverable
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.notices.incoming import texting
from domain.notices.model import Notice, NoticeStatus, PayLink
from domain.shared.actor import WORKER
from domain.shared.texting import Text, TextFault, TextRefused, TextUnavailable


def send(wired: Wired, outgoing: Outgoing) -> Handed:
    """Hand it to the carrier, which is asked first whether an earlier try got through. Raises Undeliverable, NotNow."""
    if wired.texter is None:
        raise NotNow("nobody is set up to carry text messages")
    text = _text(wired, outgoing)
    try:
        message_id = wired.texter.send(text)
    except TextUnavailable as problem:
        raise NotNow(str(problem), perhaps_sent=problem.perhaps_sent) from problem
    except TextRefused as problem:
        if problem.fault is TextFault.OPTED_OUT:
            _unwelcome(wired, outgoing, str(problem))
        raise Undeliverable(str(problem), dead_address=problem.fault is not TextFault.OTHER) from problem
    return Handed(text.body, detail=message_id)


def _text(wired: Wired, outgoing: Outgoing) -> Text:
    """What is sent, and by what an earlier try of it is recognised."""
    with wired.database.reading() as session:
        due_at = session.scalars(select(Notice.due_at).where(Notice.id == outgoing.notice_id)).one()
        secrets = session.scalars(select(PayLink.token_hash).where(PayLink.notice_id == outgoing.notice_id)).all()
    return Text(outgoing.address, outgoing.said.plain(), outgoing.mark, due_at, frozenset(secrets))


def _unwelcome(wired: Wired, outgoing: Outgoing, detail: str) -> None:
    """They have told the carrier to stop: the number is left alone, and the notice has failed."""
    with wired.database.transaction() as session:
        accounts.lock(session, outgoing.account_id)
        notice = session.get_one(Notice, outgoing.notice_id, populate_existing=True)
        if notice.status is NoticeStatus.READY:
            texting.refused(session, notice, TextFault.OPTED_OUT, detail=detail, actor=WORKER)
