"""Folder: writes emails into a folder instead of sending them, and reads them back for a page that shows them."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from adapters.mail.mime import as_message
from domain.shared.clock import Clock, SystemClock
from domain.shared.ids import new_public_id
from domain.shared.mail import Attachment, Email

NAME = re.compile(r"[0-9a-z]{26}")


@dataclass(frozen=True, slots=True)
class SentMail:
    """An email in the folder; `name` finds it again, and its `html` has the pictures in it that came with it."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]


class FolderMailer:
    """One file an email, named so that names sort by time."""

    def __init__(self, folder: Path, *, sender: str, clock: Clock | None = None) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock or SystemClock()

    def send(self, email: Email) -> None:
        """Write the email down; whoever lists the folder sees it whole or not at all."""
        at = self._clock.now()
        content = as_message(email, sender=self._sender, at=at).as_bytes()
        self._folder.mkdir(parents=True, exist_ok=True)
        name = new_public_id(at)
        writing = self._folder / f"{name}.writing"
        writing.write_bytes(content)
        writing.rename(self._path(name))

    def list_messages(self, limit: int = 50) -> list[SentMail]:
        """The latest emails, newest first."""
        return [_read(path) for path in sorted(self._folder.glob("*.eml"), reverse=True)[:limit]]

    def message(self, name: str) -> SentMail | None:
        """The email of that name; None when there is none."""
        path = self._path(name)
        return _read(path) if NAME.fullmatch(name) and path.exists() else None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.eml"


def _read(path: Path) -> SentMail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    return SentMail(
        name=path.stem,
        to=message["To"],
        subject=message["Subject"],
        at=message["Date"].datetime,
        text=_body(message, "plain"),
        html=_with_pictures(message),
        attachments=tuple(
            Attachment(part.get_filename() or "file", part.get_content(), part.get_content_type())
            for part in message.iter_attachments()
        ),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _with_pictures(message: EmailMessage) -> str:
    """The HTML as a mail program shows it, with what it names as `cid:…` in place."""
    html = _body(message, "html")
    for part in message.walk():
        name = str(part["Content-ID"] or "").strip("<>")
        if name:
            content = b64encode(part.get_content()).decode()
            html = html.replace(f"cid:{name}", f"data:{part.get_content_type()};base64,{content}")
    return html
