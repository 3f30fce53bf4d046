"""Answers: the one to a chargeback as it stands, whether the bank takes one, and which files can go with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.chargebacks import evidence, keeping, queries
from domain.chargebacks.model import AnswerState, Chargeback, ChargebackAnswer
from domain.chargebacks.states import WAITING
from domain.documents.model import Document
from domain.documents.queries import IS_ERASED, IS_MISFILED
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_

TOO_LATE = N_("The bank does not take an answer any more.")


def can_answer(session: Session, chargeback: Chargeback) -> bool:
    """Whether the bank takes an answer from here now."""
    in_time = chargeback.respond_by is None or now(session) <= chargeback.respond_by
    return chargeback.state in WAITING and chargeback.can_answer and in_time and chargeback.accepting_since is None


def answer_of(session: Session, chargeback_id: int) -> ChargebackAnswer | None:
    """The answer that is worked on, under way or handed in; None where nobody has begun.

    A bank that asked, was answered, and then takes the money waits for a new one: then there is none yet.
    """
    answer = last(session, chargeback_id)
    if answer is None or answer.state is not AnswerState.SUBMITTED:
        return answer
    return None if session.get_one(Chargeback, chargeback_id).can_answer else answer


def is_sending(session: Session, chargeback_id: int) -> bool:
    """Whether an answer is on its way to the processor."""
    answer = last(session, chargeback_id)
    return answer is not None and answer.state is AnswerState.SENDING


def to_send(session: Session, chargeback_ref: str) -> ChargebackAnswer | None:
    """The answer that the worker is to hand in; None where there is none, or it is through."""
    answer = last(session, queries.by_ref(session, chargeback_ref).id)
    return answer if answer is not None and answer.state is AnswerState.SENDING else None


def fitting(session: Session, chargeback_id: int, account_id: int | None, ids: Collection[int]) -> Sequence[Document]:
    """Those of these documents that can be evidence."""
    wanted = select(Document).where(Document.id.in_(ids), *can_be_evidence(chargeback_id, account_id))
    return session.scalars(wanted.order_by(Document.id)).all()


def can_be_evidence(chargeback_id: int, account_id: int | None) -> Sequence[ColumnElement[bool]]:
    """When a document may go with an answer: of the account or the case, of a kind that banks take, and there."""
    ours = (Document.subject_kind == "chargeback") & (Document.subject_id == chargeback_id)
    if account_id is not None:
        ours |= (Document.account_id == account_id) & (Document.subject_kind != "chargeback")
    return ours, Document.media_type.in_(evidence.TAKEN), ~IS_ERASED, ~IS_MISFILED


def last(session: Session, chargeback_id: int) -> ChargebackAnswer | None:
    """The answer begun last, through or not; read again from the database."""
    return session.scalars(
        select(ChargebackAnswer)
        .where(ChargebackAnswer.chargeback_id == chargeback_id)
        .order_by(ChargebackAnswer.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def locked(session: Session, chargeback_ref: str) -> Chargeback:
    """The chargeback under its lock, and its account's before it; NotFound."""
    account_id = queries.by_ref(session, chargeback_ref).account_id
    if account_id is not None:
        accounts.lock(session, account_id)
    return keeping.locked(session, chargeback_ref)


def note(
    session: Session, chargeback: Chargeback, act: str, actor: Actor, answer: ChargebackAnswer, **words: object
) -> None:
    """Put what was done with an answer on the audit trail."""
    record(
        session,
        act,
        actor=actor,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        after={
            "amount": chargeback.amount,
            "answer": answer.number,
            "version": answer.version,
            "texts": sorted(answer.texts),
            "files": answer.files,
            **words,
        },
    )
