"""Correspondence: what a customer and we wrote to each other about these invoices, in disputes too, as one paper."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import null, select
from sqlalchemy.orm import Session

from domain.disputes.model import Dispute, DisputeMessage, MessageKind
from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper, Renderer
from domain.notices.incoming.model import Incoming
from domain.notices.model import STATUS_NAMES, WENT_OUT, Notice, NoticeContent, NoticePart
from domain.policies.contacting import Channel
from domain.processing.contested.case import LOOKED_BACK, Case
from domain.shared.db.session import business, now
from domain.shared.errors import N_
from domain.shared.words import Words

MOST = 12
"""Messages of each direction: a bank does not read more, and counts the pages."""
LONGEST = 4000
"""Characters of one message."""
WROTE = {
    Channel.EMAIL: N_("We wrote by email"),
    Channel.SMS: N_("We wrote a text message"),
    Channel.LETTER: N_("We wrote a letter"),
    Channel.CALL: N_("We called"),
}


def correspondence(session: Session, renderer: Renderer, case: Case) -> bytes | None:
    """The paper, the oldest message first; None where nothing was written."""
    found = sorted(
        [*_written(session, case), *_received(session, case), *_disputed(session, case)], key=lambda entry: entry[0]
    )
    if not found:
        return None
    paper: Paper = {
        "made_at": now(session),
        "business": letterhead(business(session)),
        "customer": {
            "name": case.account.name,
            "number": case.account.number,
            "address": case.account.address,
        },
        "title": Words.of(N_("Messages with the customer")),
        "reference": case.payment.receipt_number,
        "entries": [entry for _, entry in found],
    }
    return renderer.render("correspondence", paper, "en")


def _written(session: Session, case: Case) -> list[tuple[datetime, Paper]]:
    """The last notices that went out about the invoices of the payment, with what became of them."""
    about = select(NoticePart.notice_id).where(NoticePart.invoice_id.in_([each.id for each in case.invoices]))
    rows = session.execute(
        select(Notice.sent_at, Notice.channel, Notice.address, Notice.status, NoticeContent.subject, NoticeContent.body)
        .join(NoticeContent, NoticeContent.notice_id == Notice.id)
        .where(Notice.id.in_(about), Notice.status.in_(WENT_OUT), Notice.sent_at.is_not(None))
        .order_by(Notice.id.desc())
        .limit(MOST)
    )
    return [
        (
            row.sent_at,
            {
                "heading": Words.of(WROTE[row.channel]),
                "address": row.address or "",
                "at": row.sent_at,
                "result": Words.of(STATUS_NAMES[row.status]),
                "subject": row.subject,
                "body": row.body[:LONGEST],
            },
        )
        for row in rows
    ]


def _received(session: Session, case: Case) -> list[tuple[datetime, Paper]]:
    """The last messages of the customer from well before the payment on."""
    rows = session.execute(
        select(Incoming.written_at, Incoming.taken_in_at, Incoming.sender, Incoming.subject, Incoming.body)
        .where(Incoming.account_id == case.account.id, Incoming.taken_in_at >= case.payment.created_at - LOOKED_BACK)
        .order_by(Incoming.id.desc())
        .limit(MOST)
    )
    return [
        (
            row.taken_in_at,
            {
                "heading": Words.of(N_("The customer wrote")),
                "address": row.sender,
                "at": row.written_at or row.taken_in_at,
                "result": "",
                "subject": row.subject,
                "body": row.body[:LONGEST],
            },
        )
        for row in rows
    ]


def _disputed(session: Session, case: Case) -> list[tuple[datetime, Paper]]:
    """What was last said in disputes about these invoices, and with what each began; staff notes stay here."""
    about = Dispute.invoice_id.in_([each.id for each in case.invoices])
    begun = session.execute(
        select(Dispute.number, Dispute.words, Dispute.raised_at.label("at"), null().label("from_us"))
        .where(about)
        .order_by(Dispute.id.desc())
        .limit(MOST)
    ).all()
    said = session.execute(
        select(Dispute.number, DisputeMessage.words, DisputeMessage.at, DisputeMessage.from_us)
        .join(Dispute, Dispute.id == DisputeMessage.dispute_id)
        .where(about, DisputeMessage.kind != MessageKind.NOTE, DisputeMessage.words != "")
        .order_by(DisputeMessage.id.desc())
        .limit(MOST)
    ).all()
    return [
        (
            row.at,
            {
                "heading": Words.of(N_("We wrote in the dispute") if row.from_us else N_("The customer disputed")),
                "address": row.number,
                "at": row.at,
                "result": "",
                "subject": "",
                "body": row.words[:LONGEST],
            },
        )
        for row in (*begun, *said)
    ]
