"""Six events: a payment, its fee, a refund that fails, and a chargeback that is won, as six events tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby, permutations
from pathlib import Path

from sqlalchemy import Connection, event

from app.handlers.inbox import LOOKS
from app.handlers.looks import Apply
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.faults.scene import Scene, a_scene
from tests.support.paying import a_debt
from tests.support.simulated import open_page

TOLD = (
    "payment_intent.succeeded",
    "charge.updated",
    "refund.created",
    "refund.failed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
"""The six; other events of the same life never come, or say what one of these says."""
EVENTS = tuple(range(len(TOLD)))
ORDERS = tuple(permutations(EVENTS))
ENDS = len(ORDERS) * 2 ** len(EVENTS)

Orders = tuple[tuple[int, ...], ...]


@dataclass
class Life:
    """What each event would have us do, by what the processor said when it was made, and by what it says at the end."""

    scene: Scene
    then: list[Apply]
    now: list[Apply]

    def apply(self, applies: list[Apply], number: int) -> None:
        """One event is handled."""
        with self.scene.wired.database.transaction() as session:
            applies[number](session)


@contextmanager
def a_life(database: Database, clock: MovableClock, home: Path) -> Iterator[Life]:
    """A life that the books know nothing of yet but that a payment was started."""
    with a_scene(database, clock, home) as scene:
        debt = a_debt(database, "120.00")
        checkout_id = open_page(scene.wired, debt, "120.00").checkout_id or ""
        simulator, refs, then = scene.simulator, dict[str, str](), dict[str, Apply]()

        def look() -> None:
            clock.advance(minutes=1)
            for told in simulator.webhooks.pending():
                kind, ref = told["type"], told["data"]["object"]["id"]
                if kind in TOLD and kind not in then:
                    refs[kind], then[kind] = ref, LOOKS[kind](scene.wired.processor, ref)

        simulator.pay_session(checkout_id)
        charge = simulator.charge_of(scene.wired.processor.checkout(checkout_id).intent_id or "")
        look()
        simulator.settle()
        look()
        refund = simulator.refund(charge, 30_00)
        look()
        simulator.fail_refund(refund["id"])
        look()
        dispute = simulator.dispute(charge, 50_00)
        look()
        simulator.decide_dispute(dispute["id"], won=True)
        look()
        now = [LOOKS[kind](scene.wired.processor, refs[kind]) for kind in TOLD]
        yield Life(scene, [then[kind] for kind in TOLD], now)


class Writes:
    """Counts what is really written on a connection, so that what changed nothing is seen to have changed nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seen = 0
        if connection.dialect.name == "postgresql":
            event.listen(connection, "after_cursor_execute", self._count)

    @property
    def rows(self) -> int:
        """How many rows have been inserted, changed or deleted until now."""
        driver = self._connection.connection.driver_connection
        return self._seen if driver is None or self._connection.dialect.name == "postgresql" else driver.total_changes

    def _count(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self._seen += max(0, getattr(cursor, "rowcount", 0))


@dataclass
class Tree:
    """All orders of the six, each with and without every event doubled at once, walked as a tree of savepoints.

    A state is named by what changed it: where an event changes no row, what follows need not be walked once more.
    """

    life: Life
    applies: list[Apply]
    connection: Connection
    expected: dict[str, list[str]]
    states: set[tuple[int, ...]] = field(default_factory=set)
    wrong: list[tuple[tuple[int, ...], dict[str, list[str]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._writes = Writes(self.connection)
        self._ends: dict[tuple[tuple[int, ...], Orders], int] = {}
        self._still: dict[tuple[tuple[int, ...], int], bool] = {}

    def ends(self, orders: Orders, state: tuple[int, ...] = ()) -> int:
        """How many ways lead from here to the end, all of them looked at."""
        if orders == ((),):
            self._look(state)
            return 1
        if (state, orders) not in self._ends:
            branches = groupby(orders, key=lambda order: order[0])
            self._ends[state, orders] = sum(
                self._branch(first, tuple(order[1:] for order in rest), state) for first, rest in branches
            )
        return self._ends[state, orders]

    def _branch(self, number: int, orders: Orders, state: tuple[int, ...]) -> int:
        """The event comes once, and twice."""
        with self._forgotten():
            once = self._happens(number, state)
            ways = self.ends(orders, once)
            twice = self._happens(number, once)
            return ways + self.ends(orders, twice)

    def _happens(self, number: int, state: tuple[int, ...]) -> tuple[int, ...]:
        if self._still.get((state, number)):
            return state
        before = self._writes.rows
        self.life.apply(self.applies, number)
        self._still[state, number] = self._writes.rows == before
        return state if self._still[state, number] else (*state, number)

    def _look(self, state: tuple[int, ...]) -> None:
        """At an end: all is as it should be, and stays so when everything is told once more."""
        if state in self.states:
            return
        self.states.add(state)
        with self._forgotten():
            for number in (*EVENTS, *EVENTS[::-1]):
                self._compare(state)
                self.life.apply(self.life.now, number)
            self._compare(state)
            self.life.scene.expect_whole_books()

    def _compare(self, state: tuple[int, ...]) -> None:
        stands = self.life.scene.stands()
        if stands != self.expected:
            differs = {name: found for name, found in stands.items() if found != self.expected[name]}
            self.wrong.append((state, differs))

    @contextmanager
    def _forgotten(self) -> Iterator[None]:
        nested = self.connection.begin_nested()
        yield
        nested.rollback()
