"""Filling: customers with three months behind them, made through the use cases, each signed in to the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bench.databases import get_to_know
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.accounts.opening import open_account
from domain.sessions import keeping
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from tests.support.builders import a_receipt, an_invoice
from web.csrf import TokenMaker

SECRET: Final = b"a secret that only the bench knows"
SIGNED_IN: Final = 8
OTHERS: Final = 40
"""Accounts that nobody looks at, so that the tables hold more than what is asked for."""
INVOICES: Final = 40
PAID: Final = 25


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser in the middle of its session: the account that it looks at, and the cookies that it sends."""

    account_id: int
    cookie: str


def fill(database: Database) -> list[SignedIn]:
    """Customers with more than fifty movements each in the period that a statement shows, and who of them is here."""
    with database.transaction() as session:
        ids = [_customer(session, number) for number in range(1, SIGNED_IN + OTHERS + 1)]
    with database.transaction() as session:
        here = [_come_in(session, account_id) for account_id in ids[:SIGNED_IN]]
    get_to_know(database.bind)  # type: ignore[arg-type]
    return here


def _customer(session: Session, number: int) -> int:
    account = open_account(session, number=f"A-{number}", name=f"Customer {number}", currency="GBP", actor=OPERATOR)
    _trade(session, account, today(session))
    return account.id


def _trade(session: Session, account: Account, last: date) -> None:
    """An invoice nearly every day of the last seven weeks, and most of them paid three weeks later."""
    for number in range(INVOICES):
        issued_on = last - timedelta(days=48 - number)
        amount = str(Money(10_000 + 137 * number, "GBP").decimal)
        invoice = an_invoice(session, account, amount, tax="20.00", issued_on=issued_on)
        if number < PAID:
            a_receipt(session, account, amount, issued_on + timedelta(days=21), invoice)


def _come_in(session: Session, account_id: int) -> SignedIn:
    account = session.get_one(Account, account_id)
    login = grant(
        session, account, email=f"{account_id}@customer.example", name="Maya", rights=ALL_RIGHTS, actor=OPERATOR
    )
    token = keeping.start(session, site=Site.PORTAL, subject_id=login.id, address="127.0.0.1", user_agent="bench")
    csrf = TokenMaker("portal", SECRET).make(token)
    return SignedIn(account_id, f"portal={token}; portal-csrf={csrf}")
