"""A text that somebody is writing is mailed to them as the customer would get it, and to nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.handlers.trying_texts import try_text
from app.wired import Wired
from domain.notices.messages import TryText
from domain.notices.model import Notice
from domain.policies.contacting import Channel, Wording
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import now
from domain.staff.adding import add
from domain.staff.model import STAFF, Role
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryMail


def a_try(wired: Wired, channel: Channel = Channel.EMAIL, *, account: str = "", language: str = "en") -> TryText:
    """Somebody wants to see a text."""
    with wired.database.transaction() as session:
        member, _ = add(
            session,
            email="ana@office.example",
            name="Ana",
            role=Role.MANAGER,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
    return TryText(
        mark="try-text.1",
        staff_id=member.id,
        account_number=account,
        wording=Wording.FIRST_REMINDER,
        channel=channel,
        language=language,
        subject="About {total}" if channel is Channel.EMAIL else "",
        body="Dear reader, pay {total}.",
    )


def test_it_is_laid_out_as_the_customer_would_get_it(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, number="A-77", email="ap@bistro.example")
        an_invoice(session, account, "120", number="INV-9")
    clock.advance(days=60)

    try_text(wired, a_try(wired, account="A-77"))

    assert isinstance(wired.mailer, MemoryMail)
    (mail,) = wired.mailer.sent
    assert mail.to == "ana@office.example"
    assert mail.subject.replace("\xa0", " ") == "Test: About £120.00"
    assert "Dear reader, pay £120.00." in mail.text
    assert "INV-9" in mail.html
    assert mail.message_id.startswith("<try-text.1@")
    with wired.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 0


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.CALL, Channel.LETTER])
def test_what_is_short_spoken_or_printed_comes_as_mail_too(wired: Wired, channel: Channel) -> None:
    try_text(wired, a_try(wired, channel, language="de"))

    assert isinstance(wired.mailer, MemoryMail)
    (mail,) = wired.mailer.sent
    assert mail.subject == "Test: First reminder"
    assert "Dear reader, pay 1.550,50" in mail.text
    assert ("STOP" in mail.text) is (channel is Channel.SMS)


def test_whoever_has_left_gets_nothing(wired: Wired) -> None:
    message = a_try(wired)
    with wired.database.transaction() as session:
        session.execute(update(STAFF).values(disabled_at=now(session)))

    try_text(wired, message)

    assert isinstance(wired.mailer, MemoryMail)
    assert wired.mailer.sent == []
