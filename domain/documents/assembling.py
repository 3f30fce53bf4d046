"""Assembling: papers and pictures of any making become one PDF, whose pages are counted, in a confined process."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile

from PIL import Image

from domain.documents import confining
from domain.documents.kinds import MediaType
from domain.documents.merging import merged, page_count


@dataclass(frozen=True, slots=True)
class Part:
    """A PDF or a picture: its bytes, and which of them it is."""

    content: bytes
    media_type: str


def assembled(parts: Sequence[Part]) -> tuple[bytes, int]:
    """One PDF of all parts in their order, with a page for each picture, and how many pages it has.

    A single PDF is left as it is. Raises Stopped where one of them is damaged, too slow or too large.
    """
    with TemporaryFile() as given:
        for part in parts:
            given.write(part.content)
        given.seek(0)
        told = (f"{part.media_type}:{len(part.content)}" for part in parts)
        pages, _, content = confining.run("domain.documents.assembling", *told, given=given).partition(b"\n")
    return content, int(pages)


def main(told: Sequence[str]) -> None:
    """Read the parts, of these kinds and lengths, from standard input; write the number of pages, a line, the PDF."""
    confining.confine()
    content = merged(list(_pdfs(told)))
    sys.stdout.buffer.write(b"%d\n" % page_count(content))
    sys.stdout.buffer.write(content)


def _pdfs(told: Sequence[str]) -> Iterator[bytes]:
    for each in told:
        media_type, _, size = each.partition(":")
        content = sys.stdin.buffer.read(int(size))
        yield content if media_type == MediaType.PDF else _page_of(content)


def _page_of(picture: bytes) -> bytes:
    """A PDF of one page that shows a picture, on white where it lets something through."""
    with Image.open(BytesIO(picture)) as found:
        page = Image.new("RGB", found.size, "white")
        page.paste(found, mask=found.convert("RGBA").getchannel("A"))
    written = BytesIO()
    page.save(written, format="PDF", resolution=150)
    return written.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
