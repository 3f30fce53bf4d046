"""Disputes: what is contested is left alone until it is decided, and never more than is open."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import Dispute, DisputeChange, DisputeStatus, Outcome, Reason
from domain.disputes.queries import contested
from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.resolving import begin_review, reject
from domain.outbox.model import OutboxMessage
from domain.processing.disputes.accepting import accept
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.staff.model import Role
from domain.stops import holding
from domain.stops.model import Held, StopKind
from domain.stops.queries import holds
from domain.tasks.model import Task
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of


def a_dispute(session: Session, amount: str | None = None) -> tuple[Account, Invoice, Dispute]:
    """An invoice of 120, of which so much is contested."""
    account = an_account(session)
    invoice = an_invoice(session, account, "120", tax="20")
    return account, invoice, contest(session, account, invoice, amount)


def contest(session: Session, account: Account, invoice: Invoice, amount: str | None = None) -> Dispute:
    """So much of an invoice is contested, or all of it."""
    complaint = Complaint(Reason.DAMAGED, "Two boxes came wet.", money(amount) if amount else None)
    return raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)


def held(session: Session, account: Account, invoice: Invoice) -> int:
    """How much of the invoice the register holds today."""
    found = holding.holds_on(session, {invoice.id: account.id}, [StopKind.DISPUTE])
    return holding.held(found.get(invoice.id, ()), today(session), invoice.open_minor)


def waiting(session: Session) -> int:
    """How many tasks wait."""
    return len(session.scalars(select(Task.id).where(Task.done_at.is_(None))).all())


def test_a_part_is_contested_and_only_that_is_left_alone(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")

        assert dispute.number.startswith("DSP-")
        assert held(session, account, invoice) == 5000
        assert holds(session, account.id, Held.CHASING, invoice_id=invoice.id)
        assert waiting(session) == 1
        assert session.scalars(select(OutboxMessage.payload)).all() == [{"dispute_id": dispute.id, "news": "raised"}]


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


def test_an_accepted_dispute_credits_what_was_contested(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "60")

        begin_review(session, account.id, dispute.id, actor=OPERATOR)
        accept(session, account.id, dispute.id, money("60"), answer="Sorry.", role=Role.MANAGER, actor=OPERATOR)

        assert (dispute.status, dispute.outcome) == (DisputeStatus.RESOLVED, Outcome.ACCEPTED)
        assert open_of(session, invoice) == [money("60")]
        assert held(session, account, invoice) == 0
        assert waiting(session) == 0
        assert session.scalars(select(DisputeChange.after).order_by(DisputeChange.id)).all() == [
            DisputeStatus.OPEN,
            DisputeStatus.UNDER_REVIEW,
            DisputeStatus.RESOLVED,
        ]


def test_a_part_can_be_accepted_and_the_rest_is_owed_again(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "60")

        accept(session, account.id, dispute.id, money("10"), answer="One box.", role=Role.MANAGER, actor=OPERATOR)

        assert dispute.outcome is Outcome.PARTLY_ACCEPTED
        assert open_of(session, invoice) == [money("110")]
        assert held(session, account, invoice) == 0


def test_who_may_not_credit_so_much_may_not_accept_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        dispute = contest(session, account, an_invoice(session, account, "900"))

        with pytest.raises(NotAllowed):
            accept(session, account.id, dispute.id, money("900"), answer="Yes", role=Role.COLLECTOR, actor=OPERATOR)


def test_a_rejected_or_withdrawn_dispute_leaves_the_debt_as_it_was(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, first = a_dispute(session)

        reject(session, account.id, first.id, answer="Signed for by Ana.", actor=OPERATOR)
        second = contest(session, account, invoice)
        withdraw(session, account.id, second.id, actor=OPERATOR)

        assert (first.outcome, second.status) == (Outcome.REJECTED, DisputeStatus.WITHDRAWN)
        assert open_of(session, invoice) == [money("120")]
        assert held(session, account, invoice) == 0


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
