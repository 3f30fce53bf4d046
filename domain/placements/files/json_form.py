"""JSON form: a placement file as one JSON object, read into plain records and written again."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from domain.placements.files.fields import fields_of
from domain.placements.files.flaws import Flaws, shown
from domain.placements.files.plain import Plain, PlainFile
from domain.placements.files.remittance_schema import Remitted, RemittedLine
from domain.placements.files.schema import MOST_CONTACTS, Contact, Debt, FileKind, Header, Placed, PlacementFile, Update


class _Twice(Exception):
    """A name that stands twice in one object: nobody can say which is meant."""


def written(file: PlacementFile) -> bytes:
    """A file as JSON; every field has its name, and what is empty is null."""
    whole: dict[str, Any] = _object(Header, file.header)
    if file.header.kind is FileKind.PLACEMENTS:
        whole["placements"] = [
            {
                **_object(Placed, each),
                "contacts": [_object(Contact, contact) for contact in each.contacts],
                "debts": [_object(Debt, debt) for debt in each.debts],
            }
            for each in file.placements
        ]
    elif file.header.kind is FileKind.UPDATES:
        whole["updates"] = [_object(Update, each) for each in file.updates]
    else:
        whole["remittances"] = [
            {**_object(Remitted, each), "lines": [_object(RemittedLine, line) for line in each.lines]}
            for each in file.remittances
        ]
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def read(text: str, flaws: Flaws) -> PlainFile | None:
    """The records of a JSON file; None where it is not of that shape at all."""
    try:
        whole = json.loads(text, object_pairs_hook=_once)
    except _Twice as problem:
        flaws.add("", str(problem), "This name stands twice in one object.", "Leave one of them out.")
        return None
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        flaws.add(place, "", f"This is no JSON: {problem.msg}.", "Have a program write it, or mend it there.")
        return None
    except (ValueError, RecursionError):
        flaws.add(
            "", "", "This JSON is deeper or has longer numbers than a placement file.", "Write every value as text."
        )
        return None
    if not isinstance(whole, dict):
        flaws.add("", "", "This is no JSON object.", "Begin with { and the fields of the header.")
        return None
    kind = next((each for each in FileKind if whole.get("kind") == each), FileKind.PLACEMENTS)
    header = _record(whole, "", Header, flaws, besides=(kind,))
    records = _list(whole, "", kind, flaws, needed=True)
    return PlainFile(kind, header, [_READ[kind](each, f"{kind}[{at}]", flaws) for at, each in records])


def _object(record: type[Any], value: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields_of(record):
        held = getattr(value, each.name)
        told = None if held is None else each.form.write(held)
        found[each.name] = int(told) if told is not None and each.form.is_number else told
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _placement(plain: Mapping[str, Any], place: str, flaws: Flaws) -> Plain:
    contacts = _list(plain, place, "contacts", flaws)
    if len(contacts) > MOST_CONTACTS:
        flaws.add(place, "contacts", f"There are {len(contacts)} contacts.", f"Name at most {MOST_CONTACTS}.")
        contacts = []
    debts = _list(plain, place, "debts", flaws, needed=True)
    itself = _record(plain, place, Placed, flaws, besides=("contacts", "debts"))
    return Plain(
        place,
        itself.values,
        contacts=[_record(each, f"{place}.contacts[{at}]", Contact, flaws) for at, each in contacts],
        debts=[_record(each, f"{place}.debts[{at}]", Debt, flaws) for at, each in debts],
    )


def _update(plain: Mapping[str, Any], place: str, flaws: Flaws) -> Plain:
    return _record(plain, place, Update, flaws)


def _remittance(plain: Mapping[str, Any], place: str, flaws: Flaws) -> Plain:
    lines = _list(plain, place, "lines", flaws, needed=True)
    itself = _record(plain, place, Remitted, flaws, besides=("lines",))
    return Plain(
        place,
        itself.values,
        lines=[_record(each, f"{place}.lines[{at}]", RemittedLine, flaws) for at, each in lines],
    )


_READ = {FileKind.PLACEMENTS: _placement, FileKind.UPDATES: _update, FileKind.REMITTANCES: _remittance}


def _record(
    plain: Mapping[str, Any], place: str, record: type[Any], flaws: Flaws, besides: Collection[str] = ()
) -> Plain:
    known = {each.name for each in fields_of(record)}
    for name in plain:
        if name not in known and name not in besides:
            flaws.add(place, shown(name), "There is no such field.", "Leave it out, or mend its name.")
    return Plain(place, plain)


def _list(
    plain: Mapping[str, Any], place: str, name: str, flaws: Flaws, *, needed: bool = False
) -> list[tuple[int, Mapping[str, Any]]]:
    """The objects of a list with where they stand in it."""
    given = plain.get(name)
    if given is None and not needed:
        return []
    if not isinstance(given, list):
        flaws.add(place, name, "This is no list.", "Write [ ] with an object { } for each.")
        return []
    if needed and not given:
        flaws.add(place, name, "There is nothing in it.", "Name at least one.")
    found: list[tuple[int, Mapping[str, Any]]] = []
    for at, each in enumerate(given):
        if isinstance(each, dict):
            found.append((at, each))
        else:
            inside = f"{place}.{name}[{at}]" if place else f"{name}[{at}]"
            flaws.add(inside, "", f"{shown(each)} is no object.", "Write { } with its fields.")
    return found
