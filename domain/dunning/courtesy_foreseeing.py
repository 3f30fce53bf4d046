"""Courtesy foreseeing: who would be told of what beside reminders today and when, and who would not; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning.courtesies import parts_of, planned
from domain.dunning.courtesy_selecting import Waiting, waiting
from domain.notices.model import HeldBack
from domain.notices.reach.reaching import Reached
from domain.shared.chunking import chunks
from domain.shared.db.session import now
from domain.shared.money import Money

AT_ONCE = 500
"""So many are looked at together."""


@dataclass(frozen=True, slots=True)
class ForeseenCourtesy:
    """What would be told to one account: `at` is when its notice would go, None where `why` holds it back."""

    account_id: int
    account_number: str
    account_name: str
    due: Waiting
    total: Money
    reached: Reached | None
    at: datetime | None
    why: HeldBack | None


def foresee_courtesies(session: Session) -> Iterator[ForeseenCourtesy]:
    """What `courtesies.tell` would do now for every account, as far as is known now, by account."""
    for some in chunks(sorted(waiting(session), key=lambda each: (each.account_id, each.wording)), AT_ONCE):
        ids = {each.account_id for each in some}
        found = {account.id: account for account in session.scalars(select(Account).where(Account.id.in_(ids)))}
        for due in some:
            foreseen = _foreseen(session, found[due.account_id], due)
            if foreseen is not None:
                yield foreseen


def _foreseen(session: Session, account: Account, due: Waiting) -> ForeseenCourtesy | None:
    plan = planned(session, account, due)
    if not plan.is_due:
        return None
    at = None if plan.why else plan.wait_until or now(session)
    total = Money.sum((part.asked for part in parts_of(session, due)), account.currency)
    return ForeseenCourtesy(account.id, account.number, account.name, due, total, plan.reached, at, plan.why)
