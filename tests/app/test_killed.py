"""Killed: wherever the process dies on the way of a payment, a restart ends with one charge and one posting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Simulator
from app.hooks import stripe_hook
from app.wired import Wired
from app.worker import Worker
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.payments import sending
from domain.payments.model import Payment, PaymentStatus
from domain.processing.checks import check_books
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from tests.app.conftest import SECRET
from tests.support.outside import MemoryMail
from tests.support.paying import Debt, a_debt, open_minor
from tests.support.simulated import payment, start

SAMPLE = 7
"""The ordinary run tries every seventh point."""


class Killed(BaseException):
    """The process is gone: nothing of ours catches this, as nothing catches a kill."""


class Points:
    """The places where the process can die, counted as they are passed; the `fatal`th kills, once."""

    def __init__(self) -> None:
        self.passed = 0
        self.fatal = 0

    def arm(self, fatal: int) -> None:
        """Begin to count anew."""
        self.passed, self.fatal = 0, fatal

    def passing(self) -> None:
        """One place."""
        self.passed += 1
        if self.passed == self.fatal:
            raise Killed


@dataclass
class Life:
    """What a person, Stripe and the worker do about one debt; each act may be cut short, and is then done again."""

    wired: Wired
    simulator: Simulator
    clock: MovableClock
    debt: Debt

    def live(self) -> None:
        """Start the payment, pay it on Stripe's page, and have everything that follows from it done."""
        if open_minor(self.wired.database, self.debt.invoices[0]):
            public_id, attempt_id = start(self.wired, self.debt, "120.00")
            sending.send(self.wired.database, self.wired.processor, attempt_id, actor=Actor.login(self.debt.ana))
            opened = payment(self.wired, public_id)
            if opened.checkout_id is not None and public_id not in self.simulator.charges_by_metadata("payment"):
                self.simulator.pay_session(opened.checkout_id)
        self.simulator.settle()
        self.simulator.deliver_pending(self._deliver)
        Worker(self.wired).drain()

    def later(self) -> None:
        """Time goes by: leases run out, and Stripe tries again."""
        self.clock.advance(minutes=10)

    def _deliver(self, body: bytes, headers: Mapping[str, str]) -> int:
        wired = self.wired
        hook = stripe_hook(wired.database, secrets=[SECRET], livemode=False, tally=wired.tally, nudge=wired.nudge)
        request = SimpleNamespace(headers={name.lower(): value for name, value in headers.items()})
        answer: Any = hook.fn(request, body)
        status: int = answer.status_code
        return status


@pytest.fixture
def points(wired: Wired, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Points:
    """Before and after every commit."""
    found = Points()
    commit = Session.commit

    def dangerous(session: Session) -> None:
        found.passing()
        commit(session)
        found.passing()

    monkeypatch.setattr(Session, "commit", dangerous)
    return found


@pytest.fixture
def dangerous(wired: Wired, simulator: Simulator, points: Points) -> Iterator[Wired]:
    """Everything wired, with more places to die: before and after every call to Stripe."""
    client = simulator.http_client()
    call = client.request

    def request(*given: Any, **named: Any) -> Any:
        points.passing()
        answer = call(*given, **named)
        points.passing()
        return answer

    client.request = request  # type: ignore[method-assign]
    gateway = StripeGateway("sk_test_simulated", http_client=client)
    yield replace(wired, processor=gateway)
    gateway.close()


def lives_through(life: Life, points: Points, fatal: int) -> bool:
    """Die at the point, start anew, and see that all is well; False when there is no such point any more."""
    points.arm(fatal)
    try:
        life.live()
    except Killed:
        pass
    else:
        return False
    points.arm(0)
    for _ in range(2):
        life.later()
        life.live()
    return True


def assert_paid_once(life: Life) -> None:
    """One succeeded payment, one charge, one posting, one receipt mailed for it (or two, if it died in between)."""
    database, mail = life.wired.database, life.wired.mailer
    assert isinstance(mail, MemoryMail)
    assert open_minor(database, life.debt.invoices[0]) == 0
    with database.reading() as session:
        query = select(Payment).where(
            Payment.account_id == life.debt.account_id, Payment.status == PaymentStatus.SUCCEEDED
        )
        [paid] = session.scalars(query)
        posted = select(func.count()).where(
            ENTRIES.c.account_id == life.debt.account_id, ENTRIES.c.kind == EntryKind.CARD_PAYMENT
        )
        assert session.scalar(posted) == 1
    assert life.simulator.charges_by_metadata("payment")[paid.public_id] == 1
    receipts = {mail.message_id for mail in mail.sent if paid.public_id in mail.message_id}
    assert len(receipts) == 1


def walk(dangerous: Wired, simulator: Simulator, clock: MovableClock, points: Points, *, first: int, step: int) -> int:
    """Die at every `step`th point from the `first` on, each time with a debt of its own; how many points it were."""
    tried, fatal = 0, first
    while True:
        life = Life(dangerous, simulator, clock, a_debt(dangerous.database, "120.00"))
        if not lives_through(life, points, fatal):
            break
        assert_paid_once(life)
        tried, fatal = tried + 1, fatal + step
    with dangerous.database.reading() as session:
        assert check_books(session) == []
    assert simulator.truth().unsettled == {}
    assert set(simulator.truth().charges.values()) == {1}
    return tried


@pytest.mark.parametrize("first", [1, 4])
def test_a_kill_at_any_point_of_a_sample_ends_with_one_charge_and_one_posting(
    dangerous: Wired, simulator: Simulator, clock: MovableClock, points: Points, first: int
) -> None:
    assert walk(dangerous, simulator, clock, points, first=first, step=SAMPLE) >= 5


@pytest.mark.faults
def test_a_kill_at_every_point_ends_with_one_charge_and_one_posting(
    dangerous: Wired, simulator: Simulator, clock: MovableClock, points: Points, engine_kind: str
) -> None:
    tried = walk(dangerous, simulator, clock, points, first=1, step=1)

    print(f"killed at {tried} of {tried} points on {engine_kind}: 0 lost, 0 doubled")
    assert tried > 40
