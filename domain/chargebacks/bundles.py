"""Bundles: the one file that a field of an answer takes, made of one document or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from pypdf.errors import PyPdfError
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents.merging import merged, page_count
from domain.documents.model import Document
from domain.documents.storage import Missing, Store
from domain.shared.errors import N_, Invalid

PDF = "application/pdf"
ENDINGS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Part:
    """A paper of a bundle: its bytes, and what they are."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bytes of the file, how its name ends, and how many pages it has; a picture is one."""

    content: bytes
    ending: str
    pages: int


def bundles_of(session: Session, store: Store, files: Mapping[str, Sequence[int]]) -> dict[str, Bundle]:
    """The file of each field, by the ids of its documents; Invalid, by field, where one of them cannot be read."""
    ids = {document_id for each in files.values() for document_id in each}
    documents = {document.id: document for document in session.scalars(select(Document).where(Document.id.in_(ids)))}
    made = {}
    for field, wanted in files.items():
        try:
            made[field] = bundle([_part(store, documents[document_id]) for document_id in wanted])
        except (Missing, OSError, PyPdfError, ValueError) as problem:
            names = ", ".join(documents[document_id].filename for document_id in wanted)
            raise Invalid(N_("A file among these cannot be read: {names}."), field=field, names=names) from problem
    return made


def bundle(parts: Sequence[Part]) -> Bundle:
    """One paper as it is; of several one PDF in their order, with a page for each picture."""
    if len(parts) == 1 and parts[0].media_type != PDF:
        return Bundle(parts[0].content, ENDINGS[parts[0].media_type], 1)
    content = merged([part.content if part.media_type == PDF else _page_of(part.content) for part in parts])
    return Bundle(content, ENDINGS[PDF], page_count(content))


def _part(store: Store, document: Document) -> Part:
    with store.open(document.sha256) as content:
        return Part(content.read(), document.media_type)


def _page_of(picture: bytes) -> bytes:
    """A PDF of one page that shows a picture, on white where it lets something through."""
    with Image.open(BytesIO(picture)) as found:
        page = Image.new("RGB", found.size, "white")
        page.paste(found, mask=found.convert("RGBA").getchannel("A"))
    written = BytesIO()
    page.save(written, format="PDF", resolution=150)
    return written.getvalue()
