"""Dividends that come: shared out over what was proved, linked to their receipt, and expected again once gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.insolvencies import queries
from domain.insolvencies.model import Dividend, Insolvency
from domain.payments.model import Payment, PaymentMethod
from domain.processing.checks import check_books
from domain.processing.insolvency import receiving
from domain.processing.insolvency.receiving import Arrival
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.insolvency import admitted, an_insolvent_debtor, claimed, declared
from tests.support.outside import MemoryStore


def a_dividend(
    session: Session, store: MemoryStore, amount: str = "30"
) -> tuple[Account, list[Invoice], Insolvency, Dividend]:
    """Of 200 and 100 that were proved and admitted, a dividend was declared; 500 was bought since."""
    account, day = an_account(session), today(session)
    issued_on = day - timedelta(days=60)
    invoices = [an_invoice(session, account, each, issued_on=issued_on, due_on=issued_on) for each in ("200", "100")]
    found = an_insolvent_debtor(session, account)
    invoices.append(an_invoice(session, account, "500", issued_on=day, due_on=day))
    claimed(session, store, found)
    admitted(session, found, "300", "")
    return account, invoices, found, declared(session, found, amount)


def receive(session: Session, found: Insolvency, made: Dividend) -> Payment:
    """It comes by transfer today."""
    arrival = Arrival(PaymentMethod.TRANSFER, today(session))
    return receiving.receive(session, found.account_id, found.id, made.id, arrival, actor=OPERATOR)


def stands(session: Session, found: Insolvency) -> tuple[object, object]:
    """What came, and what is expected."""
    came = queries.came(session, [found.id], {found.id: "GBP"})[found.id]
    return came.received, came.expected


def test_a_dividend_falls_on_what_was_proved_by_its_share(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        _, invoices, found, made = a_dividend(session, store)
        before = stands(session, found)
        payment = receive(session, found, made)

        assert before == (money("0"), money("30"))
        assert stands(session, found) == (money("30"), money("0"))
        assert [each.open for each in invoices] == [money("180"), money("90"), money("500")]
        [row] = queries.dividends(session, found.id)
        assert (row.is_here, row.public_id) == (True, payment.public_id)
        with pytest.raises(Conflict):
            receive(session, found, made)
        assert check_books(session) == []


def test_money_that_went_back_is_expected_again_and_can_come_again(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        _, invoices, found, made = a_dividend(session, store)
        first = receive(session, found, made)
        return_receipt(session, first, today(session), reason="No funds", actor=OPERATOR)
        gone = stands(session, found)
        again = receive(session, found, made)

        assert gone == (money("0"), money("30"))
        assert stands(session, found) == (money("30"), money("0"))
        assert made.payment_id == again.id != first.id
        assert [each.open for each in invoices] == [money("180"), money("90"), money("500")]


def test_a_receipt_that_is_there_already_becomes_the_money_of_one_dividend(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account, invoices, found, made = a_dividend(session, store)
        wanted = {invoices[0].id: money("30")}
        there = a_cheque(session, account, "30", wanted=wanted).public_id
        other = a_cheque(session, account, "29").public_id
        second = declared(session, found, "30")

        with pytest.raises(NotFound):
            receiving.choose(session, account.id, found.id, made.id, other, actor=OPERATOR)
        receiving.choose(session, account.id, found.id, made.id, there, actor=OPERATOR)
        with pytest.raises(NotFound):
            receiving.choose(session, account.id, found.id, second.id, there, actor=OPERATOR)
        assert stands(session, found) == (money("30"), money("30"))


def test_where_nothing_that_was_proved_is_open_no_later_debt_is_settled_by_it(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        account, invoices, found, made = a_dividend(session, store)
        a_cheque(session, account, "300", wanted={invoices[0].id: money("200"), invoices[1].id: money("100")})

        with pytest.raises(Conflict):
            receive(session, found, made)
        assert invoices[2].open == money("500")
