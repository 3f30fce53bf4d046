"""Files as people send them: photographs with a place in them, office documents, and what is none of these."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from domain.documents.intake import Intake, TakenIn
from domain.documents.storage import Store

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
TURNED = 6
"""The camera was held on its side: the picture is meant to be seen turned by a quarter."""
ZIP_HEADER = 30
"""Bytes of what stands before the name of a member, and so before what is packed of it."""
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that somebody sends."""

    filename: str
    file: BinaryIO


def sent(filename: str, content: bytes) -> Sent:
    """A file of this name and content."""
    return Sent(filename, BytesIO(content))


def taken_in(store: Store, content: bytes = b"%PDF-1.7 signed", filename: str = "signed.pdf") -> TakenIn:
    """A file that was taken in."""
    return Intake(store).take_in(sent(filename, content))


def a_photo(width: int = 40, height: int = 20, *, form: str = "JPEG") -> bytes:
    """A picture as a telephone takes it: on its side, with the place and the maker in it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = TURNED, "A camera"
    exif.get_ifd(GPS)[1] = "N"
    made = BytesIO()
    Image.new("RGB", (width, height), "orange").save(made, form, exif=exif)
    return made.getvalue()


def a_zip(*members: tuple[str, bytes]) -> bytes:
    """An archive of these members: their names and contents."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def a_broken_zip(*members: tuple[str, bytes]) -> bytes:
    """An archive of these members whose last one cannot be unpacked: what is packed of it is no deflate."""
    raw = bytearray(a_zip(*members))
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        last = archive.infolist()[-1]
    start = last.header_offset + ZIP_HEADER + len(last.filename)
    raw[start : start + 2] = b"\xff\xff"
    return bytes(raw)


def a_word_file(*paragraphs: str) -> bytes:
    """A document of Word, as small as one can be."""
    text = "".join(f"<w:p><w:r><w:t>{each}</w:t></w:r></w:p>" for each in paragraphs)
    return a_zip(
        ("[Content_Types].xml", b'<Types><Override ContentType="' + WORD + b'"/></Types>'),
        ("word/document.xml", f'<w:document xmlns:w="urn:w"><w:body>{text}</w:body></w:document>'.encode()),
    )
