"""Races: the same account of a list pressed in many tabs at once, and two lists begun at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from domain.payments.model import Payment
from domain.rounds.model import PaymentRound
from domain.shared.db.session import Database
from tests.support.rounds import an_office

AT_ONCE = 6


def all_at_once(act: Callable[[], object]) -> None:
    """Let six people do it at the same moment."""
    barrier = Barrier(AT_ONCE)

    def one() -> None:
        barrier.wait()
        act()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(one) for _ in range(AT_ONCE)]:
            done.result()


def test_six_presses_at_once_are_one_payment(committed_db: Database) -> None:
    office = an_office(committed_db)
    alder, _ = office.items(office.begin())

    all_at_once(lambda: office.press(alder))

    with committed_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
    assert len(office.processor.sessions) == 1


def test_six_lists_begun_at_once_leave_one_open(committed_db: Database) -> None:
    office = an_office(committed_db)

    all_at_once(office.begin)

    with committed_db.reading() as session:
        lists = session.scalars(select(PaymentRound)).all()
    assert (len(lists), sum(each.closed_at is None for each in lists)) == (AT_ONCE, 1)
