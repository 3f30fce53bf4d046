"""Allocating credit to invoices, and taking it back."""

from datetime import date
from itertools import permutations

import pytest

from domain.invoicing.debit_notes import issue_debit_note
from domain.policies.sections import Allocation, Part, Sections
from domain.receivables import allocating
from domain.receivables.model import CreditItem
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money
from tests.support.policies import a_policy

TODAY = date(2026, 3, 16)


def test_an_allocation_settles_the_invoice_and_uses_up_the_credit(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

        a_receipt(session, account, "150", TODAY, invoice)

        item = session.query(CreditItem).one()
        assert (invoice.open, item.unapplied) == (money("0"), money("30"))


def test_more_than_is_open_or_left_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        small, large = an_invoice(session, account, "10"), an_invoice(session, account, "500")
        a_receipt(session, account, "50", TODAY)
        item = session.query(CreditItem).one()

        with pytest.raises(Conflict):
            allocating.apply(session, item, small, money("10.01"))
        with pytest.raises(Conflict):
            allocating.apply(session, item, large, money("50.01"))

        assert allocating.apply_upto(session, item, large, money("500")) == money("50")


def test_the_credit_of_one_account_does_not_settle_anothers_invoice(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        a_receipt(session, ours, "50", TODAY)
        invoice = an_invoice(session, theirs, "50")

        with pytest.raises(Conflict):
            allocating.apply(session, session.query(CreditItem).one(), invoice, money("50"))


def test_money_that_came_before_the_invoice_settles_it_on_the_day_it_was_issued(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 3, 10))

        a_receipt(session, account, "120", date(2026, 3, 1), invoice)

        (allocation,) = live_allocations(session, invoice)
        assert allocation.effective_on == date(2026, 3, 10)


def test_credit_without_an_instruction_settles_the_oldest_and_of_one_day_what_came_on_top_first(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        later = an_invoice(session, account, "50", due_on=date(2026, 5, 1))
        principal = an_invoice(session, account, "50", due_on=date(2026, 4, 1))
        interest = issue_debit_note(
            session, account, principal, money("5"), reason="Late", actor=OPERATOR, due_on=date(2026, 4, 1)
        )

        assert allocating.open_in_order(session, account.id) == [interest, principal, later]


@pytest.mark.parametrize("order", list(permutations(Part)))
def test_the_policy_says_in_which_order_the_parts_of_one_debt_are_settled(
    db: Database, order: tuple[Part, ...]
) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(allocation=Allocation(order=order)))
        account = an_account(session)
        first = an_invoice(session, account, "50", due_on=date(2026, 3, 20))
        second = an_invoice(session, account, "50", due_on=date(2026, 3, 21))
        on_top = {
            part: issue_debit_note(session, account, first, money("5"), reason="Late", actor=OPERATOR, part=part)
            for part in (Part.INTEREST, Part.COSTS)
        }

        found = [invoice.id for invoice in allocating.open_in_order(session, account.id)]

        assert found == [on_top.get(part, first).id for part in order] + [second.id]


def test_what_comes_on_top_goes_with_a_debt_that_is_settled_itself(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(allocation=Allocation()))
        account = an_account(session)
        first = an_invoice(session, account, "50", due_on=date(2026, 3, 20))
        second = an_invoice(session, account, "50", due_on=date(2026, 3, 21))
        note = issue_debit_note(session, account, first, money("5"), reason="Late", actor=OPERATOR)
        a_receipt(session, account, "50", date(2026, 3, 1), first)

        assert [each.id for each in allocating.open_in_order(session, account.id)] == [note.id, second.id]


def test_an_allocation_is_taken_back_once_and_only_what_stands_is_standing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second = an_invoice(session, account, "20"), an_invoice(session, account, "30")
        a_receipt(session, account, "50", TODAY, first, second)
        item = session.query(CreditItem).one()
        newest, oldest = allocating.standing(session, item)

        taken = allocating.take_back(session, newest)

        assert (second.open, item.unapplied) == (money("30"), money("30"))
        assert [row.id for row in allocating.standing(session, item)] == [oldest.id]
        for row in (newest, taken):
            with pytest.raises(Conflict):
                allocating.take_back(session, row)


def test_what_is_taken_back_never_takes_effect_before_it_was_allocated(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_receipt(session, account, "50", TODAY, an_invoice(session, account, "50"))
        (allocation,) = allocating.standing(session, session.query(CreditItem).one())

        taken = allocating.take_back(session, allocation, effective_on=date(2026, 3, 1))

        assert taken.effective_on == TODAY


def test_no_credit_settles_anything_before_it_came(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "50", issued_on=date(2026, 1, 1))
        a_receipt(session, account, "50", TODAY)

        allocation = allocating.apply(
            session, session.query(CreditItem).one(), invoice, money("50"), effective_on=date(2026, 2, 1)
        )

        assert allocation.effective_on == TODAY
