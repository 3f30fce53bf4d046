"""Applying credit: the oldest first, as a whole or not at all, and never to what somebody is paying right now."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.policies.sections import Allocation as Settling
from domain.policies.sections import Sections
from domain.processing import applying
from domain.processing.applying import check_move, move_allocation, suggestion, use_credit
from domain.receivables import allocating
from domain.receivables import queries as receivables
from domain.receivables.ageing import ageing_of
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.statements.story import story_of
from domain.tasks.model import Task
from tests.support.audited import last_payload
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque, item_of, open_of, stands
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt, start
from tests.support.policies import a_policy


def with_credit(session: Session, *amounts: str) -> Account:
    """An account with credit of each amount, and nothing open."""
    account = an_account(session)
    for amount in amounts:
        a_receipt(session, account, amount, today(session))
    return account


def test_the_oldest_invoices_are_suggested_first_as_far_as_the_credit_goes(db: Database) -> None:
    with db.transaction() as session:
        account = with_credit(session, "30", "40")
        later = an_invoice(session, account, "50", due_on=date(2026, 5, 1))
        first = an_invoice(session, account, "50", due_on=date(2026, 4, 1))

        found = suggestion(session, account.id, "GBP")

        assert [(use.invoice_id, use.amount) for use in found] == [(first.id, money("50")), (later.id, money("20"))]


def test_credit_of_several_payments_settles_several_invoices_and_is_told_with_its_day(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account = with_credit(session, "30", "40")
        first, second = an_invoice(session, account, "50"), an_invoice(session, account, "50")
    clock.advance(days=5)
    with db.transaction() as session:
        use_credit(session, account.id, {first.id: money("50"), second.id: money("5")}, actor=OPERATOR)

        assert open_of(session, first, second) == [money("0"), money("45")]
        assert stands(session, account) == (money("45"), money("15"))
        assert ageing_of(session, account.id, date(2026, 3, 20)).open == money("100")
        assert last_payload(session, "credit.used")["after"]["invoices"] == [first.number, second.number]


@pytest.mark.parametrize(("by_itself", "left"), [(True, "0"), (False, "60")])
def test_credit_settles_the_next_invoice_by_itself_where_the_terms_say_so(
    db: Database, by_itself: bool, left: str
) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(allocation=Settling(use_credit=by_itself)))
        account = with_credit(session, "30", "40")
        invoice = an_invoice(session, account, "60")

        applying.use_by_itself(session, invoice, actor=OPERATOR)

        assert invoice.open == money(left)


def test_without_terms_credit_stays_credit_until_somebody_uses_it(db: Database) -> None:
    with db.transaction() as session:
        account = with_credit(session, "30")
        invoice = an_invoice(session, account, "60")

        applying.use_by_itself(session, invoice, actor=OPERATOR)

        assert (invoice.open, stands(session, account)) == (money("60"), (money("60"), money("30")))


@pytest.mark.parametrize(
    ("amounts", "field"),
    [({}, "invoice"), ({0: "0"}, "amount"), ({0: "50.01"}, "amount"), ({0: "50", 1: "21"}, "invoice")],
)
def test_more_than_there_is_or_is_open_is_refused_and_nothing_happens(
    db: Database, amounts: dict[int, str], field: str
) -> None:
    with db.transaction() as session:
        account = with_credit(session, "30", "40")
        invoices = [an_invoice(session, account, "50") for _ in range(2)]
        wanted = {invoices[place].id: money(amount) for place, amount in amounts.items()}

        with pytest.raises(Invalid) as refused:
            use_credit(session, account.id, wanted, actor=OPERATOR)

        assert (refused.value.field or "").startswith(field)
        assert stands(session, account) == (money("100"), money("70"))


def test_anothers_invoice_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        account, other = with_credit(session, "30"), an_account(session)
        invoice = an_invoice(session, other, "30")

        with pytest.raises(NotFound):
            use_credit(session, account.id, {invoice.id: money("30")}, actor=OPERATOR)


def test_what_somebody_is_paying_is_neither_suggested_nor_settled(db: Database) -> None:
    debt: Debt = a_debt(db, "50", "60")
    start(db, FakeProcessor(), debt, {debt.invoices[0]: money("50")})
    with db.transaction() as session:
        a_receipt(session, session.get_one(Account, debt.account_id), "100", today(session))

        found = suggestion(session, debt.account_id, "GBP")

        assert [use.invoice_id for use in found] == [debt.invoices[1]]
        with pytest.raises(Conflict, match="being paid"):
            use_credit(session, debt.account_id, {debt.invoices[0]: money("50")}, actor=OPERATOR)


def test_a_surplus_that_is_used_up_asks_nobody_any_more(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_cheque(session, account, "30")
        invoice = an_invoice(session, account, "30")

        use_credit(session, account.id, {invoice.id: money("30")}, actor=OPERATOR)

        assert session.scalars(select(Task.done_at)).one() is not None


def test_an_allocation_moves_to_another_invoice_and_what_that_cannot_take_is_credit(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        wrong, right = an_invoice(session, account, "80"), an_invoice(session, account, "50")
        item = item_of(session, a_receipt(session, account, "80", today(session), wrong))
        (allocation,) = allocating.standing(session, item)
    clock.advance(days=3)
    with db.transaction() as session:
        move = move_allocation(session, account.id, allocation.id, right.id, reason="Wrong one", actor=OPERATOR)

        assert (move.applied, move.left) == (money("50"), money("30"))
        assert open_of(session, wrong, right) == [money("80"), money("0")]
        assert stands(session, account) == (money("80"), money("30"))
        assert ageing_of(session, account.id, date(2026, 3, 18)).open == money("50")
        steps = story_of(session, receivables.invoice(session, account.id, wrong.id))
        assert [step.kind for step in steps] == ["issued", "paid", "taken_back"]
        with pytest.raises(Conflict):
            move_allocation(session, account.id, allocation.id, right.id, reason="Again", actor=OPERATOR)


def test_what_cannot_be_moved_says_why(db: Database) -> None:
    debt: Debt = a_debt(db, "50", "60", "70")
    with db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        paid, claimed, other = (session.get_one(Invoice, one) for one in debt.invoices)
        a_receipt(session, account, "50", today(session), paid)
        issue_credit_note(session, account, other, money("5"), reason="Broken", actor=OPERATOR)
        (allocation,) = session.scalars(select(Allocation).where(Allocation.invoice_id == paid.id))
        (of_note,) = session.scalars(select(Allocation).where(Allocation.invoice_id == other.id))
        stranger = an_account(session)
        theirs = an_invoice(session, stranger, "5")
    start(db, FakeProcessor(), debt, {claimed.id: money("60")})

    with db.transaction() as session:
        for target in (paid, claimed):
            with pytest.raises(Conflict):
                check_move(session, account.id, allocation.id, target.id)
        with pytest.raises(Conflict, match="credit note"):
            check_move(session, account.id, of_note.id, paid.id)
        with pytest.raises(Invalid):
            move_allocation(session, account.id, allocation.id, other.id, reason=" ", actor=OPERATOR)
        for account_id, invoice_id in ((account.id, theirs.id), (stranger.id, theirs.id)):
            with pytest.raises(NotFound):
                applying.check_move(session, account_id, allocation.id, invoice_id)


def test_the_story_of_an_invoice_names_credit_that_was_no_payment(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80")
        issue_credit_note(session, account, invoice, money("80"), reason="Broken", actor=OPERATOR)
        item = session.scalars(select(CreditItem).where(CreditItem.kind == CreditKind.CREDIT_NOTE)).one()
        allocating.take_back(session, allocating.standing(session, item)[0])

        steps = story_of(session, receivables.invoice(session, account.id, invoice.id))

        assert [step.kind for step in steps[1:]] == ["credited", "taken_back", "credited"]
        assert {step.payment for step in steps} == {None}
        assert "became credit" in str(steps[-1].words)
