"""Evidence: packs that are asked for, made and opened, with what a test does not care about filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from adapters.pdf.typst import TypstRenderer
from domain.documents.model import Document
from domain.documents.rendering import Paper, Renderer
from domain.evidence import making
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience, EvidencePack
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.outside import MemoryStore, PlainRenderer
from web.localisation import localisation, supported


def typeset() -> TypstRenderer:
    """The real thing."""
    return TypstRenderer(lambda language: localisation(supported(language) or "en", "Europe/London"))


@dataclass
class OnlyTheIndex:
    """Typesets the index of a pack, and of all other papers only their names: a pack has many of them."""

    typst: Renderer = field(default_factory=typeset)
    plain: Renderer = field(default_factory=PlainRenderer)

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """The paper."""
        return (self.typst if template == "evidence" else self.plain).render(template, data, language)


@dataclass(frozen=True)
class Made:
    """A pack that was made: its row, and the ZIP."""

    pack: EvidencePack
    content: bytes

    @property
    def files(self) -> dict[str, bytes]:
        """What is in it."""
        with ZipFile(BytesIO(self.content)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}

    def told(self, path: str) -> Any:
        """One of its JSON files."""
        return json.loads(self.files[path])


def a_pack(
    db: Database,
    account_id: int,
    *,
    about: About = About.ACCOUNT,
    subject_id: int | None = None,
    audience: Audience = Audience.STAFF,
    language: str = "en",
    store: MemoryStore | None = None,
    renderer: Renderer | None = None,
) -> Made:
    """Asked for by the operator, and made at once."""
    kept = store or MemoryStore()
    with db.transaction() as session:
        pack_id = ask_for(
            session,
            account_id,
            about,
            subject_id or account_id,
            audience=audience,
            language=language,
            actor=OPERATOR,
        ).id
    assert making.make(db, kept, renderer or OnlyTheIndex(), pack_id)
    with db.reading() as session:
        pack = session.get_one(EvidencePack, pack_id)
        document = session.get_one(Document, pack.document_id)
    with kept.open(document.sha256) as content:
        return Made(pack, content.read())


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files as a ZIP of our own."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return written.getvalue()
