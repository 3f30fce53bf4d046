"""Rounds: an accountant with two clients, and what they do with a list of payments, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.payments import sending
from domain.payments.starting import Started
from domain.rounds.choosing import plan
from domain.rounds.going import Way, begin, skip, start_item
from domain.rounds.queries import Item, ItemState, items
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt

ON_THE_PAGE = Way("https://portal.example/back", "https://portal.example/list", "en")


@dataclass
class Office:
    """An accountant, Ana, with the accounts of two clients."""

    db: Database
    ana: int
    first: Debt
    second: Debt
    processor: FakeProcessor

    def begin(self) -> int:
        """A round over everything that is open; its id."""
        with self.db.transaction() as session:
            planned = plan(session, self.ana, invoice_ids=[*self.first.invoices, *self.second.invoices])
            return begin(session, self.ana, planned, actor=Actor.login(self.ana)).id

    def items(self, round_id: int) -> list[Item]:
        """How it stands."""
        with self.db.reading() as session:
            return items(session, self.ana, round_id)

    def states(self, round_id: int) -> list[ItemState]:
        """The states alone."""
        return [each.state for each in self.items(round_id)]

    def press(self, item: Item, *, expected: int | None = None, login_id: int | None = None) -> Started | None:
        """Start the payment of an item on the processor's page."""
        payer = login_id or self.ana
        sending.know_customer(self.db, self.processor, item.account.id)
        with self.db.transaction() as session:
            started = start_item(
                session,
                self.processor,
                item.account.id,
                item.id,
                ON_THE_PAGE,
                expected=item.amount.minor if expected is None else expected,
                login_id=payer,
                actor=Actor.login(payer),
            )
        if started is not None and started.url is None:
            sending.send(self.db, self.processor, started.attempt_id, actor=WORKER)
        return started

    def skip(self, item: Item) -> None:
        """Leave it out."""
        with self.db.transaction() as session:
            skip(session, item.account.id, item.id, login_id=self.ana, actor=Actor.login(self.ana))


def a_client(db: Database, name: str, amounts: Sequence[str], currency: str = "GBP") -> tuple[Debt, int]:
    """An account that Ana, and one other person, may pay; and Ana's login."""
    with db.transaction() as session:
        account = an_account(session, name=name, currency=currency)
        people = [
            grant(session, account, email=email, name=email, rights={Right.VIEW, Right.PAY}, actor=OPERATOR).id
            for email in ("ana@books.example", f"ben.{account.id}@client.example")
        ]
        invoices = [an_invoice(session, account, amount).id for amount in amounts]
        return Debt(account.id, invoices, *people), people[0]


def an_office(db: Database) -> Office:
    """Ana with two clients, one in pounds and one in euros."""
    first, ana = a_client(db, "Alder Ltd", ("120", "30"))
    second, _ = a_client(db, "Birch GmbH", ("75",), "EUR")
    return Office(db, ana, first, second, FakeProcessor())
