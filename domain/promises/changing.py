"""Changing: the one place where a promise's state changes, along its arrows, with what that stops and starts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.promises.model import ARROWS, PromiseChange, PromisePart, PromiseStatus, PromiseToPay
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import Task, TaskKind


def note(
    session: Session, promise: PromiseToPay, before: PromiseStatus | None, *, actor: Actor, why: str | None = None
) -> None:
    """Keep a change of state: who, when, why."""
    session.add(
        PromiseChange(
            promise_id=promise.id,
            before=before,
            after=promise.status,
            at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            why=why,
        )
    )
    session.flush()


def end(
    session: Session,
    promise: PromiseToPay,
    after: PromiseStatus,
    *,
    actor: Actor,
    missing: Money | None = None,
    why: str | None = None,
) -> None:
    """End a promise, or judge it anew: what it held is chased again. Conflict where no arrow leads there.

    A broken one, of which so much is `missing`, opens a task; kept after all, it closes it.
    """
    before = promise.status
    if after not in ARROWS[before]:
        raise Conflict(N_("This promise has ended already."))
    promise.status, promise.ended_at = after, now(session)
    note(session, promise, before, actor=actor, why=why)
    stops.lift(session, StopKind.PROMISE, promise.source, actor=actor)
    subject = ("promise", promise.id)
    if after is PromiseStatus.BROKEN:
        tasks.open_task(
            session, TaskKind.PROMISE_BROKEN, subject=subject, account_id=promise.account_id, worth=missing, detail={}
        )
    else:
        working.settle(session, TaskKind.PROMISE_BROKEN, subject=subject)
    audit.record(
        session,
        f"promise.{after}",
        actor=actor,
        subject=subject,
        account_id=promise.account_id,
        before={"status": before},
        after={"status": after, "amount": promise.amount, "promised_on": promise.promised_on, "why": why},
    )


def answer_broken(
    session: Session, account_id: int, invoice_ids: Collection[int], *, actor: Actor, words: str | None
) -> None:
    """End the tasks about broken promises of an account of which all that is open is promised anew."""
    waiting = select(Task.id, Task.subject_id).where(
        Task.kind == TaskKind.PROMISE_BROKEN, Task.account_id == account_id, Task.done_at.is_(None)
    )
    broken = {int(row.subject_id): row.id for row in session.execute(waiting.order_by(Task.id))}
    beside = select(PromisePart.promise_id).where(
        PromisePart.promise_id.in_(broken),
        PromisePart.invoice_id == Invoice.id,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.open_minor > 0,
        Invoice.id.not_in(invoice_ids),
    )
    still = set(session.scalars(beside)) if broken else set()
    for promise_id, task_id in broken.items():
        if promise_id in still:
            continue
        if actor.kind is ActorKind.STAFF:
            working.done(session, task_id, actor=actor, note=words)
        else:
            working.settle(session, TaskKind.PROMISE_BROKEN, subject=("promise", promise_id))
