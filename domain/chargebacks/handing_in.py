"""Handing in: what the worker writes down of an answer on its way: its files, that it was taken, or that it was not."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks.answers import TOO_LATE, can_answer, locked, note, to_send
from domain.chargebacks.model import AnswerState, ChargebackAnswer
from domain.payments.snapshots import ChargebackSnapshot
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import now
from domain.shared.errors import N_
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

ELSEWHERE = N_("Somebody has answered in the processor's own pages.")


def uploaded(session: Session, answer_id: int, field: str, file_ref: str) -> None:
    """Keep under which name the processor has the file of a field, so that it is not sent again."""
    answer = _locked_answer(session, answer_id)
    answer.file_refs = {**answer.file_refs, field: file_ref}


def try_anew(session: Session, answer_id: int) -> None:
    """The processor keeps an error under the keys used so far, and looking has shown no answer: use new ones."""
    _locked_answer(session, answer_id).attempt += 1


def conclude(session: Session, chargeback_ref: str, seen: ChargebackSnapshot) -> None:
    """Bring the answer to what the processor says: handed in where it bears our mark, else it cannot be any more."""
    chargeback = locked(session, chargeback_ref)
    answer = to_send(session, chargeback_ref)
    if answer is None:
        return
    if not seen.is_answered or seen.answer != answer.mark:
        refuse(session, chargeback_ref, ELSEWHERE if seen.is_answered else TOO_LATE)
        return
    answer.state, answer.submitted_at = AnswerState.SUBMITTED, now(session)
    note(session, chargeback, "chargeback.answered", PROCESSOR, answer)
    settle(session, TaskKind.CHARGEBACK_NOT_ANSWERED, subject=("chargeback", chargeback_ref))


def refuse(session: Session, chargeback_ref: str, why: str) -> None:
    """The processor did not take it, and nothing was handed in: a task asks to mend it while the bank still waits."""
    chargeback = locked(session, chargeback_ref)
    answer = to_send(session, chargeback_ref)
    if answer is None:
        return
    answer.state, answer.refusal, answer.file_refs = AnswerState.REFUSED, why, {}
    answer.attempt += 1
    note(session, chargeback, "chargeback.not_answered", PROCESSOR, answer, why=why)
    if not can_answer(session, chargeback):
        return
    open_task(
        session,
        TaskKind.CHARGEBACK_NOT_ANSWERED,
        subject=("chargeback", chargeback_ref),
        account_id=chargeback.account_id,
        worth=chargeback.amount,
        detail={"processor": chargeback_ref, "why": why},
    )


def _locked_answer(session: Session, answer_id: int) -> ChargebackAnswer:
    return session.scalars(
        select(ChargebackAnswer)
        .where(ChargebackAnswer.id == answer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
