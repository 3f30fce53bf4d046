"""Any sequence: whatever legal acts follow each other, the books are those of an independent dictionary ledger."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from sqlalchemy import Engine

from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import NOON
from tests.faults.acts_collecting import Collecting
from tests.faults.acts_coming import Coming
from tests.faults.acts_disputes import Disputing
from tests.faults.acts_leaving import Leaving
from tests.faults.acts_owing import Owing
from tests.faults.conftest import Prove
from tests.support.databases import rolled_back


def run(engine: Engine, *, examples: int, steps: int) -> Counter[str]:
    """So many sequences of at most so many acts, each forgotten afterwards; how often each act was done."""
    done: Counter[str] = Counter()

    class AnySequence(Collecting, Disputing, Owing, Coming, Leaving):
        """The machine on a connection of its own, for one sequence."""

        def __init__(self) -> None:
            self.clock = MovableClock(NOON)
            self.steps = done
            self.outer = rolled_back(engine)
            self.database = Database(self.outer.__enter__(), self.clock, Business())
            super().__init__()

        @initialize()
        def begin(self) -> None:
            """Both accounts have owed and paid something already, so that everything can happen from the start."""
            self.open_books()
            for who in (0, 1):
                for amount in (120_00, 75_50, 10_01):
                    self.issue(who, amount, 20, 1)
                self.pay_by_card(3 * who, [120_00, 80_00])

        def teardown(self) -> None:
            self.end()
            self.outer.__exit__(None, None, None)

    slow = [HealthCheck.too_slow]
    chosen = settings(max_examples=examples, stateful_step_count=steps, suppress_health_check=slow)
    run_state_machine_as_test(AnySequence, settings=chosen)
    return done


def test_some_sequences_of_acts_end_in_the_books_of_a_dictionary_ledger(engine: Engine) -> None:
    done = run(engine, examples=4, steps=25)

    assert sum(done.values()) > 30


@pytest.mark.faults
def test_any_sequence_of_acts_ends_in_the_books_of_a_dictionary_ledger(engine: Engine, prove: Prove) -> None:
    done = run(engine, examples=250, steps=50)

    refused = sum(number for act, number in done.items() if act.startswith("refused"))
    prove(4, f"any sequence of legal acts: {sum(done.values()) - refused} steps, {refused} refused", "0 divergences")
    assert min(done[act] for act in ("card", "cheque", "chargeback", "reinstated", "refund fails", "returned")) > 20
    assert min(done[act] for act in ("settlement is fulfilled", "settlement is reopened", "settlement is broken")) > 3
    assert min(done[act] for act in ("placement sent", "placement is closed", "placement is held")) > 3
    assert min(done[act] for act in ("collected by the agency", "bounced at the agency", "remitted")) > 3
    assert min(done[act] for act in ("discount", "discount falls", "late charge", "dispute", "extended")) > 5
