"""Disputing by mail: what customers write about a dispute stands in its thread, and it is our turn again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.audit.queries import acts_on
from domain.disputes import talking
from domain.disputes.model import LIVE, Dispute, DisputeHandling
from domain.disputes.raising import LONGEST_WORDS
from domain.notices.incoming.matching import SEARCHED, numbers_in
from domain.notices.incoming.model import Incoming
from domain.shared.actor import Actor

ANSWERED = re.compile(r"\bdispute\.(\d{1,18})\.[a-z]+\.")
"""How the message ids of our mails about a dispute begin (`app.handlers.disputing`)."""
MACHINES = frozenset({"mailer-daemon", "postmaster"})
"""Who writes when a mail of ours did not arrive: that is no answer to it."""
HEARD = "message.in_dispute"
WORDLESS = "…"
"""What stands in the thread for a mail that has nothing but pictures."""


def hear(session: Session, message: Incoming, references: Sequence[str] = (), *, actor: Actor) -> list[int]:
    """Write a message of an account into the live disputes that it is about, once each; their ids.

    It is about the dispute whose mail it answers, else about those that its subject names, else about those that it
    names at all; never about one of another account. What has gone up in another dispute is heard there.
    """
    if message.account_id is None or message.sender.partition("@")[0].lower() in MACHINES:
        return []
    meant = _meant(session, message.account_id, message, references)
    if not meant:
        return []
    accounts.lock(session, message.account_id)
    heard_of = [act.after or {} for act in acts_on(session, _subject(message)) if act.act == HEARD]
    known = {after.get("dispute_id") for after in heard_of}
    heard = []
    for dispute_id in dict.fromkeys(_goes_on_in(session, each) for each in meant):
        dispute = session.get_one(Dispute, dispute_id, populate_existing=True)
        if dispute_id in known or dispute.status not in LIVE:
            continue
        talking.write_to_us(session, message.account_id, dispute_id, _words(message), actor=actor)
        audit.record(
            session,
            HEARD,
            actor=actor,
            subject=_subject(message),
            account_id=message.account_id,
            after={"number": dispute.number, "dispute_id": dispute_id, "from": message.sender},
        )
        heard.append(dispute_id)
    return heard


def _meant(session: Session, account_id: int, message: Incoming, references: Sequence[str]) -> Sequence[int]:
    answered = [int(dispute_id) for one in references for dispute_id in ANSWERED.findall(one)]
    ways = (
        Dispute.id.in_(answered[-1:]),
        Dispute.number.in_(numbers_in(message.subject)),
        Dispute.number.in_(numbers_in(message.body[:SEARCHED])),
    )
    for way in ways:
        theirs = select(Dispute.id).where(Dispute.account_id == account_id, way).order_by(Dispute.id)
        if found := session.scalars(theirs).all():
            return found
    return ()


def _goes_on_in(session: Session, dispute_id: int) -> int:
    """The dispute in which this one goes on, or itself."""
    into = session.get_one(DisputeHandling, dispute_id, populate_existing=True).merged_into_id
    return dispute_id if into is None else _goes_on_in(session, into)


def _words(message: Incoming) -> str:
    """What they wrote, without what they quote; where that is nothing, its subject."""
    own = "\n".join(line for line in message.body.splitlines() if not line.lstrip().startswith(">")).strip()
    return (own or message.subject or WORDLESS)[:LONGEST_WORDS]


def _subject(message: Incoming) -> tuple[str, int]:
    return ("incoming", message.id)
