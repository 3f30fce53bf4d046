"""Changing staff: what stops at once, and that somebody can always manage the others."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff import changing, codes, passwords, queries
from domain.staff.adding import add
from domain.staff.credentials import recovery
from domain.staff.model import Role, StaffMember
from tests.support.audited import acts, last_payload

GOOD = "violet anchor 7 pebble"


def employ(db: Database, role: Role, email: str = "eva@example.com") -> StaffMember:
    with db.transaction() as session:
        return add(session, email=email, name="Eva", role=role, password=GOOD, actor=OPERATOR)[0]


def test_another_role_is_written_down_with_the_one_before(db: Database) -> None:
    eva = employ(db, Role.COLLECTOR)

    with db.transaction() as session:
        for _ in range(2):
            changing.change_role(session, eva.id, Role.MANAGER, actor=OPERATOR)

    with db.reading() as session:
        assert acts(session).count("staff.role_changed") == 1
        payload = last_payload(session, "staff.role_changed")
        assert (payload["before"], payload["after"]) == ({"role": "collector"}, {"role": "manager"})


def test_the_last_administrator_stays_one(db: Database) -> None:
    eva = employ(db, Role.ADMINISTRATOR)

    with pytest.raises(Conflict), db.transaction() as session:
        changing.change_role(session, eva.id, Role.AUDITOR, actor=OPERATOR)
    with pytest.raises(Conflict), db.transaction() as session:
        changing.disable(session, eva.id, actor=OPERATOR)

    employ(db, Role.ADMINISTRATOR, "ed@example.com")
    with db.transaction() as session:
        changing.disable(session, eva.id, actor=OPERATOR)
        assert queries.active(session, eva.id) is None


def test_two_administrators_do_not_end_each_other_at_once(committed_db: Database) -> None:
    for turn in range(4):
        two = [employ(committed_db, Role.ADMINISTRATOR, f"{name}{turn}@example.com").id for name in ("ana", "ben")]
        start = Barrier(2)

        def end(staff_id: int, start: Barrier = start) -> bool:
            start.wait(60)
            try:
                with committed_db.transaction() as session:
                    changing.disable(session, staff_id, actor=OPERATOR)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(end, two)) == [False, True]
        with committed_db.transaction() as session:
            for staff_id in two:
                session.get_one(StaffMember, staff_id).role = Role.AUDITOR


def test_who_left_can_come_back(db: Database) -> None:
    eva = employ(db, Role.AUDITOR)

    with db.transaction() as session:
        for _ in range(2):
            changing.disable(session, eva.id, actor=OPERATOR)
        for _ in range(2):
            changing.enable(session, eva.id, actor=OPERATOR)

    with db.reading() as session:
        assert acts(session) == ["staff.added", "staff.disabled", "staff.enabled"]
        assert [row.id for row in queries.everybody(session)] == [eva.id]


def test_a_new_password_replaces_the_old_one_and_opens_the_door(db: Database) -> None:
    eva = employ(db, Role.AUDITOR)

    with db.transaction() as session:
        session.get_one(StaffMember, eva.id).failed_tries = 9
        changing.set_password(session, eva.id, "quiet meadow 3 lantern", actor=OPERATOR)
        with pytest.raises(Invalid):
            changing.set_password(session, eva.id, "password1234", actor=OPERATOR)

    with db.reading() as session:
        member = session.get_one(StaffMember, eva.id)
        assert member.failed_tries == 0
        assert passwords.is_right(member.password_hash, "quiet meadow 3 lantern")


def test_a_new_second_factor_stops_the_old_one(db: Database) -> None:
    eva = employ(db, Role.AUDITOR)
    old = codes.code_at(eva.totp_secret, db.clock.now())

    with db.transaction() as session:
        recovery.make(session, eva.id, actor=OPERATOR)
        uri = changing.renew_second_factor(session, eva.id, actor=OPERATOR)
        member = session.get_one(StaffMember, eva.id)
        assert recovery.left(session, eva.id) == 0

    assert member.totp_secret in uri
    assert member.totp_secret != eva.totp_secret
    assert codes.step_of(member.totp_secret, old, at=db.clock.now(), after=0) is None


def test_nobody_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        changing.disable(session, 4711, actor=OPERATOR)
