"""Encodings: find out in which letters a text file was written, by its marks, its bytes, or a guess that is told."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from charset_normalizer import from_bytes

BLOCK = 64 * 1024
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WESTERN = "cp1252"
OTHERS = ["cp1251", "cp1253", "cp1255", "cp1256", "cp932", "gb18030", "big5", "euc_kr"]
"""Scripts of which a text is so full that a guess is sound; a few accents tell nothing, and are taken as Western."""
ENOUGH = 20
DENSE = 0.25
"""With that many bytes above ASCII, and from this share on of the lines that have any, letters are not Latin ones."""


def detect(stream: BinaryIO) -> tuple[str, bool]:
    """The encoding of a file, and whether that is certain. Leaves the stream at its beginning."""
    stream.seek(0)
    head = stream.read(BLOCK)
    stream.seek(0)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding, True
    if wide := _wide(head):
        return wide, True
    odd = _not_utf8(stream)
    stream.seek(0)
    return ("utf-8", True) if odd is None else (_guess(odd), False)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of ordinary text is NUL."""
    pairs = len(head) // 2
    if pairs and head[1::2].count(0) > pairs * 0.4 and not head[0::2].count(0):
        return "utf-16-le"
    if pairs and head[0::2].count(0) > pairs * 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    return None


def _not_utf8(stream: BinaryIO) -> bytes | None:
    """The first block that is no UTF-8, or None where all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while block := stream.read(BLOCK):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        return problem.object
    return None


def _guess(sample: bytes) -> str:
    lines = [line for line in sample.splitlines() if not line.isascii()]
    high = sum(byte > 127 for line in lines for byte in line)
    if high < max(ENOUGH, DENSE * sum(map(len, lines))):
        return WESTERN
    best = from_bytes(b"\n".join(lines), cp_isolation=OTHERS).best()
    return WESTERN if best is None else best.encoding
