"""Bringing: the ways in for a partner's file: kept through the one intake, read, and taken in."""

from __future__ import annotations

from domain.documents import filing
from domain.documents.intake import Intake, SentFile, TakenIn
from domain.documents.model import Category, Document
from domain.placements.correspondence.model import BroughtBy
from domain.processing.placing.answers import Answer
from domain.processing.placing.taking_in import Brought, known_before, read, take_in
from domain.shared.actor import Actor
from domain.shared.db.session import Database


def bring(
    database: Database, intake: Intake, partner_id: int, sent: SentFile, *, by: BroughtBy, actor: Actor
) -> list[Answer]:
    """Keep a partner's file and do what it tells; what became of each record.

    Raises Flawed where it is no file of updates or remittances, Invalid and Conflict as the intake does.
    """
    records = read(sent.file)
    sent.file.seek(0)
    taken = intake.take_data(sent)
    brought = Brought(taken.filename, taken.sha256, by)
    with database.reading() as session:
        known = known_before(session, partner_id, taken.sha256)
    if known is not None:
        return known
    keep(database, partner_id, taken, actor=actor)
    return take_in(database, partner_id, records, brought, actor=actor)


def keep(database: Database, partner_id: int, taken: TakenIn, *, actor: Actor) -> Document:
    """Write down a partner's file that was taken in, as one about the partner."""
    with database.transaction() as session:
        return filing.enter(
            session, taken, category=Category.IMPORT, account_id=None, subject=("partner", partner_id), actor=actor
        )
