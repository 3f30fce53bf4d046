"""Headers: one of a mail that came in, as readable text, whatever its sender made of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from typing import Final

from adapters.mail.contents import storable

LONGEST = 4000
BREAKS = re.compile(r"[\r\n\0]+")


class Bounded(Compat32):
    """The lenient policy with headers of bounded length: taking the parameters of one apart takes the square of it."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Name and value of a header, the value cut off."""
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:LONGEST]


BOUNDED: Final = Bounded()


def header(message: Message, name: str) -> str:
    """The first header of that name in one line, bounded; empty where there is none.

    Letters that are not ASCII and not encoded are taken for UTF-8 (RFC 6532).
    """
    line = next(iter(raw_headers(message, name)), "")
    return " ".join(storable(_decoded(line)).split())


def raw_headers(message: Message, name: str) -> list[str]:
    """All headers of that name as they travelled, each in one line and bounded; encoded words are still encoded."""
    wanted = name.lower()
    given = [str(value)[:LONGEST] for key, value in message.raw_items() if key.lower() == wanted]
    return [BREAKS.sub(" ", one.encode("utf-8", "surrogateescape").decode("utf-8", "replace")) for one in given]


def _decoded(line: str) -> str:
    """Encoded words (RFC 2047) as they are meant; the line itself where they make no sense."""
    try:
        pieces = [
            piece.decode(charset or "latin-1", "replace") if isinstance(piece, bytes) else piece
            for piece, charset in decode_header(line)
        ]
    except (HeaderParseError, LookupError, ValueError):
        return line
    return "".join(pieces)
