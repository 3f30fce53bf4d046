"""The turn of the worker that lets requests for approval expire: each once, and only those whose day has passed."""

from __future__ import annotations

from app.handlers import approval_turns
from domain.approvals.model import ApprovalRequest, ApprovalStatus
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.approving import a_limit_asked_for, two
from tests.support.builders import an_account


def test_what_nobody_has_decided_in_time_expires_once(committed_db: Database, clock: MovableClock) -> None:
    db = committed_db
    with db.transaction() as session:
        asker = two(session).asker.id
        assert asker is not None
        request_id = a_limit_asked_for(session, an_account(session).id, asker)
    in_time = approval_turns.take_due(db)
    clock.advance(days=15)

    did = [approval_turns.take_due(db) for _ in range(2)]

    assert (in_time.failures, [each.failures for each in did]) == (0, [0, 0])
    assert (in_time.done, [each.done for each in did]) == (0, [1, 0])
    with db.reading() as session:
        assert session.get_one(ApprovalRequest, request_id).status is ApprovalStatus.EXPIRED
