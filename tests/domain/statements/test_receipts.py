"""Receipts: only for money that has arrived."""

from __future__ import annotations

from datetime import date

import pytest

from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.shared.db.session import Database, now
from domain.shared.errors import NotFound
from domain.shared.ids import new_public_id
from domain.statements.receipts import receipt
from tests.support.builders import a_receipt, an_account, an_invoice, money


def test_a_receipt_says_what_each_invoice_got_and_what_waits_as_credit(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first = an_invoice(session, account, "30.00", issued_on=date(2026, 3, 1), number="1")
        second = an_invoice(session, account, "40.00", issued_on=date(2026, 3, 2), number="2")
        payment = a_receipt(session, account, "75.00", date(2026, 3, 5), first, second)

        found = receipt(session, account.id, payment.public_id)

    assert [(part.number, part.amount) for part in found.settled] == [("1", money("30.00")), ("2", money("40.00"))]
    assert (found.amount, found.credit, found.reversed) == (money("75.00"), money("5.00"), False)
    assert (found.received_on, found.reference) == (date(2026, 3, 5), payment.public_id)


def test_a_payment_that_has_not_arrived_has_no_receipt(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        payment = Payment(
            public_id=new_public_id(now(session)),
            account_id=account.id,
            method=PaymentMethod.CHECKOUT,
            status=PaymentStatus.PENDING,
            currency="GBP",
            amount_minor=500,
            created_at=now(session),
        )
        session.add(payment)
        session.flush()

        with pytest.raises(NotFound):
            receipt(session, account.id, payment.public_id)
