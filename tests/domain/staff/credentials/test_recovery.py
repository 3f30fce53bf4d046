"""Recovery codes: ten, each once, in place of the phone's code, and their owner hears of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from domain.outbox.model import OUTBOX
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.staff import signing_in
from domain.staff.adding import add
from domain.staff.credentials import recovery
from domain.staff.credentials.messages import TellRecoveryUsed
from domain.staff.credentials.model import RECOVERY_CODES
from domain.staff.model import Role
from tests.support.audited import last_payload

GOOD = "violet anchor 7 pebble"


@pytest.fixture
def eva(db: Database) -> int:
    """A member of staff."""
    return employ(db, "eva@example.com")


def employ(db: Database, email: str) -> int:
    with db.transaction() as session:
        return add(session, email=email, name="Eva", role=Role.AUDITOR, password=GOOD, actor=OPERATOR)[0].id


def make(db: Database, staff_id: int) -> list[str]:
    with db.transaction() as session:
        return recovery.make(session, staff_id, actor=OPERATOR)


def come_in(db: Database, code: str, *, password: str = GOOD) -> int:
    return signing_in.check(db, email="eva@example.com", password=password, code=code)


def left(db: Database, staff_id: int) -> int:
    with db.reading() as session:
        return recovery.left(session, staff_id)


def test_ten_codes_are_made_and_only_their_hashes_kept(db: Database, eva: int) -> None:
    codes = make(db, eva)

    assert len(set(codes)) == 10
    with db.reading() as session:
        kept = str(session.execute(select(RECOVERY_CODES)).all())
        assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_a_code_opens_the_door_once_however_it_is_typed(db: Database, eva: int) -> None:
    first, second, *_ = make(db, eva)

    assert come_in(db, f" {first.upper().replace('-', ' ')} ") == eva
    with pytest.raises(Invalid):
        come_in(db, first)
    signing_in.step_up(db, eva, code=second)

    assert left(db, eva) == 8
    with db.reading() as session:
        assert last_payload(session, "staff.signed_in")["words"] == {"by": "recovery_code"}
        told = [row.payload for row in session.execute(select(OUTBOX)) if row.kind == TellRecoveryUsed.kind]
    assert len(told) == 2


def test_a_code_opens_once_even_if_used_twice_at_the_same_time(committed_db: Database) -> None:
    first, *_ = make(committed_db, employ(committed_db, "eva@example.com"))
    start = Barrier(4)

    def enter(_: int) -> bool:
        start.wait(60)
        try:
            return bool(come_in(committed_db, first))
        except Invalid:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(enter, range(4))) == [False, False, False, True]


def test_a_wrong_password_uses_no_code_up(db: Database, eva: int) -> None:
    first, *_ = make(db, eva)

    with pytest.raises(Invalid):
        come_in(db, first, password="wrong wrong wrong")

    assert left(db, eva) == 10


def test_new_codes_stop_those_from_before(db: Database, eva: int) -> None:
    old, *_ = make(db, eva)
    new, *_ = make(db, eva)

    with pytest.raises(Invalid):
        come_in(db, old)

    assert come_in(db, new) == eva
    assert left(db, eva) == 9


def test_a_colleagues_code_is_none_of_ours(db: Database, eva: int) -> None:
    code, *_ = make(db, employ(db, "ed@example.com"))

    with pytest.raises(Invalid):
        come_in(db, code)


def test_wrong_codes_close_the_door_also_for_right_ones(db: Database, eva: int) -> None:
    right, *_ = make(db, eva)

    for _ in range(signing_in.FREE_TRIES):
        with pytest.raises(Invalid):
            come_in(db, "0000-0000-0000-0000")
    with pytest.raises(Invalid):
        come_in(db, right)

    assert left(db, eva) == 10
