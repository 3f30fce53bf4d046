"""Foreseeing: who would get which notice today and when, and who would not and why; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.dunning import rules
from domain.dunning.planning import Plan, of_one_tone, planned
from domain.dunning.selecting import due_accounts, due_invoices
from domain.notices.model import HeldBack
from domain.shared.chunking import chunks
from domain.shared.db.session import now, today

AT_ONCE = 500
"""So many accounts are read together."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would be done today for one account: `at` is when its notice would go, None where `why` holds it back."""

    account_id: int
    account_number: str
    account_name: str
    plan: Plan
    at: datetime | None
    why: HeldBack | None


def due_ids(session: Session) -> list[int]:
    """The accounts of which a step is due today and was not looked at yet, by id."""
    book = rules.sequences(session, today(session))
    return [due.account_id for due in due_accounts(session, book, today(session))]


def foresee(session: Session, account_ids: Sequence[int] | None = None) -> Iterator[Foreseen]:
    """What would be done today for each of these accounts (None: all) of which a step is due, by account.

    It asks what `stepping.step` asks, so that it says what that would do. A pause of everything is not looked at here:
    whoever shows this says so (`pausing.paused`).
    """
    book = rules.sequences(session, today(session))
    ids = due_ids(session) if account_ids is None else account_ids
    for some in chunks(ids, AT_ONCE):
        yield from _foreseen(session, book, some)


def _foreseen(session: Session, book: rules.Book, account_ids: Sequence[int]) -> Iterator[Foreseen]:
    due = due_invoices(session, book, today(session), account_ids)
    accounts = session.scalars(select(Account).where(Account.id.in_(due)).order_by(Account.id)).all()
    plans = planned(session, book, [(account, of_one_tone(due[account.id])) for account in accounts])
    for account in accounts:
        plan = plans[account.id]
        at = None if plan.why else plan.wait_until or now(session)
        yield Foreseen(account.id, account.number, account.name, plan, at, plan.why)
