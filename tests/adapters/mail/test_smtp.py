"""SMTP: what is taken, refused for good or tried again, and how often a mail can come twice (fault 10)."""

from __future__ import annotations

import socket
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.mail import smtp
from adapters.mail.smtp import SmtpMailer
from domain.shared.clock import MovableClock
from domain.shared.mail import AddressRefused, Attachment, Email, MailRefused, MailUnavailable, Picture
from tests.support.mail_server import Behaviour, mail_server

SENDER = "Northgate Supplies Ltd <accounts@northgate.example>"
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def mailer(port: int, *, time_out: float = 5) -> SmtpMailer:
    """A mailer to the loopback."""
    return SmtpMailer(f"smtp://127.0.0.1:{port}", sender=SENDER, clock=MovableClock(NOON), time_out=time_out)


def an_email(to: str = "ana@harbour.example", message_id: str = "<outbox-1@northgate.example>") -> Email:
    """An email with an attachment."""
    receipt = Attachment("RCT-1.pdf", b"%PDF-1.7", "application/pdf")
    return Email(to, "Receipt for £5", "Thank you", "<p>Thank you</p>", message_id, attachments=(receipt,))


def test_an_email_arrives_whole() -> None:
    with mail_server() as server:
        mailer(server.port).send(an_email())

    [message] = server.taken
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, "ana@harbour.example", "Receipt for £5")
    assert (message["Message-ID"], message["Auto-Submitted"]) == ("<outbox-1@northgate.example>", "auto-generated")
    assert message["Date"].datetime == NOON
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert server.recipients == ["ana@harbour.example"]


def test_a_domain_outside_ascii_travels_in_its_ascii_form() -> None:
    with mail_server() as server:
        mailer(server.port).send(an_email("jose@exämple.example"))

    assert server.recipients == ["jose@xn--exmple-cua.example"]


@pytest.mark.parametrize(
    "to",
    ["", "nobody", "@b.example", "ana@", "a@b@c.example", "ana@[", "josé@b.example", "a@b.example\nBcc: c@d.example"],
)
def test_an_impossible_address_is_refused_for_good(to: str) -> None:
    with mail_server() as server, pytest.raises(MailRefused):
        mailer(server.port).send(an_email(to))

    assert server.taken == []


def test_a_line_break_in_a_header_is_refused_for_good() -> None:
    with mail_server() as server, pytest.raises(MailRefused, match="header"):
        mailer(server.port).send(replace(an_email(), subject="Receipt\nBcc: eve@evil.example"))

    assert server.taken == []


def test_a_picture_travels_beside_the_html_that_shows_it() -> None:
    with mail_server() as server:
        mailer(server.port).send(replace(an_email(), pictures=(Picture("logo", b"PNG", "image/png"),)))

    [message] = server.taken
    related = next(part for part in message.walk() if part.get_content_type() == "multipart/related")
    assert [(part.get_content_type(), part["Content-ID"]) for part in related.iter_parts()] == [
        ("text/html", None),
        ("image/png", "<logo>"),
    ]


@pytest.mark.parametrize("answer", ["550 no such mailbox", "550 5.1.1 unknown", "550 5.2.1 disabled"])
def test_a_recipient_that_does_not_exist_is_refused_for_good(answer: str) -> None:
    behaviour = Behaviour(at_recipient=answer)

    with mail_server(behaviour) as server, pytest.raises(AddressRefused, match=answer):
        mailer(server.port).send(an_email())


@pytest.mark.parametrize("answer", ["550 5.7.1 your server is on a list", "552 5.2.2 mailbox full"])
def test_a_refusal_that_is_not_about_the_address_does_not_say_that_it_is_dead(answer: str) -> None:
    behaviour = Behaviour(at_recipient=answer)

    with mail_server(behaviour) as server, pytest.raises(MailRefused, match=answer) as caught:
        mailer(server.port).send(an_email())

    assert not isinstance(caught.value, AddressRefused)


def test_a_recipient_that_is_busy_is_tried_again() -> None:
    behaviour = Behaviour(at_recipient="451 try later")

    with mail_server(behaviour) as server, pytest.raises(MailUnavailable, match="451 try later") as caught:
        mailer(server.port).send(an_email())

    assert not caught.value.perhaps_sent


def test_a_sender_that_is_not_accepted_waits_until_somebody_has_mended_the_setting() -> None:
    behaviour = Behaviour(at_sender="553 not yours")

    with mail_server(behaviour) as server, pytest.raises(MailUnavailable, match="553 not yours"):
        mailer(server.port).send(an_email())


def test_content_that_is_refused_is_refused_for_good() -> None:
    with mail_server(Behaviour(after_data=["554 looks like spam"])) as server, pytest.raises(MailRefused, match="554"):
        mailer(server.port).send(an_email())


def test_content_that_cannot_be_kept_now_is_tried_again() -> None:
    with mail_server(Behaviour(after_data=["452 disk full"])) as server, pytest.raises(MailUnavailable) as caught:
        mailer(server.port).send(an_email())

    assert not caught.value.perhaps_sent


def test_a_connection_lost_after_the_content_leaves_it_open() -> None:
    with mail_server(Behaviour(after_data=["drop"])) as server, pytest.raises(MailUnavailable) as caught:
        mailer(server.port).send(an_email())

    assert caught.value.perhaps_sent
    assert len(server.taken) == 1


def test_a_server_that_is_down_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        with pytest.raises(MailUnavailable):
            mailer(unused.getsockname()[1]).send(an_email())


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailUnavailable):
        mailer(silent.getsockname()[1], time_out=0.2).send(an_email())


def test_a_password_is_never_sent_where_it_cannot_be_checked() -> None:
    with mail_server() as server, pytest.raises(MailUnavailable):
        SmtpMailer(f"smtp://name:secret@127.0.0.1:{server.port}", sender=SENDER).send(an_email())

    assert server.taken == []


def test_nothing_leaves_the_machine_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", ())

    with mail_server() as server, pytest.raises(MailUnavailable, match="does not encrypt"):
        mailer(server.port).send(an_email())

    assert server.taken == []


def test_every_email_arrives_and_one_that_comes_twice_bears_the_same_name(capsys: pytest.CaptureFixture[str]) -> None:
    answers = ["drop", "451 later", "250 taken", "452 full", "drop", "drop", "250 taken"]
    emails = [an_email(message_id=f"<outbox-{number}@northgate.example>") for number in range(40)]
    with mail_server(Behaviour(after_data=answers * 6)) as server:
        lost_answers = sum(send_until_taken(mailer(server.port), email) for email in emails)

    arrived = Counter(message["Message-ID"] for message in server.taken)
    doubled = sum(arrived.values()) - len(arrived)

    assert set(arrived) == {email.message_id for email in emails}
    assert doubled == lost_answers
    with capsys.disabled():
        print(f"\nfault 10: {len(emails)} emails, 0 lost, {doubled} doubled by {lost_answers} lost answers")


def send_until_taken(mailer: SmtpMailer, email: Email) -> int:
    """Send as the outbox does, again until it was taken; how often the server may have taken it unseen."""
    lost = 0
    for _ in range(12):
        try:
            mailer.send(email)
        except MailUnavailable as problem:
            lost += problem.perhaps_sent
        else:
            return lost
    raise AssertionError("never taken")
