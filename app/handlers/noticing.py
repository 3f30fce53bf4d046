"""Noticing: a notice is looked at once more, put into words, handed to its channel, and what it said is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from app.channels import ways
from app.channels.enclosing import enclosures
from app.channels.outgoing import Handed, NotNow, Outgoing, Undeliverable
from app.wired import Wired
from domain.accounts.model import Account
from domain.dunning.calling_off import call_off
from domain.dunning.courtesy_facts import further
from domain.dunning.last_look import Look, last_look
from domain.notices import changing, pay_links
from domain.notices.messages import SendNotice
from domain.notices.model import Notice, NoticeContent, NoticeStatus
from domain.notices.reach import tracing, unsubscribing
from domain.notices.wording.composing import compose
from domain.outbox import sending as outbox
from domain.shared.actor import WORKER
from domain.shared.db.session import now
from domain.shared.money import Money

SECRET = "…"
"""What stands in the place of a link's secret in what is kept."""


def send_notice(wired: Wired, message: SendNotice) -> None:
    """Hand a notice to its channel; nothing where it has gone, or was called off. Safe to repeat.

    Between the carrier's word and our commit it may go twice, under the same mark. Raises NotNow, and Undeliverable
    where that is not the address's fault: then somebody has to look, and may have it tried again.
    """
    outgoing = prepare(wired, message.notice_id)
    if outgoing is None:
        return
    try:
        handed = ways.way(outgoing.channel)(wired, outgoing)
    except Undeliverable as problem:
        if not problem.dead_address:
            raise
        _bounced(wired, outgoing, str(problem))
        return
    except NotNow as problem:
        if problem.perhaps_sent:
            _perhaps_sent(wired, outgoing, str(problem))
        raise
    keep(wired, outgoing, handed)


def prepare(wired: Wired, notice_id: int) -> Outgoing | None:
    """The notice in its words, with a link of its own, as it is right now; None where it is not to go, or not yet.

    It is held back here where the last look finds that it is no longer true, and put off where the hour is wrong. A
    letter that is made already is not made again: what has changed since is seen to when it is printed.
    """
    with wired.database.transaction() as session:
        account, notice = changing.locked(session, notice_id)
        if notice.status is not NoticeStatus.READY or notice.due_at > now(session):
            return None
        if session.get(NoticeContent, notice_id) is not None:
            return None
        look = last_look(session, account, notice)
        if look.why is not None:
            call_off(session, notice, look.why, actor=WORKER)
            return None
        if look.wait_until is not None:
            _put_off(session, notice, look.wait_until)
            return None
        outgoing = _outgoing(session, wired, account, notice, look)
    return replace(outgoing, attachments=enclosures(wired, notice_id))


def keep(wired: Wired, outgoing: Outgoing, handed: Handed) -> None:
    """Write down what a channel took: what it said, and that it is sent. Safe to repeat."""
    subject, body = (_without_secrets(text, outgoing) for text in (outgoing.said.subject, handed.body))
    with wired.database.transaction() as session:
        _, notice = changing.locked(session, outgoing.notice_id)
        if session.get(NoticeContent, notice.id) is None:
            session.add(
                NoticeContent(
                    notice_id=notice.id,
                    text_id=outgoing.said.text_id,
                    subject=subject,
                    body=body,
                    document_id=handed.document_id,
                    sha256=sha256(f"{subject}\n\n{body}".encode()).hexdigest(),
                    made_at=now(session),
                )
            )
        if notice.status is not NoticeStatus.READY:
            return
        notice.total_minor = outgoing.total.minor
        if handed.sent:
            changing.change(session, notice, NoticeStatus.SENT, actor=WORKER, detail=handed.detail)


def _outgoing(session: Session, wired: Wired, account: Account, notice: Notice, look: Look) -> Outgoing:
    total = Money.sum((part.asked for part in look.parts), notice.currency)
    portal, key = wired.settings.portal.public_url, wired.settings.secret_key.encode()
    link = f"{portal}/l/{pay_links.mint(session, notice)}" if total.minor > 0 else None
    assert notice.address is not None
    can_leave = notice.channel in unsubscribing.LETTERS
    token = unsubscribing.token_for(key, notice.channel, notice.address) if can_leave else None
    return Outgoing(
        notice_id=notice.id,
        account_id=account.id,
        account_number=account.number,
        mark=notice.mark,
        wording=notice.wording,
        channel=notice.channel,
        language=notice.language,
        name=notice.name,
        address=notice.address,
        sender=notice.sender,
        total=total,
        said=compose(session, notice, link=link, parts=look.parts, further=further(session, notice, portal=portal)),
        link=link,
        unsubscribe=f"{portal}/unsubscribe/{token}" if token else None,
    )


def _put_off(session: Session, notice: Notice, until: datetime) -> None:
    """Let it go when the hours begin; the message that is being handled finds it not due and ends."""
    notice.due_at = until
    outbox.add(session, SendNotice(notice_id=notice.id), due_at=until, account_id=notice.account_id)


def _bounced(wired: Wired, outgoing: Outgoing, detail: str) -> None:
    with wired.database.transaction() as session:
        account, notice = changing.locked(session, outgoing.notice_id)
        if notice.status is NoticeStatus.READY:
            tracing.bounced(session, account, notice, how="refused", detail=detail, actor=WORKER)


def _perhaps_sent(wired: Wired, outgoing: Outgoing, detail: str) -> None:
    """Leave a trace of a try that may have arrived, whatever becomes of the notice afterwards."""
    with wired.database.transaction() as session:
        _, notice = changing.locked(session, outgoing.notice_id)
        changing.note(session, notice, notice.status, actor=WORKER, detail=detail)


def _without_secrets(text: str, outgoing: Outgoing) -> str:
    for address in (outgoing.link, outgoing.unsubscribe):
        if address is not None:
            text = text.replace(address, f"{address.rpartition('/')[0]}/{SECRET}")
    return text
