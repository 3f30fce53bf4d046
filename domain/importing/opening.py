"""Opening: the accounts that a file brings with it, each with its stream in the ledger, its contact, and its login."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Select, case, func, insert, select
from sqlalchemy.orm import Session

from domain.accounts import logins
from domain.accounts.model import ACCOUNTS, CONTACTS, Account, LegalForm, Right, folded
from domain.importing.mapping import Ours
from domain.importing.model import ROWS
from domain.ledger.streams import open_account_streams
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import business, now

CHUNK = 2_000
TERMS_DAYS = 30
INVITED = frozenset({Right.VIEW, Right.PAY, Right.DISPUTE, Right.PROMISE})
"""An address in somebody's ledger is often a shared mailbox: it may not bind the customer or manage its people."""
FIRST_GIVEN = (Ours.ACCOUNT_NAME, Ours.EMAIL, Ours.PHONE, Ours.COUNTRY, Ours.LANGUAGE, Ours.TIME_ZONE)


def open_new_accounts(session: Session, batch_id: int, *, invite: bool, actor: Actor) -> int:
    """Open every account that a waiting row names and that we do not have; how many there were.

    Each takes the currency of its first row, and of everything else the first that the file gives.
    """
    opened = 0
    rows = iter(session.execute(_new_accounts(batch_id)).all())
    while chunk := list(islice(rows, CHUNK)):
        opened += _open(session, chunk, invite=invite, actor=actor)
    return opened


def _new_accounts(batch_id: int) -> Select[Any]:
    """One row for each number without an account, in order, so that two imports at once wait for each other."""

    def first(ours: Ours) -> Any:
        given = ROWS.c[ours.value]
        order = (case((given.is_(None), 1), else_=0), ROWS.c.row)
        return func.first_value(given).over(partition_by=ROWS.c.account_number, order_by=order).label(ours.value)

    known = select(ACCOUNTS.c.id).where(ACCOUNTS.c.number == ROWS.c.account_number).exists()
    return (
        select(ROWS.c.account_number, first(Ours.CURRENCY), *(first(ours) for ours in FIRST_GIVEN))
        .where(ROWS.c.batch_id == batch_id, ~known)
        .distinct()
        .order_by(ROWS.c.account_number)
    )


def _open(session: Session, rows: Sequence[Any], *, invite: bool, actor: Actor) -> int:
    values = {row.account_number: _account(session, row) for row in rows}
    inserted = insert_new(session, ACCOUNTS, ("number",), list(values.values()), returning=("id", "number"))
    ids = {number: account_id for account_id, number in sorted(inserted)}
    open_account_streams(session, {account_id: values[number]["currency"] for number, account_id in ids.items()})
    with_email = {account_id: values[number] for number, account_id in ids.items() if values[number]["email"]}
    if invite:
        _invite(session, with_email, actor)
    contacts = list(_contacts(session, with_email))
    if contacts:
        session.execute(insert(CONTACTS), contacts)
    return len(ids)


def _account(session: Session, row: Any) -> dict[str, Any]:
    ours = business(session)
    name = row.account_name or row.account_number
    return {
        "number": row.account_number,
        "name": name,
        "legal_form": LegalForm.UNKNOWN,
        "currency": row.currency,
        "language": row.language or ours.language,
        "time_zone": row.time_zone or ours.time_zone,
        "country": row.country,
        "email": row.email,
        "phone": row.phone,
        "terms_days": TERMS_DAYS,
        "search_text": folded(name, row.account_number, row.email, row.phone),
        "created_at": now(session),
    }


def _contacts(session: Session, accounts: dict[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for account_id, account in accounts.items():
        kept = {name: account[name] for name in ("name", "email", "phone", "language", "created_at")}
        yield {"account_id": account_id, "login_id": None, **kept}


def _invite(session: Session, accounts: dict[int, dict[str, Any]], actor: Actor) -> None:
    for account_id, values in accounts.items():
        account = session.get_one(Account, account_id)
        logins.grant(session, account, email=values["email"], name=values["name"], rights=INVITED, actor=actor)
        session.expunge(account)
