"""Contesting: hand in what staff answer to a chargeback, or tell the processor that they give in."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.looking import leased
from app.wired import Wired
from domain.chargebacks import accepting, handing_in, queries
from domain.chargebacks.accepting import AcceptChargeback
from domain.chargebacks.answering import AnswerChargeback
from domain.chargebacks.answers import to_send
from domain.chargebacks.bundles import bundles_of, papers_of
from domain.chargebacks.model import ChargebackAnswer
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.snapshots import ChargebackSnapshot
from domain.processing.reconciling.chargebacks import reconcile_chargeback
from domain.shared.db.rows import AnyRow
from domain.shared.errors import Refused


def accept_chargeback(wired: Wired, message: AcceptChargeback) -> None:
    """Tell the processor that we give in; asked again until the answer is known, for that changes nothing.

    Raises Busy while somebody else looks at it, and ProcessorUnreachable while the outcome is unknown.
    """
    with wired.database.reading() as session:
        if queries.by_ref(session, message.chargeback_ref).accepting_since is None:
            return
    with leased(wired, message.chargeback_ref):
        try:
            seen = wired.processor.accept_chargeback(message.chargeback_ref)
        except ProcessorRefused as refused:
            with wired.database.transaction() as session:
                accepting.not_accepted(session, message.chargeback_ref, str(refused))
            return
        with wired.database.transaction() as session:
            chargeback = reconcile_chargeback(session, seen)
    if chargeback.is_open:
        raise ProcessorUnreachable(f"{message.chargeback_ref} is {seen.state} after it was accepted")


def answer_chargeback(wired: Wired, message: AnswerChargeback) -> None:
    """Hand in the answer to a chargeback once, and write down what became of it.

    The processor is looked at first, and again after each doubt: what bears our mark there has been handed in. Raises
    Busy while somebody else looks at it, and ProcessorUnreachable while the outcome is unknown.
    """
    ref = message.chargeback_ref
    with wired.database.reading() as session:
        answer = to_send(session, ref)
    if answer is None:
        return
    with leased(wired, ref):
        seen = wired.processor.chargeback(ref)
        if seen.can_answer and not seen.is_answered:
            try:
                seen = _hand_in(wired, ref, answer)
            except ProcessorConfused:
                with wired.database.transaction() as session:
                    handing_in.try_anew(session, answer.id)
                raise
            except Refused as refused:
                with wired.database.transaction() as session:
                    handing_in.refuse(session, ref, str(refused))
                return
        with wired.database.transaction() as session:
            reconcile_chargeback(session, seen)
            handing_in.conclude(session, ref, seen)


def answer_given_up(session: Session, row: AnyRow) -> None:
    """The message that was to hand in an answer is given up: say so at the chargeback."""
    handing_in.given_up(session, row.payload["chargeback_ref"])


def accepting_given_up(session: Session, row: AnyRow) -> None:
    """The message that was to accept a chargeback is given up: it waits for our answer as before."""
    accepting.not_accepted(session, row.payload["chargeback_ref"], handing_in.OUT_OF_REACH)


def _hand_in(wired: Wired, ref: str, answer: ChargebackAnswer) -> ChargebackSnapshot:
    """Upload what is not there yet, each file in a transaction of its own, and then say all of it at once."""
    key = f"answer:{ref}:{answer.number}:{answer.attempt}"
    refs = dict(answer.file_refs)
    missing = {field: ids for field, ids in answer.files.items() if field not in refs}
    with wired.database.reading() as session:
        papers = papers_of(session, missing)
    for field, made in sorted(bundles_of(wired.store, papers).items()):
        refs[field] = wired.processor.upload_evidence(made.content, f"{field}{made.ending}", key=f"{key}:{field}")
        with wired.database.transaction() as session:
            handing_in.uploaded(session, answer.id, field, refs[field])
    return wired.processor.answer_chargeback(ref, answer.texts | refs, answer=answer.mark, key=key)
