"""What waits for a person, place by place, is counted in one statement."""

from __future__ import annotations

from sqlalchemy import update

from domain.inbox.model import EVENTS
from domain.policies.contacting import Channel
from domain.reporting.to_do import ToDo, to_do
from domain.shared.db.session import Database, now
from domain.tasks import queries as tasks
from tests.support.builders import an_account, an_invoice
from tests.support.counting import counted
from tests.support.events import arrive
from tests.support.incoming import a_message
from tests.support.lettering import a_letter
from tests.support.noticing import a_held_notice, a_notice
from tests.support.outside import MemoryStore
from tests.support.planning import an_asked_plan


def test_each_place_counts_what_waits_there(db: Database) -> None:
    arrive(db, "evt_1", "pi_1")
    arrive(db, "evt_2", "pi_2")
    with db.transaction() as session:
        session.execute(update(EVENTS).where(EVENTS.c.external_id == "evt_1").values(failed_at=now(session)))
        account = an_account(session)
        an_invoice(session, account, "120")
        a_notice(session, account, approve=True)
        a_notice(session, account, Channel.CALL)
        a_notice(session, account)
        a_held_notice(session, account)
        a_letter(session, MemoryStore(), account)
        for _ in range(3):
            a_message(session)
        an_asked_plan(session, "120", count=13)
        an_asked_plan(session, "120")

    with db.reading() as session:
        open_tasks = session.execute(tasks.how_many_wait(now(session))).scalar_one()
        with counted(session.get_bind()) as sent:
            found = to_do(session)

    assert found == ToDo(tasks=open_tasks, failed_events=1, notices=2, letters=1, messages=3, plans=1)
    assert len(sent) == 1
    assert open_tasks
