"""Balance: payouts on their way and back, and every movement, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.stripe.gateway import StripeGateway
from adapters.stripe.simulator import Fault, Simulator
from domain.payments.processor import ProcessorLacks, ProcessorUnreachable
from domain.payments.snapshots import PayoutState
from domain.shared.clock import MovableClock
from domain.shared.money import Money
from tests.adapters.stripe.gateway.asking import NOON, charge_of, paid
from tests.support.builders import money


@pytest.fixture
def payout(gateway: StripeGateway, simulator: Simulator, customer: str, clock: MovableClock) -> str:
    """All that two payments have brought is on its way to the bank."""
    paid(gateway, simulator, customer)
    paid(gateway, simulator, customer, "pay2")
    clock.advance(days=3)
    (made,) = simulator.payout("gbp")
    return str(made["id"])


def test_a_payout_is_what_its_movements_add_up_to(
    gateway: StripeGateway, simulator: Simulator, payout: str, clock: MovableClock
) -> None:
    on_its_way = gateway.payout(payout)
    clock.advance(days=3)
    there = gateway.payout(payout)
    moved = list(gateway.movements_of_payout(payout))

    assert (on_its_way.state, on_its_way.automatic, on_its_way.complete) == (PayoutState.PENDING, True, False)
    assert (there.state, there.complete, there.failure) == (PayoutState.PAID, True, None)
    assert there.movement is not None
    assert (there.movement.category, there.movement.amount) == ("payout", -there.amount)
    assert sorted(movement.category for movement in moved) == ["charge", "charge", "payout"]
    assert Money.sum((movement.amount - movement.fee for movement in moved), "GBP") == money("0")


def test_a_payout_that_came_back_says_why_and_moves_the_balance_again(
    gateway: StripeGateway, simulator: Simulator, payout: str
) -> None:
    simulator.deliver_payout(payout)
    simulator.fail_payout(payout, code="account_closed")

    failed = gateway.payout(payout)

    assert (failed.state, failed.failure) == (PayoutState.FAILED, "The bank account is closed.")
    assert failed.failure_movement is not None
    assert failed.failure_movement.amount == failed.amount


def test_every_movement_is_listed_once_however_many_pages_there_are(
    gateway: StripeGateway, simulator: Simulator
) -> None:
    booked = [simulator.book("fee", -100 - number, "gbp")["id"] for number in range(205)]

    listed = [movement.external_id for movement in gateway.movements_since(NOON)]

    assert sorted(listed) == sorted(booked)


def test_movements_are_listed_from_a_little_earlier_on_the_newest_first(
    gateway: StripeGateway, simulator: Simulator, clock: MovableClock
) -> None:
    long_ago = simulator.book("fee", -1, "gbp")["id"]
    clock.advance(hours=1)
    just_before = simulator.book("topup", 5000, "gbp")["id"]
    clock.advance(minutes=4)
    now = simulator.book("a_new_category", -3, "gbp", fee=2)["id"]

    listed = list(gateway.movements_since(NOON + timedelta(hours=1, minutes=4)))

    assert [movement.external_id for movement in listed] == [now, just_before]
    assert long_ago not in {movement.external_id for movement in listed}
    assert (listed[0].category, listed[0].amount, listed[0].fee) == ("a_new_category", -money("0.03"), money("0.02"))


def test_a_movement_names_the_charge_that_brought_it(
    gateway: StripeGateway, simulator: Simulator, customer: str
) -> None:
    intent = paid(gateway, simulator, customer)

    (movement,) = gateway.movements_since(NOON)

    assert intent.charge is not None
    assert movement == intent.charge.movement
    assert movement.source_ref == charge_of(intent)


def test_a_list_that_breaks_off_is_unreachable_and_not_short(gateway: StripeGateway, simulator: Simulator) -> None:
    for number in range(150):
        simulator.book("fee", -100 - number, "gbp")
    listed = gateway.movements_since(NOON)
    first = [next(listed) for _ in range(100)]
    simulator.order_fault(Fault("cut", "GET", "/v1/balance_transactions", times=3))

    with pytest.raises(ProcessorUnreachable):
        list(listed)
    assert len(first) == 100


def test_a_payout_that_stripe_does_not_know_is_lacking(gateway: StripeGateway) -> None:
    with pytest.raises(ProcessorLacks):
        gateway.payout("never")
