"""Scene: the product without its servers, and Stripe's simulator, so that a test chooses what happens when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import stripe
from sqlalchemy import Executable, func, select

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator, create_simulator
from app.hooks import keep_webhook
from app.settings import demo_environment, read_settings
from app.wired import Wired
from app.worker import Worker
from domain.chargebacks.model import Chargeback
from domain.clearing.model import Payout
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.payments.model import Payment, PaymentClaim
from domain.processing.checks import check_books
from domain.receivables.model import CreditItem, Invoice
from domain.refunds.model import Refund
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.stops.model import Stop, StopLift
from domain.tasks.model import Task
from tests.support.outside import MemoryMail, MemoryStore, PlainRenderer
from web.rendering import Renderer

STANDS: dict[str, Executable] = {
    "ledger": select(POSTINGS.c.ledger_account, POSTINGS.c.account_id, POSTINGS.c.currency, func.sum(POSTINGS.c.amount))
    .group_by(POSTINGS.c.ledger_account, POSTINGS.c.account_id, POSTINGS.c.currency)
    .having(func.sum(POSTINGS.c.amount) != 0),
    "entries": select(ENTRIES.c.kind, func.count()).group_by(ENTRIES.c.kind),
    "invoices": select(Invoice.id, Invoice.status, Invoice.open_minor),
    "credit": select(CreditItem.account_id, CreditItem.source, CreditItem.unapplied_minor),
    "payments": select(Payment.public_id, Payment.status, Payment.settled_at.is_not(None)),
    "claims": select(PaymentClaim.payment_id).where(PaymentClaim.released_at.is_(None)),
    "refunds": select(
        Refund.refund_ref, Refund.status, Refund.moved_at.is_not(None), Refund.moved_back_at.is_not(None)
    ),
    "chargebacks": select(Chargeback.chargeback_ref, Chargeback.state),
    "payouts": select(Payout.external_id, Payout.state, Payout.tied_at.is_not(None)),
    "tasks": select(Task.kind, Task.subject_kind).where(Task.done_at.is_(None)),
    "stops": select(Stop.account_id, Stop.invoice_id, Stop.amount_minor).where(
        Stop.id.not_in(select(StopLift.stop_id))
    ),
}
"""What there is to say of how everything stands, apart from the order and the time in which it came about."""

HERE = "http://127.0.0.1:1"
SECRET = "whsec_simulated_for_tests"


@dataclass(frozen=True)
class Scene:
    """Everything wired to a simulator that delivers nothing by itself, on a clock that only the test moves."""

    wired: Wired
    simulator: Simulator
    clock: MovableClock

    def deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        """How a webhook reaches the inbox without a network: the status that it is answered with."""
        signature = headers["Stripe-Signature"]
        kept = keep_webhook(
            self.wired.database, body, signature, secrets=[SECRET], livemode=False, tally=self.wired.tally
        )
        return 200 if kept else 400

    def told(self) -> None:
        """Every webhook that waits comes in, and the worker does all that is due."""
        self.simulator.flush(self.deliver)
        Worker(self.wired).drain()

    def later(self, **amount: float) -> None:
        """Time goes by, at the processor too."""
        self.clock.advance(**amount)
        self.simulator.advance(seconds=0)

    def stands(self) -> dict[str, list[str]]:
        """How everything stands: the same for everybody who has been told the same, in whatever order."""
        with self.wired.database.reading() as session:
            return {name: sorted(str(tuple(row)) for row in session.execute(look)) for name, look in STANDS.items()}

    def balances(self) -> dict[str, int]:
        """What stands on every ledger account, by currency, in minor units; nothing where it is zero."""
        total = func.sum(POSTINGS.c.amount)
        columns = (POSTINGS.c.ledger_account, POSTINGS.c.currency)
        with self.wired.database.reading() as session:
            rows = session.execute(select(*columns, total).group_by(*columns).having(total != 0)).all()
        return {f"{name} {currency}": int(amount) for name, currency, amount in rows}

    def clearing(self) -> dict[str, int]:
        """What the books say that the processor holds for us, by the currencies in which it has moved anything."""
        with self.wired.database.reading() as session:
            return {
                currency: balances.balance_of(session, LedgerAccount.CARD_CLEARING, currency.upper()).minor
                for currency in self.simulator.truth().net
            }

    def expect_whole_books(self) -> None:
        """Nothing is wrong with the books, and clearing is what the simulator itself has."""
        with self.wired.database.reading() as session:
            assert check_books(session) == []
        assert self.clearing() == self.simulator.truth().net


@contextmanager
def a_scene(database: Database, clock: MovableClock, home: Path) -> Iterator[Scene]:
    """The product on this database; the simulator's webhooks are held until the test delivers them."""
    simulator = create_simulator(
        clock=clock, webhook_url=f"{HERE}/hooks/stripe", webhook_secret=SECRET, public_url=HERE
    )
    simulator.webhooks.hold()
    gateway = StripeGateway("sk_test_simulated", http_client=simulator.http_client())
    at_once = patch.multiple(stripe.HTTPClient, INITIAL_DELAY=0, MAX_DELAY=0)
    environ = demo_environment({"QUITTANCE_HOME": str(home)}, simulator_url=HERE)
    with at_once:
        everything = Wired(
            settings=read_settings(environ),
            database=database,
            processor=gateway,
            mailer=MemoryMail(),
            store=MemoryStore(),
            renderer=PlainRenderer(),
            letters=Renderer(database.business.time_zone, {"business": database.business}),
        )
        yield Scene(everything, simulator, clock)
    gateway.close()
    simulator.close()
