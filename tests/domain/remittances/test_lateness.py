"""What partners have not paid over in time: somebody is asked to ask for it, once, and no longer when it is there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.placements.model import Partner, Remits
from domain.remittances.holding import held
from domain.remittances.lateness import REMITTED_WITHIN, ask_in_time, partners_to_ask
from domain.remittances.remitting import bank_remittance
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.tasks.model import TASKS, TaskKind
from tests.support.builders import money
from tests.support.remitting import a_placement, collected, remitted


def open_tasks(db: Database) -> list[int | None]:
    """What is to be asked for, in minor units."""
    wanted = select(TASKS.c.worth_minor).where(TASKS.c.kind == TaskKind.REMITTANCE_LATE, TASKS.c.done_at.is_(None))
    with db.reading() as session:
        return list(session.scalars(wanted))


def to_ask(db: Database) -> list[int]:
    """The partners with something to be done about."""
    with db.reading() as session:
        return partners_to_ask(session)


def test_what_was_collected_too_long_ago_is_asked_for_until_it_is_at_the_bank(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        row = collected(session, a_placement(session), "120")
    clock.advance(days=REMITTED_WITHIN.days)
    assert to_ask(db) == []

    clock.advance(days=1)
    assert to_ask(db) == [row.partner_id]
    with db.transaction() as session:
        ask_in_time(session, row.partner_id)
    assert to_ask(db) == []
    assert open_tasks(db) == [120_00]

    with db.transaction() as session:
        bank_remittance(session, remitted(session, row).id, today(session), actor=OPERATOR)
    assert to_ask(db) == [row.partner_id]
    with db.transaction() as session:
        ask_in_time(session, row.partner_id)
    assert open_tasks(db) == []


def test_what_a_partner_holds_is_told_with_what_of_it_is_to_come(session: Session) -> None:
    row = collected(session, a_placement(session), "120")
    assert held(session, row.partner_id) == [(money("120"), money("84"))]

    session.get_one(Partner, row.partner_id).remits = Remits.GROSS
    assert held(session, row.partner_id) == [(money("120"), money("120"))]

    session.get_one(Partner, row.partner_id).remits = Remits.NET
    bank_remittance(session, remitted(session, row).id, today(session), actor=OPERATOR)
    assert held(session, row.partner_id) == []
