"""Fitting: which rule an account falls under, asked of the database for many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, Integer, Select, Subquery, and_, case, func, null, or_, select, true
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.assignments.model import ASSIGNMENTS, RULES, RuleKind
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.money import Money
from domain.staff.model import STAFF
from domain.staff.permissions import Permission, roles_with

LOOKS_AFTER = roles_with(Permission.CHANGE_ACCOUNTS)
"""Whose job it is to look after accounts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """By what a rule chooses accounts; only what its kind asks for is there.

    `low` and `high` are first letters as a search folds them, both included; `value` is the country or the language;
    `least` is the least that is open.
    """

    kind: RuleKind
    low: str | None = None
    high: str | None = None
    value: str | None = None
    least: Money | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: whose the accounts are that it chooses; `id` is None for one that is only thought of."""

    id: int | None
    choice: Choice
    staff_id: int


def working(session: Session) -> list[Rule]:
    """The rules that give accounts to somebody who can look after them, in their order."""
    rows = session.execute(
        select(RULES)
        .join(STAFF, STAFF.c.id == RULES.c.staff_id)
        .where(RULES.c.ended_at.is_(None), STAFF.c.disabled_at.is_(None), STAFF.c.role.in_(LOOKS_AFTER))
        .order_by(RULES.c.position, RULES.c.id)
    )
    return [
        Rule(
            row.id,
            Choice(
                row.kind,
                row.low,
                row.high,
                row.value,
                None if row.least_minor is None else Money(row.least_minor, row.currency),
            ),
            row.staff_id,
        )
        for row in rows
    ]


def compared(
    session: Session, rules: Sequence[Rule], *among: ColumnElement[bool], by_hand_too: bool = False
) -> Subquery:
    """Every account that rules may give to somebody, as it is and as these rules would have it.

    Columns: `account_id`; `staff_id` and `rule_id`, who looks after it now and by which rule; `fit_staff_id` and
    `fit_rule_id`, the same by the first of `rules` that fits, and NULL where none does. Accounts given by hand are
    left out, unless they are asked for. `among` narrows it down, by the columns of accounts and assignments.
    """
    source: FromClause = ACCOUNTS.outerjoin(ASSIGNMENTS, ASSIGNMENTS.c.account_id == ACCOUNTS.c.id)
    size: ColumnElement[int] | None = None
    if among:
        size = _open_on_account()
    elif any(rule.choice.kind is RuleKind.SIZE for rule in rules):
        sizes = _sizes()
        source = source.outerjoin(sizes, sizes.c.account_id == ACCOUNTS.c.id)
        size = sizes.c.minor
    fits = [(_fits(session, rule.choice, size), place) for place, rule in enumerate(rules)]
    free = or_(ASSIGNMENTS.c.account_id.is_(None), ASSIGNMENTS.c.rule_id.is_not(None))
    placed = (
        select(
            ACCOUNTS.c.id.label("account_id"),
            ASSIGNMENTS.c.staff_id,
            ASSIGNMENTS.c.rule_id,
            (case(*fits, else_=null()) if fits else null()).cast(Integer).label("place"),
        )
        .select_from(source)
        .where(*([] if by_hand_too else [free]), *among)
        .subquery("placed")
    )
    return select(
        placed.c.account_id,
        placed.c.staff_id,
        placed.c.rule_id,
        _of_place(placed, {place: rule.staff_id for place, rule in enumerate(rules)}).label("fit_staff_id"),
        _of_place(placed, {place: rule.id for place, rule in enumerate(rules)}).label("fit_rule_id"),
    ).subquery("compared")


def _of_place(placed: Subquery, values: dict[int, int | None]) -> ColumnElement[int | None]:
    known = {place: value for place, value in values.items() if value is not None}
    if not known:
        return null().cast(ASSIGNMENTS.c.staff_id.type)
    return case(known, value=placed.c.place, else_=null()).cast(ASSIGNMENTS.c.staff_id.type)


def _open_on_account() -> ColumnElement[int]:
    """What is open on one account, by its own invoices: for a part of the accounts."""
    own = select(func.sum(Invoice.open_minor)).where(
        Invoice.account_id == ACCOUNTS.c.id, Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED
    )
    return own.correlate(ACCOUNTS).scalar_subquery()


def _sizes() -> Subquery:
    """What is open on each account, added up in one go: for all of them."""
    open_sum: Select[int, int] = (
        select(Invoice.account_id, func.sum(Invoice.open_minor).label("minor"))
        .where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .group_by(Invoice.account_id)
    )
    return open_sum.subquery("sizes")


def _fits(session: Session, choice: Choice, size: ColumnElement[int] | None) -> ColumnElement[bool]:
    match choice.kind:
        case RuleKind.ALPHABET:
            low, high = choice.low or "", choice.high or ""
            return and_(_first(session, len(low)) >= low, _first(session, len(high)) <= high)
        case RuleKind.SIZE:
            assert size is not None
            assert choice.least is not None
            is_large = func.coalesce(size, 0) >= choice.least.minor
            return and_(ACCOUNTS.c.currency == choice.least.currency, is_large)
        case RuleKind.COUNTRY:
            return ACCOUNTS.c.country == choice.value
        case RuleKind.LANGUAGE:
            return or_(ACCOUNTS.c.language == choice.value, ACCOUNTS.c.language.startswith(f"{choice.value}-"))
        case RuleKind.EVERYTHING:
            return true()


def _first(session: Session, letters: int) -> ColumnElement[str]:
    """The first letters of the name: an account's search text begins with it, folded. Compared by code point."""
    first = func.substr(ACCOUNTS.c.search_text, 1, letters)
    return first.collate("C" if session.get_bind().dialect.name == "postgresql" else "BINARY")
