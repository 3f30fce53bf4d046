"""Mailbox files: what a mail server of this machine leaves there is taken once, and what was not taken stays."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from adapters.mail.mailbox_file import MaildirFolder, MboxFile
from domain.shared.mail import MailUnavailable
from tests.support.mails import Reader, a_mail

ONE, TWO, THREE = (a_mail(f"{n}\n\nFrom now on.", message_id=f"<{n}@x>") for n in ("one", "two", "three"))


def an_mbox(path: Path, *mails: bytes) -> Path:
    """A file as a mail server appends to it."""
    box = mailbox.mbox(path)
    for mail in mails:
        box.add(mail)
    box.close()
    return path


def words(raw: bytes) -> str:
    """The first line of what it says."""
    return raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].split()[0].decode()


def test_an_mbox_is_emptied_of_what_was_taken(tmp_path: Path) -> None:
    path = an_mbox(tmp_path / "mail", ONE, TWO, THREE)
    reader = Reader(b"two")
    taken = MboxFile(path).each(reader, limit=9)
    reader.refused = b"-"
    again = MboxFile(path).each(reader, limit=9)
    an_mbox(path, ONE)
    more = MboxFile(path).each(reader, limit=9)

    assert (taken, again, more) == (2, 1, 1)
    assert [words(raw) for raw in reader.got] == ["one", "two", "three", "two", "one"]


def test_only_so_many_at_once(tmp_path: Path) -> None:
    path = an_mbox(tmp_path / "mail", ONE, TWO, THREE)

    assert [MboxFile(path).each(lambda raw: True, limit=2) for _ in range(3)] == [2, 1, 0]


def test_an_mbox_that_somebody_holds_is_read_later(tmp_path: Path) -> None:
    path = an_mbox(tmp_path / "mail", ONE)
    (tmp_path / "mail.lock").touch()

    with pytest.raises(MailUnavailable):
        MboxFile(path).each(lambda raw: True, limit=9)
    (tmp_path / "mail.lock").unlink()
    assert MboxFile(path).each(lambda raw: True, limit=9) == 1


def test_no_file_or_folder_yet_is_no_mail(tmp_path: Path) -> None:
    assert MboxFile(tmp_path / "none").each(lambda raw: True, limit=9) == 0
    assert MaildirFolder(tmp_path / "none").each(lambda raw: True, limit=9) == 0


def test_what_is_no_mbox_has_no_mail(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_bytes(b"\0\xff nothing of the kind\n" * 10)

    assert MboxFile(path).each(lambda raw: True, limit=9) == 0
    assert path.read_bytes() == b"\0\xff nothing of the kind\n" * 10


def test_a_maildirs_mail_becomes_one_that_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "Maildir"
    box = mailbox.Maildir(folder)
    for mail in (ONE, TWO):
        box.add(mail)
    first = min((folder / "new").iterdir())
    first.rename(folder / "cur" / f"{first.name}:2,F")
    reader = Reader(b"two")
    taken = MaildirFolder(folder).each(reader, limit=9)
    reader.refused = b"-"
    again = MaildirFolder(folder).each(reader, limit=9)

    assert (taken, again) == (1, 1)
    assert sorted(words(raw) for raw in reader.got) == ["one", "two", "two"]
    assert sorted(path.name.partition(":2,")[2] for path in (folder / "cur").iterdir()) == ["FS", "S"]
    assert list((folder / "new").iterdir()) == []
