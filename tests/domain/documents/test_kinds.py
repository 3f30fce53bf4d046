"""What a file is by its content, and what we do not keep."""

from __future__ import annotations

import pytest

from domain.documents.kinds import LARGEST, kind_of
from domain.shared.errors import Invalid


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n\x00\x01", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00", "image/jpeg"),
        ("Umsätze;12,50\r\n".encode(), "text/plain"),
    ],
)
def test_it_goes_by_what_is_in_it(content: bytes, kind: str) -> None:
    assert kind_of(content, field="file") == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"PK\x03\x04zip",
        b"GIF89a %PDF-1.7",
        b"text\x00",
        pytest.param(b"a" * (LARGEST + 1), id="too much text"),
        pytest.param(b"%PDF-" + b"a" * LARGEST, id="too much"),
    ],
)
def test_what_is_something_else_nothing_or_too_much_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(content, field="file")

    assert refused.value.field == "file"
