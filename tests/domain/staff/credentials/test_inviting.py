"""Inviting: a link made with its mail, good some days and once; whoever follows it has secrets that nobody else saw."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.staff import changing, codes, queries, signing_in
from domain.staff.adding import add
from domain.staff.credentials import accepting, elsewhere, inviting, passkeys, recovery
from domain.staff.credentials.identity import Identity
from domain.staff.credentials.model import INVITATIONS, PASSKEYS, Invitation
from domain.staff.model import Role, StaffMember
from tests.support.audited import acts
from tests.support.passkeys import a_passkey

GOOD = "violet anchor 7 pebble"
NEW = "quiet meadow 3 lantern"


@pytest.fixture
def boss(db: Database) -> int:
    """Whoever invites."""
    with db.transaction() as session:
        boss = add(session, email="b@example.com", name="Bo", role=Role.ADMINISTRATOR, password=GOOD, actor=OPERATOR)[0]
    return boss.id


def invite(db: Database, boss: int, email: str = "Eva@example.com") -> int:
    with db.transaction() as session:
        return inviting.invite(
            session, email=email, name="Eva  Lind", role=Role.MANAGER, language="es", by=boss, actor=OPERATOR
        ).id


def mail(db: Database, invitation_id: int) -> str:
    """The link's secret, as the mail has it."""
    with db.transaction() as session:
        made = inviting.mint(session, invitation_id)
    assert made is not None
    return made.token


def phone(db: Database, token: str) -> str:
    """What the phone shows that has scanned the picture."""
    with db.transaction() as session:
        _, uri = accepting.begin(session, token)
    return codes.code_at(parse_qs(urlsplit(uri).query)["secret"][0], db.clock.now())


def accept(db: Database, token: str, code: str, password: str = NEW) -> accepting.Joined:
    with db.transaction() as session:
        return accepting.accept(session, token, password=password, code=code)


def test_whoever_accepts_works_here_with_secrets_of_their_own(db: Database, boss: int, clock: MovableClock) -> None:
    token = mail(db, invite(db, boss))
    code = phone(db, token)

    joined = accept(db, token, code)

    with db.reading() as session:
        row = queries.active(session, joined.staff_id)
        assert row is not None
        assert (row.email, row.name, row.role, row.language) == ("eva@example.com", "Eva Lind", Role.MANAGER, "es")
        assert inviting.open_ones(session) == []
        assert acts(session)[-3:] == ["invitation.made", "staff.added", "staff.recovery_codes_made"]
    with pytest.raises(Invalid):
        signing_in.check(db, email="eva@example.com", password=NEW, code=code)
    assert signing_in.check(db, email="eva@example.com", password=NEW, code=joined.recovery_codes[0])


def test_two_who_ask_the_same_person_at_once_are_told_apart(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        boss = add(session, email="b@example.com", name="Bo", role=Role.ADMINISTRATOR, password=GOOD, actor=OPERATOR)[0]
    barrier = Barrier(4)

    def ask(_: int) -> str:
        barrier.wait(60)
        try:
            invite(committed_db, boss.id)
        except Conflict as refused:
            return refused.field or ""
        return "asked"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == ["asked", "email", "email", "email"]
    with committed_db.reading() as session:
        assert len(inviting.open_ones(session)) == 1


def test_the_link_works_once(db: Database, boss: int) -> None:
    token = mail(db, invite(db, boss))
    code = phone(db, token)
    accept(db, token, code)

    with pytest.raises(Conflict):
        accept(db, token, code)
    with db.reading() as session:
        assert accepting.peek(session, token) is None


def test_looking_at_the_link_changes_nothing_and_the_secret_stays_the_same(db: Database, boss: int) -> None:
    invitation_id = invite(db, boss)
    token = mail(db, invitation_id)
    with db.reading() as session:
        welcome = accepting.peek(session, token)
        assert session.get_one(Invitation, invitation_id).totp_secret is None

    assert welcome is not None
    assert (welcome.name, welcome.is_new) == ("Eva Lind", True)
    assert phone(db, token) == phone(db, token)


@pytest.mark.parametrize(("password", "code", "field"), [("short", None, "password"), (NEW, "000000", "code")])
def test_what_cannot_be_used_is_refused_and_the_link_still_works(
    db: Database, boss: int, password: str, code: str | None, field: str
) -> None:
    token = mail(db, invite(db, boss))
    right = phone(db, token)

    with pytest.raises(Invalid) as refused:
        accept(db, token, code or right, password)

    assert refused.value.field == field
    assert accept(db, token, right).staff_id


def test_a_link_is_too_old_after_its_days_and_another_can_be_sent(db: Database, boss: int, clock: MovableClock) -> None:
    invitation_id = invite(db, boss)
    token = mail(db, invitation_id)
    clock.advance(days=7, minutes=1)
    with db.reading() as session:
        assert accepting.peek(session, token) is None

    with db.transaction() as session:
        inviting.send_again(session, invitation_id, actor=OPERATOR)

    newer = mail(db, invitation_id)
    with db.reading() as session:
        assert accepting.peek(session, token) is None
        assert accepting.peek(session, newer) is not None


def test_a_withdrawn_link_is_worth_nothing_and_no_mail_goes_out(db: Database, boss: int) -> None:
    invitation_id = invite(db, boss)
    token = mail(db, invitation_id)

    with db.transaction() as session:
        inviting.withdraw(session, invitation_id, actor=OPERATOR)

    with pytest.raises(Conflict):
        accept(db, token, "000000")
    with db.transaction() as session:
        assert inviting.mint(session, invitation_id) is None
        with pytest.raises(Conflict):
            inviting.send_again(session, invitation_id, actor=OPERATOR)
        with pytest.raises(NotFound):
            inviting.withdraw(session, 999_999, actor=OPERATOR)
    assert invite(db, boss) != invitation_id


@pytest.mark.parametrize(("email", "kind"), [("b@example.com", Conflict), ("nobody", Invalid)])
def test_whoever_works_here_or_has_no_address_is_not_asked(
    db: Database, boss: int, email: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        invite(db, boss, email)


def test_an_address_is_asked_once_at_a_time(db: Database, boss: int) -> None:
    invite(db, boss)

    with pytest.raises(Conflict):
        invite(db, boss, "EVA@example.com")
    with db.reading() as session:
        row = session.execute(select(INVITATIONS)).one()._asdict()
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(insert(INVITATIONS).values({**row, "id": row["id"] + 1}))


def test_new_secrets_replace_all_that_was_there(db: Database, boss: int) -> None:
    with db.transaction() as session:
        old = recovery.make(session, boss, actor=OPERATOR)
        session.execute(insert(PASSKEYS).values(a_passkey(boss)))
        elsewhere.link(session, boss, Identity("https://id.example", "bo", True), actor=OPERATOR)
        session.get_one(StaffMember, boss).failed_tries = 9
        invitation = inviting.renew_secrets(session, boss, by=boss, actor=OPERATOR)
    assert signing_in.check(db, email="b@example.com", password=GOOD, code=old[0]) == boss

    token = mail(db, invitation.id)
    joined = accept(db, token, phone(db, token))

    assert joined.staff_id == boss
    for password, code in ((GOOD, joined.recovery_codes[0]), (NEW, old[1])):
        with pytest.raises(Invalid):
            signing_in.check(db, email="b@example.com", password=password, code=code)
    assert signing_in.check(db, email="b@example.com", password=NEW, code=joined.recovery_codes[0]) == boss
    with db.reading() as session:
        assert passkeys.theirs(session, boss) == []
        assert elsewhere.links_of(session, boss) == []
        assert acts(session).count("staff.added") == 1


def test_who_has_left_chooses_no_secrets(db: Database, boss: int) -> None:
    with db.transaction() as session:
        eva = add(session, email="e@example.com", name="Eva", role=Role.AUDITOR, password=GOOD, actor=OPERATOR)[0]
        token_of = inviting.renew_secrets(session, eva.id, by=boss, actor=OPERATOR).id
    token = mail(db, token_of)
    code = phone(db, token)
    with db.transaction() as session:
        changing.disable(session, eva.id, actor=OPERATOR)

    with pytest.raises(Conflict):
        accept(db, token, code)
    with db.transaction() as session, pytest.raises(Conflict):
        inviting.renew_secrets(session, eva.id, by=boss, actor=OPERATOR)
    with db.transaction() as session, pytest.raises(NotFound):
        inviting.renew_secrets(session, 999_999, by=boss, actor=OPERATOR)
