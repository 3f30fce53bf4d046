"""Chargebacks take money back once, open what it had settled, hold it, and give back exactly what they took."""

from __future__ import annotations

from itertools import permutations

import pytest
from sqlalchemy import select

from domain.chargebacks import owning
from domain.chargebacks.model import ChargebackChange
from domain.chargebacks.states import ChargebackState
from domain.ledger.chart import LedgerAccount
from domain.payments.queries import by_public_id
from domain.processing.refunds.asking import request
from domain.processing.refunds.drawing import Wish
from domain.receivables.allocating import standing, take_back
from domain.receivables.held import held_parts
from domain.receivables.model import CreditKind, Invoice, InvoiceKind
from domain.receivables.withdrawing import item_of
from domain.refunds.model import RefundSource
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.support.builders import money
from tests.support.contesting import (
    a_chargeback,
    a_paid_debt,
    balance,
    contest,
    credit,
    held,
    open_tasks,
    owes,
    reconcile,
    reinstated,
    withdrawn,
)
from tests.support.fakes import FakeProcessor
from tests.support.paying import open_minor, start, succeed

CLEARING, FEES = LedgerAccount.CARD_CLEARING, LedgerAccount.PROCESSOR_FEES


def refund(db: Database, public_id: str, amount: Money) -> None:
    """Staff send money back to the payer, taken from what the payment settled."""
    with db.transaction() as session:
        payment = by_public_id(session, public_id)
        wish = Wish(payment.id, amount, RefundSource.REVERSAL, reason="Paid twice")
        request(session, payment.account_id, wish, role=Role.MANAGER, actor=Actor.staff(1))


def test_money_that_is_withdrawn_opens_the_invoice_and_holds_it(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")

    chargeback = contest(db, "needs_response", "120")

    assert (chargeback.state, chargeback.account_id) == (ChargebackState.NEEDS_RESPONSE, debt.account_id)
    assert open_minor(db, debt.invoices[0]) == 12000
    assert owes(db, debt.account_id) == money("120")
    assert balance(db, CLEARING) == money("116.22") - money("135")
    assert balance(db, FEES) == money("18.78")
    assert held(db, debt.account_id) == [(debt.invoices[0], 12000)]
    with db.reading() as session:
        assert held_parts(session, [debt.account_id], kinds_that_hold(Held.CHASING)) == {debt.invoices[0]: money("120")}
    assert open_tasks(db) == {TaskKind.CHARGEBACK}


def test_money_that_comes_back_settles_what_it_had_settled(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120", "30")
    contest(db, "needs_response", "150")

    chargeback = contest(db, "won", "150")

    assert chargeback.state is ChargebackState.WON
    assert [open_minor(db, invoice) for invoice in debt.invoices] == [0, 0]
    assert owes(db, debt.account_id) == money("0")
    assert credit(db, debt.account_id) == money("0")
    assert held(db, debt.account_id) == []
    assert open_tasks(db) == set()


def test_the_fee_can_come_back_with_the_money(db: Database) -> None:
    a_paid_debt(db, "120")
    chargeback = contest(db, "needs_response", "120")
    back = reinstated(money("120"), chargeback.opened_at, fee="-15")
    out = withdrawn(money("120"), chargeback.opened_at, name="txn_out_du_1")

    reconcile(db, a_chargeback("won", money("120"), chargeback.opened_at, out, back))

    assert balance(db, FEES) == money("3.78")
    assert balance(db, CLEARING) == money("116.22")


def test_what_was_paid_meanwhile_makes_it_credit_when_it_comes_back(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    again = start(db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    succeed(db, again.public_id, money("120"), intent_id="pi_2")

    contest(db, "won", "120")

    assert open_minor(db, debt.invoices[0]) == 0
    assert credit(db, debt.account_id) == money("120")
    assert owes(db, debt.account_id) == money("-120")


def test_a_part_is_taken_from_what_was_not_used_first_and_then_from_what_was_settled_last(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120", "30")

    contest(db, "needs_response", "50")

    assert [open_minor(db, invoice) for invoice in debt.invoices] == [2000, 3000]
    assert owes(db, debt.account_id) == money("50")
    assert sorted(held(db, debt.account_id)) == sorted([(debt.invoices[0], 2000), (debt.invoices[1], 3000)])


def test_what_comes_back_before_the_end_is_held_no_longer(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120", "30")
    whole = contest(db, "needs_response", "150")
    out = withdrawn(money("150"), whole.opened_at, name="txn_out_du_1")
    a_part = reinstated(money("50"), whole.opened_at)

    reconcile(db, a_chargeback("needs_response", money("150"), whole.opened_at, out, a_part))

    left = {invoice: open_minor(db, invoice) for invoice in debt.invoices}
    assert sum(left.values()) == 10000
    assert dict(held(db, debt.account_id)) == {invoice: minor for invoice, minor in left.items() if minor}


def test_two_chargebacks_over_one_payment_each_take_their_part_and_end_apart(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "needs_response", "60", name="du_1")
    contest(db, "needs_response", "60", name="du_2")
    both_open = open_minor(db, debt.invoices[0])

    contest(db, "won", "60", name="du_2")
    contest(db, "lost", "60", name="du_1")

    assert both_open == 12000
    assert open_minor(db, debt.invoices[0]) == 6000
    assert held(db, debt.account_id) == []
    assert open_tasks(db) == {TaskKind.CHARGEBACK_LOST}


def test_an_inquiry_moves_nothing_holds_the_account_and_can_become_a_chargeback(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    inquiry = contest(db, "warning_needs_response", "120")
    asked = (inquiry.state, owes(db, debt.account_id), held(db, debt.account_id))

    chargeback = contest(db, "needs_response", "120")

    assert asked == (ChargebackState.INQUIRY, money("0"), [(None, None)])
    assert chargeback.state is ChargebackState.NEEDS_RESPONSE
    assert held(db, debt.account_id) == [(debt.invoices[0], 12000)]


def test_an_inquiry_that_is_closed_leaves_nothing_behind(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "warning_needs_response", "120")
    contest(db, "warning_under_review", "120")

    chargeback = contest(db, "warning_closed", "120")

    assert (chargeback.state, chargeback.is_open) == (ChargebackState.INQUIRY_CLOSED, False)
    assert held(db, debt.account_id) == []
    assert open_tasks(db) == set()
    with db.reading() as session:
        words = session.scalars(select(ChargebackChange.processor_state).order_by(ChargebackChange.id)).all()
    assert words == ["warning_needs_response", "warning_under_review", "warning_closed"]


def test_a_lost_one_asks_what_becomes_of_the_debt_and_lets_it_be_chased(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    contest(db, "under_review", "120")

    chargeback = contest(db, "lost", "120")

    assert (chargeback.state, chargeback.closed_at is not None) == (ChargebackState.LOST, True)
    assert open_minor(db, debt.invoices[0]) == 12000
    assert held(db, debt.account_id) == []
    assert open_tasks(db) == {TaskKind.CHARGEBACK_LOST}


@pytest.mark.parametrize("order", list(permutations(("needs_response", "under_review", "won"))), ids="-".join)
def test_the_end_is_the_same_in_whatever_order_the_news_comes_and_however_often(
    db: Database, order: tuple[str, ...]
) -> None:
    debt, _ = a_paid_debt(db, "120")

    for state in order:
        contest(db, state, "120")
        chargeback = contest(db, state, "120")

    assert chargeback.state is ChargebackState.WON
    assert open_minor(db, debt.invoices[0]) == 0
    assert owes(db, debt.account_id) == money("0")
    assert held(db, debt.account_id) == []
    assert open_tasks(db) == set()


def test_news_from_before_money_moved_changes_nothing(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "lost", "120")
    with db.reading() as session:
        at = now(session)
    out = withdrawn(money("120"), at, name="txn_out_du_1")
    back = reinstated(money("120"), at, name="txn_back_du_1")
    reconcile(db, a_chargeback("appeal_under_review", money("120"), at, out))
    reconcile(db, a_chargeback("won", money("120"), at, out, back))

    late = contest(db, "lost", "120")

    assert late.state is ChargebackState.WON


def test_an_appeal_opens_it_once_more_and_money_can_go_and_come_several_times(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    contest(db, "won", "120")
    with db.reading() as session:
        at = now(session)
    moves = [
        withdrawn(money("120"), at, name="txn_out_du_1"),
        reinstated(money("120"), at, name="txn_back_du_1"),
        withdrawn(money("120"), at, name="txn_out_2", fee="0"),
    ]
    appealed = reconcile(db, a_chargeback("appeal_needs_response", money("120"), at, *moves))
    opened = (appealed.state, appealed.closed_at, open_minor(db, debt.invoices[0]), held(db, debt.account_id))

    won = reconcile(db, a_chargeback("won", money("120"), at, *moves, reinstated(money("120"), at, name="txn_back_2")))

    assert opened == (ChargebackState.APPEAL, None, 12000, [(debt.invoices[0], 12000)])
    assert won.state is ChargebackState.WON
    assert open_minor(db, debt.invoices[0]) == 0
    assert owes(db, debt.account_id) == money("0")


def test_what_had_been_refunded_before_is_owed_a_second_time_and_settled_when_it_comes_back(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "120")
    refund(db, public_id, money("100"))
    before = owes(db, debt.account_id)

    contest(db, "needs_response", "120")
    with db.reading() as session:
        again = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.OWED_AGAIN)).one()
        second = (again.id, again.open_minor)
    taken = owes(db, debt.account_id)
    stopped = {invoice for invoice, _ in held(db, debt.account_id)}
    contest(db, "won", "120")

    assert before == money("100")
    assert taken == money("220")
    assert second[1] == 10000
    assert stopped == {debt.invoices[0], second[0]}
    assert open_minor(db, second[0]) == 0
    assert owes(db, debt.account_id) == money("100")


def test_money_that_settles_nothing_holds_the_account_while_it_is_contested(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "120")
    with db.transaction() as session:
        item = item_of(session, CreditKind.PAYMENT, public_id)
        for allocation in standing(session, item):
            take_back(session, allocation)

    contest(db, "needs_response", "120")
    contested = (held(db, debt.account_id), credit(db, debt.account_id))
    contest(db, "won", "120")

    assert contested == ([(None, None)], money("0"))
    assert held(db, debt.account_id) == []
    assert credit(db, debt.account_id) == money("120")


def test_a_surplus_that_the_bank_has_taken_asks_nobody_until_it_is_back(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "120")
    with db.transaction() as session:
        item = item_of(session, CreditKind.PAYMENT, public_id)
        for allocation in standing(session, item):
            take_back(session, allocation)
        open_task(session, TaskKind.SURPLUS, subject=("payment", public_id), account_id=debt.account_id)

    contest(db, "needs_response", "120")
    taken = open_tasks(db)
    contest(db, "won", "120")

    assert TaskKind.SURPLUS not in taken
    assert TaskKind.SURPLUS in open_tasks(db)


def test_whoever_has_it_keeps_it_when_news_asks_for_something_else(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    with db.transaction() as session:
        owning.keep(session, "du_1", 7)

    contest(db, "lost", "120")

    with db.reading() as session:
        assert owning.owners(session, ["du_1", "du_2"]) == {"du_1": 7}
