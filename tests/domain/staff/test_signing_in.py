"""Signing in to the back office: both factors or nothing, and the same words for every way to be wrong."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.staff import changing, codes, signing_in
from domain.staff.adding import add
from domain.staff.model import Role, StaffMember
from tests.support.audited import acts, last_payload

EVA = "eva@example.com"
GOOD = "violet anchor 7 pebble"


@pytest.fixture
def eva(db: Database) -> StaffMember:
    """An administrator."""
    return employ(db)


def employ(db: Database) -> StaffMember:
    with db.transaction() as session:
        return add(session, email=EVA, name="Eva", role=Role.ADMINISTRATOR, password=GOOD, actor=OPERATOR)[0]


def code(db: Database, member: StaffMember) -> str:
    return codes.code_at(member.totp_secret, db.clock.now())


def check(db: Database, code: str, *, email: str = EVA, password: str = GOOD) -> int:
    return signing_in.check(db, email=email, password=password, code=code, address="192.0.2.7")


def test_address_password_and_code_together_let_in(db: Database, eva: StaffMember) -> None:
    assert check(db, code(db, eva), email=" EVA@example.com ") == eva.id

    with db.reading() as session:
        assert acts(session)[-1] == "staff.signed_in"
        assert last_payload(session, "staff.signed_in")["address"] == "192.0.2.7"


def test_every_way_to_be_wrong_is_refused_in_the_same_words_and_written_down(db: Database, eva: StaffMember) -> None:
    right = code(db, eva)
    ways = [
        {"code": right, "email": "nobody@example.com"},
        {"code": right, "password": "violet anchor 7 pebbles"},
        {"code": right, "password": ""},
        {"code": f"{(int(right) + 1) % 1_000_000:06}"},
    ]

    words = set()
    for way in ways:
        with pytest.raises(Invalid) as refused:
            check(db, **way)
        words.add((refused.value.text, refused.value.field))

    assert len(words) == 1
    with db.reading() as session:
        assert acts(session).count("sign_in.refused") == len(ways)
    assert check(db, right) == eva.id


def test_a_code_opens_once_even_if_used_twice_at_the_same_time(committed_db: Database) -> None:
    member = employ(committed_db)
    right, at_once, outcomes = code(committed_db, member), threading.Barrier(4), Counter[bool]()

    def enter() -> None:
        at_once.wait()
        try:
            outcomes[check(committed_db, right) == member.id] += 1
        except Invalid:
            outcomes[False] += 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == {True: 1, False: 3}


def test_wrong_tries_close_the_door_twice_as_long_each_time(
    db: Database, eva: StaffMember, clock: MovableClock
) -> None:
    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(Invalid):
            check(db, "000000", password="wrong")
    with pytest.raises(Invalid):
        check(db, code(db, eva))

    clock.advance(minutes=1)
    with pytest.raises(Invalid):
        check(db, "000000", password="wrong")
    clock.advance(minutes=1, seconds=59)
    with pytest.raises(Invalid):
        check(db, code(db, eva))

    clock.advance(seconds=1)
    assert check(db, code(db, eva)) == eva.id


def test_the_door_is_never_closed_for_more_than_an_hour(db: Database, eva: StaffMember, clock: MovableClock) -> None:
    for _ in range(signing_in.FREE_TRIES + 12):
        with pytest.raises(Invalid):
            check(db, "000000")
        clock.advance(hours=1)

    assert check(db, code(db, eva)) == eva.id
    with db.reading() as session:
        member = session.get_one(StaffMember, eva.id)
        assert (member.failed_tries, member.locked_until) == (0, None)


def test_who_has_left_does_not_come_in(db: Database, eva: StaffMember) -> None:
    with db.transaction() as session:
        add(session, email="ed@example.com", name="Ed", role=Role.ADMINISTRATOR, password=GOOD, actor=OPERATOR)
        changing.disable(session, eva.id, actor=OPERATOR)

    with pytest.raises(Invalid):
        check(db, code(db, eva))


def test_the_second_factor_is_taken_again_with_a_new_code_only(
    db: Database, eva: StaffMember, clock: MovableClock
) -> None:
    used = code(db, eva)
    check(db, used)
    with pytest.raises(Invalid):
        signing_in.step_up(db, eva.id, code=used)
    clock.advance(seconds=30)

    signing_in.step_up(db, eva.id, code=code(db, eva))

    with db.reading() as session:
        assert acts(session)[-2:] == ["sign_in.refused", "staff.stepped_up"]


def test_guessing_at_the_second_factor_closes_the_door_too(db: Database, eva: StaffMember) -> None:
    right = code(db, eva)
    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(Invalid):
            signing_in.step_up(db, eva.id, code="abc")

    with pytest.raises(Invalid):
        signing_in.step_up(db, eva.id, code=right)
    with pytest.raises(Invalid):
        signing_in.step_up(db, eva.id + 1, code=right)
