"""Booking: the entries of write-offs, of what comes in for them, and of the tax that is claimed back and repaid."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg, PostedEntry, credit, debit
from domain.shared.money import Money
from domain.write_offs.model import Recovery, WriteOff


def write_off_stream(currency: str) -> str:
    """The stream of what is written off in the books alone, in one currency: no account is touched by it."""
    return f"write_offs:{currency.lower()}"


def write_off(session: Session, written: WriteOff, on: date) -> PostedEntry:
    """Bad debt against the allowance: what stands of a write-off in the books."""
    legs = [debit(LedgerAccount.BAD_DEBT, written.left), credit(LedgerAccount.BAD_DEBT_ALLOWANCE, written.left)]
    return _post(session, EntryKind.WRITE_OFF, written.source, on, legs, written.currency)


def release(session: Session, released: WriteOff, on: date, *, stood: bool) -> PostedEntry:
    """What is given up for good against the receivable: out of the allowance where it `stood` in the books before."""
    given_up = LedgerAccount.BAD_DEBT_ALLOWANCE if stood else LedgerAccount.BAD_DEBT
    legs = [
        debit(given_up, released.left),
        credit(LedgerAccount.RECEIVABLE, released.left, account_id=released.account_id),
    ]
    return _post(session, EntryKind.WRITE_OFF_RELEASED, released.source, on, legs)


def undo_release(session: Session, released: WriteOff, on: date) -> PostedEntry:
    """What had been given up for good is owed again."""
    legs = [
        debit(LedgerAccount.RECEIVABLE, released.left, account_id=released.account_id),
        credit(LedgerAccount.BAD_DEBT, released.left),
    ]
    return _post(session, EntryKind.WRITE_OFF_UNDONE, released.source, on, legs)


def undo_write_off(session: Session, written: WriteOff, on: date) -> PostedEntry:
    """What stands of a write-off in the books is no bad debt any more."""
    legs = [debit(LedgerAccount.BAD_DEBT_ALLOWANCE, written.left), credit(LedgerAccount.BAD_DEBT, written.left)]
    return _post(session, EntryKind.WRITE_OFF_UNDONE, written.source, on, legs, written.currency)


def come_down(session: Session, written: WriteOff, recovery: Recovery, *, is_money: bool) -> PostedEntry:
    """What came in is income out of the allowance; what was credited was no bad debt. Or the other way round."""
    against = LedgerAccount.BAD_DEBT_RECOVERED if is_money else LedgerAccount.BAD_DEBT
    kind = EntryKind.BAD_DEBT_RECOVERED if is_money else EntryKind.WRITE_OFF_UNDONE
    amount = Money(recovery.amount_minor, written.currency)
    legs = [Leg(LedgerAccount.BAD_DEBT_ALLOWANCE, amount), Leg(against, -amount)]
    return _post(session, kind, recovery.source, recovery.effective_on, legs, written.currency)


def claim_tax(session: Session, written: WriteOff, amount: Money, on: date) -> PostedEntry:
    """Tax that the tax office bears makes the bad debt less."""
    legs = [debit(LedgerAccount.TAX_PAYABLE, amount), credit(LedgerAccount.BAD_DEBT, amount)]
    return _post(session, EntryKind.TAX_RELIEF, written.source, on, legs, written.currency)


def repay_tax(session: Session, written: WriteOff, recovery: Recovery, *, is_money: bool) -> PostedEntry:
    """Tax within what came in is the tax office's again; where it went back, ours."""
    from_it = LedgerAccount.BAD_DEBT_RECOVERED if is_money else LedgerAccount.BAD_DEBT
    amount = Money(recovery.relief_minor, written.currency)
    legs = [Leg(from_it, amount), Leg(LedgerAccount.TAX_PAYABLE, -amount)]
    return _post(session, EntryKind.TAX_RELIEF_REPAID, recovery.source, recovery.effective_on, legs, written.currency)


def repay_all_tax(session: Session, written: WriteOff, amount: Money, on: date) -> PostedEntry:
    """Tax that was claimed back for what is owed again is the tax office's again."""
    legs = [debit(LedgerAccount.BAD_DEBT, amount), credit(LedgerAccount.TAX_PAYABLE, amount)]
    return _post(session, EntryKind.TAX_RELIEF_REPAID, written.source, on, legs, written.currency)


def _post(
    session: Session, kind: EntryKind, source: str, on: date, legs: list[Leg], currency: str | None = None
) -> PostedEntry:
    stream = None if currency is None else write_off_stream(currency)
    return ledger.post(session, kind=kind, source=source, effective_on=on, legs=legs, stream=stream)
