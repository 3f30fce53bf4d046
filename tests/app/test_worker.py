"""Worker: drains what is due, finds out what was cut off, seals, and stops when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import pytest

from adapters.stripe.simulator import Fault, Simulator
from app.handlers.dunning import Turn
from app.wired import Wired
from app.worker import Worker
from backoffice.reminders import DUTY_NAMES
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.ledger.checks import check_books as check_ledger
from domain.ledger.sealing import export_heads
from domain.payments import sending
from domain.payments.model import PaymentStatus
from domain.payments.sending import Outcome
from domain.processing.checks import check_books
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.tasks.model import TaskKind
from tests.support.outside import MemoryMail
from tests.support.paying import a_debt, open_minor
from tests.support.simulated import open_page, payment, start
from tests.support.tasks import open_tasks

SESSIONS = "/v1/checkout/sessions"


def test_one_round_does_everything_that_is_due(
    wired: Wired, simulator: Simulator, deliver: Callable[[bytes, Mapping[str, str]], int]
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.settle()
    simulator.deliver_pending(deliver)

    Worker(wired).drain()

    assert payment(wired, paid.public_id).status is PaymentStatus.SUCCEEDED
    assert isinstance(wired.mailer, MemoryMail)
    assert len(wired.mailer.sent) == 1
    assert Worker(wired).drain() <= 1
    with wired.database.reading() as session:
        assert export_heads(session)
        assert check_ledger(session) == []


def test_every_duty_has_a_name_on_the_page_of_the_nightly_run(wired: Wired) -> None:
    Worker(wired).drain()

    with wired.database.reading() as session:
        assert {row.duty for row in turns.since(session, today(session))} == DUTY_NAMES.keys()


def test_a_connection_cut_after_stripe_executed_ends_with_one_charge_and_one_posting(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Callable[[bytes, Mapping[str, str]], int]
) -> None:
    debt = a_debt(wired.database, "120.00")
    public_id, attempt_id = start(wired, debt, "120.00")
    simulator.order_fault(Fault("cut", "POST", SESSIONS, times=3))

    outcome = sending.send(wired.database, wired.processor, attempt_id, actor=WORKER)
    clock.advance(minutes=2)
    Worker(wired).drain()
    opened = payment(wired, public_id)
    simulator.pay_session(opened.checkout_id or "")
    simulator.settle()
    simulator.deliver_pending(deliver)
    Worker(wired).drain()

    assert outcome is Outcome.UNKNOWN
    assert payment(wired, public_id).status is PaymentStatus.SUCCEEDED
    assert open_minor(wired.database, debt.invoices[0]) == 0
    assert simulator.charges_by_metadata("payment") == {public_id: 1}
    with wired.database.reading() as session:
        assert check_books(session) == []


def test_a_saved_500_is_resolved_by_looking(wired: Wired, simulator: Simulator, clock: MovableClock) -> None:
    debt = a_debt(wired.database, "120.00")
    public_id, attempt_id = start(wired, debt, "120.00")
    simulator.order_fault(Fault("answer", "POST", SESSIONS, status=500))

    outcome = sending.send(wired.database, wired.processor, attempt_id, actor=WORKER)

    assert outcome is Outcome.OPENED
    assert payment(wired, public_id).checkout_url is not None


def test_an_outcome_unknown_for_an_hour_becomes_a_task(wired: Wired, simulator: Simulator, clock: MovableClock) -> None:
    debt = a_debt(wired.database, "120.00")
    start(wired, debt, "120.00")
    simulator.order_fault(Fault("cut", "POST", SESSIONS, executes=False, times=100))
    simulator.order_fault(Fault("answer", "GET", SESSIONS, status=500, times=100))

    clock.advance(minutes=61)
    Worker(wired).drain()

    with wired.database.reading() as session:
        assert [task.kind for task in open_tasks(session)] == [TaskKind.PAYMENT_UNKNOWN]


def test_a_page_whose_end_nobody_told_us_of_is_looked_at_and_its_invoices_are_free(
    wired: Wired, simulator: Simulator, clock: MovableClock
) -> None:
    debt = a_debt(wired.database, "120.00")
    left = open_page(wired, debt, "120.00")

    clock.advance(hours=2)
    simulator.advance(seconds=1)
    Worker(wired).drain()

    assert payment(wired, left.public_id).status is PaymentStatus.CANCELED


def test_a_fee_of_which_no_webhook_came_is_booked_all_the_same(
    wired: Wired, simulator: Simulator, clock: MovableClock, deliver: Callable[[bytes, Mapping[str, str]], int]
) -> None:
    debt = a_debt(wired.database, "120.00")
    paid = open_page(wired, debt, "120.00")
    simulator.pay_session(paid.checkout_id or "")
    simulator.deliver_pending(deliver)
    Worker(wired).drain()

    simulator.settle()
    clock.advance(hours=2)
    Worker(wired).drain()

    with wired.database.reading() as session:
        assert check_books(session) == []
    assert simulator.truth().unsettled == {}


def test_a_running_worker_wakes_when_it_is_nudged_and_stops_when_told(
    wired: Wired, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    worker = Worker(wired)
    monkeypatch.setattr("app.worker.POLL_SECONDS", 60.0)

    def handle(_: Wired) -> int:
        done.set()
        return 0

    monkeypatch.setattr("app.handlers.inbox.handle_due", handle)

    with worker.running():
        assert done.wait(60)
        done.clear()
        wired.nudge()
        assert done.wait(60)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("worker-")]


def test_a_duty_that_fails_as_a_whole_does_not_stop_the_others(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Wired) -> int:
        raise OSError("no database")

    def seal(everything: Wired) -> int:
        sealed.append(everything)
        return 0

    sealed: list[Wired] = []
    monkeypatch.setattr("app.handlers.keeping.end_unknown_outcomes", gone)
    monkeypatch.setattr("app.handlers.keeping.seal_books", seal)

    Worker(wired).drain()

    assert sealed == [wired]


def test_what_failed_within_a_duty_is_written_down_with_what_was_done(
    wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        Turn(notices=3, failed=Did(failures=2, error="account 7: no disk")),
        Turn(failed=Did(failures=1, error="account 8: no disk")),
    ]
    monkeypatch.setattr("app.handlers.dunning.decide_due", lambda _: found.pop(0))
    worker = Worker(wired)

    worker.drain()
    worker.drain()

    with wired.database.reading() as session:
        (kept,) = [row for row in turns.on(session, today(session)) if row.duty == "reminders"]
    assert (kept.runs, kept.done, kept.failures, kept.last_error) == (2, 3, 3, "account 8: no disk")


MONEY = ("keeping.end_unknown_outcomes", "refunding.end_unknown_refunds", "collecting.do_due", "keeping.seal_books")
HOUSEWORK = ("dunning.decide_due", "promising.judge_due", "planning.do_due", "digesting.tell_due")
AT_ONCE = ("outbox.handle_urgent", "outbox.handle_crowds", "outbox.handle_reports", "inbox.handle_due")
LONG = ("reporting.keep_figures", "forecasting.Forecaster.look_ahead", "tying.tie_out_due", "backfilling.backfill_due")


@pytest.mark.parametrize(
    ("slow", "others"),
    [
        *((slow, (*MONEY, *HOUSEWORK, *AT_ONCE)) for slow in LONG),
        ("dunning.decide_due", (*MONEY, *AT_ONCE)),
        ("outbox.handle_reports", (*MONEY, *HOUSEWORK, "outbox.handle_urgent", "outbox.handle_crowds")),
    ],
)
def test_a_duty_that_takes_long_holds_up_no_other(
    wired: Wired, monkeypatch: pytest.MonkeyPatch, slow: str, others: tuple[str, ...]
) -> None:
    begun, released = threading.Event(), threading.Event()
    turned = {name: threading.Event() for name in others}

    def nothing(name: str) -> Callable[[object], object]:
        def act(_: object) -> object:
            if begun.is_set():
                turned[name].set()
            return Turn() if name == "dunning.decide_due" else 0

        return act

    def take_long(_: object) -> object:
        begun.set()
        released.wait(60)
        return Turn() if slow == "dunning.decide_due" else 0

    for name in others:
        monkeypatch.setattr(f"app.handlers.{name}", nothing(name))
    monkeypatch.setattr(f"app.handlers.{slow}", take_long)
    monkeypatch.setattr("app.worker.Duty.is_due", lambda *_: True)

    with Worker(wired).running():
        try:
            late = [name for name, event in turned.items() if not event.wait(30)]
        finally:
            released.set()

    assert begun.is_set()
    assert late == []
