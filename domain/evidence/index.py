"""Index: the paper on top of a pack: whose it is, what it says of the balance, what is in it, and how to verify it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.documents.letterhead import letterhead
from domain.documents.rendering import Paper
from domain.evidence.layout import Listed, plain_amount
from domain.evidence.model import About
from domain.evidence.sections.ledger import Head
from domain.evidence.sources import Sources, Table
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.words import Words

TEMPLATE = "evidence"
MOST_FILES = 1_000
"""Files that the index names; the manifest names all of them."""
ABOUT_WORDS = {
    About.ACCOUNT: N_("The whole account"),
    About.INVOICE: N_("Invoice {number}, and what came of it"),
    About.PLACEMENT: N_("Placement {number}, and the invoices that were handed over with it"),
    About.DISPUTE: N_("Dispute {number}, and the invoice that it is about"),
}
"""What a pack is about."""
VERIFY = (
    N_(
        "Everything in this pack is listed in manifest.json with its SHA-256, this index among it. Whoever made the "
        "pack tells the manifest's own hash apart from it, and keeps it in the audit trail."
    ),
    N_("With our program, without network or database: quittance verify-pack FILE --sha256 HASH"),
    N_("With nothing but common tools, in the unpacked folder: sha256sum -c MANIFEST.sha256"),
    N_(
        "The balance above is the sum of the lines “receivable” of ledger/ledger.csv. Each entry of ledger/ledger.json "
        "contains the hash of the one before it; the formula stands in that file."
    ),
    N_(
        "The fingerprint of the contents above is the SHA-256 of MANIFEST.sha256 without its lines for the index and "
        "for manifest.json: it holds even for a printed copy of this page."
    ),
)
"""How anybody can verify it."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first page says."""

    public_id: str
    about: About
    about_number: str
    asked_by: str | Words
    asked_at: datetime
    made_at: datetime


def index_paper(
    sources: Sources, cover: Cover, head: Head, tables: Sequence[Table], files: Sequence[Listed], contents: str
) -> Paper:
    """The index as a paper; `contents` is the fingerprint of all files."""
    shown = sorted(files, key=lambda one: one.path)
    return {
        "made_at": cover.made_at,
        "business": letterhead(business(sources.session)),
        "customer": {
            "name": sources.account.name,
            "number": sources.account.number,
            "address": sources.account.address,
        },
        "number": cover.public_id,
        "about": Words.of(ABOUT_WORDS[cover.about], number=cover.about_number),
        "asked_by": cover.asked_by,
        "asked_at": cover.asked_at,
        "made": cover.made_at,
        "balance": head.balance,
        "plain_balance": plain_amount(str(head.balance.decimal), head.balance.currency),
        "entries": head.seq,
        "head": head.hash.hex(),
        "contents": contents,
        "verify": [Words.of(text) for text in VERIFY],
        "tables": [_table(table) for table in tables],
        "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in shown[:MOST_FILES]],
        "more_files": len(shown) - MOST_FILES if len(shown) > MOST_FILES else None,
    }


def _table(table: Table) -> Paper:
    return {
        "title": Words.of(table.title),
        "words": str(table.words),
        "wide": str(table.wide),
        "head": [Words.of(name) for name in table.head],
        "rows": [list(row) for row in table.rows],
    }
