"""Gathering: what one morning's mail says: what waits for somebody, who mentions them, what was promised by today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.assignments.queries import responsible
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.tasks.model import TaskKind
from domain.worklist import queue
from domain.worklist.queue import Item, Wanted, Whose

TOP = 5
"""So much of it is named, the most worthwhile first; the worklist has it all."""
MOST_SUMMED = 2_000
"""So much waiting work is looked at for what it is worth; for more than that no sum is told, as it would be wrong."""


@dataclass(frozen=True, slots=True)
class OfKind:
    """How much of one kind waits, and what it is worth in each currency; no sums where there is too much of it."""

    kind: TaskKind
    many: int
    worth: Sequence[Money]


@dataclass(frozen=True, slots=True)
class DuePromise:
    """Money that a customer promised by today, or by a day before, and that has not come."""

    id: int
    account_name: str
    amount: Money
    promised_on: date


@dataclass(frozen=True, slots=True)
class Digest:
    """One morning's news for one person."""

    kinds: Sequence[OfKind]
    top: Sequence[Item]
    mentions: Sequence[Item]
    promises: Sequence[DuePromise]

    @property
    def many(self) -> int:
        """How much waits in all."""
        return sum(each.many for each in self.kinds)

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.kinds or self.promises)


def gather(session: Session, staff_id: int) -> Digest:
    """What waits for somebody now, with what they do for those who are away."""
    wanted = Wanted(Whose.MINE, staff_id)
    kinds = queue.kinds(session, wanted)
    found = queue.items(session, wanted, limit=MOST_SUMMED) if kinds else []
    worth: dict[TaskKind, list[Money]] = defaultdict(list)
    for item in found if sum(kinds.values()) <= MOST_SUMMED else ():
        if item.worth is not None:
            worth[item.kind].append(item.worth)
    return Digest(
        kinds=[OfKind(kind, many, _sums(worth[kind])) for kind, many in kinds.items()],
        top=[item for item in found if item.kind is not TaskKind.MENTIONED][:TOP],
        mentions=[item for item in found if item.kind is TaskKind.MENTIONED][:TOP],
        promises=_promises(session, staff_id),
    )


def _sums(amounts: Sequence[Money]) -> list[Money]:
    currencies = sorted({amount.currency for amount in amounts})
    return [
        Money.sum((amount for amount in amounts if amount.currency == currency), currency) for currency in currencies
    ]


def _promises(session: Session, staff_id: int) -> list[DuePromise]:
    day = today(session)
    looked_after = responsible(day)
    own: ColumnElement[bool] = looked_after.c.staff_id == staff_id
    rows = session.execute(
        select(
            PromiseToPay.id,
            ACCOUNTS.c.name,
            PromiseToPay.amount_minor,
            PromiseToPay.currency,
            PromiseToPay.promised_on,
        )
        .join(looked_after, looked_after.c.account_id == PromiseToPay.account_id)
        .join(ACCOUNTS, ACCOUNTS.c.id == PromiseToPay.account_id)
        .where(PromiseToPay.status == PromiseStatus.OPEN, PromiseToPay.promised_on <= day, own)
        .order_by(PromiseToPay.promised_on, PromiseToPay.id)
        .limit(TOP)
    )
    return [DuePromise(row.id, row.name, Money(row.amount_minor, row.currency), row.promised_on) for row in rows]
