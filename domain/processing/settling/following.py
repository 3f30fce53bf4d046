"""Following: money has gone again, and what was given up for it falls with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables import queries as receivables
from domain.receivables.withdrawing import Uncovered
from domain.settlements import following
from domain.settlements.following import Opened
from domain.shared.actor import Actor


def concessions_fall(
    session: Session, account: Account, uncovered: Iterable[Uncovered], *, effective_on: date | None, actor: Actor
) -> list[Uncovered]:
    """Take back what was given up for money that has just gone from these invoices: with what is open by that.

    A settlement falls as a whole, however much of its money went back; it can be made good within some days.
    """
    before = list(uncovered)
    opened = following.follow_account(
        session, account, [each.invoice_id for each in before], effective_on=effective_on, actor=actor
    )
    return _together(session, before, opened)


def would_fall(session: Session, account_id: int, uncovered: Iterable[Uncovered]) -> list[Uncovered]:
    """What `concessions_fall` would make of `uncovered`, without doing it: for a preview."""
    before = list(uncovered)
    opened = following.would_fall(session, account_id, {each.invoice_id: each.amount for each in before})
    return _together(session, before, opened)


def _together(session: Session, before: list[Uncovered], opened: Collection[Opened]) -> list[Uncovered]:
    if not opened:
        return before
    numbers = receivables.numbers(session, [each.invoice_id for each in opened])
    found = {each.invoice_id: each for each in before}
    for each in opened:
        known = found.get(each.invoice_id)
        amount = known.amount + each.amount if known else each.amount
        found[each.invoice_id] = Uncovered(each.invoice_id, numbers[each.invoice_id], amount)
    return list(found.values())
