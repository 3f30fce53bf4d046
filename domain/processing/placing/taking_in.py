"""Taking in: a partner's file of updates or remittances is read, checked, and done, each record for itself.

A record that is refused stops no other, and nothing is done twice: the same file again is answered as the first time,
and a newer one may tell old things once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.placements.correspondence import files
from domain.placements.correspondence.model import BroughtBy, PartnerFile
from domain.placements.files.checking import check
from domain.placements.files.flaws import Flaw
from domain.placements.files.remittance_schema import Remitted
from domain.placements.files.schema import FileKind, Update
from domain.placements.naming import named
from domain.placements.people import seen
from domain.processing.placing import remittance_acts, update_acts
from domain.processing.placing.answers import REMITTANCE, Answer, Outcome, counts, why
from domain.shared.actor import Actor
from domain.shared.db.base import Base
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.words import Words

FILES = Base.metadata.tables[PartnerFile.__tablename__]
MOST_RECORDS = 1_000
"""Updates or remittances of one file: so many are done while somebody waits."""


class Flawed(Invalid):
    """The file is none that can be taken in; `flaws` are what is wrong with it, where it was read at all."""

    def __init__(self, text: str, flaws: Sequence[Flaw] = (), **params: object) -> None:
        super().__init__(text, field="file", **params)
        self.flaws = tuple(flaws)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it was brought: what it is called, how it came, and the SHA-256 of its bytes."""

    name: str
    sha256: str
    by: BroughtBy


@dataclass(frozen=True, slots=True)
class Record:
    """One update or remittance of a file, and where it stands."""

    place: str
    told: Update | Remitted

    def answered(self, outcome: Outcome, why: Words | None = None) -> Answer:
        """What became of it."""
        told = self.told
        kind, on = (REMITTANCE, told.remitted_on) if isinstance(told, Remitted) else (told.update, told.happened_on)
        return Answer(self.place, str(kind), told.reference, on, outcome, why)


def read(stream: BinaryIO) -> list[Record]:
    """The records of a file of updates or remittances; Flawed where it is none, or too long."""
    found = check(stream)
    if found.file is None:
        raise Flawed(N_("This file cannot be taken in: see what is wrong with it."), found.flaws)
    if found.file.header.kind is FileKind.PLACEMENTS:
        raise Flawed(N_("This is a file of placements; bring one of updates or remittances."))
    told: list[Update | Remitted] = [*found.file.updates, *found.file.remittances]
    if len(told) > MOST_RECORDS:
        text = N_("There are {many} records in it. Make several files of at most {most}.")
        raise Flawed(text, many=len(told), most=MOST_RECORDS)
    return [Record(place, each) for place, each in zip(found.places, told, strict=True)]


def take_in(
    database: Database, partner_id: int, records: Sequence[Record], brought: Brought, *, actor: Actor
) -> list[Answer]:
    """Do what a partner's file tells, each record in a transaction of its own, in the file's order; what became of it.

    The same file again is answered as it was, and does nothing. Killed half way, it may be brought again.
    """
    with database.reading() as session:
        known = known_before(session, partner_id, brought.sha256)
    if known is not None:
        return known
    answers = [_taken(database, partner_id, record, actor) for record in records]
    with database.transaction() as session:
        _keep(session, partner_id, brought, answers, actor)
    return answers


def known_before(session: Session, partner_id: int, sha256: str) -> list[Answer] | None:
    """What became of this very file when it was brought before; None where it was not."""
    kept = files.answers(session, partner_id, sha256)
    return None if kept is None else [Answer.of(each) for each in kept]


def _taken(database: Database, partner_id: int, record: Record, actor: Actor) -> Answer:
    try:
        with database.transaction() as session:
            outcome = _done(session, partner_id, record.told, actor)
    except Refused as refused:
        return record.answered(Outcome.REFUSED, why(refused))
    return record.answered(outcome)


def _done(session: Session, partner_id: int, told: Update | Remitted, actor: Actor) -> Outcome:
    """Do what one record tells, unless it is known."""
    if isinstance(told, Remitted):
        known = remittance_acts.is_known(session, partner_id, told)
        remittance_acts.do(session, partner_id, told, actor=actor)
        return Outcome.KNOWN if known else Outcome.DONE
    placement_id = named(told.reference)
    accounts.lock(session, seen.placement(session, partner_id, placement_id).account_id)
    row = seen.placement(session, partner_id, placement_id)
    if update_acts.is_known(session, row, told):
        return Outcome.KNOWN
    update_acts.do(session, row, told, actor=actor)
    return Outcome.DONE


def _keep(session: Session, partner_id: int, brought: Brought, answers: Sequence[Answer], actor: Actor) -> None:
    """Keep what became of a file, once."""
    values = {
        "partner_id": partner_id,
        "sha256": brought.sha256,
        "name": brought.name,
        "brought_by": brought.by,
        "answers": [answer.kept() for answer in answers],
        "taken_at": now(session),
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
    }
    if insert_if_new(session, FILES, ("partner_id", "sha256"), values) is None:
        return
    many = {outcome.value: number for outcome, number in counts(answers).items()}
    after = {"name": brought.name, "sha256": brought.sha256, "by": brought.by, **many}
    audit.record(session, "partner_file.taken", actor=actor, subject=("partner", partner_id), after=after)
