"""Contents: what stands in a part of a mail that came in, as bytes and as text, whatever its sender says it is."""

from __future__ import annotations

from codecs import lookup
from email.message import Message

NO_CHARSETS = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python's that no mail is written in; one of them takes the square of the time."""


def parts_in(part: Message) -> list[Message]:
    """The parts right within a part; none where it has a text of its own, which this leaves undecoded."""
    inside = part.get_payload() if part.is_multipart() else []
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def content_of(part: Message) -> bytes:
    """The bytes of a part, without their transfer encoding. The part's own type and charset are forgotten.

    The standard library would decode them by any codec that the sender names, and without bounds.
    """
    del part["Content-Type"]
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def text_of(part: Message, longest: int) -> str:
    """At most so many characters of a part, by its charset where that is one, and nothing that cannot be kept."""
    charset = _charset(part)
    text = content_of(part)[: longest * 4].decode(charset, "replace")
    return storable(text.replace("\r\n", "\n")[:longest])


def storable(text: str) -> str:
    """`text` without NUL and halves of letters, which no database keeps; charsets and escapes can make them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def _charset(part: Message) -> str:
    try:
        found = lookup(str(part.get_content_charset("utf-8")))
        b"x".decode(found.name, "replace")  # some codecs are no charsets, and say so only when they are used
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if found.name in NO_CHARSETS else found.name
