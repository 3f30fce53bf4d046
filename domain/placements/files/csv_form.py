"""CSV form: a placement file as a table, a row for each debt, update or remitted line; read and written again."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from domain.placements.files.fields import fields_of
from domain.placements.files.flaws import Flaws, shown
from domain.placements.files.plain import Plain, PlainFile
from domain.placements.files.remittance_schema import Remitted, RemittedLine
from domain.placements.files.schema import MOST_CONTACTS, Contact, Debt, FileKind, Header, Placed, PlacementFile, Update

DEBT = "debt_"
LINE = "line_"
CONTACT = "contact_{}_"
CONTACT_COLUMN = re.compile(r"contact_([1-9]\d?)_(\w+)", re.ASCII)
MARK = "'"
BEGINS_A_COMMAND = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run (OWASP, CSV injection): a mark is put before it, and taken off."""
MOST_COLUMNS = 400


def written(file: PlacementFile) -> bytes:
    """A file as CSV (RFC 4180, UTF-8); a cell that a spreadsheet would run has an apostrophe before it."""
    rows = list(_rows(file))
    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([marked(row.get(name, "")) for name in names] for row in rows)
    return stream.getvalue().encode()


def marked(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that `unmarked` gives back as it was."""
    return MARK + text if text.startswith((MARK, *BEGINS_A_COMMAND)) else text


def unmarked(cell: str) -> str:
    """What a cell says: without the mark, where there is one."""
    return cell[1:] if cell.startswith(MARK) and cell[1:].startswith((MARK, *BEGINS_A_COMMAND)) else cell


def columns(kind: FileKind) -> list[str]:
    """Every column that a file of a kind may have, with those of the first contact alone."""
    header = [each.name for each in fields_of(Header)]
    if kind is FileKind.UPDATES:
        return header + [each.name for each in fields_of(Update)]
    if kind is FileKind.REMITTANCES:
        remitted = [each.name for each in fields_of(Remitted)]
        return header + remitted + [LINE + each.name for each in fields_of(RemittedLine)]
    placed = [each.name for each in fields_of(Placed)]
    contact = [CONTACT.format(1) + each.name for each in fields_of(Contact)]
    return header + placed + contact + [DEBT + each.name for each in fields_of(Debt)]


def read(text: str, flaws: Flaws) -> PlainFile | None:
    """The records of a CSV file; None where its columns or its first row say that it is none of ours."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = _cells(reader, flaws)
    try:
        names = [name.strip() for name in next(rows)[1]]
    except StopIteration:
        if not flaws.found:
            flaws.add("", "", "There is nothing in it.", "Begin with the names of the columns.")
        return None
    table = list(_records(names, rows, flaws))
    if not table:
        flaws.add("", "", "There are no rows.", "Write a row for each debt, update or line of a remittance.")
        return None
    kind = table[0][1].get("kind", "").strip()
    if not _columns_fit(names, kind, flaws):
        return None
    header = _same_header(table, flaws)
    if kind == FileKind.UPDATES:
        return PlainFile(FileKind.UPDATES, header, [Plain(place, row) for place, row in table])
    if kind == FileKind.REMITTANCES:
        return PlainFile(FileKind.REMITTANCES, header, _remittances(table, flaws))
    return PlainFile(FileKind.PLACEMENTS, header, _placements(table, flaws))


def _rows(file: PlacementFile) -> Iterator[dict[str, str]]:
    header = _texts(Header, file.header)
    for update in file.updates:
        yield header | _texts(Update, update)
    for remitted in file.remittances:
        for line in remitted.lines:
            yield header | _texts(Remitted, remitted) | _texts(RemittedLine, line, LINE)
    most = max((len(each.contacts) for each in file.placements), default=0)
    empty = {CONTACT.format(at) + each.name: "" for at in range(1, most + 1) for each in fields_of(Contact)}
    for placed in file.placements:
        told = header | _texts(Placed, placed) | empty
        for at, contact in enumerate(placed.contacts, start=1):
            told |= _texts(Contact, contact, CONTACT.format(at))
        for debt in placed.debts:
            yield told | _texts(Debt, debt, DEBT)


def _texts(record: type[Any], value: object, prefix: str = "") -> dict[str, str]:
    held = {each: getattr(value, each.name) for each in fields_of(record)}
    return {prefix + each.name: "" if one is None else each.form.write(one) for each, one in held.items()}


def _cells(reader: Any, flaws: Flaws) -> Iterator[tuple[int, list[str]]]:
    """The rows that have anything in them, with their number."""
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if any(cells):
                yield row, cells
    except csv.Error as problem:
        todo = 'Quote a cell with commas, quotation marks or line breaks as "…", and a quotation mark inside as "".'
        flaws.add(f"row {row + 1}", "", f"This is no row of a CSV file: {problem}.", todo)


def _records(
    names: Sequence[str], rows: Iterator[tuple[int, list[str]]], flaws: Flaws
) -> Iterator[tuple[str, Mapping[str, str]]]:
    for row, cells in rows:
        if len(cells) == len(names):
            yield f"row {row}", {name: unmarked(cell) for name, cell in zip(names, cells, strict=True)}
        else:
            wrong = f"There are {len(cells)} cells under {len(names)} columns."
            flaws.add(f"row {row}", "", wrong, "Write as many cells as columns, separated by commas.")


def _columns_fit(names: Sequence[str], kind: str, flaws: Flaws) -> bool:
    """Whether the columns are those of the kind; what is wrong with them stands in row 1."""
    before = len(flaws.found)
    if len(names) > MOST_COLUMNS:
        flaws.add("row 1", "", f"There are {len(names)} columns.", f"There can be at most {MOST_COLUMNS}.")
        return False
    if len(names) == 1 and ";" in names[0]:
        flaws.add("row 1", "", "The columns are separated by semicolons.", "Separate them by commas.")
        return False
    if kind not in list(FileKind):
        wrong = f"{shown(kind)} is no kind of placement file." if "kind" in names else "This column is missing."
        flaws.add("row 1", "kind", wrong, f"Have a column kind, with {' or '.join(FileKind)} in every row.")
        return False
    known = set(columns(FileKind(kind)))
    for name, many in Counter(names).items():
        if many > 1:
            flaws.add("row 1", shown(name), f"There are {many} columns of this name.", "Leave the others out.")
        if name not in known and not (kind == FileKind.PLACEMENTS and _is_of_a_contact(name)):
            flaws.add("row 1", shown(name), "There is no such column.", "Leave it out, or mend its name.")
    for name in _needed(FileKind(kind)):
        if name not in names:
            flaws.add("row 1", name, "This column is missing.", "Add it.")
    return len(flaws.found) == before


def _is_of_a_contact(name: str) -> bool:
    found = CONTACT_COLUMN.fullmatch(name)
    known = {each.name for each in fields_of(Contact)}
    return found is not None and int(found[1]) <= MOST_CONTACTS and found[2] in known


def _needed(kind: FileKind) -> list[str]:
    records: dict[FileKind, list[tuple[type[Any], str]]] = {
        FileKind.PLACEMENTS: [(Header, ""), (Placed, ""), (Debt, DEBT)],
        FileKind.UPDATES: [(Header, ""), (Update, "")],
        FileKind.REMITTANCES: [(Header, ""), (Remitted, ""), (RemittedLine, LINE)],
    }
    return [prefix + each.name for record, prefix in records[kind] for each in fields_of(record) if each.needed]


def _same_header(table: Sequence[tuple[str, Mapping[str, str]]], flaws: Flaws) -> Plain:
    """The header as the first row has it; every other row has to say the same."""
    _all_same(table, [each.name for each in fields_of(Header)], flaws)
    return Plain(*table[0])


def _placements(table: Sequence[tuple[str, Mapping[str, str]]], flaws: Flaws) -> list[Plain]:
    found = []
    for rows in _grouped(table):
        place, first = rows[0]
        repeated = [name for name in first if name in _OF_PLACEMENT or CONTACT_COLUMN.fullmatch(name)]
        _all_same(rows, repeated, flaws)
        debts = [Plain(at, _without(row, DEBT), DEBT) for at, row in rows]
        found.append(Plain(place, first, contacts=list(_contacts(place, first)), debts=debts))
    return found


def _remittances(table: Sequence[tuple[str, Mapping[str, str]]], flaws: Flaws) -> list[Plain]:
    found = []
    for rows in _grouped(table):
        place, first = rows[0]
        _all_same(rows, [each.name for each in fields_of(Remitted)], flaws)
        found.append(Plain(place, first, lines=[Plain(at, _without(row, LINE), LINE) for at, row in rows]))
    return found


def _grouped(table: Sequence[tuple[str, Mapping[str, str]]]) -> list[list[tuple[str, Mapping[str, str]]]]:
    """The rows by the reference of their placement or remittance; a row without one stands alone."""
    groups: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for place, row in table:
        groups.setdefault(row.get("reference", "").strip() or place, []).append((place, row))
    return list(groups.values())


def _all_same(rows: Sequence[tuple[str, Mapping[str, str]]], names: Sequence[str], flaws: Flaws) -> None:
    """What is repeated in every row says the same."""
    place, first = rows[0]
    for other, row in rows[1:]:
        _same(row, first, names, other, place, flaws)


_OF_PLACEMENT = frozenset(each.name for each in fields_of(Placed))


def _same(
    row: Mapping[str, str], first: Mapping[str, str], names: Sequence[str], place: str, before: str, flaws: Flaws
) -> None:
    for name in names:
        if row.get(name, "").strip() != first.get(name, "").strip():
            wrong = f"{shown(row.get(name, ''))} differs from {before}."
            flaws.add(place, name, wrong, "Repeat the same in every row that it is about.")


def _contacts(place: str, row: Mapping[str, str]) -> Iterator[Plain]:
    for at in range(1, MOST_CONTACTS + 1):
        values = _without(row, CONTACT.format(at))
        if any(value.strip() for value in values.values()):
            yield Plain(place, values, CONTACT.format(at))


def _without(row: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}
