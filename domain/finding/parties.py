"""Parties: accounts, and the people on them, by what is known of them, however it is spelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import searching
from domain.accounts.model import ACCESS, ACCOUNTS, CONTACTS, LOGINS
from domain.accounts.searching import Found
from domain.finding.asking import BEGINS, EXACT, HOLDS, LOOKED_AT, Hit, Kind, Question
from domain.shared.errors import N_
from domain.shared.spelling import alike
from domain.shared.words import Words

FEW = 8
"""Where fewer accounts hold the words as they are, those that may be spelt otherwise are shown too."""
MEANT = 5
"""Accounts of which everything is shown, where what was asked for is who they are."""


def accounts(session: Session, asked: Question) -> list[Hit]:
    """Accounts by number, name, email, phone, and the people on them."""
    exact = session.execute(select(*searching.LISTED).where(ACCOUNTS.c.number.in_(asked.numbers))).all()
    found = [_account(asked, Found(*row)) for row in exact]
    if asked.is_long_enough:
        held = searching.search(session, asked.text, limit=LOOKED_AT)
        found += [_account(asked, one) for one in held]
        if len(held) < FEW and asked.is_name:
            near = searching.alike(session, asked.text, limit=LOOKED_AT)
            found += [_account(asked, one.account, one.degree) for one in near]
    return found


def people(session: Session, asked: Question, among: Sequence[Hit]) -> list[Hit]:
    """Contacts and logins of those accounts that have the words in them."""
    ids = list(dict.fromkeys(hit.account_id for hit in among))[:LOOKED_AT]
    if not ids:
        return []
    contacts = select(CONTACTS.c.id, CONTACTS.c.account_id, CONTACTS.c.name, CONTACTS.c.email, CONTACTS.c.phone)
    logins = (
        select(LOGINS.c.id, ACCESS.c.account_id, LOGINS.c.name, LOGINS.c.email)
        .join(ACCESS, ACCESS.c.login_id == LOGINS.c.id)
        .where(LOGINS.c.disabled_at.is_(None), ACCESS.c.account_id.in_(ids))
    )
    found = [
        Hit(Kind.CONTACT, row.id, row.name, degree, row.account_id, more=row.email or row.phone or "", said=CONTACT)
        for row in session.execute(contacts.where(CONTACTS.c.account_id.in_(ids)))
        if (degree := _person(asked, (row.name, row.email, row.phone)))
    ]
    found += [
        Hit(Kind.LOGIN, row.id, row.name, degree, row.account_id, more=row.email, said=LOGIN)
        for row in session.execute(logins)
        if (degree := _person(asked, (row.name, row.email)))
    ]
    return found


CONTACT, LOGIN = Words.of(N_("Contact")), Words.of(N_("May sign in"))


def meant(among: Sequence[Hit]) -> list[int]:
    """The accounts that are surely meant: their number or name is or begins with what was asked for; few, or none."""
    ids = list(dict.fromkeys(hit.account_id for hit in among if hit.degree >= BEGINS and hit.account_id is not None))
    exact = [hit.account_id for hit in among if hit.degree == EXACT and hit.account_id is not None]
    return (list(dict.fromkeys(exact)) or ids)[:MEANT] if exact or len(ids) <= MEANT else []


def _account(asked: Question, one: Found, near: float = 0.0) -> Hit:
    degree = asked.degree(one.number, one.name, one.email) or near or HOLDS
    return Hit(Kind.ACCOUNT, one.id, one.name, degree, one.id, more=one.number)


def _person(asked: Question, texts: Iterable[str | None]) -> float:
    known = [text for text in texts if text]
    return asked.degree(*known) or alike(asked.words, " ".join(known))
