"""Accepting: staff give in to a chargeback; the worker tells the processor until it has an answer."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.chargebacks import answers, keeping, queries
from domain.chargebacks.model import Chargeback
from domain.chargebacks.states import ChargebackState
from domain.outbox import sending as outbox
from domain.outbox.sending import Message
from domain.shared.actor import PROCESSOR, Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle


class AcceptChargeback(Message, frozen=True):
    """Tell the processor that we give in; repeating it changes nothing."""

    kind: ClassVar[str] = "accept_chargeback"
    chargeback_ref: str


def accept(session: Session, chargeback_ref: str, *, actor: Actor) -> Chargeback:
    """Give in to a chargeback that waits for our answer; Conflict where it does not, or where that is under way."""
    chargeback = _locked(session, chargeback_ref)
    if chargeback.state is not ChargebackState.NEEDS_RESPONSE:
        raise Conflict(N_("This chargeback does not wait for our answer any more."))
    if chargeback.accepting_since is not None:
        raise Conflict(N_("This chargeback is being accepted already."))
    if answers.is_sending(session, chargeback.id):
        raise Conflict(N_("An answer to this chargeback is on its way to the processor."))
    chargeback.accepting_since = now(session)
    settle(session, TaskKind.CHARGEBACK_NOT_ACCEPTED, subject=("chargeback", chargeback_ref))
    record(
        session,
        "chargeback.accepting",
        actor=actor,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        after={"amount": chargeback.amount},
    )
    outbox.add(session, AcceptChargeback(chargeback_ref), account_id=chargeback.account_id)
    return chargeback


def not_accepted(session: Session, chargeback_ref: str, why: str) -> None:
    """The processor has refused, and nothing happened: the chargeback waits for our answer as before, with a task."""
    chargeback = _locked(session, chargeback_ref)
    chargeback.accepting_since = None
    record(
        session,
        "chargeback.not_accepted",
        actor=PROCESSOR,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        after={"why": why},
    )
    open_task(
        session,
        TaskKind.CHARGEBACK_NOT_ACCEPTED,
        subject=("chargeback", chargeback_ref),
        account_id=chargeback.account_id,
        worth=chargeback.amount,
        detail={"processor": chargeback_ref, "why": why},
    )


def _locked(session: Session, chargeback_ref: str) -> Chargeback:
    account_id = queries.by_ref(session, chargeback_ref).account_id
    if account_id is not None:
        accounts.lock(session, account_id)
    return keeping.locked(session, chargeback_ref)
