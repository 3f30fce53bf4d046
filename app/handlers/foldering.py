"""Foldering: what is handed to a partner is laid into its folder, and what it leaves there is taken in and answered."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import msgspec

from app.api.placement_answers import FileAnswer, FlawAnswer, file_answer, flaw_answers, placement_with_debts
from app.handlers.failing import failed
from app.wired import Wired
from domain.documents.intake import Intake
from domain.dunning.turns import Did
from domain.placements import queries
from domain.placements.correspondence.model import BroughtBy
from domain.placements.files.schema import LARGEST_FILE
from domain.placements.model import PLACED
from domain.placements.naming import reference_of
from domain.placements.people import delivering, seen
from domain.placements.people.delivering import LayIntoFolder, OfPartner
from domain.placements.people.folders import FoldersOutOfReach, PartnerFolders
from domain.processing.placing.bringing import bring
from domain.processing.placing.building import FileForm, made_file
from domain.processing.placing.taking_in import Flawed
from domain.shared.actor import WORKER
from domain.shared.errors import Invalid
from domain.shared.words import Words
from web.localisation import SOURCE, supported

DUTY = "partners' folders"
STATE = "{}.state.json"
"""What the file is called that says how a placement stands."""


class FolderAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What lies beside a file that was taken in: what became of its records, or why it is none that can be."""

    file: str
    taken_in: bool
    answer: FileAnswer | None = None
    detail: str | None = None
    problems: list[FlawAnswer] | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as it was left."""

    filename: str
    file: BinaryIO


def lay_into_folder(wired: Wired, message: LayIntoFolder) -> None:
    """Lay a placement into its partner's folder: how it stands and, while it lies there, its file in both forms.

    Once it is back the file goes, because its people are no longer the partner's business.
    """
    with wired.database.reading() as session:
        row = queries.placement(session, message.placement_id)
        folder = delivering.delivery(session, row.partner_id).folder
        if folder is None:
            return
        state = placement_with_debts(session, seen.placement(session, row.partner_id, row.id))
        made = [made_file(session, row.id, form) for form in FileForm] if row.status in PLACED else []
    folders = _folders(wired)
    reference = reference_of(row.id)
    for file in made:
        folders.put(folder, file.name, file.content)
    if not made:
        for form in FileForm:
            folders.take_away(folder, f"{reference}.{form}")
    folders.put(folder, STATE.format(reference), _json(state))


def take_due(wired: Wired) -> Did:
    """Take in what partners have left, each file for itself; how many, and how many failed."""
    if wired.folders is None:
        return Did()
    with wired.database.reading() as session:
        partners = delivering.with_folders(session)
    return sum((_of_partner(wired, wired.folders, partner) for partner in partners), Did())


def _of_partner(wired: Wired, folders: PartnerFolders, partner: OfPartner) -> Did:
    try:
        names = folders.left(partner.folder)
    except FoldersOutOfReach as problem:
        return failed(DUTY, partner.folder, problem)
    return sum((_one(wired, folders, partner, name) for name in names), Did())


def _one(wired: Wired, folders: PartnerFolders, partner: OfPartner, name: str) -> Did:
    try:
        left = folders.read(partner.folder, name, LARGEST_FILE)
        if left is None:
            return Did()
        answer = _answer(wired, partner, name, left.content)
        folders.put_away(partner.folder, name, _json(answer))
    except Exception as problem:
        return failed(DUTY, f"{partner.folder}/{name}", problem)
    return Did(1)


def _answer(wired: Wired, partner: OfPartner, name: str, content: bytes) -> FolderAnswer:
    """What became of a file. Conflict where it could not be looked at just now: it is left for the next time."""
    speaking = wired.letters.speaking(supported(partner.language) or SOURCE)

    def say(words: Words) -> str:
        return speaking.translate(words.text, **words.params)

    sent, intake = _Sent(name, BytesIO(content)), Intake(wired.store, wired.scanner)
    try:
        answers = bring(wired.database, intake, partner.partner_id, sent, by=BroughtBy.FOLDER, actor=WORKER)
    except Flawed as flawed:
        detail = say(Words(flawed.text, flawed.params))
        return FolderAnswer(name, taken_in=False, detail=detail, problems=flaw_answers(flawed.flaws))
    except Invalid as refused:
        return FolderAnswer(name, taken_in=False, detail=say(Words(refused.text, refused.params)))
    return FolderAnswer(name, taken_in=True, answer=file_answer(answers, say))


def _folders(wired: Wired) -> PartnerFolders:
    if wired.folders is None:
        raise FoldersOutOfReach("no folder of partners' folders is set: QUITTANCE_PARTNER_FOLDERS")
    return wired.folders


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
