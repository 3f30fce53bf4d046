"""Files: evidence that is uploaded before a dispute names it; of a file only what it is is kept, never its content."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator.errors import bad_parameter
from adapters.stripe.simulator.multipart import Upload
from adapters.stripe.simulator.params import missing_parameter
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset({"expand", "file", "purpose"})
PURPOSE = "dispute_evidence"
LARGEST = 5 * 1024 * 1024
"""Bytes of one file of evidence."""
_KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
"""How the kinds begin that banks take as evidence."""


def create(world: World, params: Json) -> Json:
    """Take a file of evidence in; nothing else is uploaded here."""
    upload = params["file"]
    if not isinstance(upload, Upload):
        raise missing_parameter("file")
    if params["purpose"] != PURPOSE:
        raise bad_parameter(f"The simulator takes files with the purpose {PURPOSE} only.", "purpose")
    kind = next((kind for magic, kind in _KINDS.items() if upload.content.startswith(magic)), None)
    if kind is None:
        raise bad_parameter(f"The file type uploaded is not supported for {PURPOSE}: send a PDF, JPEG or PNG.", "file")
    if len(upload.content) > LARGEST:
        raise bad_parameter(f"The file is too large: {PURPOSE} takes files of up to {LARGEST} bytes.", "file")
    key = world.new_id("file")
    return world.keep(
        {
            "id": key,
            "object": "file",
            "created": world.now(),
            "expires_at": None,
            "filename": upload.filename,
            "links": {"object": "list", "data": [], "has_more": False, "url": f"/v1/file_links?file={key}"},
            "purpose": PURPOSE,
            "size": len(upload.content),
            "title": None,
            "type": kind,
            "url": f"https://files.stripe.com/v1/files/{key}/contents",
        }
    )


def retrieve(world: World, params: Json, key: str) -> Json:
    """One file."""
    return world.find("file", key)
