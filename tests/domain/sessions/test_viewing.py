"""A pass to what a customer sees: good once, for a moment, for one account."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.queries import acts_on_account
from domain.sessions import keeping, viewing
from domain.sessions.model import PASSES, Site
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from tests.support.builders import an_account

SAM = Actor.staff(7, "10.0.0.7")


def come_in(session: Session, token: str) -> tuple[str, int]:
    return viewing.come_in(session, token, address="10.0.0.7", user_agent="a browser")


def test_a_pass_opens_a_session_for_its_account_and_says_who_looked(session: Session) -> None:
    account = an_account(session)

    secret, account_id = come_in(session, viewing.give_pass(session, account.id, actor=SAM))

    row = keeping.find(session, Site.VIEWING, secret)
    assert row is not None
    assert (row.subject_id, row.account_id, account_id) == (SAM.id, account.id, account.id)
    assert row.expires_at - row.created_at == viewing.LASTS
    assert keeping.find(session, Site.PORTAL, secret) is None
    seen = acts_on_account(session, account.id, acts={"account.seen_as_customer"})
    assert [(act.actor_kind, act.actor_id, act.address) for act in seen] == [("staff", 7, "10.0.0.7")]


def test_a_pass_works_once(session: Session) -> None:
    token = viewing.give_pass(session, an_account(session).id, actor=SAM)
    come_in(session, token)

    with pytest.raises(Conflict):
        come_in(session, token)


def test_a_pass_that_nobody_gave_opens_nothing(session: Session) -> None:
    with pytest.raises(Conflict):
        come_in(session, "made up")


def test_there_is_no_pass_to_an_account_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        viewing.give_pass(session, 404, actor=SAM)


def test_an_old_pass_opens_nothing_and_is_forgotten(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        token = viewing.give_pass(session, an_account(session).id, actor=SAM)
    clock.advance(seconds=viewing.PASS_LASTS.total_seconds())

    with db.transaction() as session, pytest.raises(Conflict):
        come_in(session, token)

    clock.advance(days=keeping.KEPT.days, seconds=1)
    with db.transaction() as session:
        assert viewing.forget_old(session) == 1
        assert session.execute(select(PASSES.c.id)).all() == []
