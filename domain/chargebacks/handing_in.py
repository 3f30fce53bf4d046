"""Handing in: what the worker writes down of an answer on its way: its files, that it was taken, or that it was not."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks.answering import AnswerChargeback
from domain.chargebacks.answers import TOO_LATE, can_answer, locked, note, to_send
from domain.chargebacks.model import AnswerState, Chargeback, ChargebackAnswer
from domain.outbox import queries as outbox
from domain.outbox.delivering import retry
from domain.payments.snapshots import ChargebackSnapshot
from domain.shared.actor import PROCESSOR, Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

ELSEWHERE = N_("Somebody has answered in the processor's own pages.")
OUT_OF_REACH = N_("The processor could not be reached, however often it was tried.")


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
    if can_answer(session, chargeback):
        _ask(session, chargeback, why)


def given_up(session: Session, chargeback_ref: str) -> None:
    """The worker tries no more, and whether it was handed in is not known: a task asks somebody to try again.

    The answer stays as it is on its way: to try again looks first, and hands in nothing twice.
    """
    chargeback = locked(session, chargeback_ref)
    if to_send(session, chargeback_ref) is not None:
        _ask(session, chargeback, OUT_OF_REACH)


def stranded(session: Session, chargeback_ref: str) -> int | None:
    """The message that was given up and would hand in the answer that is on its way; None where none was."""
    if to_send(session, chargeback_ref) is None:
        return None
    return outbox.given_up_about(session, AnswerChargeback.kind, "chargeback_ref", chargeback_ref)


def try_again(session: Session, chargeback_ref: str, *, actor: Actor) -> None:
    """Have the worker hand in, just as it is, an answer that it had given up; Conflict where it had not."""
    locked(session, chargeback_ref)
    message_id = stranded(session, chargeback_ref)
    if message_id is None:
        raise Conflict(N_("This answer has not been given up."))
    retry(session, message_id, actor=actor)
    settle(session, TaskKind.CHARGEBACK_NOT_ANSWERED, subject=("chargeback", chargeback_ref))


def _ask(session: Session, chargeback: Chargeback, why: str) -> None:
    open_task(
        session,
        TaskKind.CHARGEBACK_NOT_ANSWERED,
        subject=("chargeback", chargeback.chargeback_ref),
        account_id=chargeback.account_id,
        worth=chargeback.amount,
        detail={"processor": chargeback.chargeback_ref, "why": why},
    )


def _locked_answer(session: Session, answer_id: int) -> ChargebackAnswer:
    return session.scalars(
        select(ChargebackAnswer)
        .where(ChargebackAnswer.id == answer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
