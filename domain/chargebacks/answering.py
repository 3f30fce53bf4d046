"""Answering: evidence for the bank, worked on by staff together, and the decision to hand it in, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from domain.chargebacks import evidence
from domain.chargebacks.answers import TOO_LATE, answer_of, can_answer, fitting, last, locked, note
from domain.chargebacks.model import WORKED_ON, AnswerState, Chargeback, ChargebackAnswer
from domain.outbox import sending as outbox
from domain.outbox.sending import Message
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.ids import new_public_id
from domain.tasks.model import TaskKind
from domain.tasks.working import settle

NOBODY_BEGAN = N_("Nobody has begun to answer this chargeback.")
NOTHING = N_("There is nothing in this answer yet.")


class AnswerChargeback(Message, frozen=True):
    """Hand in the answer to a chargeback; repeating it changes nothing."""

    kind: ClassVar[str] = "answer_chargeback"
    chargeback_ref: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says: texts, and ids of documents, by field."""

    texts: Mapping[str, str]
    files: Mapping[str, Sequence[int]]


def begin(session: Session, chargeback_ref: str, content: Content, *, actor: Actor) -> ChargebackAnswer:
    """Begin an answer with this, or replace all that a draft says; Conflict where the bank takes none."""
    chargeback = _answerable(session, chargeback_ref)
    answer = answer_of(session, chargeback.id)
    texts, files = _checked(session, chargeback, content)
    if answer is not None:
        _check_worked_on(answer)
        _write(session, answer, texts, files, actor)
    else:
        before = last(session, chargeback.id)
        answer = ChargebackAnswer(
            chargeback_id=chargeback.id,
            number=before.number + 1 if before else 1,
            mark=new_public_id(now(session)),
            state=AnswerState.DRAFT,
            attempt=1,
            version=1,
            texts=texts,
            files=files,
            file_refs={},
            made_at=now(session),
            edited_at=now(session),
            edited_by=actor.id,
        )
        session.add(answer)
        session.flush()
    note(session, chargeback, "chargeback.answer_drafted", actor, answer)
    return answer


def edit(session: Session, chargeback_ref: str, content: Content, *, version: int, actor: Actor) -> ChargebackAnswer:
    """Change what a draft says; Conflict where a colleague has changed it since, or it is handed in; Invalid."""
    chargeback, answer = _draft(session, chargeback_ref, version)
    texts, files = _checked(session, chargeback, content)
    if (texts, files) != (answer.texts, answer.files):
        _write(session, answer, texts, files, actor)
        note(session, chargeback, "chargeback.answer_edited", actor, answer)
    return answer


def submit(session: Session, chargeback_ref: str, *, version: int, actor: Actor) -> ChargebackAnswer:
    """Decide that this is the answer: the worker hands it in, once and for good. Conflict, and Invalid where empty."""
    chargeback, answer = _draft(session, chargeback_ref, version)
    if not answer.texts and not answer.files:
        raise Invalid(NOTHING)
    _check_files(session, chargeback, answer.files)
    answer.state, answer.handed_in_at, answer.refusal = AnswerState.SENDING, now(session), None
    settle(session, TaskKind.CHARGEBACK_NOT_ANSWERED, subject=("chargeback", chargeback_ref))
    note(session, chargeback, "chargeback.answering", actor, answer)
    outbox.add(session, AnswerChargeback(chargeback_ref), account_id=chargeback.account_id)
    return answer


def _answerable(session: Session, chargeback_ref: str) -> Chargeback:
    chargeback = locked(session, chargeback_ref)
    if not can_answer(session, chargeback):
        raise Conflict(TOO_LATE)
    return chargeback


def _draft(session: Session, chargeback_ref: str, version: int) -> tuple[Chargeback, ChargebackAnswer]:
    chargeback = _answerable(session, chargeback_ref)
    answer = answer_of(session, chargeback.id)
    if answer is None:
        raise Conflict(NOBODY_BEGAN)
    _check_worked_on(answer)
    if answer.version != version:
        raise Conflict(N_("A colleague has changed this answer meanwhile. Look at it again."))
    return chargeback, answer


def _check_worked_on(answer: ChargebackAnswer) -> None:
    if answer.state not in WORKED_ON:
        raise Conflict(N_("This answer has been handed in already."))


def _write(
    session: Session, answer: ChargebackAnswer, texts: dict[str, str], files: dict[str, list[int]], actor: Actor
) -> None:
    answer.texts, answer.files, answer.file_refs = texts, files, {}
    answer.version += 1
    answer.edited_at, answer.edited_by = now(session), actor.id
    session.flush()


def _checked(session: Session, chargeback: Chargeback, content: Content) -> tuple[dict[str, str], dict[str, list[int]]]:
    """The texts tidied, and files only of this customer, in a form that banks take."""
    files = {name: sorted(set(ids)) for name, ids in content.files.items() if ids}
    _check_files(session, chargeback, files)
    return evidence.tidied(content.texts), files


def _check_files(session: Session, chargeback: Chargeback, files: Mapping[str, Sequence[int]]) -> None:
    """Invalid, beside the field, where one of them may not go to the bank, or not any more."""
    named = {document_id for ids in files.values() for document_id in ids}
    fit = {document.id for document in fitting(session, chargeback.id, chargeback.account_id, named)}
    for name, ids in files.items():
        field = evidence.FIELDS.get(name)
        if field is None or field.sort is not evidence.Sort.FILE or not fit.issuperset(ids):
            raise Invalid(N_("Choose among the files that are filed for this customer."), field=name)
