"""Merging: PDFs of ours one after the other in one file, and how many pages each has; no session."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pypdf import PdfReader, PdfWriter


def merged(contents: Sequence[bytes], *, on_sheets_of_their_own: bool = False) -> bytes:
    """One PDF of all of these, in their order; a single one is left as it is.

    On sheets of their own each begins on an odd page, so that a printer that prints both sides puts no two of them
    on one sheet: a blank page follows what has an odd number.
    """
    if len(contents) == 1:
        return contents[0]
    writer = PdfWriter()
    for content in contents:
        reader = PdfReader(BytesIO(content))
        if on_sheets_of_their_own and len(writer.pages) % 2:
            last = writer.pages[-1].mediabox
            writer.add_blank_page(last.width, last.height)
        writer.append(reader, import_outline=False)
    written = BytesIO()
    writer.write(written)
    writer.close()
    return written.getvalue()


def page_count(content: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(BytesIO(content)).pages)
