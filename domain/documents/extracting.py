"""Extracting: the words in a file, taken out in a confined process."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Iterator
from email import message_from_binary_file, policy
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from pypdf import PdfReader

from domain.documents import confining
from domain.documents.confining import Stopped
from domain.documents.kinds import MediaType
from domain.shared.plain_words import words_in

MOST_PAGES: Final = 300
MOST_LETTERS: Final = 2_000_000
MAIL: Final = "message/rfc822"
PARTS: Final = {
    MediaType.DOCX: ("word/document.xml",),
    MediaType.XLSX: ("xl/sharedStrings.xml",),
    MediaType.ODT: ("content.xml",),
    MediaType.ODS: ("content.xml",),
}
"""Where the words of office documents are."""
READABLE: Final = frozenset({MediaType.PDF, MediaType.TEXT, MediaType.CSV, MAIL, *PARTS})


class Unreadable(Exception):
    """There may be words in it, but nobody gets at them: damaged, locked, too slow or too large."""


def words_of(content: BinaryIO, media_type: str) -> list[str]:
    """The different words in a file, none where there are none. Raises Unreadable, after `confining.SECONDS` too."""
    if media_type not in READABLE:
        return []
    with TemporaryFile() as copy:
        while block := content.read(64 * 1024):
            copy.write(block)
        copy.seek(0)
        try:
            found = confining.run("domain.documents.extracting", media_type, given=copy)
        except Stopped as problem:
            raise Unreadable(str(problem)) from problem
    return found.decode().split()


def pieces(file: BinaryIO, media_type: str) -> Iterator[str]:
    """The text of a file, piece by piece."""
    if media_type == MediaType.PDF:
        yield from (page.extract_text() for page in PdfReader(file).pages[:MOST_PAGES])
    elif media_type == MAIL:
        yield from _of_mail(file)
    elif media_type in PARTS:
        yield from _of_archive(file, PARTS[MediaType(media_type)])
    else:
        yield _decoded(file.read(MOST_LETTERS))


def _of_mail(file: BinaryIO) -> Iterator[str]:
    mail = message_from_binary_file(file, policy=policy.default)
    yield from (str(mail.get(name, "")) for name in ("from", "to", "subject"))
    body = mail.get_body(("plain",))
    if body is not None:
        yield body.get_content()[:MOST_LETTERS]
    yield from (part.get_filename("") for part in mail.iter_attachments())


def _of_archive(file: BinaryIO, names: tuple[str, ...]) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        for name in set(names) & set(archive.namelist()):
            with archive.open(name) as part:
                for _, element in iterparse(part, forbid_dtd=True):
                    yield from _said(element)
                    element.clear()


def _said(element: Element) -> Iterator[str]:
    yield from (text for text in (element.text, element.tail) if text)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def main(media_type: str) -> None:
    """Read a file from standard input and write its words, a line each."""
    confining.confine()
    with TemporaryFile() as file:
        while block := sys.stdin.buffer.read(64 * 1024):
            file.write(block)
        file.seek(0)
        sys.stdout.buffer.write("\n".join(words_in(pieces(file, media_type))).encode())


if __name__ == "__main__":
    main(sys.argv[1])
