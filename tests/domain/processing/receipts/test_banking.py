"""Receipts at the bank: taken there one by one or together, and what came back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.payments import slips
from domain.processing.receipts.banking import bank_receipt, bank_receipts, bank_return
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.audited import acts
from tests.support.builders import an_account, money
from tests.support.credit import a_cheque

TODAY = date(2026, 3, 16)


def at(session: Session) -> tuple[str, str]:
    """What stands on *receipts to bank* and on *bank*."""
    places = (LedgerAccount.RECEIPTS_TO_BANK, LedgerAccount.BANK)
    waiting, bank = (str(balance_of(session, place, "GBP").decimal) for place in places)
    return waiting, bank


def test_several_are_banked_together_or_not_at_all(db: Database) -> None:
    with db.transaction() as session:
        payments = [a_cheque(session, an_account(session), amount) for amount in ("10", "20", "30")]
        bank_receipt(session, payments[2], TODAY, actor=OPERATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        bank_receipts(session, [payment.id for payment in payments], TODAY, actor=OPERATOR)
    with db.transaction() as session:
        before = at(session)
        bank_receipts(session, [payment.id for payment in payments[:2]], TODAY, actor=OPERATOR)

        assert (before, at(session)) == (("30.00", "30.00"), ("0.00", "60.00"))
        assert slips.to_bank(session) == []
        assert acts(session).count("receipt.banked") == 3
        with pytest.raises(NotFound):
            bank_receipts(session, [999_999], TODAY, actor=OPERATOR)
        with pytest.raises(Invalid):
            bank_receipts(session, [payments[0].id], date(2026, 3, 17), actor=OPERATOR)


def test_nobodys_word_takes_to_the_bank_what_came_back_before(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "50")
        return_receipt(session, payment, TODAY, reason=ReturnReason.MISTAKE, actor=OPERATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        bank_receipts(session, [payment.id], TODAY, actor=OPERATOR)

    with db.reading() as session:
        assert balance_of(session, LedgerAccount.BANK, "GBP") == money("0")


def test_lines_that_come_after_the_return_was_recorded_still_fit_both(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        return_receipt(session, payment, TODAY, reason=ReturnReason.BOUNCED, actor=OPERATOR)

        bank_receipt(session, payment, TODAY, actor=OPERATOR)
        between = (at(session), len(slips.returns_to_bank(session)))
        bank_return(session, payment, TODAY, actor=OPERATOR)

        assert between == (("-100.00", "100.00"), 1)
        assert at(session) == ("0.00", "0.00")
