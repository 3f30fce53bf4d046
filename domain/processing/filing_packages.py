"""Filing packages: each paper of a ZIP is filed about the invoice whose number it is named by, or said to be left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.documents.archives import DAMAGED
from domain.documents.intake import Intake
from domain.documents.model import Category
from domain.documents.packages import Packed, opened
from domain.processing.filing_papers import IS_GOOD, exactly, file_papers, filed_already, is_called
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.words import Words


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one file: the invoice that it is filed about, or why it was left.

    `document_id` is the document that it has become, or had become before.
    """

    filename: str
    number: str
    account_id: int | None = None
    invoice_id: int | None = None
    document_id: int | None = None
    why: Words | None = None


def file_package(
    database: Database, intake: Intake, package: BinaryIO, *, category: Category, actor: Actor
) -> list[Fate]:
    """File every paper that can be, each in a transaction of its own, and say what became of each, in their order.

    Safe to repeat: a content that is filed about its invoice under this category already is left. Invalid where the
    package itself cannot be opened.
    """
    with opened(package) as papers:
        return list(_fates(database, intake, papers, category, actor))


def _fates(
    database: Database, intake: Intake, papers: Iterator[Packed], category: Category, actor: Actor
) -> Iterator[Fate]:
    for paper in papers:
        try:
            yield _filed(database, intake, paper, category, actor)
        except Refused as refused:
            yield _left(paper, Words(refused.text, refused.params))


def _filed(database: Database, intake: Intake, paper: Packed, category: Category, actor: Actor) -> Fate:
    with database.reading() as session:
        wanted = select(Invoice.id, Invoice.account_id, Invoice.number).where(is_called(paper.number), IS_GOOD)
        found = exactly(paper.number, session.execute(wanted).all())
    if not found:
        return _left(paper, Words(N_("There is no invoice of this number.")))
    if len(found) > 1:
        return _left(paper, Words(N_("Several accounts have an invoice of this number.")))
    if paper.is_damaged:
        return _left(paper, Words(DAMAGED))
    [(invoice_id, account_id, number)] = found
    taken = intake.take_in(paper)
    about = ("invoice", invoice_id)
    with database.transaction() as session:
        accounts.lock(session, account_id)
        before = filed_already(session, about, category, taken.sha256)
        if before is not None:
            return _left(paper, Words(N_("It is filed about this invoice already.")), document_id=before)
        [document] = file_papers(session, account_id, [taken], category=category, about=about, actor=actor)
        return Fate(paper.filename, number, account_id, invoice_id, document.id)


def _left(paper: Packed, why: Words, document_id: int | None = None) -> Fate:
    return Fate(paper.filename, paper.number, document_id=document_id, why=why)
