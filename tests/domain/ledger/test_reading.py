"""Reading: entries with their legs, by what they stand for."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import NoResultFound

from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.ledger.reading import BookedLeg, entries_of, entry_id, legs_of
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.conftest import NOON
from tests.support.entries import DAY, open_accounts, post_payment, post_sale


def test_an_entry_is_found_by_what_it_stands_for(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        invoice, payment = post_sale(session, 1, 100, "X"), post_payment(session, 1, 100, "X")

        assert entry_id(session, "X", [EntryKind.INVOICE_ISSUED]) == invoice.id
        assert entry_id(session, "X", [EntryKind.CARD_PAYMENT]) == payment.id
        with pytest.raises(NoResultFound):
            entry_id(session, "X", [EntryKind.CREDIT_NOTE])


def test_entries_come_with_their_legs_in_the_order_of_posting(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        invoice = post_sale(session, 1, 120, "I-1", tax=20)
        post_sale(session, 1, 7, "I-2")
        payment = post_payment(session, 1, 120, "P-1")

        first, second = entries_of(session, ["P-1", "I-1", "nothing"])

        assert (first.id, first.kind, first.source) == (invoice.id, "invoice_issued", "I-1")
        assert (first.effective_on, first.recorded_at) == (DAY, NOON)
        assert first.legs == (
            BookedLeg(LedgerAccount.RECEIVABLE, Money(120, "GBP")),
            BookedLeg(LedgerAccount.SALES, Money(-100, "GBP")),
            BookedLeg(LedgerAccount.TAX_PAYABLE, Money(-20, "GBP")),
        )
        assert second.id == payment.id
        assert legs_of(session, [payment.id]) == {payment.id: second.legs}
