"""Worker: does what is due (messages, events, hanging payments, seals, old sessions), and wakes when it is nudged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import structlog

from app.handlers import (
    approval_turns,
    assigning,
    backfilling,
    case_turns,
    collecting,
    courtesies,
    digesting,
    dispute_turns,
    dunning,
    fetching,
    foldering,
    inbox,
    keeping,
    late_charging,
    limitation_turns,
    outbox,
    packing,
    placement_turns,
    planning,
    promising,
    refunding,
    report_mail,
    reporting,
    settling,
    terms,
    tying,
    write_off_turns,
)
from app.handlers.forecasting import Forecaster
from app.handlers.weighing import Weigher
from app.wired import Wired
from domain.credit.holding import review_all
from domain.documents.reading import Reader
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.shared.clock import day_in
from domain.shared.db.session import Database

log = structlog.get_logger("worker")

POLL_SECONDS = 1.0
"""How often we look when nobody nudges us: other processes leave work too."""


@dataclass
class Duty:
    """One thing to do again and again; `act` does what is due and returns how much that was, and how much failed.

    A number alone where nothing of it fails by itself.
    """

    name: str
    act: Callable[[], Did | int]
    every: timedelta = timedelta()
    next_at: datetime | None = field(default=None, init=False)
    told_on: date | None = field(default=None, init=False)
    """The last day of which it is written down that this duty had its turn."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is time, and if so remember when the next time is."""
        if self.next_at is not None and now < self.next_at:
            return False
        self.next_at = now + self.every
        return True


class Worker:
    """All duties, in threads of their own: nothing slow (mail, a morning of reminders, a pack) holds up a payment.

    What has to do with money is never long; housework goes through accounts one by one, in the order in which one duty
    follows from another; and what goes through all the books at a time waits for nobody, nor anybody for it.
    """

    def __init__(self, wired: Wired) -> None:
        self._database = wired.database
        self._clock = wired.database.clock
        self._nudge = wired.nudge
        self._messages = Duty("messages", lambda: outbox.handle_urgent(wired))
        self._notices = Duty("notices", lambda: outbox.handle_crowds(wired))
        self._events = Duty("events", lambda: inbox.handle_due(wired))
        self._mail = Duty("incoming mail", lambda: fetching.fetch_due(wired), timedelta(minutes=1))
        self._checks = Duty("checks of everything", lambda: outbox.handle_checks(wired))
        self._reports = Duty("reports", lambda: outbox.handle_reports(wired))
        self._packs = Duty("evidence packs", lambda: packing.make_due(wired))
        self._words = Duty("words of documents", Reader(wired.database, wired.store).read_due, timedelta(seconds=5))
        self._worklist = Duty("worklist", Weigher(wired.database).weigh_due, timedelta(seconds=10))
        self._money = [
            Duty("unknown outcomes", lambda: keeping.end_unknown_outcomes(wired), timedelta(seconds=15)),
            Duty("unknown refunds", lambda: refunding.end_unknown_refunds(wired), timedelta(seconds=15)),
            Duty("automatic payments", lambda: collecting.do_due(wired), timedelta(minutes=1)),
            Duty("silent payments", lambda: keeping.look_at_the_silent(wired), timedelta(minutes=5)),
            Duty("seal", lambda: keeping.seal_books(wired), timedelta(minutes=1)),
        ]
        self._housework = [
            Duty("assignments", lambda: assigning.take_due(wired.database), timedelta(minutes=1)),
            Duty("daily digests", lambda: digesting.tell_due(wired.database), timedelta(minutes=5)),
            Duty("disputes", lambda: dispute_turns.take_due(wired.database), timedelta(minutes=5)),
            Duty("plans", lambda: planning.do_due(wired.database), timedelta(minutes=5)),
            Duty("settlements", lambda: settling.do_due(wired), timedelta(minutes=5)),
            Duty("placements", lambda: placement_turns.take_due(wired.database), timedelta(minutes=5)),
            Duty("legal cases", lambda: case_turns.take_due(wired.database), timedelta(hours=1)),
            Duty("limitations", lambda: limitation_turns.take_due(wired.database), timedelta(hours=1)),
            Duty("approvals", lambda: approval_turns.take_due(wired.database), timedelta(minutes=15)),
            Duty("write-offs", lambda: write_off_turns.take_due(wired.database), timedelta(minutes=5)),
            Duty("partners' folders", lambda: foldering.take_due(wired), timedelta(minutes=1)),
            Duty("late charges", lambda: late_charging.charge_due(wired.database), timedelta(minutes=15)),
            Duty("promises", lambda: promising.judge_due(wired.database), timedelta(minutes=5)),
            Duty("reminders", lambda: dunning.decide_due(wired.database).did, timedelta(minutes=5)),
            Duty("courtesies", lambda: courtesies.send_due(wired.database), timedelta(minutes=10)),
            Duty("terms to accept", lambda: terms.tell_due(wired.database), timedelta(minutes=2)),
            Duty("terms not accepted", lambda: terms.remind_due(wired.database), timedelta(hours=1)),
            Duty("reports by mail", lambda: report_mail.leave_due(wired.database), timedelta(minutes=5)),
            Duty("forgetting", lambda: keeping.forget_old(wired), timedelta(hours=1)),
        ]
        self._long = [
            Duty("backfill", lambda: backfilling.backfill_due(wired), timedelta(minutes=5)),
            Duty("unfinished", lambda: backfilling.look_at_unfinished(wired), timedelta(hours=1)),
            Duty("tie-out", lambda: tying.tie_out_due(wired), timedelta(hours=1)),
            Duty("credit holds", lambda: review_all(wired.database), timedelta(hours=1)),
            Duty("day figures", lambda: reporting.keep_figures(wired), timedelta(minutes=30)),
            Duty("retention", lambda: keeping.watch_retention(wired), timedelta(hours=12)),
            Duty("cash forecast", Forecaster(wired.database).look_ahead, timedelta(hours=1)),
        ]

    def drain(self) -> int:
        """Do all that is due now, in this thread, until nothing is left; how much it was."""
        in_turn = (*self._money, *self._housework, self._worklist, *self._long, self._mail, self._words)
        total = sum(_do(self._database, duty) for duty in in_turn)
        at_once = (self._messages, self._notices, self._events, self._packs, self._reports, self._checks)
        while done := sum(_do(self._database, duty) for duty in at_once):
            total += done
        return total

    @contextmanager
    def running(self) -> Iterator[None]:
        """Work in threads of our own during the block; at its end finish what is under way."""
        stop = threading.Event()
        at_once = (self._messages, self._notices, self._events)
        alone = (*at_once, self._mail, self._packs, self._reports, self._checks, self._words, self._worklist)
        loops = (*([duty] for duty in alone), self._money, self._housework, self._long)
        threads = [
            threading.Thread(target=self._loop, args=(duties, self._nudge.listen(), stop), name=f"worker-{number}")
            for number, duties in enumerate(loops, 1)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            self._nudge()
            for thread in threads:
                thread.join()

    def _loop(self, duties: list[Duty], nudged: threading.Event, stop: threading.Event) -> None:
        while not stop.is_set():
            done = sum(
                _do(self._database, duty) for duty in duties if not stop.is_set() and duty.is_due(self._clock.now())
            )
            if done == 0:
                nudged.wait(POLL_SECONDS)
                nudged.clear()


def _do(database: Database, duty: Duty) -> int:
    """Do one duty; when it fails as a whole (no database, say) it is logged, and tried again next time.

    What it did is written down for the page that tells of it: where it did something, or failed, or had its first turn
    of the day.
    """
    try:
        found = duty.act()
        did = Did(found) if isinstance(found, int) else found
    except Exception as problem:
        log.exception("duty failed", duty=duty.name)
        did = Did(failures=1, error=str(problem))
    try:
        _tell(database, duty, did)
    except Exception:
        log.exception("duty not written down", duty=duty.name)
    return did.done


def _tell(database: Database, duty: Duty, did: Did) -> None:
    day = day_in(database.clock.now(), database.business.time_zone)
    if not did.done and not did.failures and duty.told_on == day:
        return
    with database.transaction() as session:
        turns.note(session, duty.name, did)
    duty.told_on = day
