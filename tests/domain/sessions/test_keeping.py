"""Sessions: found by their secret, for as long as their limits say, and ended for good."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.sessions import keeping
from domain.sessions.model import SESSIONS, Site
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.audited import acts


def start(db: Database, site: Site = Site.PORTAL, subject_id: int = 7, *, stepped_up: bool = False) -> str:
    with db.transaction() as session:
        return keeping.start(
            session, site=site, subject_id=subject_id, address="::1", user_agent="x" * 400, stepped_up=stepped_up
        )


def find(db: Database, token: str, site: Site = Site.PORTAL) -> keeping.SessionRow | None:
    with db.reading() as session:
        return keeping.find(session, site, token)


def found(db: Database, token: str, site: Site = Site.PORTAL) -> keeping.SessionRow:
    row = find(db, token, site)
    assert row is not None
    return row


def test_a_session_is_found_by_its_secret_on_its_own_site(db: Database) -> None:
    token = start(db)

    row = found(db, token)

    assert (row.subject_id, row.address, len(row.user_agent or "")) == (7, "::1", 300)
    assert find(db, token, Site.OFFICE) is None
    assert find(db, "made-up") is None


def test_the_secret_is_not_kept(db: Database) -> None:
    token = start(db)

    with db.reading() as session:
        assert token not in map(str, session.execute(select(SESSIONS)).one())


@pytest.mark.parametrize(("site", "minutes"), [(Site.PORTAL, 60), (Site.OFFICE, 30)])
def test_a_session_without_a_page_ends(db: Database, clock: MovableClock, site: Site, minutes: int) -> None:
    token = start(db, site)
    clock.advance(minutes=minutes, seconds=-1)
    assert find(db, token, site)

    clock.advance(seconds=1)

    assert find(db, token, site) is None


def test_a_session_ends_after_twelve_hours_however_busy(db: Database, clock: MovableClock) -> None:
    token = start(db)
    for _ in range(23):
        clock.advance(minutes=30)
        with db.transaction() as session:
            keeping.seen(session, found(db, token).id)
    clock.advance(minutes=29)
    assert find(db, token)

    clock.advance(minutes=1)

    assert find(db, token) is None


def test_being_seen_is_written_down_once_a_minute(db: Database, clock: MovableClock) -> None:
    token = start(db)
    begun = clock.now()
    clock.advance(seconds=59)
    with db.transaction() as session:
        keeping.seen(session, found(db, token).id)
    assert found(db, token).seen_at == begun
    assert not keeping.is_seen_long_ago(found(db, token), clock.now())

    clock.advance(seconds=1)
    assert keeping.is_seen_long_ago(found(db, token), clock.now())
    with db.transaction() as session:
        keeping.seen(session, found(db, token).id)

    assert found(db, token).seen_at == clock.now()


def test_a_session_that_was_ended_stays_ended(db: Database) -> None:
    token = start(db)
    session_id = found(db, token).id

    with db.transaction() as session:
        keeping.end(session, session_id)
        keeping.end(session, session_id)
        keeping.seen(session, session_id)

    assert find(db, token) is None
    with db.reading() as session:
        assert acts(session) == ["session.ended"]


def test_signing_out_everywhere_ends_all_of_one_person_on_one_site(db: Database) -> None:
    mine = [start(db), start(db)]
    others = [(start(db, subject_id=8), Site.PORTAL), (start(db, Site.OFFICE), Site.OFFICE)]

    with db.transaction() as session:
        assert len(keeping.sessions_of(session, Site.PORTAL, 7)) == 2
        ended = keeping.end_all(session, Site.PORTAL, 7, actor=Actor.staff(1))

    assert ended == 2
    assert [find(db, token) for token in mine] == [None, None]
    assert all(find(db, token, site) for token, site in others)


def test_a_second_factor_counts_for_ten_minutes(db: Database, clock: MovableClock) -> None:
    fresh, plain = start(db, Site.OFFICE, stepped_up=True), start(db, Site.OFFICE)
    assert keeping.is_stepped_up(found(db, fresh, Site.OFFICE), clock.now())
    assert not keeping.is_stepped_up(found(db, plain, Site.OFFICE), clock.now())

    clock.advance(minutes=10)
    assert not keeping.is_stepped_up(found(db, fresh, Site.OFFICE), clock.now())
    with db.transaction() as session:
        keeping.step_up(session, found(db, plain, Site.OFFICE).id)

    assert keeping.is_stepped_up(found(db, plain, Site.OFFICE), clock.now())


def test_sessions_are_forgotten_a_month_after_their_end(db: Database, clock: MovableClock) -> None:
    start(db)
    clock.advance(days=30, hours=12, seconds=1)
    start(db)

    with db.transaction() as session:
        assert keeping.forget_old(session) == 1
        assert len(session.execute(select(SESSIONS.c.id)).all()) == 1
