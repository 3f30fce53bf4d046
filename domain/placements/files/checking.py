"""Checking: whether a placement file is one, in form and in its sums; needs the file and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from domain.placements.files import csv_form, json_form
from domain.placements.files.flaws import MOST_FLAWS, Enough, Flaw, Flaws
from domain.placements.files.placed_rules import once, placed
from domain.placements.files.plain import taken
from domain.placements.files.remittance_rules import remitted, stand_once
from domain.placements.files.schema import LARGEST_FILE, FileKind, Header, PlacementFile
from domain.placements.files.update_rules import fit_together, update


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the file where nothing is wrong with it, else every flaw, up to as many as anybody reads."""

    file: PlacementFile | None
    flaws: list[Flaw]
    places: tuple[str, ...] = ()
    """Where each record of the file stands, in its order."""

    @property
    def is_cut(self) -> bool:
        """Whether more may be wrong than is named."""
        return len(self.flaws) >= MOST_FLAWS


def check(stream: BinaryIO) -> Checked:
    """Read a file and look at all of it: CSV, or JSON where it begins with a brace. At most `LARGEST_FILE` is read."""
    flaws = Flaws()
    places: list[str] = []
    try:
        file = _checked(stream.read(LARGEST_FILE + 1), flaws, places)
    except Enough:
        file = None
    return Checked(None, flaws.found) if flaws.found else Checked(file, [], tuple(places))


def _checked(content: bytes, flaws: Flaws, places: list[str]) -> PlacementFile | None:
    text = _text(content, flaws)
    if text is None:
        return None
    form = json_form if text.lstrip()[:1] in ("{", "[") else csv_form
    plain = form.read(text, flaws)
    if plain is None:
        return None
    places += [each.place for each in plain.records]
    values = taken(Header, plain.header, flaws)
    header = None if values is None else Header(**values)
    if plain.kind is FileKind.PLACEMENTS:
        placements = [(each.place, found) for each in plain.records if (found := placed(each, flaws))]
        once(((place, found.reference) for place, found in placements), flaws)
        return None if header is None else PlacementFile(header, placements=tuple(found for _, found in placements))
    if plain.kind is FileKind.REMITTANCES:
        remittances = [(each.place, paid) for each in plain.records if (paid := remitted(each, flaws))]
        if header is None:
            return None
        stand_once(remittances, header, flaws)
        return PlacementFile(header, remittances=tuple(paid for _, paid in remittances))
    updates = [(each.place, told) for each in plain.records if (told := update(each, flaws))]
    if header is None:
        return None
    fit_together(updates, header, flaws)
    return PlacementFile(header, updates=tuple(told for _, told in updates))


def _text(content: bytes, flaws: Flaws) -> str | None:
    """The text of a file; None where it is too large, or not in the encoding that we read."""
    if len(content) > LARGEST_FILE:
        flaws.add("", "", f"It has more than {LARGEST_FILE // 1024 // 1024} MiB.", "Make several files of it.")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        todo = "Save it anew as UTF-8 (in a spreadsheet: “CSV UTF-8”)."
        flaws.add(f"line {line}", "", "This is not in UTF-8.", todo)
        return None
