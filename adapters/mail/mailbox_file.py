"""Mailbox files: mail that a mail server of this machine leaves in an mbox file or a Maildir folder."""

from __future__ import annotations

import mailbox
from contextlib import suppress
from pathlib import Path

from domain.notices.incoming.arriving import LARGEST, Taker
from domain.shared.mail import MailUnavailable


class MboxFile:
    """One file with all mails behind each other; what was taken is taken out of it, under the lock of mail servers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def each(self, take: Taker, *, limit: int) -> int:
        """Hand over the oldest mails; a file that is not there yet has none."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return 0
        box = mailbox.mbox(self._path, create=False)
        try:
            box.lock()
        except (mailbox.ExternalClashError, OSError) as problem:
            box.close()
            raise MailUnavailable(f"{self._path} is held by another program: {problem}") from problem
        try:
            taken = [key for key in list(box.keys())[:limit] if take(_content(box, key))]
            for key in taken:
                box.remove(key)
            box.flush()
        finally:
            box.close()
        return len(taken)


class MaildirFolder:
    """One file a mail (https://cr.yp.to/proto/maildir.html): those in `new`, and those in `cur` that nobody has read.

    Each that was taken becomes one that was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def each(self, take: Taker, *, limit: int) -> int:
        """Hand over the oldest mails; a folder that is not there yet has none."""
        taken = 0
        for waiting in sorted(self._waiting(), key=lambda path: path.name)[:limit]:
            with suppress(FileNotFoundError):  # another program has moved it meanwhile
                taken += self._take(waiting, take)
        return taken

    def _waiting(self) -> list[Path]:
        new = [path for path in self._path.glob("new/*") if path.is_file()]
        unread = [path for path in self._path.glob("cur/*") if path.is_file() and "S" not in _flags(path)]
        return new + unread

    def _take(self, path: Path, take: Taker) -> bool:
        with path.open("rb") as file:
            raw = file.read(LARGEST)
        if not take(raw):
            return False
        bare, _, _ = path.name.partition(":2,")
        flags = "".join(sorted({*_flags(path), "S"}))
        path.replace(self._path / "cur" / f"{bare}:2,{flags}")
        return True


def _flags(path: Path) -> str:
    return path.name.partition(":2,")[2]


def _content(box: mailbox.mbox, key: str) -> bytes:
    with box.get_file(key) as file:
        return bytes(file.read(LARGEST))
