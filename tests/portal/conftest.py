"""Fixtures: a portal over a database of its own, a fake processor, and browsers of people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from litestar import Litestar
from sqlalchemy import select

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, Right
from domain.outbox.model import OutboxMessage
from domain.sessions.customers import CUSTOMERS
from domain.sessions.links import mint
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from portal.application import application
from tests.portal.linked import Linked, link_to, opened
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client
from tests.support.fakes import FakeProcessor
from tests.support.outside import FarStore, MemoryStore, PlainRenderer
from tests.support.standing import Nudges, standing
from web.settings import SiteSettings

SETTINGS = SiteSettings(
    public_url="http://127.0.0.1:8000", secret=b"p" * 32, form_action_origins=("https://processor.example",)
)
ADDRESS = "maya@harbour.example"


@dataclass
class Portal:
    """The site and what stands behind it."""

    app: Litestar
    db: Database
    processor: FakeProcessor
    clock: MovableClock
    store: FarStore
    nudges: list[None] = field(default_factory=list)

    def account(
        self, *amounts: str, email: str = ADDRESS, rights: frozenset[Right] = ALL_RIGHTS
    ) -> tuple[int, list[int]]:
        """An account that owes an invoice of each amount, and a login with these rights on it."""
        with self.db.transaction() as session:
            account: Account = an_account(session)
            grant(session, account, email=email, name=email.split("@")[0].title(), rights=rights, actor=OPERATOR)
            return account.id, [an_invoice(session, account, amount).id for amount in amounts]

    def secrets(self) -> tuple[str, str]:
        """The link's token and the code that the newest sign-in mail bears."""
        with self.db.transaction() as session:
            message = session.scalars(
                select(OutboxMessage).where(OutboxMessage.kind == "send_sign_in_link").order_by(OutboxMessage.id.desc())
            ).first()
            assert message is not None
            made = mint(session, message.payload["request_id"], {Site.PORTAL: CUSTOMERS})
            assert made is not None
            return made.token, made.code


@pytest.fixture
def portal(committed_db: Database, clock: MovableClock) -> Portal:
    """The portal."""
    return a_portal(committed_db, clock)


def a_portal(database: Database, clock: MovableClock) -> Portal:
    """The portal over this database."""
    processor, store, nudges = FakeProcessor(), FarStore(database), Nudges()
    app = standing(_build, database=database, processor=processor, store=store, nudge=nudges)
    return Portal(app, database, processor, clock, store, nudges.made)


def _build(database: Database, processor: FakeProcessor, store: MemoryStore, nudge: Nudges) -> Litestar:
    return application(
        settings=SETTINGS,
        database=database,
        processor=processor,
        store=store,
        renderer=PlainRenderer(),
        nudge=nudge,
    )


@pytest.fixture
def open_browser(portal: Portal) -> Callable[[], Client]:
    """Opens browsers that nobody has signed in with."""
    return lambda: Client(portal.app)


def sign_in(portal: Portal, client: Client, email: str = ADDRESS) -> Client:
    """Come in by the link of the email."""
    client.get("/sign-in").submit("Send me a link", email=email)
    token, _ = portal.secrets()
    page = client.get(f"/sign-in/link?token={token}").submit("Sign in")
    assert page.status == 303
    return client


@pytest.fixture
def maya(portal: Portal, open_browser: Callable[[], Client]) -> Client:
    """Maya's browser; she is signed in, and has rights on what `portal.account` made before."""
    portal.account("120.00", "30.00")
    return sign_in(portal, open_browser())


@pytest.fixture
def linked(portal: Portal) -> Linked:
    """Two invoices that a notice asks for and one that it does not; customers may promise, and set later."""
    account_id, [first, second, other] = portal.account("120.00", "30.00", "77.00")
    return link_to(portal, account_id, [first, second], other)


@pytest.fixture
def bearer(open_browser: Callable[[], Client], linked: Linked) -> Client:
    """Somebody who has opened the link."""
    return opened(open_browser(), linked.token)
