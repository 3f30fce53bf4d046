"""What a file is by its content, and what we do not keep."""

from __future__ import annotations

from io import BytesIO

import pytest

from domain.documents import archives
from domain.documents.kinds import LARGEST, MediaType, kind_of, named_for
from domain.shared.errors import Invalid
from tests.support.files import WORD, a_broken_zip, a_word_file, a_zip

CONTENT_TYPES = '<Types><Override ContentType="' + WORD.decode() + '"/></Types>'


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7\n\x00\x01", "a.pdf", MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n\x00", "a.exe", MediaType.PNG),
        (b"\xff\xd8\xff\xe0\x00", "a", MediaType.JPEG),
        ("Umsätze;12,50\r\n".encode("cp1252"), "a.txt", MediaType.TEXT),
        ("Umsätze;12,50\r\n".encode(), "a.CSV", MediaType.CSV),
        ("Umsätze;12,50\r\n".encode("utf-16"), "a.csv", MediaType.CSV),
        (a_word_file("Hello"), "a.zip", MediaType.DOCX),
        (a_zip(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")), "a", MediaType.ODT),
    ],
)
def test_it_goes_by_what_is_in_it(content: bytes, name: str, kind: MediaType) -> None:
    file = BytesIO(content)

    assert kind_of(file, name, field="file") is kind
    assert file.tell() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"PK\x03\x04zip",
        b"GIF89a %PDF-1.7",
        b"text\x00",
        b"text" * 5000 + b"\x07",
        b"\x00\x00\x00\x18ftypheic\x00\x00",
        "Umsätze".encode("utf-16") + b"\x00",
        pytest.param(b"a" * (LARGEST + 1), id="too much text"),
        pytest.param(b"%PDF-" + b"a" * LARGEST, id="too much"),
        a_zip(("readme.txt", b"any archive")),
        a_zip(("[Content_Types].xml", CONTENT_TYPES.encode()), ("word/vbaProject.bin", b"macro")),
        pytest.param(
            a_broken_zip(("word/document.xml", b"<a/>"), ("[Content_Types].xml", b"hello " * 500)), id="broken"
        ),
        pytest.param(a_zip(("[Content_Types].xml", b" " * 20_000_000)), id="zip bomb"),
    ],
)
def test_what_is_something_else_nothing_or_too_much_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(BytesIO(content), "a.pdf", field="file")

    assert refused.value.field == "file"


def test_an_archive_of_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)

    with pytest.raises(Invalid, match="too large"):
        kind_of(BytesIO(a_word_file("Hello")), "a.docx", field="file")


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("scan.PDF", MediaType.PDF, "scan.PDF"),
        ("invoice.exe", MediaType.PDF, "invoice.exe.pdf"),
        ("photo.heic", MediaType.JPEG, "photo.heic.jpg"),
        ("run.sh", MediaType.TEXT, "run.sh.txt"),
    ],
)
def test_its_name_ends_as_what_it_is(name: str, kind: MediaType, kept: str) -> None:
    assert named_for(name, kind) == kept
