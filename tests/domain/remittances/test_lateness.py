"""What partners have not paid over in time: somebody is asked to ask for it, once, and no longer when it is there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.remittances.lateness import REMITTED_WITHIN, ask_in_time, partners_to_ask
from domain.remittances.remitting import bank_remittance
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.tasks.model import TASKS, TaskKind
from tests.support.remitting import a_placement, collected, remitted


def open_tasks(session: Session) -> list[int]:
    """What is to be asked for, in minor units."""
    wanted = select(TASKS.c.worth_minor).where(TASKS.c.kind == TaskKind.REMITTANCE_LATE, TASKS.c.done_at.is_(None))
    return list(session.scalars(wanted))


def test_what_was_collected_too_long_ago_is_asked_for_until_it_is_at_the_bank(
    session: Session, clock: MovableClock
) -> None:
    row = collected(session, a_placement(session), "120")
    clock.advance(days=REMITTED_WITHIN.days)
    assert partners_to_ask(session) == []

    clock.advance(days=1)
    assert partners_to_ask(session) == [row.partner_id]
    ask_in_time(session, row.partner_id)
    assert partners_to_ask(session) == []
    assert open_tasks(session) == [120_00]

    told = remitted(session, row)
    bank_remittance(session, told.id, today(session), actor=OPERATOR)
    assert partners_to_ask(session) == [row.partner_id]
    ask_in_time(session, row.partner_id)
    assert open_tasks(session) == []
