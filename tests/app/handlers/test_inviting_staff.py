"""Mail for staff: the link of an invitation, made anew with each mail, and the word that a recovery code was used."""

from __future__ import annotations

import pytest

from app.handlers import outbox as handlers
from app.wired import Wired
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.mail import MailUnavailable
from domain.staff import changing, signing_in
from domain.staff.adding import add
from domain.staff.credentials import accepting, inviting, recovery
from domain.staff.model import Role
from tests.support.audited import acts
from tests.support.outside import MemoryMail

PASSWORD = "violet anchor 7 pebble"
JOIN = "http://127.0.0.1:8001/join?token="


@pytest.fixture
def mail(wired: Wired) -> MemoryMail:
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer


def handle_all(wired: Wired) -> None:
    while handlers.handle_due(wired):
        pass


def employ(database: Database, *, language: str = "en") -> int:
    with database.transaction() as session:
        return add(
            session,
            email="bo@office.example",
            name="Bo",
            role=Role.ADMINISTRATOR,
            password=PASSWORD,
            language=language,
            actor=OPERATOR,
        )[0].id


def invite(database: Database, by: int) -> int:
    with database.transaction() as session:
        return inviting.invite(
            session, email="eva@office.example", name="Eva", role=Role.AUDITOR, language="en", by=by, actor=OPERATOR
        ).id


def token(text: str) -> str:
    return text.partition(JOIN)[2].split()[0]


def test_whoever_is_invited_gets_a_link_that_works(wired: Wired, mail: MemoryMail) -> None:
    invite(wired.database, employ(wired.database))

    handle_all(wired)

    [email] = mail.sent
    assert email.to == "eva@office.example"
    with wired.database.reading() as session:
        welcome = accepting.peek(session, token(email.text))
        assert welcome is not None
        assert acts(session)[-1] == "invitation.sent"
    assert token(email.text) in email.html


def test_a_mail_that_failed_comes_with_another_link(wired: Wired, mail: MemoryMail) -> None:
    invitation_id = invite(wired.database, employ(wired.database))
    handle_all(wired)
    with wired.database.transaction() as session:
        inviting.send_again(session, invitation_id, actor=OPERATOR)

    handle_all(wired)

    first, second = mail.sent
    assert first.message_id != second.message_id
    with wired.database.reading() as session:
        assert accepting.peek(session, token(first.text)) is None
        assert accepting.peek(session, token(second.text)) is not None


def test_nothing_goes_out_for_what_was_withdrawn(wired: Wired, mail: MemoryMail) -> None:
    invitation_id = invite(wired.database, employ(wired.database))
    with wired.database.transaction() as session:
        inviting.withdraw(session, invitation_id, actor=OPERATOR)

    handle_all(wired)

    assert mail.sent == []


def test_new_secrets_are_asked_for_in_other_words(wired: Wired, mail: MemoryMail) -> None:
    staff_id = employ(wired.database)
    with wired.database.transaction() as session:
        inviting.renew_secrets(session, staff_id, by=staff_id, actor=OPERATOR)

    handle_all(wired)

    assert "choose a new password and to set up your phone again" in " ".join(mail.sent[0].text.split())


def test_who_used_a_recovery_code_is_told_with_how_many_are_left(wired: Wired, mail: MemoryMail) -> None:
    staff_id = employ(wired.database)
    with wired.database.transaction() as session:
        codes = recovery.make(session, staff_id, actor=OPERATOR)
    signing_in.check(wired.database, email="bo@office.example", password=PASSWORD, code=codes[0])
    mail.trouble.append(MailUnavailable("busy"))
    handle_all(wired)
    assert mail.sent == []
    wired.database.clock.advance(hours=1)  # type: ignore[attr-defined]

    handle_all(wired)

    [email] = mail.sent
    assert "9 are left." in " ".join(email.text.split())
    assert not any(code in email.text for code in codes)


def test_who_has_left_is_told_nothing(wired: Wired, mail: MemoryMail) -> None:
    employ(wired.database)
    with wired.database.transaction() as session:
        staff_id = add(
            session, email="e@office.example", name="Eva", role=Role.AUDITOR, password=PASSWORD, actor=OPERATOR
        )[0].id
        codes = recovery.make(session, staff_id, actor=OPERATOR)
    signing_in.step_up(wired.database, staff_id, code=codes[0])
    with wired.database.transaction() as session:
        changing.disable(session, staff_id, actor=OPERATOR)

    handle_all(wired)

    assert mail.sent == []
