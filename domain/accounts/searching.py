"""Searching: find accounts by what people know of them, whatever the case and the accents."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from domain.accounts.model import ACCESS, ACCOUNTS, CONTACTS, LOGINS, SEARCHED, folded
from domain.shared import spelling
from domain.shared.db.trigrams import may_hold, sharing
from domain.shared.spelling import LONG_ENOUGH, likely_threes


@dataclass(frozen=True, slots=True)
class Found:
    """One account in a list."""

    id: int
    number: str
    name: str
    currency: str
    email: str | None
    country: str | None

    @property
    def cursor(self) -> tuple[str, int]:
        """Where the list goes on after this one."""
        return (self.name, self.id)


@dataclass(frozen=True, slots=True)
class Alike:
    """An account that may be meant, and how alike it is to what was asked for: 1 where every word occurs in it."""

    account: Found
    degree: float


LOOKED_AT = 300
"""Accounts whose names are compared with what was asked for."""
LISTED = tuple(ACCOUNTS.c[name] for name in Found.__dataclass_fields__)


def search(
    session: Session,
    words: str = "",
    *,
    also: Collection[int] = (),
    among: Select[int] | None = None,
    by: Select[int, int] | None = None,
    others: Select[int] | None = None,
    after: tuple[str | int, int] | None = None,
    limit: int = 50,
) -> list[Found]:
    """Accounts in which every one of `words` occurs (in name, number, email, phone, contacts, logins), by name.

    `also` are ids found elsewhere, by an invoice's number for instance; `among` selects the ids to look through, all
    where it is not given. `by` selects ids with a number, by which the list goes instead of by name: the greatest
    first, and then those without one whom `others` selects. `after` is the `cursor` of the last one seen, or its number
    (0 without one) and id.
    """
    narrowing = holding(session, words)
    if narrowing and also:
        narrowing = [or_(and_(*narrowing), ACCOUNTS.c.id.in_(also))]
    if among is not None:
        narrowing.append(ACCOUNTS.c.id.in_(among))
    if by is not None:
        return _by_number(session, by, narrowing, others, after, limit)
    statement = select(*LISTED).where(*narrowing)
    if after is not None:
        statement = statement.where(tuple_(ACCOUNTS.c.name, ACCOUNTS.c.id) > tuple_(*after))
    return _read(session, statement.order_by(ACCOUNTS.c.name, ACCOUNTS.c.id).limit(limit))


def _by_number(
    session: Session,
    by: Select[int, int],
    narrowing: Sequence[ColumnElement[bool]],
    others: Select[int] | None,
    after: tuple[str | int, int] | None,
    limit: int,
) -> list[Found]:
    """A page of the accounts that have a number, the greatest first; then, where it is not full, of the others."""
    last, last_id = (None, 0) if after is None else (int(after[0]), after[1])
    found: list[Found] = []
    if last is None or last > 0:
        found = _read(session, _numbered(by, narrowing, None if last is None else (last, last_id), limit))
        last_id = 0
    if len(found) < limit and others is not None:
        without = (ACCOUNTS.c.id.in_(others), ACCOUNTS.c.id.not_in(select(by.subquery().c[0])))
        rest = select(*LISTED).where(*narrowing, *without, ACCOUNTS.c.id > last_id).order_by(ACCOUNTS.c.id)
        found += _read(session, rest.limit(limit - len(found)))
    return found


def _numbered(
    by: Select[int, int], narrowing: Sequence[ColumnElement[bool]], after: tuple[int, int] | None, limit: int
) -> Select[Any]:
    """The greatest numbers are taken first, and only their accounts are read.

    What narrows the list narrows the rows that the numbers are made of: of few accounts few are added up.
    """
    if narrowing:
        by = by.where(by.selected_columns[0].in_(select(ACCOUNTS.c.id).where(*narrowing)))
    account_id, number = by.subquery().c
    first = select(account_id.label("account_id"), number.label("number"))
    if after is not None:
        first = first.where(tuple_(-number, account_id) > tuple_(-after[0], after[1]))
    greatest = first.order_by(number.desc(), account_id).limit(limit).subquery()
    joined = select(*LISTED).join(greatest, greatest.c.account_id == ACCOUNTS.c.id)
    return joined.order_by(greatest.c.number.desc(), ACCOUNTS.c.id)


def _read(session: Session, statement: Select[Any]) -> list[Found]:
    return [Found(*row) for row in session.execute(statement)]


def holding(session: Session, words: str) -> list[ColumnElement[bool]]:
    """What is true of the accounts in which every one of `words` occurs; nothing where nothing is asked.

    The index gives them, as far as words have three letters or more: those with a shorter one alone are read through.
    """
    asked = folded(words).split()
    contained = [ACCOUNTS.c.search_text.contains(word, autoescape=True) for word in asked]
    indexed = may_hold(session, ACCOUNTS, asked)
    return contained if indexed is None else [indexed, *contained]


def alike(session: Session, words: str, *, limit: int = 50) -> list[Alike]:
    """Accounts that may be meant although something is spelt otherwise in them, those that are most alike first.

    They are chosen from the `LOOKED_AT` that have most threes of letters in common with what is asked for.
    """
    asked = [word for word in folded(words).split() if len(word) >= LONG_ENOUGH]
    wanted = list(dict.fromkeys(three for word in asked for three in likely_threes(word)))
    ids = sharing(session, ACCOUNTS, wanted, limit=LOOKED_AT)
    rows = session.execute(select(*LISTED, ACCOUNTS.c.search_text).where(ACCOUNTS.c.id.in_(ids))) if ids else ()
    found = [Alike(Found(*row[:-1]), spelling.alike(asked, row.search_text)) for row in rows]
    return sorted((one for one in found if one.degree), key=lambda one: (-one.degree, one.account.cursor))[:limit]


def refresh(session: Session, account_id: int) -> None:
    """Write down again by what this account is found, after it, its contacts or its logins changed."""
    own = select(*(ACCOUNTS.c[name] for name in SEARCHED)).where(ACCOUNTS.c.id == account_id)
    contacts = select(CONTACTS.c.name, CONTACTS.c.email, CONTACTS.c.phone).where(CONTACTS.c.account_id == account_id)
    logins = (
        select(LOGINS.c.name, LOGINS.c.email)
        .join(ACCESS, ACCESS.c.login_id == LOGINS.c.id)
        .where(ACCESS.c.account_id == account_id)
    )
    session.flush()
    words = [word for part in (own, contacts, logins) for row in session.execute(part) for word in row]
    text = folded(*dict.fromkeys(words))
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(search_text=text))
