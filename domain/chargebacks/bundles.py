"""Bundles: the one file that a field of an answer takes, made of one document or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks.evidence import BYTES_TOGETHER
from domain.documents.assembling import Part, assembled
from domain.documents.confining import Stopped
from domain.documents.model import DOCUMENTS
from domain.documents.storage import Missing, Store
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, Invalid

Papers = Mapping[str, AnyRows]
"""The documents of an answer by their fields, as rows."""
MOST_BYTES = 50_000_000
"""Pictures may become much smaller in a PDF; what has more than this never comes down to what a bank takes."""
PDF = "application/pdf"
ENDINGS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bytes of the file, how its name ends, and how many pages it has; a picture is one."""

    content: bytes
    ending: str
    pages: int


def papers_of(session: Session, files: Mapping[str, Sequence[int]]) -> Papers:
    """The documents of each field, by their ids."""
    ids = {document_id for each in files.values() for document_id in each}
    rows = {row.id: row for row in session.execute(select(DOCUMENTS).where(DOCUMENTS.c.id.in_(ids)))}
    return {field: [rows[document_id] for document_id in wanted] for field, wanted in files.items()}


def bundles_of(store: Store, papers: Papers) -> dict[str, Bundle]:
    """The file of each field, made outside of any transaction; Invalid, by field, where one of them cannot be read.

    Invalid as well where they have more than `MOST_BYTES` together: then nothing is read.
    """
    size = sum(row.size for rows in papers.values() for row in rows)
    if size > MOST_BYTES:
        raise Invalid(
            N_("The files have {size} kilobytes together, {most} at most."),
            size=-(-size // 1000),
            most=BYTES_TOGETHER // 1000,
        )
    made = {}
    for field, rows in papers.items():
        try:
            made[field] = bundle([_part(store, row) for row in rows])
        except (Missing, OSError, Stopped) as problem:
            names = ", ".join(row.filename for row in rows)
            raise Invalid(
                N_("{names}: one of these is damaged, locked by a password, or too large to read. Make a new PDF."),
                field=field,
                names=names,
            ) from problem
    return made


def bundle(parts: Sequence[Part]) -> Bundle:
    """One paper as it is; of several one PDF in their order, with a page for each picture."""
    if len(parts) == 1 and parts[0].media_type != PDF:
        return Bundle(parts[0].content, ENDINGS[parts[0].media_type], 1)
    content, pages = assembled(parts)
    return Bundle(content, ENDINGS[PDF], pages)


def _part(store: Store, row: AnyRow) -> Part:
    with store.open(row.sha256) as content:
        return Part(content.read(), row.media_type)
