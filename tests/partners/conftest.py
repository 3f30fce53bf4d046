"""Fixtures: the partners' site over a database of its own, two partners with debts, and browsers of their people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select

from domain.evidence.model import About, Audience
from domain.outbox.model import OutboxMessage
from domain.placements import proposing, sending
from domain.placements.model import Partner
from domain.placements.people.inviting import invite
from domain.placements.people.queries import PARTNERS
from domain.processing.placing.settling import Proposed, propose
from domain.sessions import keeping as sessions
from domain.sessions.links import mint
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.staff.model import Role
from partners.application import application
from tests.support.builders import money
from tests.support.client import Client
from tests.support.evidence import Made, a_pack
from tests.support.outside import FarStore, MemoryStore, PlainRenderer
from tests.support.placing import a_late_debt, a_partner, proposed
from tests.support.standing import Nudges, standing
from web.settings import SiteSettings

SETTINGS = SiteSettings(public_url="http://127.0.0.1:8002", secret=b"a" * 32)
ADDRESS = "gus@fair.example"


@dataclass
class Partners:
    """The site and what stands behind it; `partner_id` is whose people sign in unless another is named."""

    app: Litestar
    db: Database
    clock: MovableClock
    store: FarStore
    partner_id: int
    nudges: list[None] = field(default_factory=list)

    def person(self, email: str = ADDRESS, *, partner_id: int | None = None) -> int:
        """Somebody who signs in for a partner."""
        with self.db.transaction() as session:
            made = invite(
                session, partner_id or self.partner_id, email=email, name=email.split("@")[0].title(), actor=OPERATOR
            )
            return made.id

    def sent(self, amount: str = "1200", *, partner_id: int | None = None, taken: bool = False) -> tuple[int, int]:
        """A debt that was sent to a partner, as account and placement."""
        with self.db.transaction() as session:
            account, _ = a_late_debt(session, amount)
            partner = session.get_one(Partner, partner_id or self.partner_id)
            made = proposed(session, account, partner)
            proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
            sending.send(session, account.id, made.id, actor=OPERATOR)
            if taken:
                sending.take(session, account.id, made.id, actor=OPERATOR)
            return account.id, made.id

    def proposed(self) -> int:
        """A debt that is only proposed to be handed to the partner."""
        with self.db.transaction() as session:
            account, _ = a_late_debt(session)
            return proposed(session, account, session.get_one(Partner, self.partner_id)).id

    def pack(self, account_id: int, placement_id: int) -> Made:
        """The evidence that a partner gets of a placement."""
        return a_pack(
            self.db,
            account_id,
            about=About.PLACEMENT,
            subject_id=placement_id,
            audience=Audience.PARTNER,
            store=self.store.near,
            renderer=PlainRenderer(),
        )

    def settled_for(self, account_id: int, placement_id: int, amount: str) -> int:
        """What the partner has proposed to settle a debt for, within two weeks."""
        with self.db.transaction() as session:
            wanted = Proposed(money(amount), 1, today(session) + timedelta(days=14), "All that they have.")
            return propose(session, account_id, placement_id, wanted, actor=OPERATOR).id

    def another(self) -> int:
        """Another partner."""
        with self.db.transaction() as session:
            return a_partner(session).id

    def browser(self, login_id: int, *, reads: bool = True) -> Client:
        """A browser in which somebody is signed in."""
        client = Client(self.app, reads=reads)
        with self.db.transaction() as session:
            token = sessions.start(session, site=Site.PARTNERS, subject_id=login_id)
        client.cookies.set("partners", token)
        return client

    def secrets(self) -> tuple[str, str]:
        """The link's token and the code that the newest sign-in mail bears."""
        with self.db.transaction() as session:
            message = session.scalars(
                select(OutboxMessage).where(OutboxMessage.kind == "send_sign_in_link").order_by(OutboxMessage.id.desc())
            ).first()
            assert message is not None
            made = mint(session, message.payload["request_id"], {Site.PARTNERS: PARTNERS})
            assert made is not None
            return made.token, made.code


@pytest.fixture
def site(committed_db: Database, clock: MovableClock) -> Partners:
    """The partners' site, with one partner."""
    return a_site(committed_db, clock)


def a_site(database: Database, clock: MovableClock) -> Partners:
    """The partners' site over a database, with one partner in it."""
    nudges, store = Nudges(), FarStore(database)
    app = standing(_build, database=database, store=store, nudge=nudges)
    with database.transaction() as session:
        partner_id = a_partner(session).id
    return Partners(app, database, clock, store, partner_id, nudges.made)


def _build(database: Database, store: MemoryStore, nudge: Nudges) -> Litestar:
    return application(settings=SETTINGS, database=database, store=store, nudge=nudge)


@pytest.fixture
def open_browser(site: Partners) -> Callable[[], Client]:
    """Opens browsers that nobody has signed in with."""
    return lambda: Client(site.app)


@pytest.fixture
def gus(site: Partners) -> Client:
    """The browser of one of the partner's people."""
    return site.browser(site.person())
