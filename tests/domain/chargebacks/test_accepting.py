"""Staff give in to a chargeback that waits for an answer, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.chargebacks.accepting import AcceptChargeback, accept, not_accepted
from domain.chargebacks.states import ChargebackState
from domain.outbox.model import OutboxMessage
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.tasks.model import TaskKind
from tests.support.contesting import a_paid_debt, contest, open_tasks

STAFF = Actor.staff(1)


def messages(db: Database) -> list[object]:
    """What the worker is asked to tell the processor."""
    with db.reading() as session:
        wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == AcceptChargeback.kind)
        return list(session.scalars(wanted))


def test_the_worker_is_asked_to_tell_the_processor_once(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "120")

    with db.transaction() as session:
        accept(session, "du_1", actor=STAFF)
    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, "du_1", actor=STAFF)

    assert messages(db) == [{"chargeback_ref": "du_1"}]


def test_the_loss_that_follows_is_our_own_doing(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "120")
    with db.transaction() as session:
        accept(session, "du_1", actor=STAFF)

    first = contest(db, "lost", "120").state
    again = contest(db, "lost", "120").state

    assert (first, again) == (ChargebackState.ACCEPTED, ChargebackState.ACCEPTED)


@pytest.mark.parametrize("state", ["warning_needs_response", "under_review", "won", "lost", "prevented"])
def test_only_what_waits_for_our_answer_can_be_accepted(db: Database, state: str) -> None:
    a_paid_debt(db, "120")
    contest(db, state, "120")

    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, "du_1", actor=STAFF)

    assert messages(db) == []


def test_after_a_refusal_it_can_be_accepted_again(db: Database) -> None:
    contest(db, "needs_response", "120", intent_id="pi_elsewhere")
    with db.transaction() as session:
        accept(session, "du_1", actor=STAFF)

    with db.transaction() as session:
        not_accepted(session, "du_1", "Not now.")
    refused = open_tasks(db)
    with db.transaction() as session:
        accept(session, "du_1", actor=STAFF)

    assert len(messages(db)) == 2
    assert refused - open_tasks(db) == {TaskKind.CHARGEBACK_NOT_ACCEPTED}


def test_one_that_is_not_there_cannot_be_accepted(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        accept(session, "du_none", actor=STAFF)
