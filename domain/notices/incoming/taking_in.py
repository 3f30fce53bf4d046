"""Incoming: a message from a customer is taken in once, stands on their timeline, and waits for somebody's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.notices.incoming import disputing
from domain.notices.incoming.attachments import FileAttachments
from domain.notices.incoming.matching import Match, MatchedBy, match
from domain.notices.incoming.model import INCOMING, Incoming
from domain.notices.incoming.wishes import Wish, wish
from domain.notices.model import Notice
from domain.notices.reach import unsubscribing
from domain.outbox.sending import add
from domain.policies.contacting import Channel
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.tasks import opening, working
from domain.tasks.model import TaskKind

NO_SUCH_MESSAGE = N_("We could not find that message.")
LONGEST_ID, LONGEST_SENDER, LONGEST_SUBJECT, LONGEST_BODY = 300, 254, 500, 100_000
"""Characters of each that are kept; the whole of a mail lies with its document."""
SUBJECT = "incoming"
"""What messages are called as the subject of tasks and acts."""


def take_in(
    session: Session,
    *,
    message_id: str,
    channel: Channel,
    sender: str,
    subject: str,
    body: str,
    written_at: datetime | None,
    references: Sequence[str] = (),
    needs_answer: bool = True,
    is_report: bool = False,
    actor: Actor,
) -> Incoming | None:
    """Keep a message and ask somebody to answer it; None where it was taken in before.

    `references` are the message ids that it answers to. One that says nothing but "stop" stops what it came by, and
    neither that nor one that `needs_answer` is False for (an out-of-office note) opens a task. A mail that says "start"
    brings messages back where it answers one that went to its sender; else a person reads it. One about a dispute is
    heard there; what `is_report` of a mail server is not.
    """
    sender, said = clean(sender, LONGEST_SENDER), clean(body, LONGEST_BODY)
    titled = " ".join(clean(subject, LONGEST_SUBJECT).split())
    found = match(session, channel, sender, f"{titled}\n{said}", references)
    wanted = wish(titled, said) if found is not None and needs_answer else None
    if wanted is Wish.START and not _may_start(session, channel, sender, found):
        wanted = None
    waits = needs_answer and wanted is None
    values = {
        "message_id": _kept_id(message_id),
        "channel": channel,
        "account_id": found.account_id if found else None,
        "notice_id": found.notice_id if found else None,
        "matched_by": found.by if found else None,
        "sender": sender,
        "subject": titled,
        "body": said,
        "written_at": written_at,
        "taken_in_at": now(session),
        "settled_at": None if waits else now(session),
    }
    new_id = insert_if_new(session, INCOMING, ("message_id",), values)
    if new_id is None:
        return None
    message = session.get_one(Incoming, new_id)
    _record(session, message, "message.taken_in" if waits else "message.kept", actor)
    if wanted is not None:
        _grant(session, message, wanted, actor)
    if waits:
        _ask(session, message)
    if waits and not is_report:
        disputing.hear(session, message, references, actor=actor)
    return message


def assign(session: Session, incoming_id: int, account_id: int, *, actor: Actor) -> Incoming:
    """Say whose a message is, also where it was somebody else's before; Conflict where it is that account's already.

    One about a dispute of theirs is heard there, but for what a program wrote of itself: nobody had to settle that.
    """
    message = _locked(session, incoming_id)
    account = accounts.account(session, account_id)
    if message.account_id == account.id:
        raise Conflict(N_("This message belongs to that account already."))
    if message.account_id is not None:
        _record(session, message, "message.taken_away", actor)
    message.account_id, message.notice_id, message.matched_by = account.id, None, MatchedBy.STAFF
    session.flush()
    _record(session, message, "message.assigned", actor)
    if message.document_id is not None:
        add(session, FileAttachments(message.id), account_id=account.id)
    _settle_tasks(session, message)
    if message.settled_at is None:
        _ask(session, message)
    if message.settled_at is None or message.settled_by is not None:
        disputing.hear(session, message, actor=actor)
    return message


def settle(session: Session, incoming_id: int, *, actor: Actor, note: str | None = None) -> None:
    """Mark a message as dealt with, with a word on how; Conflict where a colleague was faster."""
    message = _locked(session, incoming_id)
    if message.settled_at is not None:
        raise Conflict(N_("This message has been dealt with already."))
    message.settled_at, message.settled_by = now(session), actor.id
    _settle_tasks(session, message)
    _record(session, message, "message.settled", actor, why=note or None)


def clean(text: str, longest: int) -> str:
    """`text` as every database takes it: without NUL, without halves of letters, and no longer than `longest`."""
    return text[:longest].encode("utf-8", "replace").decode().replace("\0", "")


def _kept_id(message_id: str) -> str:
    """A message's own id; one that is too long by its hash."""
    bare = clean(message_id, LONGEST_ID + 1).strip()
    if 0 < len(bare) <= LONGEST_ID:
        return bare
    return sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()


def _may_start(session: Session, channel: Channel, sender: str, found: Match | None) -> bool:
    """Whether it shows that its sender reads what we write there: anybody can put an address at the top of a mail."""
    if channel is not Channel.EMAIL:
        return True
    notice = session.get(Notice, found.notice_id) if found is not None and found.notice_id is not None else None
    return notice is not None and (notice.address or "").lower() == sender.lower()


def _grant(session: Session, message: Incoming, wanted: Wish, actor: Actor) -> None:
    address = message.sender.lower() if message.channel is Channel.EMAIL else message.sender
    if wanted is Wish.STOP:
        unsubscribing.opt_out(session, message.channel, address, how="answer", actor=actor, notice_id=message.notice_id)
    else:
        unsubscribing.opt_in(session, message.channel, address, how="answer", actor=actor)


def _ask(session: Session, message: Incoming) -> None:
    """Have somebody look: whose it is, or what to answer."""
    worth = None
    if message.account_id is not None:
        account = accounts.account(session, message.account_id)
        worth = receivables.totals(session, account.id, account.currency).open
    opening.open_task(
        session,
        TaskKind.MESSAGE_UNMATCHED if message.account_id is None else TaskKind.MESSAGE_IN,
        subject=(SUBJECT, message.id),
        account_id=message.account_id,
        worth=worth,
        detail={"from": message.sender, "text": message.subject},
    )


def _settle_tasks(session: Session, message: Incoming) -> None:
    for kind in (TaskKind.MESSAGE_UNMATCHED, TaskKind.MESSAGE_IN):
        working.settle(session, kind, subject=(SUBJECT, message.id))


def _record(session: Session, message: Incoming, act: str, actor: Actor, why: str | None = None) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=(SUBJECT, message.id),
        account_id=message.account_id,
        after={
            "channel": message.channel,
            "from": message.sender,
            "subject": message.subject,
            "matched_by": message.matched_by,
            "notice_id": message.notice_id,
            "why": why,
        },
    )


def _locked(session: Session, incoming_id: int) -> Incoming:
    message = session.get(Incoming, incoming_id, with_for_update=True, populate_existing=True)
    if message is None:
        raise NotFound(NO_SUCH_MESSAGE)
    return message
