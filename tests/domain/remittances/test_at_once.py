"""Costs, payments and decisions about one debt at one instant: all are written down, and nobody waits in a ring."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.placements.model import Placement
from domain.processing.checks import check_books
from domain.remittances.costs import Spent, accept_cost, tell_cost
from domain.remittances.model import PlacedCollection, PlacementCost
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import money
from tests.support.remitting import a_cost, a_placement, collected

ROUNDS = 4


def test_no_act_about_a_debt_with_a_partner_waits_for_one_that_waits_for_it(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        placement_id = a_placement(session).id
        cost_id = a_cost(session, session.get_one(Placement, placement_id)).id
    ready = Barrier(4 * ROUNDS + 1)

    def at_once(act: Callable[[Session, Placement], object]) -> None:
        ready.wait(60)
        with committed_db.transaction() as session:
            act(session, session.get_one(Placement, placement_id))

    def spend(reference: str, *, first: bool) -> Callable[[Session, Placement], object]:
        def act(session: Session, placement: Placement) -> object:
            if first:
                accounts.lock(session, placement.account_id)
            return tell_cost(
                session, placement, Spent(reference, money("5"), today(session), "A visit"), actor=OPERATOR
            )

        return act

    def receive(reference: str) -> Callable[[Session, Placement], object]:
        return lambda session, placement: collected(session, placement, "10", reference)

    acts: list[Callable[[Session, Placement], object]] = [
        lambda session, placement: accept_cost(session, cost_id, actor=OPERATOR)
    ]
    for number in range(ROUNDS):
        acts += [spend(f"S-{number}", first=False), spend(f"F-{number}", first=True)]
        acts += [receive(f"P-{number}"), receive(f"Q-{number}")]
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(at_once, acts))

    with committed_db.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlacementCost)) == 1 + 2 * ROUNDS
        assert session.scalar(select(func.count()).select_from(PlacedCollection)) == 2 * ROUNDS
        assert check_books(session) == []
