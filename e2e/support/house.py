"""The house: both sites, the worker and the simulator behind real servers, over a database of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from litestar.types import ASGIApp
from sqlalchemy import select

from adapters.mail.folder import FolderMailer, SentMail
from adapters.stripe.simulator import Simulator, create_simulator
from app.asgi import office_site, portal_site
from app.settings import demo_environment, read_settings
from app.wired import Wired
from app.wiring import wired
from app.worker import Worker
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, Right
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.processing.checks import check_books
from domain.shared.actor import OPERATOR
from domain.shared.clock import SystemClock
from domain.shared.db.migrating import migrate
from domain.shared.money import Money
from e2e.support.strict import Strict
from tests.adapters.stripe.simulator.serving import bound_socket, served
from tests.support.builders import an_account, an_invoice
from tests.support.waiting import until

LINK = re.compile(r"https?://\S+/sign-in/link\?token=\S+")
CODE = re.compile(r"\b(\d{6})\b")


@dataclass(frozen=True)
class House:
    """Everything that runs."""

    portal: str
    office: str
    wired: Wired
    simulator: Simulator
    mail: FolderMailer
    complaints: list[str]
    """What was wrong with the HTML of either site."""

    def customer(
        self, *amounts: str, email: str, name: str = "Maya Lindqvist", rights: frozenset[Right] = ALL_RIGHTS
    ) -> Debt:
        """An account that owes an invoice of each amount, and somebody who may sign in and see to it."""
        with self.wired.database.transaction() as session:
            account: Account = an_account(session, name=f"{name}'s company", email=email)
            grant(session, account, email=email, name=name, rights=rights, actor=OPERATOR)
            invoices = [an_invoice(session, account, amount) for amount in amounts]
            return Debt(account.id, email, [one.id for one in invoices], [one.number for one in invoices])

    def letter(self, to: str, subject: str = "") -> SentMail:
        """The newest email to somebody whose subject has these words, once it is there."""

        def look() -> SentMail | None:
            return next((one for one in self.mail.list_messages() if one.to == to and subject in one.subject), None)

        return until(look, f"an email to {to}")

    def link(self, to: str) -> str:
        """The address in the newest sign-in mail."""
        found = LINK.search(self.letter(to).text)
        assert found, "the mail has no link"
        return found.group()

    def owed(self, account_id: int) -> Money:
        """What the ledger says that an account owes."""
        with self.wired.database.reading() as session:
            return balances.receivable(session, account_id)

    def payments(self, account_id: int) -> list[tuple[str, int]]:
        """Status and amount of each payment of an account."""
        with self.wired.database.reading() as session:
            rows = session.execute(
                select(Payment.status, Payment.amount_minor)
                .where(Payment.account_id == account_id)
                .order_by(Payment.id)
            )
            return [(row.status.value, row.amount_minor) for row in rows]

    def expect_whole_books(self) -> None:
        """Once all is settled: nothing is wrong with the books, and clearing is what the simulator itself has."""
        self.simulator.settle()
        truth = self.simulator.truth()

        def clearing() -> dict[str, int]:
            with self.wired.database.reading() as session:
                return {
                    currency: balances.balance_of(session, LedgerAccount.CARD_CLEARING, currency.upper()).minor
                    for currency in truth.net
                }

        until(lambda: clearing() == truth.net, "clearing to be what the simulator has")
        with self.wired.database.reading() as session:
            assert check_books(session) == []


@dataclass(frozen=True)
class Debt:
    """An account with its invoices, and who may pay them."""

    account_id: int
    email: str
    invoices: list[int]
    numbers: list[str]


@contextmanager
def a_house(home: Path, database_url: str | None = None) -> Iterator[House]:
    """Start everything, and stop it when the block ends."""
    with ExitStack() as stack:
        sockets = {name: bound_socket() for name in ("portal", "office", "simulator")}
        urls = {name: url for name, (_, url) in sockets.items()}
        environ = demo_environment(
            {"QUITTANCE_HOME": str(home), "QUITTANCE_LOG_LEVEL": "error"}, simulator_url=urls["simulator"]
        )
        environ |= {"QUITTANCE_PORTAL_URL": urls["portal"], "QUITTANCE_OFFICE_URL": urls["office"]}
        if database_url is not None:
            environ["QUITTANCE_DATABASE_URL"] = database_url
        settings = read_settings(environ)
        everything = stack.enter_context(wired(settings))
        migrate(everything.database.bind)  # type: ignore[arg-type]
        simulator = create_simulator(
            clock=SystemClock(),
            webhook_url=f"{urls['portal']}/hooks/stripe",
            webhook_secret=settings.stripe_webhook_secrets[0],
            public_url=urls["simulator"],
        )
        stack.callback(simulator.close)
        complaints: list[str] = []
        apps: dict[str, ASGIApp] = {
            "portal": Strict(portal_site(everything), complaints),
            "office": Strict(office_site(everything), complaints),
            "simulator": simulator.asgi,
        }
        for name, app in apps.items():
            stack.enter_context(served(app, sockets[name][0]))
        stack.enter_context(Worker(everything).running())
        mailer = everything.mailer
        assert isinstance(mailer, FolderMailer)
        yield House(urls["portal"], urls["office"], everything, simulator, mailer, complaints)
