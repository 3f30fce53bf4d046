"""Approval views: a request as its pages show it, and how things stood, stand and would stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.approvals import facts
from domain.approvals.model import APPROVAL_NAMES, KIND_NAMES, ApprovalKind, ApprovalStatus
from domain.credit.applications.model import STATE_WORDS
from domain.disputes.model import DISPUTE_NAMES
from domain.plans.model import PLAN_NAMES
from domain.policies.acts import ACT_NAMES, UNITS, Unit
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import LARGEST_MINOR, Money
from domain.shared.words import Words
from domain.staff import queries as staff

BADGES = {
    ApprovalStatus.WAITING: "waiting",
    ApprovalStatus.APPROVED: "paid",
    ApprovalStatus.REFUSED: "failed",
    ApprovalStatus.WITHDRAWN: "void",
    ApprovalStatus.EXPIRED: "void",
}
STATUS_BADGES = {status: (kind, APPROVAL_NAMES[status]) for status, kind in BADGES.items()}
"""How each state is shown."""
PLACES = {
    "invoice": "/accounts/{account}/invoices/{id}",
    "plan": "/plans/{id}",
    "dispute": "/disputes/{id}",
    "chargeback": "/chargebacks/{id}",
    "credit_application": "/credit-applications/{id}",
    "credit_hold": "/accounts/{account}/credit-limit",
    "account": "/accounts/{account}",
}
"""Where the thing that a request is about has its page."""
LIMIT_KINDS = frozenset({ApprovalKind.CREDIT_LIMIT, ApprovalKind.END_LIMIT})
TAKES = {
    Unit.MONEY: N_("{n}"),
    Unit.DAYS: N_("{n} days"),
    Unit.MONTHS: N_("{n} months"),
    Unit.PERCENT: N_("{n} per cent"),
}
FACT_WORDS = {
    facts.OPEN: N_("What is open of it"),
    facts.DUE: N_("Due"),
    facts.LIMIT: N_("Credit limit"),
    facts.ON_HOLD: N_("New credit"),
    facts.STATUS: N_("Status"),
    facts.CONTESTED: N_("Contested"),
    facts.PROMISED: N_("Promise to pay"),
    facts.ACCOUNT_OPEN: N_("Open on the account"),
    facts.ACCOUNT_CREDIT: N_("Credit of the account"),
}
"""What each fact is called."""
STATES: Mapping[ApprovalKind, Mapping[str, str]] = {
    ApprovalKind.ACCEPT_DISPUTE: {status.value: words for status, words in DISPUTE_NAMES.items()},
    ApprovalKind.CREDIT_APPLICATION: {state.value: words for state, words in STATE_WORDS.items()},
}
PLAN_STATES = {status.value: words for status, words in PLAN_NAMES.items()}
"""What the states of the things are called that a request is about."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request in a list, on its account or at the head of its page; `takes` is how much authority is for it."""

    id: int
    path: str
    account_id: int
    kind: str
    badge: tuple[str, str]
    status: ApprovalStatus
    about: str
    act: str
    takes: Words | None
    why: str
    note: str | None
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    valid_until: date
    decided_by: str | None
    decided_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """How something stood when it was asked for, how it stands now, and how it would stand afterwards."""

    label: str
    then: Words
    now: Words
    after: Words
    is_changed: bool


def request_view(row: AnyRow, names: Mapping[int, str]) -> RequestView:
    """A row of `approvals.queries`, with the names of colleagues by their id."""
    place = PLACES[row.subject_kind]
    about = place.format(account=row.account_id, id=row.subject_id)
    return RequestView(
        id=row.id,
        path=f"/approvals/{row.id}",
        account_id=row.account_id,
        kind=KIND_NAMES[row.kind],
        badge=STATUS_BADGES[row.status],
        status=row.status,
        about=f"{about}/credit-limit" if row.kind in LIMIT_KINDS else about,
        act=ACT_NAMES[row.act],
        takes=_takes(row),
        why=row.why,
        note=row.note,
        asked_by=names.get(row.asked_by, "–"),
        asked_by_id=row.asked_by,
        asked_at=row.asked_at,
        valid_until=row.valid_until,
        decided_by=names.get(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
        answer=row.answer,
    )


def people_of(rows: Sequence[AnyRow]) -> set[int]:
    """The ids of the colleagues whom the rows name."""
    return {one for row in rows for one in (row.asked_by, row.decided_by) if one is not None}


def fact_rows(row: AnyRow, now: Mapping[str, Any]) -> list[FactRow]:
    """What a request changes, and whether it stands as it stood when it was asked for."""
    kind = ApprovalKind(row.kind)
    moved = facts.changed(row.seen, now)
    return [
        FactRow(
            label=FACT_WORDS[name],
            then=_fact(kind, name, then, row.currency),
            now=_fact(kind, name, now.get(name), row.currency),
            after=_fact(kind, name, _after(row, name, now), row.currency),
            is_changed=name in moved,
        )
        for name, then in row.seen.items()
    ]


def _after(row: AnyRow, name: str, now: Mapping[str, Any]) -> Any:
    """What would be afterwards: of the whole account, whatever else has moved there meanwhile counts as well."""
    if name in facts.OF_ACCOUNT:
        return now[name] + row.foreseen[name] - row.seen[name]
    return row.foreseen.get(name)


def _fact(kind: ApprovalKind, name: str, value: Any, currency: str) -> Words:
    if value is None:
        return Words.of(N_("none"))
    if name == facts.ON_HOLD:
        return Words.of(N_("On hold") if value else N_("Let through"))
    if name in (facts.DUE, facts.PROMISED):
        return day_words(date.fromisoformat(value))
    if name == facts.STATUS:
        return Words.of(STATES.get(kind, PLAN_STATES)[value])
    return money(value, currency)


def _takes(row: AnyRow) -> Words | None:
    if row.extent is None or row.extent >= LARGEST_MINOR:
        return None
    unit = UNITS[row.act]
    return Words.of(TAKES[unit], n=Money(row.extent, row.currency) if unit is Unit.MONEY else row.extent)


def money(minor: int, currency: str) -> Words:
    """An amount in minor units, in words."""
    return Words.of("{amount}", amount=Money(minor, currency))


def day_words(day: date) -> Words:
    """A day in words."""
    return Words.of("{day}", day=day)


def awaiting(session: Session, rows: Sequence[AnyRow]) -> list[RequestView]:
    """What waits for a second person, for the page of the account or the thing that it is about."""
    names = staff.names(session, people_of(rows))
    return [request_view(row, names) for row in rows]
