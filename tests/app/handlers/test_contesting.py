"""Chargebacks and fraud warnings from the simulator's events to the books, and back when staff give in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import pytest
from sqlalchemy import select

from adapters.stripe.simulator import Fault, Simulator
from app.handlers import inbox, outbox
from app.wired import Wired
from domain.chargebacks import accepting
from domain.chargebacks.model import Chargeback, FraudWarning
from domain.chargebacks.states import ChargebackState
from domain.inbox.objects import take_object
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.outbox.model import OutboxMessage
from domain.payments.processor import ProcessorRefused
from domain.processing.checks import check_books
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.paying import Debt, a_debt, open_minor
from tests.support.simulated import open_page, payment

Deliver = Callable[[bytes, Mapping[str, str]], int]
STAFF = Actor.staff(1)


@pytest.fixture
def paid(wired: Wired, simulator: Simulator, deliver: Deliver) -> tuple[Debt, str]:
    """A debt of 120 that was paid by card, and the charge's name."""
    debt = a_debt(wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    simulator.pay_session(opened.checkout_id or "")
    simulator.settle()
    simulator.deliver_pending(deliver)
    handle(wired)
    charge = payment(wired, opened.public_id).charge_id
    assert charge is not None
    return debt, charge


def handle(wired: Wired) -> None:
    """Handle events until none is due."""
    while inbox.handle_due(wired):
        pass


def hear(wired: Wired, simulator: Simulator, deliver: Deliver) -> None:
    """All that the simulator has to say arrives and is handled."""
    simulator.deliver_pending(deliver)
    handle(wired)


def chargeback(wired: Wired) -> Chargeback:
    """The only chargeback that there is."""
    with wired.database.reading() as session:
        return session.scalars(select(Chargeback)).one()


def assert_books_agree(wired: Wired, simulator: Simulator) -> None:
    """The books are whole, and clearing is what the simulator says that it holds for us."""
    with wired.database.reading() as session:
        assert check_books(session) == []
        clearing = balances.balance_of(session, LedgerAccount.CARD_CLEARING, "GBP").minor
    assert clearing == simulator.truth().net.get("gbp", 0)


@pytest.mark.parametrize(
    ("won", "ends", "opened"), [(True, ChargebackState.WON, 0), (False, ChargebackState.LOST, 12000)]
)
def test_a_chargeback_is_followed_from_its_opening_to_its_end(
    wired: Wired,
    simulator: Simulator,
    deliver: Deliver,
    paid: tuple[Debt, str],
    won: bool,
    ends: ChargebackState,
    opened: int,
) -> None:
    debt, charge = paid
    dispute = simulator.dispute(charge)
    hear(wired, simulator, deliver)
    waiting = (chargeback(wired).state, open_minor(wired.database, debt.invoices[0]))

    simulator.decide_dispute(dispute["id"], won=won)
    hear(wired, simulator, deliver)

    assert waiting == (ChargebackState.NEEDS_RESPONSE, 12000)
    assert chargeback(wired).state is ends
    assert open_minor(wired.database, debt.invoices[0]) == opened
    assert_books_agree(wired, simulator)


def test_an_inquiry_becomes_a_chargeback(
    wired: Wired, simulator: Simulator, deliver: Deliver, paid: tuple[Debt, str]
) -> None:
    debt, charge = paid
    dispute = simulator.dispute(charge, inquiry=True)
    hear(wired, simulator, deliver)
    asked = (chargeback(wired).state, open_minor(wired.database, debt.invoices[0]))

    simulator.decide_dispute(dispute["id"], won=False)
    hear(wired, simulator, deliver)

    assert asked == (ChargebackState.INQUIRY, 0)
    assert chargeback(wired).state is ChargebackState.NEEDS_RESPONSE
    assert open_minor(wired.database, debt.invoices[0]) == 12000
    assert_books_agree(wired, simulator)


def test_a_chargeback_that_is_all_that_we_hear_of_a_payment_brings_the_payment_with_it(
    wired: Wired, simulator: Simulator, deliver: Deliver
) -> None:
    debt = a_debt(wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    simulator.pay_session(opened.checkout_id or "")
    simulator.settle()
    simulator.deliver_pending(lambda body, headers: 200)
    intent = wired.processor.checkout(opened.checkout_id or "").intent_id
    simulator.dispute(simulator.charge_of(intent or ""))

    hear(wired, simulator, deliver)

    assert payment(wired, opened.public_id).receipt_number == "RCT-000001"
    assert chargeback(wired).account_id == debt.account_id
    assert open_minor(wired.database, debt.invoices[0]) == 12000
    assert_books_agree(wired, simulator)


def test_giving_in_is_told_to_the_processor_and_ends_as_accepted(
    wired: Wired, simulator: Simulator, deliver: Deliver, paid: tuple[Debt, str]
) -> None:
    simulator.dispute(paid[1])
    hear(wired, simulator, deliver)
    with wired.database.transaction() as session:
        accepting.accept(session, chargeback(wired).chargeback_ref, actor=STAFF)

    outbox.handle_due(wired)
    hear(wired, simulator, deliver)

    assert chargeback(wired).state is ChargebackState.ACCEPTED
    with wired.database.reading() as session:
        kinds = set(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert kinds == {TaskKind.CHARGEBACK_LOST}
    assert_books_agree(wired, simulator)


@pytest.mark.parametrize("kind", ["cut", "answer"])
def test_an_answer_that_was_lost_is_asked_for_again(
    wired: Wired,
    simulator: Simulator,
    deliver: Deliver,
    clock: MovableClock,
    paid: tuple[Debt, str],
    kind: Literal["cut", "answer"],
) -> None:
    simulator.dispute(paid[1])
    hear(wired, simulator, deliver)
    with wired.database.transaction() as session:
        accepting.accept(session, chargeback(wired).chargeback_ref, actor=STAFF)
    simulator.order_fault(Fault(kind, "POST", "/v1/disputes/*", times=3))
    outbox.handle_due(wired)
    unknown = chargeback(wired).state

    clock.advance(hours=1)
    outbox.handle_due(wired)

    assert unknown is ChargebackState.NEEDS_RESPONSE
    assert chargeback(wired).state is ChargebackState.ACCEPTED


def test_where_the_processor_refuses_the_chargeback_waits_as_before(
    wired: Wired,
    simulator: Simulator,
    deliver: Deliver,
    paid: tuple[Debt, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simulator.dispute(paid[1])
    hear(wired, simulator, deliver)
    with wired.database.transaction() as session:
        accepting.accept(session, chargeback(wired).chargeback_ref, actor=STAFF)

    def refuse(_: str) -> None:
        raise ProcessorRefused("Not now.")

    monkeypatch.setattr(wired.processor, "accept_chargeback", refuse)
    outbox.handle_due(wired)

    assert chargeback(wired).accepting_since is None
    assert chargeback(wired).state is ChargebackState.NEEDS_RESPONSE
    with wired.database.reading() as session:
        left = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == "accept_chargeback", OutboxMessage.done_at.is_(None))
        ).all()
        tasks = set(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert left == []
    assert tasks == {TaskKind.CHARGEBACK, TaskKind.CHARGEBACK_NOT_ACCEPTED}


def test_giving_in_waits_while_somebody_else_looks_at_the_chargeback(
    wired: Wired, simulator: Simulator, deliver: Deliver, clock: MovableClock, paid: tuple[Debt, str]
) -> None:
    simulator.dispute(paid[1])
    hear(wired, simulator, deliver)
    ref = chargeback(wired).chargeback_ref
    with wired.database.transaction() as session:
        accepting.accept(session, ref, actor=STAFF)
        take_object(session, ref, "somebody else")

    outbox.handle_due(wired)
    meanwhile = chargeback(wired).state
    clock.advance(hours=1)
    outbox.handle_due(wired)

    assert meanwhile is ChargebackState.NEEDS_RESPONSE
    assert chargeback(wired).state is ChargebackState.ACCEPTED


def test_a_warning_asks_for_a_person_until_the_chargeback_comes(
    wired: Wired, simulator: Simulator, deliver: Deliver, paid: tuple[Debt, str]
) -> None:
    simulator.warn_of_fraud(paid[1])
    hear(wired, simulator, deliver)
    with wired.database.reading() as session:
        warned = session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()

    simulator.dispute(paid[1])
    hear(wired, simulator, deliver)

    assert warned == [TaskKind.FRAUD_WARNING]
    with wired.database.reading() as session:
        assert not session.scalars(select(FraudWarning)).one().actionable
        kinds = set(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))
    assert kinds == {TaskKind.CHARGEBACK}
    assert chargeback(wired).amount == money("120")
