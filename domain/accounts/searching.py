"""Searching: find accounts by what people know of them, whatever the case and the accents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_, update
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
    after: tuple[str | int, int] | None = None,
    limit: int = 50,
) -> list[Found]:
    """Accounts in which every one of `words` occurs (in name, number, email, phone, contacts, logins), by name.

    `also` are ids found elsewhere, by an invoice's number for instance; `among` selects the ids to look through, all
    where it is not given. `by` selects ids with a number, by which the list goes instead of by name: the greatest
    first, those without one last. `after` is the `cursor` of the last one seen, or its number (0 without one) and id.
    """
    matches = and_(True, *holding(session, words))
    statement = select(*LISTED).where(or_(matches, ACCOUNTS.c.id.in_(also)) if also else matches).limit(limit)
    if among is not None:
        statement = statement.where(ACCOUNTS.c.id.in_(among))
    place = tuple_(ACCOUNTS.c.name, ACCOUNTS.c.id)
    if by is not None:
        numbered = by.subquery()
        account_id, number = numbered.c
        statement = statement.outerjoin(numbered, account_id == ACCOUNTS.c.id)
        place = tuple_(-func.coalesce(number, 0), ACCOUNTS.c.id)
        after = after and (-int(after[0]), after[1])
    if after is not None:
        statement = statement.where(place > tuple_(*after))
    statement = statement.order_by(*place)
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
