"""Affairs: what goes on about accounts: disputes, plans, promises, handoffs, cases, notices and messages.

Each is found by a number of its own, where it has one; and those of the accounts that are meant are found with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import Session

from domain.disputes.model import DISPUTE_NAMES, Dispute
from domain.finding.asking import BESIDE, EXACT, LOOKED_AT, Hit, Kind, Question
from domain.finding.papers import holding
from domain.legal_cases.model import CASE_NAMES, LegalCase
from domain.legal_cases.naming import reference_of as case_reference
from domain.notices.incoming.model import INCOMING
from domain.notices.model import NOTICES, STATUS_NAMES
from domain.placements.model import PLACEMENT_NAMES, Partner, Placement
from domain.placements.naming import reference_of as placement_reference
from domain.plans.model import PLAN_NAMES, PaymentPlan
from domain.policies.contacting import WORDING_NAMES
from domain.promises.model import PROMISE_NAMES, PromiseToPay
from domain.settlements.model import OFFER_NAMES, SettlementOffer
from domain.shared.clock import day_in
from domain.shared.db.base import Base
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.spelling import alike
from domain.shared.words import Words

OF_EACH = 5
"""How many of each kind are shown of the accounts that are meant: the newest."""


@dataclass(frozen=True, slots=True)
class Found:
    """How one kind is read: its table, what it is called (or a message id), its standing, the moment and the amount."""

    kind: Kind
    table: Table
    title: Callable[[AnyRow], str]
    said: Callable[[AnyRow], str]
    at: str
    amount: str | None = None


def _table(model: Any) -> Table:
    return Base.metadata.tables[model.__tablename__]


DISPUTES = Found(
    Kind.DISPUTE,
    _table(Dispute),
    lambda row: row.number,
    lambda row: DISPUTE_NAMES[row.status],
    "raised_at",
    "amount_minor",
)
PLANS = Found(
    Kind.PLAN,
    _table(PaymentPlan),
    lambda _: N_("Payment plan"),
    lambda row: PLAN_NAMES[row.status],
    "made_at",
    "total_minor",
)
SETTLEMENTS = Found(
    Kind.SETTLEMENT,
    _table(SettlementOffer),
    lambda _: N_("Settlement"),
    lambda row: OFFER_NAMES[row.status],
    "made_at",
    "amount_minor",
)
PROMISES = Found(
    Kind.PROMISE,
    _table(PromiseToPay),
    lambda _: N_("Promise"),
    lambda row: PROMISE_NAMES[row.status],
    "made_at",
    "amount_minor",
)
PLACEMENTS = Found(
    Kind.PLACEMENT,
    _table(Placement),
    lambda row: placement_reference(row.id),
    lambda row: PLACEMENT_NAMES[row.status],
    "proposed_at",
    "proposed_minor",
)
CASES = Found(
    Kind.CASE,
    _table(LegalCase),
    lambda row: row.number or case_reference(row.id),
    lambda row: CASE_NAMES[row.status],
    "opened_at",
    "claimed_minor",
)
NOTICED = Found(
    Kind.NOTICE,
    NOTICES,
    lambda row: WORDING_NAMES[row.wording],
    lambda row: STATUS_NAMES[row.status],
    "decided_at",
)
MESSAGES = Found(Kind.MESSAGE, INCOMING, lambda row: row.subject, lambda _: N_("Message"), "taken_in_at")
PARTNERS: Table = _table(Partner)
PARTNER = Words.of(N_("Partner"))


def disputes(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Disputes by number, and those of the accounts that are meant."""
    return _by_words(session, DISPUTES, asked, "number") + _of_accounts(session, DISPUTES, meant)


def plans(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Plans and settlements of the accounts that are meant."""
    return _of_accounts(session, PLANS, meant) + _of_accounts(session, SETTLEMENTS, meant)


def promises(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Promises of the accounts that are meant."""
    return _of_accounts(session, PROMISES, meant)


def placements(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Handoffs and cases by our reference or the court's number, partners by name, and what is of those accounts."""
    found = [
        hit
        for each, prefix in ((PLACEMENTS, "HO-"), (CASES, "LC-"))
        if (number := _number(asked.text, prefix)) is not None
        for hit in _read(session, each, each.table.c.id == number, lambda _: EXACT)
    ]
    if found:
        return found
    found += _by_words(session, CASES, asked, "number", "court")
    for row in session.execute(select(PARTNERS.c.id, PARTNERS.c.name).limit(LOOKED_AT)):
        if degree := asked.degree(row.name) or alike(asked.words, row.name):
            found.append(Hit(Kind.PARTNER, row.id, row.name, degree, said=PARTNER))
    return [*found, *_of_accounts(session, PLACEMENTS, meant), *_of_accounts(session, CASES, meant)]


def notices(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Notices to an address, and those to the accounts that are meant."""
    to = NOTICES.c.address.in_(asked.numbers)
    return _read(session, NOTICED, to, lambda _: EXACT) + _of_accounts(session, NOTICED, meant)


def messages(session: Session, asked: Question, meant: Sequence[int]) -> list[Hit]:
    """Messages by who wrote them and what they are about, and those of the accounts that are meant."""
    return _by_words(session, MESSAGES, asked, "subject", "sender") + _of_accounts(session, MESSAGES, meant)


def _by_words(session: Session, what: Found, asked: Question, *names: str) -> list[Hit]:
    ways: list[ColumnElement[bool]] = []
    if "number" in names:
        ways.append(what.table.c.number.in_(asked.numbers))
    if (held := holding(session, what.table, asked)) is not None:
        ways.append(held)

    def degree(row: AnyRow) -> float:
        return asked.degree(*(row._mapping[name] for name in names))

    return [hit for way in ways for hit in _read(session, what, way, degree)]


def _of_accounts(session: Session, what: Found, account_ids: Sequence[int]) -> list[Hit]:
    if not account_ids:
        return []
    theirs = what.table.c.account_id.in_(account_ids)
    return _read(session, what, theirs, lambda _: BESIDE, limit=OF_EACH)


def _read(
    session: Session,
    what: Found,
    way: ColumnElement[bool],
    degree: Callable[[AnyRow], float],
    *,
    limit: int = LOOKED_AT,
) -> list[Hit]:
    zone = business(session).time_zone
    rows = session.execute(select(what.table).where(way).order_by(what.table.c.id.desc()).limit(limit))
    return [_hit(what, row, degree(row), zone) for row in rows]


def _hit(what: Found, row: AnyRow, degree: float, zone: str) -> Hit:
    minor = None if what.amount is None else row._mapping[what.amount]
    return Hit(
        what.kind,
        row.id,
        what.title(row),
        degree,
        row.account_id,
        more=row.sender if what.kind is Kind.MESSAGE else "",
        said=Words.of(what.said(row)),
        amount=None if minor is None else Money(minor, row.currency),
        on=day_in(row._mapping[what.at], zone),
    )


def _number(text: str, prefix: str) -> int | None:
    """The id in a reference such as HO-000123, however many of its zeros were typed; None in what is none."""
    digits = text.upper().removeprefix(prefix)
    is_one = text.upper().startswith(prefix) and digits.isascii() and digits.isdigit() and len(digits) <= 18
    return int(digits) if is_one else None
