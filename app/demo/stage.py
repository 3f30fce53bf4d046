"""Stage: everything wired in one process around a clock that the story moves, with Stripe's simulator in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, select

from adapters.mail.folder import FolderMailer
from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator, create_simulator
from app.demo.guarding import refuse_outside_demo
from app.handlers import (
    backfilling,
    collecting,
    courtesies,
    dispute_turns,
    dunning,
    inbox,
    keeping,
    late_charging,
    outbox,
    packing,
    placement_turns,
    planning,
    promising,
    settling,
    terms,
    tying,
)
from app.hooks import keep_webhook
from app.settings import Settings
from app.wired import Wired
from app.wiring import wired
from domain.credit.holding import review_all
from domain.notices import changing
from domain.notices.messages import SendNotice
from domain.notices.model import Notice, NoticeStatus
from domain.outbox import delivering
from domain.outbox.model import OUTBOX
from domain.policies.contacting import Channel
from domain.shared.actor import WORKER
from domain.shared.clock import Clock, MovableClock
from domain.shared.db.session import Database

STATE = "stripe.sqlite"
"""The simulator's memory, beside the database."""
COMPARED = timedelta(days=60)
"""How far back the books have been held against Stripe, day by day, when the story ends."""


@dataclass(frozen=True)
class Stage:
    """The house as the worker and the sites see it, and the means to let time pass."""

    wired: Wired
    clock: MovableClock
    simulator: Simulator

    @property
    def database(self) -> Database:
        """The books."""
        return self.wired.database

    def at(self, instant: datetime) -> None:
        """Let it be this instant; never earlier than it is already."""
        self.clock.move_to(max(instant, self.clock.now()))

    def hear(self) -> None:
        """Let the webhooks that are due arrive, and the worker handle them."""
        self.simulator.deliver_pending(self._deliver)
        while inbox.handle_due(self.wired):
            pass

    def send_mail(self) -> None:
        """Let the worker send what waits."""
        while outbox.handle_due(self.wired):
            pass

    def catch_up(self) -> None:
        """Let the worker do all that is due: automatic payment, webhooks, mail."""
        collecting.do_due(self.wired)
        self.send_mail()
        self.hear()
        self.send_mail()

    def remind(self) -> None:
        """Let the worker decide on what customers are reminded of and told today."""
        dunning.decide_due(self.database)
        courtesies.send_due(self.database)

    def post_unwritten(self) -> None:
        """Let every notice that is ready count as sent, though nobody puts it into words: its day is long over."""
        with self.database.transaction() as session:
            ready = select(Notice).where(Notice.status == NoticeStatus.READY, Notice.channel != Channel.CALL)
            for notice in session.scalars(ready.order_by(Notice.id)).all():
                changing.change(session, notice, NoticeStatus.SENT, actor=WORKER)
            for row in session.execute(
                select(OUTBOX).where(OUTBOX.c.kind == SendNotice.kind, OUTBOX.c.done_at.is_(None))
            ):
                delivering.done(session, row)

    def charge_lateness(self) -> None:
        """Let the worker make the charges of the days since it last did."""
        late_charging.charge_due(self.database)

    def judge_promises(self) -> None:
        """Let the worker say which promises were kept and which were broken."""
        promising.judge_due(self.database)

    def look_after_agreements(self) -> None:
        """Let the worker do what payment plans and offers to settle have due."""
        planning.do_due(self.database)
        settling.do_due(self.wired)

    def look_after_disputes(self) -> None:
        """Let the worker do what disputes have due: papers that answer, reminders, silence that ends them."""
        dispute_turns.take_due(self.database)

    def look_after_placements(self) -> None:
        """Let the worker do what handoffs have due: some wait while they are contested, some come back."""
        placement_turns.take_due(self.database)

    def make_packs(self) -> None:
        """Let the worker make the evidence packs that were asked for."""
        packing.make_due(self.wired)

    def look_at_credit(self) -> None:
        """Let the worker hold new credit where it is due, and let go of what is no longer."""
        review_all(self.database)

    def ask_for_terms(self) -> None:
        """Let the worker ask whoever has new terms to accept, and remind whoever was asked long ago."""
        while terms.tell_due(self.database):
            pass
        terms.remind_due(self.database)

    def compare(self) -> int:
        """Let the worker walk everything at Stripe and hold it against the books; how much does not add up."""
        backfilling.backfill(self.wired)
        yesterday = self.clock.now().date() - timedelta(days=1)
        tying.tie_out(self.wired, yesterday - COMPARED, yesterday)
        return tying.tie_out_due(self.wired)

    def keep_house(self) -> None:
        """Let the worker do its housework: payments that hang, seals, what has served its time."""
        keeping.end_unknown_outcomes(self.wired)
        keeping.look_at_the_silent(self.wired)
        keeping.seal_books(self.wired)
        keeping.forget_old(self.wired)

    def _deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        settings = self.wired.settings
        kept = keep_webhook(
            self.database,
            body,
            headers["Stripe-Signature"],
            secrets=settings.stripe_webhook_secrets,
            livemode=settings.livemode,
            tally=self.wired.tally,
        )
        return 200 if kept else 400


@contextmanager
def stage(settings: Settings, clock: MovableClock) -> Iterator[Stage]:
    """A stage whose books, documents, mail and Stripe lie in the settings' home; closed at the end."""
    simulator = open_simulator(settings, clock)
    gateway = StripeGateway(settings.stripe_key, http_client=simulator.http_client())
    try:
        with wired(settings, clock) as everything:
            _hurry(everything.database.bind.engine)
            mailer = FolderMailer(settings.home / "mail", sender=settings.mail_from, clock=clock)
            yield Stage(replace(everything, processor=gateway, mailer=mailer), clock, simulator)
    finally:
        gateway.close()
        simulator.close()


def open_simulator(settings: Settings, clock: Clock) -> Simulator:
    """Stripe on this machine, going on where it was left; WrongSetting where these are not the demo's settings."""
    refuse_outside_demo(settings, settings.stripe_api_url)
    settings.home.mkdir(parents=True, exist_ok=True)
    return create_simulator(
        clock=clock,
        webhook_url=f"http://127.0.0.1:{settings.portal.port}/hooks/stripe",
        webhook_secret=settings.stripe_webhook_secrets[0],
        public_url=settings.stripe_api_url,
        state_path=settings.home / STATE,
    )


def _hurry(engine: Engine) -> None:
    """Do not wait for the disk at each commit: what breaks off is begun again from nothing."""

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")
