"""Mail: the port by which a composed email leaves, and the two ways in which it may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an email."""

    filename: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that the HTML of an email shows, as `cid:name`; it travels within and is fetched from nowhere."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Email:
    """An email to one address, in plain text and HTML.

    `message_id` (with its angle brackets) is made from the row that it is sent for, so that a repeat bears the same.
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Picture, ...] = ()
    sender: str | None = None
    """Whom its head says it comes from; None is whoever carries it."""


class MailRefused(Exception):
    """The mail server will never take this email (a 5xx answer, an impossible address): do not try again."""


class AddressRefused(MailRefused):
    """The server will never take any email to this address: it does not exist, or not any more."""


class MailUnavailable(Exception):
    """It could not be sent just now: try again. `perhaps_sent` when the server may have taken it all the same."""

    def __init__(self, reason: str, *, perhaps_sent: bool = False) -> None:
        super().__init__(reason)
        self.perhaps_sent = perhaps_sent


class Mailer(Protocol):
    """Something that delivers email."""

    def send(self, email: Email) -> None:
        """Hand the email over; when this returns somebody else answers for it. Raises MailRefused, MailUnavailable."""
        ...
