"""Multipart requests: the one file that an upload brings and the parameters beside it, as RFC 7578 writes them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.message import Message

from adapters.stripe.simulator.errors import bad_parameter

TYPE = "multipart/form-data"
_NAMED = re.compile(r'(?:^|;)\s*(name|filename)="([^"]*)"')


@dataclass(frozen=True)
class Upload:
    """A file as it was sent."""

    filename: str
    content: bytes


def parse(body: str, content_type: str) -> dict[str, str | Upload]:
    """The parts of a body by name; the body is bytes, each written as the character of its number."""
    parts: dict[str, str | Upload] = {}
    for part in body.split(f"--{_boundary(content_type)}")[1:-1]:
        head, empty_line, rest = part.removeprefix("\r\n").partition("\r\n\r\n")
        named = dict(_NAMED.findall(head))
        if not empty_line or "name" not in named:
            raise bad_parameter("Invalid multipart body.", "file")
        content = rest.removesuffix("\r\n").encode("latin-1")
        is_file = "filename" in named
        parts[named["name"]] = Upload(named["filename"], content) if is_file else content.decode()
    return parts


def fingerprint(body: str, content_type: str) -> str:
    """What makes two bodies the same request: their parts, whatever line lies between these."""
    return hashlib.sha256(body.replace(_boundary(content_type), "").encode("latin-1")).hexdigest()


def _boundary(content_type: str) -> str:
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise bad_parameter("Invalid multipart body: it names no boundary.", "file")
    return boundary
