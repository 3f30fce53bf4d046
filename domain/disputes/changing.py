"""Changing: the one place where a dispute's state and amount change; what it holds follows, and whoever must look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.disputes.messages import News, TellDispute
from domain.disputes.model import (
    ARROWS,
    Dispute,
    DisputeChange,
    DisputeHandling,
    DisputeMessage,
    DisputeStatus,
    MessageKind,
    Outcome,
)
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.outbox import sending as outbox
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind


def handling_of(session: Session, dispute: Dispute) -> DisputeHandling:
    """Who handles a dispute that was read under its account's lock, and by when."""
    return session.get_one(DisputeHandling, dispute.id, populate_existing=True)


def day_of(session: Session, account_id: int) -> date:
    """Today where the account is: what its customer was promised until a day holds through that day there."""
    return day_in(now(session), session.get_one(Account, account_id).time_zone)


def note(
    session: Session, dispute: Dispute, before: DisputeStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why."""
    session.add(
        DisputeChange(
            dispute_id=dispute.id,
            before=before,
            after=dispute.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    session.flush()


def move(session: Session, dispute: Dispute, after: DisputeStatus, *, actor: Actor, why: str | None = None) -> None:
    """Go to another state; Conflict where no arrow leads there."""
    before = dispute.status
    if after not in ARROWS[before]:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    dispute.status = after
    if before is DisputeStatus.AWAITING_CUSTOMER:
        _wait_no_more(session, dispute)
    note(session, dispute, before, actor=actor, why=why)


def end(
    session: Session,
    dispute: Dispute,
    after: DisputeStatus,
    *,
    actor: Actor,
    news: News = News.ENDED,
    outcome: Outcome | None = None,
    why: str | None = None,
) -> None:
    """End a dispute: what it held is chased again, nobody has to look any more, and who raised it is told."""
    if after not in ARROWS[dispute.status]:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    dispute.outcome = outcome
    dispute.ended_at = now(session)
    move(session, dispute, after, actor=actor, why=why)
    stops.lift(session, StopKind.DISPUTE, dispute.source, actor=actor)
    rests(session, dispute)
    tell(session, dispute, news)


def hold(session: Session, dispute: Dispute, *, actor: Actor) -> None:
    """Leave what a dispute contests alone from now on."""
    stops.write(
        session,
        dispute.account_id,
        StopKind.DISPUTE,
        dispute.source,
        actor=actor,
        invoice_id=dispute.invoice_id,
        amount=dispute.amount,
    )


def resize(session: Session, dispute: Dispute, amount: Money, *, actor: Actor, why: str) -> None:
    """Contest another amount from now on; `why` names the dispute that it went to or came from."""
    before, dispute.amount_minor = dispute.amount, amount.minor
    stops.lift(session, StopKind.DISPUTE, dispute.source, actor=actor)
    session.flush()
    hold(session, dispute, actor=actor)
    audit.record(
        session,
        "dispute.resized",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=dispute.account_id,
        before={"amount": before},
        after={"number": dispute.number, "amount": amount, "why": why},
    )


def needs_us(session: Session, dispute: Dispute) -> None:
    """Ask whoever handles a dispute to look; once, until it rests."""
    number = session.get_one(Invoice, dispute.invoice_id).number
    opened = tasks.open_task(
        session,
        TaskKind.DISPUTE,
        subject=("dispute", dispute.id),
        account_id=dispute.account_id,
        worth=dispute.amount,
        detail={"number": dispute.number, "invoice": number},
    )
    if opened is not None:
        give_task(session, dispute)


def give_task(session: Session, dispute: Dispute) -> None:
    """Give the open task about a dispute, if there is one, to whoever handles it."""
    owner_id = handling_of(session, dispute).owner_id
    working.give(session, TaskKind.DISPUTE, subject=("dispute", dispute.id), owner_id=owner_id)


def rests(session: Session, dispute: Dispute) -> None:
    """Nobody of us has to look at a dispute for now."""
    working.settle(session, TaskKind.DISPUTE, subject=("dispute", dispute.id))


def say(
    session: Session, dispute: Dispute, kind: MessageKind, words: str, *, from_us: bool, actor: Actor
) -> DisputeMessage:
    """Add a message to a dispute's thread."""
    message = DisputeMessage(
        dispute_id=dispute.id,
        kind=kind,
        from_us=from_us,
        words=words.strip(),
        at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(message)
    session.flush()
    return message


def keep_files(
    session: Session, dispute: Dispute, taken: Sequence[TakenIn], *, about: DisputeMessage | None = None, actor: Actor
) -> None:
    """File what came with a message of a dispute's thread, or with the dispute; what came with a note is ours alone."""
    filing.enter_all(
        session,
        taken,
        category=Category.EVIDENCE,
        account_id=dispute.account_id,
        subject=about.subject if about else ("dispute", dispute.id),
        actor=actor,
        for_staff=about is not None and about.kind is MessageKind.NOTE,
    )


def tell(session: Session, dispute: Dispute, news: News, message: DisputeMessage | None = None) -> None:
    """Have whoever raised a dispute told the news of it, with the message of its thread that it is about."""
    message_id = message.id if message else None
    outbox.add(session, TellDispute(dispute.id, news, message_id), account_id=dispute.account_id)


def _wait_no_more(session: Session, dispute: Dispute) -> None:
    handling = handling_of(session, dispute)
    handling.asked_at = handling.silent_on = handling.closes_as = handling.reminded_at = None
    session.flush()
