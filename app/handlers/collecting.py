"""Collecting: what automatic payment has due: plan, announce, take, follow up, end; each account by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from app.handlers.failing import failed
from app.wired import Wired
from domain.collecting import planning, queries, turning
from domain.collecting.following import follow, give_up_unanswered
from domain.dunning.turns import Did
from domain.plans import taking
from domain.processing import collecting
from domain.processing.due_parts import part_of
from domain.shared.actor import WORKER

Find: TypeAlias = Callable[[Session], list[int]]
Act: TypeAlias = Callable[[Session, int], object]


def do_due(wired: Wired) -> Did:
    """Do all that automatic payment has due now. Safe to repeat and to be killed at any point."""
    return sum(
        (
            _write(wired, "turn off", queries.unfit, _turn_off_unfit),
            _write(wired, "plan", queries.to_plan, planning.plan),
            _write(wired, "plan parts", taking.to_plan, taking.plan_parts),
            _write(wired, "drop", queries.settled_ahead, planning.drop_settled),
            _write(wired, "announce", queries.to_announce, _announce),
            _write(wired, "follow", queries.to_follow, _follow),
            _write(wired, "give up", queries.unanswered, _give_up),
            _collect(wired),
            _end(wired),
        ),
        Did(),
    )


def _announce(session: Session, account_id: int) -> object:
    return planning.announce(session, account_id, part_of)


def _write(wired: Wired, name: str, find: Find, act: Act) -> Did:
    """Find what has a turn, and act on each in a transaction of its own; how often something came of it."""
    with wired.database.reading() as session:
        found = find(session)

    def one(key: int) -> bool:
        with wired.database.transaction() as session:
            return bool(act(session, key))

    return sum((_guarded(name, key, one) for key in found), Did())


def _collect(wired: Wired) -> Did:
    with wired.database.reading() as session:
        due = queries.to_collect(session)
    return sum(
        (_guarded("collect", key, lambda key: collecting.collect(wired.database, wired.processor, key)) for key in due),
        Did(),
    )


def _end(wired: Wired) -> Did:
    with wired.database.reading() as session:
        payments = {row.id: row.payment for row in queries.to_end(session)}

    def one(key: int) -> bool:
        return collecting.end(wired.database, wired.processor, key, payments[key])

    return sum((_guarded("end", key, one) for key in payments), Did())


def _guarded(name: str, key: int, act: Callable[[int], bool]) -> Did:
    """Act on one; whether something came of it."""
    try:
        return Did(int(act(key)))
    except Exception as problem:
        return failed("automatic payments", f"{name} {key}", problem)


def _turn_off_unfit(session: Session, account_id: int) -> bool:
    return turning.turn_off_unfit(session, account_id, actor=WORKER)


def _follow(session: Session, collection_id: int) -> bool:
    collection = planning.lock(session, collection_id)
    before = (collection.state, collection.judged)
    follow(session, collection, actor=WORKER)
    return before != (collection.state, collection.judged)


def _give_up(session: Session, collection_id: int) -> bool:
    return give_up_unanswered(session, planning.lock(session, collection_id), actor=WORKER)
