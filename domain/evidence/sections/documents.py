"""Documents: what else is filed on the account and is evidence: contracts, orders, statements, correspondence."""

from __future__ import annotations

from sqlalchemy import select

from domain.documents.model import DOCUMENTS, Category
from domain.evidence.model import Audience
from domain.evidence.sources import MOST_ROWS, File, Section, Sources, Table
from domain.shared.errors import N_

FOLDER = "documents"
WANTED = frozenset(
    {
        Category.INVOICE,
        Category.CREDIT_NOTE,
        Category.STATEMENT,
        Category.RECEIPT,
        Category.ADVICE,
        Category.TERMS,
        Category.AGREEMENT,
        Category.DISCHARGE,
        Category.CONTRACT,
        Category.PURCHASE_ORDER,
        Category.PROOF_OF_DELIVERY,
        Category.CORRESPONDENCE,
        Category.GUARANTEE,
        Category.EVIDENCE,
    }
)
"""What is evidence, whoever reads it. Imports and bank files speak of other customers; credit checks are not ours."""
ON_OTHER_THINGS = ("invoice", "dispute", "dispute_message")
"""What has a folder of its own: in a pack that is about one of them, the others' papers are not wanted."""

FOR_PARTNERS = frozenset(
    {Category.TERMS, Category.CONTRACT, Category.PURCHASE_ORDER, Category.PROOF_OF_DELIVERY, Category.GUARANTEE}
)
"""What a partner needs of what is about the account as a whole; other debts and what was written about them are not."""


def section(sources: Sources) -> Section:
    """Every document of the account that has no place yet. The last section: it takes what the others leave."""
    rows = sources.session.execute(
        select(DOCUMENTS)
        .where(DOCUMENTS.c.account_id == sources.account.id, DOCUMENTS.c.category.in_(WANTED))
        .order_by(DOCUMENTS.c.id)
    ).all()
    files: list[File] = []
    shown = []
    for row in rows:
        if sources.invoice_ids is not None and row.subject_kind in ON_OTHER_THINGS:
            continue
        if sources.audience is Audience.PARTNER and row.category not in FOR_PARTNERS:
            continue
        if found := sources.document(FOLDER, row.id):
            files += found
            shown.append([row.filed_at.date(), row.filename, row.sha256[:16]])
    if not files:
        return Section(())
    head = (N_("Filed"), N_("Document"), N_("SHA-256 begins"))
    return Section(files, (Table(N_("Other documents"), head, 3, shown[-MOST_ROWS:], wide=1),))
