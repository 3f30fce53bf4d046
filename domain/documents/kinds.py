"""Kinds: what a file is by its content, whatever it is called; only what we are willing to keep from outside."""

from __future__ import annotations

from domain.shared.errors import N_, Invalid

MAGIC = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How each kind begins."""
LARGEST = 10 * 1024 * 1024
"""Bytes of a file that somebody sends us to keep."""
NEVER_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f"))
LOOKED_AT = 4096
"""Bytes that are looked at."""


def kind_of(content: bytes, *, field: str) -> str:
    """The media type of a PDF, a picture or a text; Invalid for anything else, for nothing, and for too much."""
    if not content:
        raise Invalid(N_("This file is empty."), field=field)
    if len(content) > LARGEST:
        raise Invalid(N_("Send a file of at most {most} megabytes."), field=field, most=LARGEST // (1024 * 1024))
    start = content[:LOOKED_AT]
    found = next((kind for magic, kind in MAGIC.items() if start.startswith(magic)), None)
    if found is not None:
        return found
    if any(magic in start for magic in MAGIC) or set(start) & set(NEVER_IN_TEXT):
        raise Invalid(N_("Send a PDF, a picture (PNG or JPEG) or a text file."), field=field)
    return "text/plain"
