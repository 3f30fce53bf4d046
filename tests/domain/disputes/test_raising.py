"""Raising, resolving and finding disputes: what is contested is left alone until it is decided."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.disputes.checks import check_disputes
from domain.disputes.model import DisputeStatus, Outcome
from domain.disputes.queries import contested
from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.reasons import Reason
from domain.disputes.resolving import accept_settled, reject
from domain.outbox.model import OutboxMessage
from domain.processing.checks import check_books
from domain.receivables.held import held_parts
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, StopKind
from domain.stops.writing import lift
from domain.tasks.model import Task
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of
from tests.support.disputing import a_dispute, contest, disputed


def waiting(session: Session) -> int:
    """How many tasks wait."""
    return len(session.scalars(select(Task.id).where(Task.done_at.is_(None))).all())


def test_a_part_is_contested_and_only_that_is_left_alone(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")

        assert dispute.number.startswith("DSP-")
        assert disputed(session, account, invoice) == 5000
        assert held_parts(session, [account.id], kinds_that_hold(Held.CHASING)) == {invoice.id: money("50")}
        assert waiting(session) == 1
        assert session.scalars(select(OutboxMessage.payload)).all() == [
            {"dispute_id": dispute.id, "news": "raised", "message_id": None}
        ]


def test_without_an_amount_it_is_all_that_is_open(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        a_cheque(session, account, "20", wanted={invoice.id: money("20")})

        assert contest(session, account, invoice).amount == money("100")


def test_no_more_is_contested_than_is_open(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, _ = a_dispute(session, "100")

        with pytest.raises(Invalid) as refused:
            contest(session, account, invoice, "20.01")
        contest(session, account, invoice, "20")

        assert refused.value.field == "amount"
        assert contested(session, [invoice.id]) == {invoice.id: 12000}
        with pytest.raises(Conflict):
            contest(session, account, invoice)


def test_a_rejected_or_withdrawn_dispute_leaves_the_debt_as_it_was(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, first = a_dispute(session)

        reject(session, account.id, first.id, answer="Signed for by Ana.", actor=OPERATOR)
        second = contest(session, account, invoice)
        withdraw(session, account.id, second.id, actor=OPERATOR)

        assert (first.outcome, second.status) == (Outcome.REJECTED, DisputeStatus.WITHDRAWN)
        assert open_of(session, invoice) == [money("120")]
        assert disputed(session, account, invoice) == 0


def test_what_has_ended_does_not_end_again(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)
        withdraw(session, account.id, dispute.id, actor=OPERATOR)

        with pytest.raises(Conflict):
            reject(session, account.id, dispute.id, answer="No", actor=OPERATOR)


def test_a_dispute_of_another_account_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        _, _, dispute = a_dispute(session)
        other = an_account(session)

        with pytest.raises(NotFound):
            withdraw(session, other.id, dispute.id, actor=OPERATOR)


@pytest.mark.parametrize("words", ["", "   ", "x" * 4001])
def test_it_has_to_be_said_what_is_wrong(db: Database, words: str) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        with pytest.raises(Invalid) as refused:
            raise_dispute(
                session, account.id, invoice.id, Complaint(Reason.OTHER, words), login_id=None, actor=OPERATOR
            )

        assert refused.value.field == "words"


def test_what_is_paid_meanwhile_is_the_undisputed_part_first(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, _ = a_dispute(session, "50")
        a_cheque(session, account, "60", wanted={invoice.id: money("60")})
        before = disputed(session, account, invoice)
        a_cheque(session, account, "40", wanted={invoice.id: money("40")})

        assert before == 5000
        assert disputed(session, account, invoice) == 2000


def test_an_invoice_that_is_settled_meanwhile_is_accepted_without_a_credit_note(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")
        account_id, dispute_id = account.id, dispute.id
    with pytest.raises(Conflict), db.transaction() as session:
        accept_settled(session, account_id, dispute_id, answer="You had paid.", actor=OPERATOR)
    with db.transaction() as session:
        a_cheque(session, session.merge(account), "120", wanted={invoice.id: money("120")})
        ended = accept_settled(session, account_id, dispute_id, answer="You had paid.", actor=OPERATOR)

        assert (ended.outcome, ended.credited_minor) == (Outcome.ACCEPTED, None)
        assert check_books(session) == []


def test_the_answer_is_not_longer_than_anybody_reads(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)

        with pytest.raises(Invalid) as refused:
            reject(session, account.id, dispute.id, answer="x" * 2001, actor=OPERATOR)
        reject(session, account.id, dispute.id, answer="x" * 2000, actor=OPERATOR)

        assert refused.value.field == "answer"


@pytest.mark.tampers
def test_the_books_notice_a_dispute_that_holds_nothing(db: Database) -> None:
    with db.transaction() as session:
        _, _, dispute = a_dispute(session, "50")
        whole = check_books(session)
        lift(session, StopKind.DISPUTE, dispute.source, actor=OPERATOR)

        assert whole == []
        assert [(one.place, one.expected, one.found) for one in check_disputes(session)] == [
            (dispute.number, "5000", "0")
        ]
