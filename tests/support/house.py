"""The house: the sites, the worker and the simulator behind real servers, over a database of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from litestar.types import ASGIApp
from sqlalchemy import select

from adapters.mail.folder import FolderMailer, SentMail
from adapters.stripe.simulator import Simulator, create_simulator
from adapters.stripe.simulator.clock import SimulatorClock
from app.asgi import office_site, partner_site, portal_site
from app.settings import demo_environment, read_settings
from app.wired import Wired
from app.wiring import wired
from app.worker import Worker
from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, Login, Right
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.processing.checks import check_books
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import SystemClock
from domain.shared.db.migrating import migrate
from domain.shared.db.session import Database
from domain.shared.money import Money
from domain.staff.adding import add
from domain.staff.model import Role, StaffMember
from tests.adapters.stripe.simulator.serving import bound_socket, served
from tests.support.builders import an_account, an_invoice
from tests.support.strict import Strict
from tests.support.waiting import until

LINK = re.compile(r"https?://\S+/sign-in/link\?token=\S+")
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class House:
    """Everything that runs."""

    portal: str
    office: str
    partners: str
    wired: Wired
    simulator: Simulator
    mail: Path
    clock: SimulatorClock
    """Runs as the machine's does, for the house and the simulator alike, until it is moved on."""
    complaints: list[str]
    """What was wrong with the HTML of any site."""

    def customer(
        self, *amounts: str, email: str, name: str = "Maya Lindqvist", rights: frozenset[Right] = ALL_RIGHTS
    ) -> Debt:
        """An account that owes an invoice of each amount, and somebody who may sign in and see to it."""
        with self.wired.database.transaction() as session:
            account: Account = an_account(session, name=f"{name}'s company", email=email)
            grant(session, account, email=email, name=name, rights=rights, actor=OPERATOR)
            invoices = [an_invoice(session, account, amount) for amount in amounts]
            return Debt(account.id, email, [one.id for one in invoices], [one.number for one in invoices])

    def guest(self, account_id: int, email: str) -> str:
        """Somebody who may see to the account; the token of a browser in which they are signed in."""
        with self.wired.database.transaction() as session:
            account = accounts.lock(session, account_id)
            grant(session, account, email=email, name="Guest", rights=ALL_RIGHTS, actor=OPERATOR)
            login_id = session.scalars(select(Login.id).where(Login.email == email)).one()
            return sessions.start(session, site=Site.PORTAL, subject_id=login_id)

    def officer(self, role: Role, email: str) -> StaffMember:
        """A member of the staff with this role, whose password is `PASSWORD`."""
        with self.wired.database.transaction() as session:
            member, _ = add(session, email=email, name="Olu Adeyemi", role=role, password=PASSWORD, actor=OPERATOR)
            return member

    def later(self, **amount: float) -> None:
        """Time goes by, and the worker looks what is due."""
        self.clock.advance(**amount)
        self.wired.nudge()

    def _mails(self) -> Iterable[SentMail]:
        return FolderMailer(self.mail, sender=self.wired.settings.mail_from).list_messages()

    def letter(self, to: str, subject: str = "") -> SentMail:
        """The newest email to somebody whose subject has these words, once it is there."""

        def look() -> SentMail | None:
            return next((one for one in self._mails() if one.to == to and subject in one.subject), None)

        return until(look, f"an email to {to}")

    def links(self, to: str) -> list[str]:
        """The addresses in all sign-in mails to somebody, the newest first."""
        found = (LINK.search(one.text) for one in self._mails() if one.to == to)
        return [link.group() for link in found if link]

    def link(self, to: str, *, known: Collection[str] = ()) -> str:
        """The address in the newest sign-in mail, other than those that were known, once it is there."""
        return until(lambda: next((one for one in self.links(to) if one not in known), None), f"a link to {to}")

    def owed(self, account_id: int) -> Money:
        """What the ledger says that an account owes."""
        return ledger_owes(self.wired.database, account_id)

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


def ledger_owes(database: Database, account_id: int) -> Money:
    """What the ledger says that an account owes."""
    with database.reading() as session:
        return balances.receivable(session, account_id)


@contextmanager
def a_house(home: Path, **settings_given: str) -> Iterator[House]:
    """Start everything, and stop it when the block ends; settings are named as in the environment."""
    with ExitStack() as stack:
        sockets = {name: bound_socket() for name in ("portal", "office", "partners", "simulator")}
        urls = {name: url for name, (_, url) in sockets.items()}
        urls["office"] = urls["office"].replace("127.0.0.1", "localhost")  # passkeys want a name
        environ = demo_environment(
            {"QUITTANCE_HOME": str(home), "QUITTANCE_LOG_LEVEL": "error"}, simulator_url=urls["simulator"]
        )
        environ |= {f"QUITTANCE_{name.upper()}_URL": urls[name] for name in ("portal", "office", "partners")}
        environ |= settings_given
        settings = read_settings(environ)
        clock = SimulatorClock(SystemClock())
        everything = stack.enter_context(wired(settings, clock))
        if "QUITTANCE_DATABASE_URL" not in settings_given:
            migrate(everything.database.bind)  # type: ignore[arg-type]
        simulator = create_simulator(
            clock=clock,
            webhook_url=f"{urls['portal']}/hooks/stripe",
            webhook_secret=settings.stripe_webhook_secrets[0],
            public_url=urls["simulator"],
        )
        stack.callback(simulator.close)
        complaints: list[str] = []
        apps: dict[str, ASGIApp] = {
            "portal": Strict(portal_site(everything), complaints),
            "office": Strict(office_site(everything), complaints),
            "partners": Strict(partner_site(everything), complaints),
            "simulator": simulator.asgi,
        }
        for name, app in apps.items():
            stack.enter_context(served(app, sockets[name][0]))
        stack.enter_context(Worker(everything).running())
        yield House(
            urls["portal"], urls["office"], urls["partners"], everything, simulator, home / "mail", clock, complaints
        )
