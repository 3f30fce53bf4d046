"""Entries to post in tests: sales and payments with made-up sources, and accounts that have their streams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import Draft, EntryKind, Leg, PostedEntry, credit, debit, post
from domain.ledger.streams import open_account_stream
from domain.shared.money import Money

DAY = date(2026, 3, 2)
"""The day on which things happen when a test does not care."""


def open_accounts(session: Session, *account_ids: int, currency: str = "GBP") -> None:
    """Streams for accounts that exist in no other table."""
    for account_id in account_ids:
        open_account_stream(session, account_id, currency)


def sale_legs(account_id: int, pence: int, tax: int = 0) -> Sequence[Leg]:
    """The legs of an invoice in pounds."""
    return [
        debit(LedgerAccount.RECEIVABLE, Money(pence, "GBP"), account_id=account_id),
        credit(LedgerAccount.SALES, Money(pence - tax, "GBP")),
        credit(LedgerAccount.TAX_PAYABLE, Money(tax, "GBP")),
    ]


def sale(account_id: int, pence: int, source: str, *, on: date = DAY, tax: int = 0) -> Draft:
    """An invoice, to be posted with others."""
    return Draft(EntryKind.INVOICE_ISSUED, source, on, sale_legs(account_id, pence, tax))


def post_sale(
    session: Session, account_id: int, pence: int, source: str, *, on: date = DAY, tax: int = 0
) -> PostedEntry:
    """Post an invoice."""
    legs = sale_legs(account_id, pence, tax)
    return post(session, kind=EntryKind.INVOICE_ISSUED, source=source, effective_on=on, legs=legs)


def post_payment(session: Session, account_id: int, pence: int, source: str, *, on: date = DAY) -> PostedEntry:
    """Post a card payment that has not settled."""
    legs = [
        debit(LedgerAccount.AWAITING_SETTLEMENT, Money(pence, "GBP")),
        credit(LedgerAccount.RECEIVABLE, Money(pence, "GBP"), account_id=account_id),
    ]
    return post(session, kind=EntryKind.CARD_PAYMENT, source=source, effective_on=on, legs=legs)


def post_settlement(session: Session, pence: int, fee: int, source: str, *, on: date = DAY) -> PostedEntry:
    """Post a balance transaction of the processor: the receipt settles, less its fee."""
    legs = [
        debit(LedgerAccount.CARD_CLEARING, Money(pence, "GBP")),
        debit(LedgerAccount.PROCESSOR_FEES, Money(fee, "GBP")),
        credit(LedgerAccount.AWAITING_SETTLEMENT, Money(pence, "GBP")),
        credit(LedgerAccount.CARD_CLEARING, Money(fee, "GBP")),
    ]
    return post(session, kind=EntryKind.SETTLEMENT, source=source, effective_on=on, legs=legs, stream="processor:gbp")
