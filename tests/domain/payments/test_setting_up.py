"""Asking for the page on which a method is kept without a payment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from domain.payments import sending
from domain.payments.processor import ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.setting_up import send_setup, setup_of, start_setup
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState
from domain.saved_methods.model import MethodSetup, SetupState
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt
from tests.support.saving import AGREED

PAGE = "https://processor.example/cs_1"


class SettingUp(FakeProcessor):
    """Opens pages of setups."""

    def open_checkout(self, body: Mapping[str, Any], *, key: str) -> CheckoutSnapshot:
        """One page a key."""
        self._called("open_checkout")
        assert self.sent.setdefault(key, dict(body)) == body
        return CheckoutSnapshot("cs_1", None, "quittance", CheckoutState.OPEN, PAGE, None, None, body["setup"])


@pytest.fixture
def debt(db: Database) -> Debt:
    return a_debt(db, "120")


@pytest.fixture
def processor() -> SettingUp:
    return SettingUp()


def ask(db: Database, processor: FakeProcessor, debt: Debt, *, login_id: int | None = None) -> int:
    """Ask for a page, Ana unless said otherwise; the id of the request."""
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        return start_setup(
            session,
            processor,
            debt.account_id,
            login_id=login_id or debt.ana,
            agreement=AGREED,
            return_url="https://portal.example/{setup}/returned",
            cancel_url="https://portal.example/ways",
        ).id


def stands(db: Database, setup_id: int) -> tuple[SetupState, str | None]:
    """How the request stands, and the page's address."""
    with db.reading() as session:
        setup = session.get_one(MethodSetup, setup_id)
        return setup.state, setup.checkout_url


def test_the_page_is_opened_once_and_given_again_while_it_is_open(
    db: Database, debt: Debt, processor: SettingUp, clock: MovableClock
) -> None:
    first = ask(db, processor, debt)
    outcome = send_setup(db, processor, first)
    same = ask(db, processor, debt)
    send_setup(db, processor, same)
    clock.advance(hours=1)

    later = ask(db, processor, debt)

    assert outcome is Outcome.OPENED
    assert stands(db, first) == (SetupState.OPEN, PAGE)
    assert (same, later == first) == (first, False)
    assert processor.calls["open_checkout"] == 1


def test_everybody_has_a_page_of_their_own(db: Database, debt: Debt, processor: SettingUp) -> None:
    anas, bens = ask(db, processor, debt), ask(db, processor, debt, login_id=debt.ben)

    with pytest.raises(NotFound), db.reading() as session:
        setup_of(session, debt.account_id, debt.ben, session.get_one(MethodSetup, anas).public_id)

    assert anas != bens


def test_a_lost_answer_is_repeated_under_the_same_key(db: Database, debt: Debt, processor: SettingUp) -> None:
    setup_id = ask(db, processor, debt)
    processor.trouble = ProcessorUnreachable()

    outcomes = [send_setup(db, processor, setup_id) for _ in range(2)]

    assert outcomes == [Outcome.UNKNOWN, Outcome.OPENED]
    assert len(processor.sent) == 1


def test_after_a_saved_error_the_next_press_asks_anew(db: Database, debt: Debt, processor: SettingUp) -> None:
    setup_id = ask(db, processor, debt)
    processor.trouble = ProcessorConfused()

    outcome = send_setup(db, processor, setup_id)

    assert outcome is Outcome.REFUSED
    assert stands(db, setup_id)[0] is SetupState.ENDED
    assert ask(db, processor, debt) != setup_id


def test_a_refusal_is_the_end_of_it(db: Database, debt: Debt, processor: SettingUp) -> None:
    setup_id = ask(db, processor, debt)
    processor.trouble = ProcessorRefused("Not today.")

    outcomes = [send_setup(db, processor, setup_id) for _ in range(2)]

    assert outcomes == [Outcome.REFUSED, Outcome.REFUSED]
    assert stands(db, setup_id)[0] is SetupState.ENDED
