"""A pass to what a customer sees: good once, for a moment, for one account."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

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


def a_pass(session: Session, account_id: int, office: str | None = None) -> str:
    """A pass that Sam asked for, signed in to the office with this secret or only now."""
    row = keeping.find(session, Site.OFFICE, office or keeping.start(session, site=Site.OFFICE, subject_id=7))
    assert row is not None
    return viewing.give_pass(session, account_id, session_id=row.id, actor=SAM)


def test_a_pass_opens_a_session_for_its_account_and_says_who_looked(session: Session) -> None:
    account = an_account(session)

    secret, account_id = come_in(session, a_pass(session, account.id))

    row = keeping.find(session, Site.VIEWING, secret)
    assert row is not None
    assert (row.subject_id, row.account_id, account_id) == (SAM.id, account.id, account.id)
    assert row.expires_at - row.created_at == viewing.LASTS
    assert keeping.find(session, Site.PORTAL, secret) is None
    seen = acts_on_account(session, account.id, acts={"account.seen_as_customer"})
    assert [(act.actor_kind, act.actor_id, act.address) for act in seen] == [("staff", 7, "10.0.0.7")]


def test_a_pass_works_once(session: Session) -> None:
    token = a_pass(session, an_account(session).id)
    come_in(session, token)

    with pytest.raises(Conflict):
        come_in(session, token)


def test_what_is_looked_at_ends_with_the_office_that_it_was_opened_from(session: Session) -> None:
    account_id = an_account(session).id
    here, there = (keeping.start(session, site=Site.OFFICE, subject_id=7) for _ in range(2))
    mine, other = (come_in(session, a_pass(session, account_id, office))[0] for office in (here, there))
    office = keeping.find(session, Site.OFFICE, here)
    assert office is not None

    keeping.end(session, office.id)

    assert keeping.find(session, Site.VIEWING, mine) is None
    assert keeping.find(session, Site.VIEWING, other) is not None


def test_whoever_is_signed_out_cannot_use_the_pass_that_they_were_given(session: Session) -> None:
    here = keeping.start(session, site=Site.OFFICE, subject_id=7)
    token = a_pass(session, an_account(session).id, here)

    keeping.end_all(session, Site.OFFICE, 7)

    with pytest.raises(Conflict):
        come_in(session, token)


def test_nobody_looks_for_longer_than_they_may_be_in_the_office(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        here = keeping.start(session, site=Site.OFFICE, subject_id=7, lasts=timedelta(minutes=20))
        secret, _ = come_in(session, a_pass(session, an_account(session).id, here))
    clock.advance(minutes=20)

    with db.reading() as session:
        assert keeping.find(session, Site.VIEWING, secret) is None


def test_a_pass_that_is_used_while_its_office_is_left_opens_nothing_that_stays(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        account_id = an_account(session).id
    for _ in range(8):
        with committed_db.transaction() as session:
            here = keeping.start(session, site=Site.OFFICE, subject_id=7)
            token = a_pass(session, account_id, here)

        looked = use_while_leaving(committed_db, token)

        with committed_db.reading() as session:
            assert looked is None or keeping.find(session, Site.VIEWING, looked) is None


def use_while_leaving(database: Database, token: str) -> str | None:
    """Use the pass at the instant at which whoever asked for it is signed out; the secret that it opened, if any."""
    barrier = Barrier(2)

    def use() -> str | None:
        barrier.wait(60)
        try:
            with database.transaction() as session:
                return come_in(session, token)[0]
        except Conflict:
            return None

    def leave() -> None:
        barrier.wait(60)
        with database.transaction() as session:
            keeping.end_all(session, Site.OFFICE, 7)

    with ThreadPoolExecutor(2) as pool:
        looked, left = pool.submit(use), pool.submit(leave)
        left.result()
        return looked.result()


def test_a_pass_that_nobody_gave_opens_nothing(session: Session) -> None:
    with pytest.raises(Conflict):
        come_in(session, "made up")


def test_there_is_no_pass_to_an_account_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        a_pass(session, 404)


def test_an_old_pass_opens_nothing_and_is_forgotten(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        token = a_pass(session, an_account(session).id)
    clock.advance(seconds=viewing.PASS_LASTS.total_seconds())

    with db.transaction() as session, pytest.raises(Conflict):
        come_in(session, token)

    clock.advance(days=keeping.KEPT.days, seconds=1)
    with db.transaction() as session:
        assert viewing.forget_old(session) == 1
        assert session.execute(select(PASSES.c.id)).all() == []
