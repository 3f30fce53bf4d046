"""Reading: a mail as it came in, taken apart into plain values, whatever is wrong with it.

Mail is written by strangers: it may be huge, cut off, nested without end, in a charset that does not exist. The
standard library's lenient policy is used and every value is bounded; what cannot be read at all comes back as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from hashlib import sha256

import structlog

from adapters.mail.contents import parts_in, text_of
from adapters.mail.headers import BOUNDED, header
from adapters.mail.plain import plain_text
from adapters.mail.reporting import report_in
from adapters.mail.senders import sender_of
from domain.notices.incoming.arriving import Mail

log = structlog.get_logger("mail")

READ = 1024 * 1024
"""Bytes of a mail that are looked at: what a person wrote stands at its beginning."""
LONGEST_BODY = 100_000
MOST_PARTS = 100
MOST_BOUNDARIES = 1000
"""Lines that may part a mail: it is read as far as there."""
NO_MAIL = 10_000
"""Characters that are shown of what cannot be read."""
BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
"""What `Precedence` says of mail that no person wrote to us (no standard, yet everybody's habit)."""


def read_mail(raw: bytes) -> Mail:
    """What a mail says; never fails."""
    try:
        return _read(raw)
    except (Exception, RecursionError) as problem:
        log.warning("mail cannot be read", problem=type(problem).__name__, size=len(raw))
        body = raw[:NO_MAIL].decode("utf-8", "replace")
        return Mail(message_id=_own_id(raw), sender="", subject="", body=body)


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(_bounded(raw), policy=BOUNDED)
    return Mail(
        message_id=header(message, "Message-ID") or _own_id(raw),
        sender=sender_of(message),
        subject=header(message, "Subject"),
        body=_body(message),
        written_at=_written_at(message),
        references=tuple(header(message, name) for name in ("References", "In-Reply-To")),
        automatic=_is_automatic(message),
        report=report_in(message),
    )


def _bounded(raw: bytes) -> bytes:
    """As much of a mail as is read: taking apart what has no end takes no end of time."""
    pieces = raw[:READ].split(b"\n--", MOST_BOUNDARIES)
    return b"\n--".join(pieces[:MOST_BOUNDARIES])


def parts_of(message: Message) -> Iterator[Message]:
    """The parts of a mail without those of mails within it, as many as are worth a look."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        yield part
        if part.get_content_maintype() == "multipart":
            waiting[:0] = parts_in(part)


def _written_at(message: Message) -> datetime | None:
    """When it says that it was written; None where that makes no sense."""
    try:
        said = parsedate_to_datetime(header(message, "Date"))
        return (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_automatic(message: Message) -> bool:
    """Whether a program answers for somebody who is away, or writes to everybody (RFC 3834, and Exchange's habits).

    What a customer's own system sends of itself, such as a list of what they pay, is a message like any other.
    """
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    answers = any(message.get(name) for name in ("In-Reply-To", "References", "X-Auto-Response-Suppress"))
    return (
        submitted == "auto-replied"
        or (submitted.startswith("auto-") and answers)
        or header(message, "Precedence").lower() in BULK
        or any(message.get(name) for name in ("X-Autoreply", "X-Autorespond"))
    )


def _body(message: Message) -> str:
    """What a person can read in it: its plain text, else its HTML without the marks."""
    texts = [part for part in parts_of(message) if part.get_content_maintype() == "text" and not part.get_filename()]
    plain = next((part for part in texts if part.get_content_subtype() == "plain"), None)
    if plain is not None:
        return text_of(plain, LONGEST_BODY).strip()
    html = next((part for part in texts if part.get_content_subtype() == "html"), None)
    return plain_text(text_of(html, LONGEST_BODY)) if html is not None else ""


def _own_id(raw: bytes) -> str:
    """A name for a mail that has none: the same for the same bytes."""
    return f"sha256.{sha256(raw).hexdigest()}"
