"""Plain: sheets to and from JSON's own types, so that one can be kept and shown again, in any language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.reporting.sheets.values import Cell, Chart, ChartKind, Column, Kind, Row, Scalar, Section, Series, Sheet
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Words


def to_plain(sheet: Sheet) -> dict[str, Any]:
    """The sheet in JSON's own types."""
    return {
        "name": sheet.name,
        "title": _said(sheet.title),
        "sections": [_section(section) for section in sheet.sections],
        "lead": _said(sheet.lead),
        "findings": [_said(finding) for finding in sheet.findings],
        "notes": [_said(note) for note in sheet.notes],
        "empty": _said(sheet.empty),
        "back": sheet.back,
        "more_than": sheet.more_than,
    }


def from_plain(plain: Mapping[str, Any]) -> Sheet:
    """The sheet that `to_plain` made these of."""
    return Sheet(
        name=plain["name"],
        title=words_from_plain(plain["title"]),
        sections=tuple(_read_section(section) for section in plain["sections"]),
        lead=None if plain["lead"] is None else words_from_plain(plain["lead"]),
        findings=tuple(words_from_plain(finding) for finding in plain.get("findings", ())),
        notes=tuple(words_from_plain(note) for note in plain["notes"]),
        empty=None if plain["empty"] is None else words_from_plain(plain["empty"]),
        back=plain["back"],
        more_than=plain["more_than"],
    )


def words_to_plain(words: Words) -> dict[str, Any]:
    """A sentence in JSON's own types."""
    return {"words": words.text, "params": {name: _said(part) for name, part in words.params.items()}}


def words_from_plain(plain: Mapping[str, Any]) -> Words:
    """The sentence that `words_to_plain` made these of."""
    return Words(plain["words"], {name: _read_part(part) for name, part in plain["params"].items()})


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": _said(section.title),
        "columns": [[column.key, _said(column.words), column.kind.value] for column in section.columns],
        "rows": [_row(row) for row in section.rows],
        "total": None if section.total is None else _row(section.total),
        "chart": None if section.chart is None else _chart(section.chart),
        "notes": [_said(note) for note in section.notes],
    }


def _read_section(plain: Mapping[str, Any]) -> Section:
    return Section(
        key=plain["key"],
        title=words_from_plain(plain["title"]),
        columns=tuple(Column(key, words_from_plain(words), Kind(kind)) for key, words, kind in plain["columns"]),
        rows=tuple(_read_row(row) for row in plain["rows"]),
        total=None if plain["total"] is None else _read_row(plain["total"]),
        chart=None if plain["chart"] is None else _read_chart(plain["chart"]),
        notes=tuple(words_from_plain(note) for note in plain["notes"]),
    )


def _row(row: Row) -> dict[str, Any]:
    return {"cells": [_cell(cell) for cell in row.cells], "href": row.href}


def _read_row(plain: Mapping[str, Any]) -> Row:
    return Row(tuple(_read_cell(cell) for cell in plain["cells"]), plain["href"])


def _cell(cell: Cell) -> list[Any]:
    says = {"lines": [_said(line) for line in cell.says]} if isinstance(cell.says, tuple) else _said(cell.says)
    return [says, cell.href]


def _read_cell(plain: list[Any]) -> Cell:
    says, href = plain
    if isinstance(says, dict) and "lines" in says:
        return Cell(tuple(_read(line) for line in says["lines"]), href)
    return Cell(_read(says), href)


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "drawn": chart.drawn.value,
        "title": _said(chart.title),
        "labels": [_said(label) for label in chart.labels],
        "series": [[_said(each.words), [_said(value) for value in each.values]] for each in chart.series],
        "kind": chart.kind.value,
        "currency": chart.currency,
    }


def _read_chart(plain: Mapping[str, Any]) -> Chart:
    return Chart(
        drawn=ChartKind(plain["drawn"]),
        title=words_from_plain(plain["title"]),
        labels=tuple(_read(label) for label in plain["labels"]),
        series=tuple(
            Series(
                words_from_plain(words), tuple(None if value is None else Decimal(value["number"]) for value in values)
            )
            for words, values in plain["series"]
        ),
        kind=Kind(plain["kind"]),
        currency=plain["currency"],
    )


def _said(value: object) -> Any:
    match value:
        case None | str() | int():
            return value
        case Words():
            return words_to_plain(value)
        case Money():
            return {"money": value.minor, "currency": value.currency}
        case Percent():
            return {"percent": str(value.value)}
        case Decimal():
            return {"number": str(value)}
        case date():
            return {"day": value.isoformat()}
        case _:
            raise TypeError(f"a sheet cannot say {type(value).__name__}")


def _read_part(plain: Any) -> object:
    """What stands in a sentence."""
    match plain:
        case {"percent": number}:
            return Percent(Decimal(number))
        case _:
            return _read(plain)


def _read(plain: Any) -> Scalar:
    match plain:
        case {"words": _}:
            return words_from_plain(plain)
        case {"money": minor, "currency": currency}:
            return Money(minor, currency)
        case {"number": number}:
            return Decimal(number)
        case {"day": day}:
            return date.fromisoformat(day)
        case None | str() | int():
            return plain
        case _:
            raise TypeError("no sheet says this")
