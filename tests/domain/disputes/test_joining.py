"""Two disputes that become one, a part that becomes another, and one that is looked at once more."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes import thread
from domain.disputes.changing import handling_of
from domain.disputes.checks import check_disputes
from domain.disputes.joining import merge, split
from domain.disputes.model import Dispute, DisputeStatus, MessageKind, Outcome
from domain.disputes.queries import contested
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.disputes.reopening import can_reopen, reopen
from domain.disputes.resolving import reject
from domain.disputes.talking import ask, write_to_us
from domain.processing.disputes.accepting import accept
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import open_of
from tests.support.disputing import a_dispute, contest, disputed


def by_lines(session: Session, account: Account, invoice: Invoice, *, amount: str | None = None) -> Dispute:
    """The invoice contested by its first line."""
    [line, *_] = receivables.lines(session, invoice.id)
    complaint = Complaint(Reason.WRONG_PRICE, "Not this one.", money(amount) if amount else None, (line.id,))
    return raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)


def test_lines_say_how_much_is_contested(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        other = an_invoice(session, account, "10")
        [foreign] = receivables.lines(session, other.id)

        dispute = by_lines(session, account, invoice, amount="30")
        complaint = Complaint(Reason.TAX, "Wrong.", None, (foreign.id,))
        with pytest.raises(Invalid) as refused:
            raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)

        assert dispute.amount == money("30")
        assert [row.amount_minor for row in thread.lines(session, dispute.id)] == [12000]
        assert refused.value.field == "line"


def test_all_of_a_line_is_credited_with_its_own_tax(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        dispute = by_lines(session, account, invoice)

        accept(
            session, account.id, dispute.id, money("120"), answer="You are right.", role=Role.MANAGER, actor=OPERATOR
        )

        assert open_of(session, invoice) == [money("0")]
        assert list(check_disputes(session)) == []


def test_two_about_one_invoice_become_one_with_what_both_contest(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, first = a_dispute(session, "50")
        second = contest(session, account, invoice, "30")
        write_to_us(session, account.id, first.id, "Said in the first.", actor=OPERATOR)

        merge(session, account.id, first.id, second.id, actor=OPERATOR)

        assert (first.status, second.amount) == (DisputeStatus.MERGED, money("80"))
        assert disputed(session, account, invoice) == 8000
        assert [row.words for row in thread.thread(session, second.id, with_notes=False)] == ["Said in the first."]
        assert list(check_disputes(session)) == []
        with pytest.raises(Conflict):
            merge(session, account.id, second.id, first.id, actor=OPERATOR)


def test_those_about_two_invoices_stay_two(db: Database) -> None:
    with db.transaction() as session:
        account, _, first = a_dispute(session, "50")
        second = contest(session, account, an_invoice(session, account, "20"))

        with pytest.raises(Conflict, match="same invoice"):
            merge(session, account.id, first.id, second.id, actor=OPERATOR)


def test_a_part_goes_on_with_a_reason_of_its_own(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")

        part = Complaint(Reason.TAX, "The tax is wrong.", money("20"))
        other = split(session, account.id, dispute.id, part, actor=OPERATOR)
        with pytest.raises(Invalid) as too_much:
            split(session, account.id, dispute.id, Complaint(Reason.TAX, "All of it.", money("30")), actor=OPERATOR)

        assert (dispute.amount, other.amount, other.reason) == (money("30"), money("20"), Reason.TAX)
        assert contested(session, [invoice.id]) == {invoice.id: 5000}
        assert too_much.value.field == "amount"
        assert list(check_disputes(session)) == []


def test_it_is_looked_at_once_more_over_what_was_not_credited_and_never_a_third_time(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")
        accept(session, account.id, dispute.id, money("20"), answer="A part.", role=Role.MANAGER, actor=OPERATOR)

        reopen(session, account.id, dispute.id, "It was all of it.", actor=OPERATOR)

        assert (dispute.status, dispute.amount, dispute.outcome) == (DisputeStatus.OPEN, money("30"), None)
        assert disputed(session, account, invoice) == 3000
        assert [row.kind for row in thread.thread(session, dispute.id, with_notes=False)] == [
            MessageKind.DECISION,
            MessageKind.REOPENING,
        ]
        reject(session, account.id, dispute.id, answer="It stays so.", actor=OPERATOR)
        assert not can_reopen(session, dispute)
        with pytest.raises(Conflict, match="twice"):
            reopen(session, account.id, dispute.id, "Again.", actor=OPERATOR)
        assert list(check_disputes(session)) == []


def test_what_was_accepted_whole_or_ended_long_ago_stays_ended(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session, "50")
        accept(session, account.id, dispute.id, money("50"), answer="Yes.", role=Role.MANAGER, actor=OPERATOR)
        other_account, _, other = a_dispute(session, "50")
        reject(session, other_account.id, other.id, answer="No.", actor=OPERATOR)

        assert dispute.outcome is Outcome.ACCEPTED
        assert (can_reopen(session, dispute), can_reopen(session, other)) == (False, True)
    clock.advance(days=61)
    with pytest.raises(Conflict, match="60 days"), db.transaction() as session:
        reopen(session, other_account.id, other.id, "Again.", actor=OPERATOR)


def test_what_waited_for_the_customer_is_our_turn_once_another_goes_up_in_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        asked, other = contest(session, account, invoice, "30"), contest(session, account, invoice, "50")
        ask(session, account.id, asked.id, "Which box?", actor=OPERATOR)

        merge(session, account.id, other.id, asked.id, actor=OPERATOR)

        assert asked.status is DisputeStatus.UNDER_REVIEW
        assert handling_of(session, asked).silent_on is None
