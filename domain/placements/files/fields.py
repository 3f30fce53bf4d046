"""Fields: what a record of the schema says of each of its fields, read from the record itself."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any, get_type_hints

from domain.placements.files.forms import Form


@dataclass(frozen=True, slots=True)
class Said:
    """What the schema says of a field beside its name: form, meaning, an example."""

    form: Form
    meaning: str
    example: str
    always: bool = False
    """Whether it stands in every file although it has a usual value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; one that is not needed may be empty."""

    name: str
    needed: bool
    form: Form
    meaning: str
    example: str


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """The fields of a record in their order, without the records that belong to it."""
    if record not in _known:
        _known[record] = _fields(record)
    return _known[record]


def form_of(record: type[Any], name: str) -> Form:
    """How a field of a record is written."""
    return next(each.form for each in fields_of(record) if each.name == name)


_known: dict[type[Any], tuple[Field, ...]] = {}


def _fields(record: type[Any]) -> tuple[Field, ...]:
    hints = get_type_hints(record, include_extras=True)
    found = []
    for each in fields(record):
        said = next((one for one in getattr(hints[each.name], "__metadata__", ()) if isinstance(one, Said)), None)
        if said is not None:
            needed = said.always or each.default is MISSING
            found.append(Field(each.name, needed, said.form, said.meaning, said.example))
    return tuple(found)
