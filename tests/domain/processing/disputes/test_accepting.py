"""Accepting a dispute: what is credited, by whom, and that a late charge is not made again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.disputes.joining import merge
from domain.disputes.model import DisputeChange, DisputeStatus, Outcome
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.disputes.resolving import begin_review
from domain.invoicing.issuing import NewLine, issue
from domain.invoicing.model import CreditNote
from domain.processing.checks import check_books
from domain.processing.disputes.accepting import accept, preview
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotAllowed
from domain.staff.model import Role
from domain.tasks.model import Task
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of, stands
from tests.support.disputing import a_dispute, contest, disputed
from tests.support.lateness import Overdue


def waiting(session: Session) -> int:
    """How many tasks wait."""
    return len(session.scalars(select(Task.id).where(Task.done_at.is_(None))).all())


def test_an_accepted_dispute_credits_what_was_contested(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "60")

        begin_review(session, account.id, dispute.id, actor=OPERATOR)
        accept(session, account.id, dispute.id, money("60"), answer="Sorry.", role=Role.MANAGER, actor=OPERATOR)

        assert (dispute.status, dispute.outcome) == (DisputeStatus.RESOLVED, Outcome.ACCEPTED)
        assert open_of(session, invoice) == [money("60")]
        assert disputed(session, account, invoice) == 0
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
        assert disputed(session, account, invoice) == 0


def test_who_may_not_credit_so_much_may_not_accept_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        dispute = contest(session, account, an_invoice(session, account, "900"))

        with pytest.raises(NotAllowed):
            accept(session, account.id, dispute.id, money("900"), answer="Yes", role=Role.COLLECTOR, actor=OPERATOR)


def test_what_was_paid_before_becomes_credit(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "60")
        a_cheque(session, account, "100", wanted={invoice.id: money("100")})

        shown = preview(session, dispute.id, money("60"))
        accept(session, account.id, dispute.id, money("60"), answer="Sorry.", role=Role.MANAGER, actor=OPERATOR)

        assert (shown.settles, shown.becomes_credit) == (money("20"), money("40"))
        assert stands(session, account)[1] == money("40")
        assert check_books(session) == []


def test_lines_that_are_accepted_are_previewed_with_their_own_tax(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        taxed, free = NewLine("Cups", money("50"), money("10")), NewLine("Oil", money("40"), money("0"))
        invoice = issue(session, account, [taxed, free, NewLine("Beans", money("100"), money("0"))], actor=OPERATOR)
        line_ids = tuple(row.id for row in receivables.lines(session, invoice.id))[:2]
        complaint = Complaint(Reason.DAMAGED, "Wet.", line_ids=line_ids)
        dispute = raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)

        shown = preview(session, dispute.id, money("100"))
        accept(session, account.id, dispute.id, money("100"), answer="Yes.", role=Role.MANAGER, actor=OPERATOR)
        notes = session.scalars(select(CreditNote).where(CreditNote.invoice_id == invoice.id)).all()

        assert (shown.tax, shown.stays_open) == (money("10"), money("100"))
        assert sum(note.tax_minor for note in notes) == 1000


@pytest.mark.parametrize("amount", ["60.01", "0"])
def test_no_more_is_credited_than_is_contested(db: Database, amount: str) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session, "60")

        with pytest.raises(Invalid) as refused:
            accept(session, account.id, dispute.id, money(amount), answer="Yes", role=Role.MANAGER, actor=OPERATOR)

        assert refused.value.field == "amount"


def test_a_late_charge_is_waived_and_not_made_again(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.charge(date(2026, 3, 1))
    before = debt.amounts
    with db.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        note = session.get_one(Invoice, debt.charges[0].debit_note_id)
        dispute = contest(session, account, note)
        accept(session, account.id, dispute.id, note.amount, answer="Our fault.", role=Role.MANAGER, actor=OPERATOR)
    debt.charge(date(2026, 3, 1))

    assert debt.amounts == [*before, -before[0]]


def test_a_withdrawn_invoice_ends_its_disputes(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, first = a_dispute(session, "60")
        second = contest(session, account, invoice, "20")

        withdraw_invoice(session, account.id, invoice.id, why="Not yours", role=Role.MANAGER, actor=OPERATOR)

        assert [(one.outcome, one.answer) for one in (first, second)] == [(Outcome.ACCEPTED, "Not yours")] * 2
        assert waiting(session) == 0
        assert check_books(session) == []


def test_a_part_that_comes_to_what_its_lines_do_by_chance_is_not_credited_line_by_line(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        lines = [NewLine("Books", money("60"), money("0")), NewLine("Pens", money("100"), money("20"))]
        invoice = issue(session, account, lines, actor=OPERATOR)
        books, _ = receivables.lines(session, invoice.id)
        dispute = contest(session, account, invoice, "100")
        complaint = Complaint(Reason.DAMAGED, "Wet.", None, (books.id,))
        named = raise_dispute(session, account.id, invoice.id, complaint, login_id=None, actor=OPERATOR)
        untaxed = preview(session, named.id, money("60")).tax
        merge(session, account.id, named.id, dispute.id, actor=OPERATOR)

        assert untaxed == money("0")
        assert preview(session, dispute.id, money("60")).tax == money("6.66")
