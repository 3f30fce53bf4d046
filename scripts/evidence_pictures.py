"""Pictures of evidence: the first two pages of the index of the demo's pack, for the manual."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import select

from adapters.pdf.typst import TypstRenderer
from app.demo.settings import Ports, demo_settings
from app.opening import document_store, opened_database
from domain.accounts.model import Account
from domain.documents.model import Document
from domain.evidence.building import SECTIONS
from domain.evidence.index import TEMPLATE, Cover, index_paper
from domain.evidence.layout import MANIFEST, SUMS, Listed, is_index
from domain.evidence.model import EvidencePack
from domain.evidence.sections.ledger import head_of
from domain.evidence.sources import Sources
from web.localisation import SOURCE
from web.rendering import Renderer

PORTS = Ports(1, 2, 3, 4, 5)
PAGES, PPI = 2, 100
ASKED_BY = "Ade Okafor"


def take_evidence(home: Path, folder: Path) -> None:
    """Draw them into the folder, from the books of the demo in `home`."""
    settings = demo_settings({"QUITTANCE_HOME": str(home)}, PORTS)
    store = document_store(settings)
    with opened_database(settings) as database, database.reading() as session:
        letters = Renderer(database.business.time_zone, {"business": database.business})
        typeset = TypstRenderer(lambda _: letters.speaking(SOURCE))
        pack = session.scalars(select(EvidencePack).order_by(EvidencePack.id).limit(1)).one()
        with store.open(session.get_one(Document, pack.document_id).sha256) as content, ZipFile(content) as files:
            manifest = json.loads(files.read(MANIFEST))
        listed = [Listed(**one) for one in manifest["files"] if not is_index(one["path"]) and one["path"] != SUMS]
        account = session.get_one(Account, pack.account_id)
        sources = Sources(session, store, typeset, account, pack.audience, SOURCE)
        tables = [table for make in SECTIONS for table in make(sources).tables if table.rows]
        made_at = datetime.fromisoformat(manifest["made_at"])
        cover = Cover(pack.public_id, pack.about, account.number, ASKED_BY, pack.asked_at, made_at)
        paper = index_paper(sources, cover, head_of(sources), tables, listed, manifest["contents_sha256"])
        pages = typeset.pictures(TEMPLATE, paper, SOURCE, ppi=PPI)
    for number, page in enumerate(pages[:PAGES], 1):
        (folder / f"evidence-index-{number}.png").write_bytes(page)
