"""For how long papers are kept: never shorter than the law says; what is due is listed and waits for somebody."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from domain.documents import filing, holds, retention
from domain.documents.model import Category
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.tasks.model import TaskKind
from tests.support.builders import an_account
from tests.support.contesting import open_tasks
from tests.support.files import taken_in
from tests.support.outside import MemoryStore

TODAY = date(2026, 3, 16)


def a_paper(db: Database, category: Category = Category.CORRESPONDENCE) -> tuple[int, int]:
    """An account and a paper of it."""
    with db.transaction() as session:
        account_id = an_account(session).id
        paper = filing.enter(
            session,
            taken_in(MemoryStore(), category.value.encode()),
            category=category,
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
        )
        return account_id, paper.id


def test_what_is_older_than_its_sort_is_kept_is_due(db: Database, clock: MovableClock) -> None:
    _, letter = a_paper(db)
    _, proof = a_paper(db, Category.PROOF_OF_DELIVERY)
    found = []

    for days in (0, 6 * 365 + 3, 365):
        clock.advance(days=days)
        with db.transaction() as session:
            retention.watch(session)
            found.append([row.id for row in retention.due(session)])

    assert found == [[], [letter], [letter, proof]]
    assert open_tasks(db) == {TaskKind.PAPERS_DUE}


def test_every_sort_of_paper_has_its_time_and_the_law_is_the_least(db: Database) -> None:
    with db.reading() as session:
        kept = retention.kept_for(session)

    assert set(kept) == set(Category)
    assert all(rule.years >= rule.legal_years for rule in kept.values())


def test_years_are_set_from_a_day_on_and_never_below_the_law(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        tomorrow = date(2026, 3, 17)
        retention.set_years(session, Category.CONTRACT, 7, from_on=tomorrow, why="Group policy", actor=OPERATOR)
        before = retention.kept_for(session)[Category.CONTRACT].years
    clock.advance(days=1)
    with db.reading() as session:
        after = retention.kept_for(session)[Category.CONTRACT].years

    assert (before, after) == (12, 7)
    for years, from_on, field in ((5, tomorrow, "years"), (101, tomorrow, "years"), (8, TODAY, "from_on")):
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            retention.set_years(session, Category.CONTRACT, years, from_on=from_on, why="x", actor=OPERATOR)
        assert refused.value.field == field


@pytest.mark.parametrize("why", ["", "  \n"])
def test_nothing_is_set_or_held_without_a_reason(db: Database, clock: MovableClock, why: str) -> None:
    account_id, _ = a_paper(db)

    def years(session: Session) -> None:
        retention.set_years(session, Category.CONTRACT, 7, from_on=TODAY, why=why, actor=OPERATOR)

    def placing(session: Session) -> None:
        holds.place(session, account_id, why, actor=OPERATOR)

    def lifting(session: Session) -> None:
        holds.place(session, account_id, "Claim 7", actor=OPERATOR)
        holds.lift(session, account_id, why, actor=OPERATOR)

    for act in (years, placing, lifting):
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            act(session)
        assert refused.value.field == "why"


def test_under_a_legal_hold_nothing_is_due(db: Database, clock: MovableClock) -> None:
    account_id, letter = a_paper(db)
    clock.advance(days=7 * 366)
    with db.transaction() as session:
        holds.place(session, account_id, "Claim 7", actor=OPERATOR)
        held = retention.due(session)
        holds.lift(session, account_id, "Settled", actor=OPERATOR)
        free = [row.id for row in retention.due(session)]

    assert (held, free) == ([], [letter])
    with pytest.raises(Conflict), db.transaction() as session:
        holds.lift(session, account_id, "Again", actor=OPERATOR)
