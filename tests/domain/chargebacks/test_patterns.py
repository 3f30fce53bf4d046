"""What has been seen before is said, and a share of contested payments that networks would look at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.chargebacks import patterns
from domain.chargebacks.queries import View, by_ref, chargebacks
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from tests.support.builders import money
from tests.support.contesting import a_chargeback, a_paid_debt, contest, reconcile


def said_of(db: Database, name: str) -> list[str]:
    """What is said of one chargeback."""
    with db.reading() as session:
        return [str(words) for words in patterns.warnings_about(session, by_ref(session, name))]


def said(db: Database) -> list[str]:
    """What is said of all."""
    with db.reading() as session:
        return [str(words) for words in patterns.warnings(session)]


def with_card(db: Database, name: str, card: str | None, intent_id: str = "pi_elsewhere") -> None:
    """A bank asks about a payment with this card."""
    with db.reading() as session:
        seen = a_chargeback("warning_needs_response", money("10"), now(session), name=name, intent_id=intent_id)
    reconcile(db, replace(seen, card=card))


def test_a_card_that_was_contested_before_is_known_again(db: Database, clock: MovableClock) -> None:
    with_card(db, "du_1", "card-a")
    with_card(db, "du_2", "card-b")
    with_card(db, "du_3", None)
    clock.advance(days=100)
    with_card(db, "du_4", "card-a")
    with_card(db, "du_5", None)
    clock.advance(days=181)
    with_card(db, "du_6", "card-a")

    assert said_of(db, "du_1") == []
    assert said_of(db, "du_4") == ["Other chargebacks of the same card or bank account in the 180 days before: 1"]
    assert said_of(db, "du_5") == []
    assert said_of(db, "du_6") == []


def test_a_customer_whose_payments_were_contested_before_is_known_again(db: Database) -> None:
    a_paid_debt(db, "120")
    a_paid_debt(db, "50", intent_id="pi_2")
    contest(db, "lost", "60", name="du_1")
    contest(db, "needs_response", "60", name="du_2")
    contest(db, "needs_response", "50", name="du_3", intent_id="pi_2")

    assert said_of(db, "du_2") == ["Other chargebacks of the same customer in the 180 days before: 1"]
    assert said_of(db, "du_3") == []


def test_three_for_one_reason_within_a_month_are_no_chance(db: Database, clock: MovableClock) -> None:
    for name in ("du_1", "du_2"):
        contest(db, "needs_response", "10", name=name, intent_id="pi_elsewhere")
    with_card(db, "du_3", None)
    before = said(db)
    contest(db, "won", "10", name="du_4", intent_id="pi_elsewhere")

    after = said(db)
    clock.advance(days=31)

    assert before == []
    assert after == ["Chargebacks in the last 30 days because the cardholder says it was not them: 3"]
    assert said(db) == []


@pytest.mark.parametrize(
    ("contested", "payments", "words"),
    [
        (2, 3, ""),
        (3, 401, ""),
        (3, 400, "0.75 %. From 1.5 % on"),
        (99, 200, "49.50 %. From 1.5 % on"),
        (100, 6000, "1.67 %: Mastercard may put you under watch."),
        (1500, 100_000, "1.50 %: Visa, Mastercard may put you under watch."),
    ],
)
def test_a_share_near_the_bounds_of_the_networks_is_said(contested: int, payments: int, words: str) -> None:
    found = "".join(str(each) for each in patterns.of_share(patterns.Share(contested, payments)))

    assert bool(found) == bool(words)
    assert words in found


def test_the_share_is_of_the_payments_of_the_last_month(db: Database, clock: MovableClock) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "60")
    with_card(db, "du_2", None, "pi_1")
    with db.reading() as session:
        first = patterns.share(session)
    clock.advance(days=31)

    with db.reading() as session:
        later = patterns.share(session)

    assert (first.contested, first.payments, first.percent) == (1, 1, Decimal(100))
    assert (later.contested, later.payments, later.percent) == (0, 0, Decimal(0))


def test_the_board_has_what_must_be_answered_first_on_top(db: Database, clock: MovableClock) -> None:
    contest(db, "under_review", "30", name="du_decided")
    contest(db, "needs_response", "40", name="du_first")
    clock.advance(days=2)
    contest(db, "needs_response", "50", name="du_second")

    with db.reading() as session:
        rows = chargebacks(session, View.OPEN, limit=9)

    assert [row.chargeback_ref for row in rows] == ["du_first", "du_second", "du_decided"]
