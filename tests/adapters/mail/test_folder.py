"""Folder: what was written is read back, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from adapters.mail.folder import FolderMailer
from domain.shared.clock import MovableClock
from domain.shared.mail import Attachment, Email, Picture

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def test_an_email_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", sender="accounts@northgate.example", clock=MovableClock(NOON))
    statement = Attachment("ST-1.pdf", b"%PDF-1.7", "application/pdf")

    mailer.send(Email("ana@b.example", "Añadido: £5", "Ünïcode", "<p>Ü</p>", "<1@b>", attachments=(statement,)))

    [sent] = mailer.list_messages()
    assert (sent.to, sent.subject, sent.at) == ("ana@b.example", "Añadido: £5", NOON)
    assert (sent.text.strip(), sent.html.strip()) == ("Ünïcode", "<p>Ü</p>")
    assert sent.attachments == (statement,)
    assert mailer.message(sent.name) == sent


def test_a_picture_within_an_email_is_seen_in_its_place_and_is_no_attachment(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path, sender="accounts@northgate.example", clock=MovableClock(NOON))
    logo = Picture("logo", b"\x89PNG", "image/png")

    mailer.send(Email("ana@b.example", "Hello", "Hello", '<img src="cid:logo">', "<1@b>", pictures=(logo,)))

    [sent] = mailer.list_messages()
    assert sent.html.strip() == '<img src="data:image/png;base64,iVBORw==">'
    assert sent.attachments == ()


def test_the_newest_come_first_and_only_so_many(tmp_path: Path) -> None:
    clock = MovableClock(NOON)
    mailer = FolderMailer(tmp_path, sender="accounts@northgate.example", clock=clock)
    for subject in ("first", "second", "third"):
        mailer.send(Email("ana@b.example", subject, "", "", f"<{subject}@b>"))
        clock.advance(minutes=1)

    assert [sent.subject for sent in mailer.list_messages(limit=2)] == ["third", "second"]


def test_a_folder_that_is_not_there_yet_has_no_mail(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "nowhere", sender="accounts@northgate.example")

    assert mailer.list_messages() == []
    assert mailer.message("../../etc/passwd") is None
    assert mailer.message("0" * 26) is None
