"""Passkeys: proven to this site alone, once per challenge, by a device that looks who is there, in one browser."""

from __future__ import annotations

import json

import pytest

from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff import changing, queries, signing_in
from domain.staff.adding import add
from domain.staff.credentials import ceremonies, passkeys
from domain.staff.credentials.passkeys import RelyingParty
from domain.staff.model import Role, StaffMember
from tests.support.audited import acts, last_payload
from tests.support.passkeys import Device

GOOD = "violet anchor 7 pebble"
EVA = "eva@example.com"
OURS = RelyingParty("office.example", "https://office.example", "Quittance")
HERE = "this browser"


@pytest.fixture
def eva(db: Database) -> int:
    """A member of staff."""
    return employ(db, EVA)


@pytest.fixture
def device() -> Device:
    """A security key at our site."""
    return Device(OURS.origin)


def employ(db: Database, email: str) -> int:
    with db.transaction() as session:
        return add(session, email=email, name="Eva", role=Role.AUDITOR, password=GOOD, actor=OPERATOR)[0].id


def register(db: Database, staff_id: int, device: Device, *, browser: str = HERE) -> None:
    with db.transaction() as session:
        member = queries.active(session, staff_id)
        assert member is not None
        begun = passkeys.begin_adding(session, OURS, member, browser_secret=HERE)
    with db.transaction() as session:
        passkeys.add(
            session,
            OURS,
            staff_id,
            browser_secret=browser,
            ceremony=begun.name,
            answer=device.make(begun.options),
            name="Key",
            actor=OPERATOR,
        )


def come_in(db: Database, device: Device, *, email: str = EVA, password: str = GOOD) -> int:
    begun = signing_in.begin_with_passkey(db, OURS, email=email, password=password, browser_secret=HERE)
    return answer(db, begun.name, device.prove(begun.options))


def answer(db: Database, ceremony: str, said: str, *, browser: str = HERE) -> int:
    return signing_in.check_passkey(db, OURS, browser_secret=browser, ceremony=ceremony, answer=said)


def test_a_passkey_with_the_password_opens_the_door(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)

    assert come_in(db, device, email=" EVA@example.com ") == eva
    with db.reading() as session:
        assert last_payload(session, "staff.signed_in")["words"] == {"by": "passkey"}
        [row] = passkeys.theirs(session, eva)
    assert row.used_at == db.clock.now()


def test_the_page_before_says_nothing_of_address_or_password(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)

    asked = [
        json.loads(signing_in.begin_with_passkey(db, OURS, email=email, password=password, browser_secret=HERE).options)
        for email, password in ((EVA, GOOD), (EVA, "wrong"), ("nobody@example.com", GOOD))
    ]

    assert {tuple(sorted(one)) for one in asked} == {tuple(sorted(asked[0]))}
    assert all(not one.get("allowCredentials") for one in asked)


@pytest.mark.parametrize("wrong", ["password", "email"])
def test_a_passkey_without_the_password_opens_nothing(db: Database, eva: int, device: Device, wrong: str) -> None:
    register(db, eva, device)
    given = {"email": EVA, "password": GOOD} | {wrong: "nobody@example.com"}

    with pytest.raises(Invalid):
        come_in(db, device, **given)

    with db.reading() as session:
        assert acts(session)[-1] == "sign_in.refused"


def test_a_password_that_was_changed_in_between_opens_nothing(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    begun = signing_in.begin_with_passkey(db, OURS, email=EVA, password=GOOD, browser_secret=HERE)
    with db.transaction() as session:
        changing.set_password(session, eva, "quiet meadow 3 lantern", actor=OPERATOR)

    with pytest.raises(Invalid):
        answer(db, begun.name, device.prove(begun.options))


def test_another_sites_page_cannot_fish_for_it(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    device.origin = "https://office.example.evil.example"

    with pytest.raises(Invalid):
        come_in(db, device)


def test_a_device_that_looks_at_nobody_proves_nothing(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    device.verifies = False

    with pytest.raises(Invalid):
        come_in(db, device)
    with pytest.raises(Invalid):
        register(db, eva, Device(OURS.origin, verifies=False))


def test_a_challenge_is_answered_once_in_the_browser_that_was_asked(
    db: Database, eva: int, device: Device, clock: MovableClock
) -> None:
    register(db, eva, device)
    begun = signing_in.begin_with_passkey(db, OURS, email=EVA, password=GOOD, browser_secret=HERE)
    said = device.prove(begun.options)

    with pytest.raises(Invalid):
        answer(db, begun.name, said, browser="another browser")
    assert answer(db, begun.name, said) == eva
    with pytest.raises(Invalid):
        answer(db, begun.name, said)

    late = signing_in.begin_with_passkey(db, OURS, email=EVA, password=GOOD, browser_secret=HERE)
    clock.advance(minutes=11)
    with pytest.raises(Invalid):
        answer(db, late.name, device.prove(late.options))


def test_a_copied_key_whose_counter_went_back_is_refused(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    come_in(db, device)
    device.counter = 0

    with pytest.raises(Invalid):
        come_in(db, device)


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"rawId": 7}', "x" * 30_000])
def test_what_is_no_answer_is_refused_and_counts(db: Database, eva: int, said: str) -> None:
    begun = signing_in.begin_with_passkey(db, OURS, email=EVA, password=GOOD, browser_secret=HERE)

    with pytest.raises(Invalid):
        answer(db, begun.name, said)

    with db.reading() as session:
        assert session.get_one(StaffMember, eva).failed_tries == 1


def test_a_passkey_steps_up_whom_it_is_of_and_nobody_else(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    ed = employ(db, "ed@example.com")

    def step_up(staff_id: int) -> None:
        with db.transaction() as session:
            begun = passkeys.begin_using(session, OURS, browser_secret=HERE, staff_id=staff_id)
        said = device.prove(begun.options)
        signing_in.step_up_with_passkey(db, OURS, staff_id, browser_secret=HERE, ceremony=begun.name, answer=said)

    step_up(eva)
    with pytest.raises(Invalid):
        step_up(ed)
    with db.transaction() as session:
        strange = passkeys.begin_using(session, OURS, browser_secret=HERE, staff_id=ed)
    with pytest.raises(Invalid):
        signing_in.step_up_with_passkey(
            db, OURS, eva, browser_secret=HERE, ceremony=strange.name, answer=device.prove(strange.options)
        )


def test_a_passkey_is_kept_once_in_the_browser_that_made_it(db: Database, eva: int, device: Device) -> None:
    with pytest.raises(Invalid):
        register(db, eva, device, browser="another browser")
    register(db, eva, device)
    with pytest.raises(Conflict):
        register(db, eva, device)


def test_there_is_an_end_to_how_many(db: Database, eva: int) -> None:
    for _ in range(passkeys.MOST):
        register(db, eva, Device(OURS.origin))

    with pytest.raises(Conflict):
        register(db, eva, Device(OURS.origin))


def test_a_removed_passkey_opens_nothing_and_only_its_owner_touches_it(db: Database, eva: int, device: Device) -> None:
    register(db, eva, device)
    ed = employ(db, "ed@example.com")
    with db.transaction() as session:
        [row] = passkeys.theirs(session, eva)
        with pytest.raises(NotFound):
            passkeys.rename(session, ed, row.id, "Mine", actor=OPERATOR)
        with pytest.raises(NotFound):
            passkeys.remove(session, ed, row.id, actor=OPERATOR)
        passkeys.rename(session, eva, row.id, "Desk", actor=OPERATOR)
        passkeys.rename(session, eva, row.id, "Desk", actor=OPERATOR)
        assert passkeys.theirs(session, eva)[0].name == "Desk"
        assert acts(session).count("staff.passkey_renamed") == 1
        passkeys.remove(session, eva, row.id, actor=OPERATOR)
        assert acts(session)[-1] == "staff.passkey_removed"

    with pytest.raises(Invalid):
        come_in(db, device)


def test_old_ceremonies_are_forgotten(db: Database, eva: int, clock: MovableClock) -> None:
    with db.transaction() as session:
        passkeys.begin_using(session, OURS, browser_secret=HERE, staff_id=eva)
    clock.advance(days=2)

    with db.transaction() as session:
        assert ceremonies.forget_old(session) == 1
