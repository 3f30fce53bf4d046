"""Plain: what both forms of a placement file are read into before its values are looked at: records of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.placements.files.fields import Field, fields_of
from domain.placements.files.flaws import Flaws, shown
from domain.placements.files.forms import Unfit
from domain.placements.files.schema import FileKind


@dataclass(frozen=True, slots=True)
class Plain:
    """The values of one record by their names, where they stand, and the records that belong to it.

    `prefix` is what a file puts before the names of its fields.
    """

    place: str
    values: Mapping[str, object]
    prefix: str = ""
    contacts: Sequence[Plain] = ()
    debts: Sequence[Plain] = ()
    lines: Sequence[Plain] = ()


@dataclass(frozen=True, slots=True)
class PlainFile:
    """What a file brings, the header's values, and each placement, update or remittance."""

    kind: FileKind
    header: Plain
    records: Sequence[Plain]


def taken(record: type[Any], plain: Plain, flaws: Flaws) -> dict[str, Any] | None:
    """The values of a record as they are meant, those that are empty as None; None where any cannot be taken."""
    values, before = {}, len(flaws.found)
    for name, value in _values(fields_of(record), plain, flaws):
        values[name] = value
    return values if len(flaws.found) == before else None


def _values(wanted: Sequence[Field], plain: Plain, flaws: Flaws) -> Iterator[tuple[str, Any]]:
    for each in wanted:
        given = plain.values.get(each.name)
        if isinstance(given, int) and not isinstance(given, bool) and each.form.is_number:
            given = str(given)
        if given is not None and not isinstance(given, str):
            wrong = f"{shown(given)} is no text."
            flaws.add(plain.place, plain.prefix + each.name, wrong, "Write every value as text, in quotation marks.")
        elif given is None or not given.strip():
            if each.needed:
                flaws.add(plain.place, plain.prefix + each.name, "This is missing.", f"Write {each.form.words}.")
            yield each.name, None
        else:
            try:
                yield each.name, each.form.read(given.strip())
            except Unfit as problem:
                flaws.add(plain.place, plain.prefix + each.name, f"{shown(given)}. {problem.wrong}", problem.todo)
