"""Applying: accounts go to whom the rules give them, many at a time; what was given by hand stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.assignments.fitting import compared, working
from domain.assignments.model import ASSIGNMENTS, RULES
from domain.audit.recording import Payload, record_on_accounts
from domain.outbox.model import OUTBOX
from domain.outbox.sending import Message
from domain.outbox.sending import add as add_message
from domain.shared.actor import Actor
from domain.shared.chunking import AT_ONCE
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.staff import queries as staff

GIVEN = "account.assigned"
LEFT = "account.unassigned"


class ApplyRules(Message, frozen=True):
    """Go through the accounts after this one (by id), a part at a time, and give each to whom the rules say."""

    kind: ClassVar[str] = "apply_rules"
    after: int = 0


def ask(session: Session) -> None:
    """Have all accounts gone through, in the background."""
    add_message(session, ApplyRules())


def is_needed(session: Session) -> bool:
    """Whether there is a rule, or an account that was given by one that has ended."""
    held = select(RULES.c.id).where(RULES.c.ended_at.is_(None)).limit(1)
    given = select(ASSIGNMENTS.c.account_id).where(ASSIGNMENTS.c.rule_id.is_not(None)).limit(1)
    return session.scalar(held) is not None or session.scalar(given) is not None


def is_under_way(session: Session) -> bool:
    """Whether accounts are being gone through, or are about to be."""
    waiting = OUTBOX.c.done_at.is_(None) & OUTBOX.c.given_up_at.is_(None) & (OUTBOX.c.kind == ApplyRules.kind)
    return session.scalar(select(OUTBOX.c.id).where(waiting).limit(1)) is not None


def apply_after(session: Session, after: int, *, actor: Actor, at_once: int = AT_ONCE) -> tuple[int, int | None]:
    """Give the accounts next after this one (by id) to whom the rules say; how many changed hands, and the last seen.

    None instead of the last one where there are no more.
    """
    part = select(ACCOUNTS.c.id).where(ACCOUNTS.c.id > after).order_by(ACCOUNTS.c.id).limit(at_once).subquery()
    last = session.scalar(select(func.max(part.c.id)))
    if last is None:
        return 0, None
    return apply_to(session, ACCOUNTS.c.id > after, ACCOUNTS.c.id <= last, actor=actor), last


def apply_to_new(session: Session, *, actor: Actor, at_once: int = AT_ONCE) -> int:
    """Give accounts that nobody looks after, and that fit a rule, to whom it says; how many, at most so many.

    Asked for every minute: where there is no rule, no account is read.
    """
    if not working(session):
        return 0
    return apply_to(session, ASSIGNMENTS.c.account_id.is_(None), actor=actor, at_once=at_once)


def apply_to(session: Session, *among: ColumnElement[bool], actor: Actor, at_once: int = AT_ONCE) -> int:
    """Give the accounts among these (by columns of accounts and assignments) to whom the rules say; how many changed.

    At most so many at once. Safe beside whoever assigns by hand meanwhile: theirs stands.
    """
    rules = working(session)
    found = compared(session, rules, *among)
    others = or_(
        found.c.staff_id.is_distinct_from(found.c.fit_staff_id), found.c.rule_id.is_distinct_from(found.c.fit_rule_id)
    )
    rows = session.execute(select(found).where(others).order_by(found.c.account_id).limit(at_once)).all()
    given = _give(session, [row for row in rows if row.fit_staff_id is not None])
    left = _take_away(session, [row.account_id for row in rows if row.fit_staff_id is None])
    before = {row.account_id: row for row in rows}
    changed = [one for one in given if before[one].staff_id != before[one].fit_staff_id]
    tell(session, {one: (before[one].staff_id, before[one].fit_staff_id) for one in changed}, actor=actor, by="rule")
    tell(session, {one: (before[one].staff_id, None) for one in left}, actor=actor, by="rule")
    return len(changed) + len(left)


def upsert(session: Session, *, only_by_rule: bool) -> Any:
    """The statement that gives an account to somebody, and returns its id where it did."""
    own: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = own.insert(ASSIGNMENTS)
    changed = {name: statement.excluded[name] for name in ("staff_id", "rule_id", "assigned_at")}
    where = ASSIGNMENTS.c.rule_id.is_not(None) if only_by_rule else None
    return statement.on_conflict_do_update(index_elements=["account_id"], set_=changed, where=where).returning(
        ASSIGNMENTS.c.account_id
    )


def tell(session: Session, changes: Mapping[int, tuple[int | None, int | None]], *, actor: Actor, by: str) -> None:
    """Write down of each account who looked after it before and who does now."""
    names = staff.names(session, {one for change in changes.values() for one in change if one is not None})
    for act, wanted in ((GIVEN, True), (LEFT, False)):
        payloads = {
            account_id: Payload(_whom(before, names), _whom(after, names), {"by": by})
            for account_id, (before, after) in changes.items()
            if (after is not None) is wanted
        }
        if payloads:
            record_on_accounts(session, act, actor=actor, payloads=payloads)


def _give(session: Session, rows: Sequence[AnyRow]) -> list[int]:
    if not rows:
        return []
    at = now(session)
    values = [
        {"account_id": row.account_id, "staff_id": row.fit_staff_id, "rule_id": row.fit_rule_id, "assigned_at": at}
        for row in rows
    ]
    return list(session.scalars(upsert(session, only_by_rule=True), values))


def _take_away(session: Session, account_ids: Sequence[int]) -> list[int]:
    if not account_ids:
        return []
    gone = and_(ASSIGNMENTS.c.account_id.in_(account_ids), ASSIGNMENTS.c.rule_id.is_not(None))
    return list(session.scalars(delete(ASSIGNMENTS).where(gone).returning(ASSIGNMENTS.c.account_id)))


def _whom(staff_id: int | None, names: Mapping[int, str]) -> dict[str, object]:
    return {} if staff_id is None else {"staff_id": staff_id, "name": names[staff_id]}
