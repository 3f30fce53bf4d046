"""Delay for the scorecard: what was paid, and what is overdue as if it were paid today."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from domain.credit.delay import weighted_delay
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, an_account, an_invoice


def test_what_is_not_paid_weighs_as_much_as_what_is_paid_late(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        nothing = weighted_delay(session, account.id)
        issued_on = day - timedelta(days=90)
        settled = an_invoice(session, account, "100", issued_on=issued_on, due_on=day - timedelta(days=40))
        a_receipt(session, account, "100", day - timedelta(days=30), settled)
        paid = weighted_delay(session, account.id)
        an_invoice(session, account, "300", issued_on=issued_on, due_on=day - timedelta(days=50))

        assert (nothing, paid, weighted_delay(session, account.id)) == (None, Decimal(10), Decimal(40))
