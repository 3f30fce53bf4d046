"""Ordering: cells that say several amounts say that in the currency of the business first, with all of their row."""

from __future__ import annotations

from dataclasses import replace

from domain.reporting.sheets.values import Cell, Row, Sheet
from domain.shared.money import Money


def home_first(sheet: Sheet, currency: str) -> Sheet:
    """The sheet with the amounts of each row in this order; what stands beside them moves along."""
    sections = tuple(
        replace(
            section,
            rows=tuple(_ordered(row, currency) for row in section.rows),
            total=None if section.total is None else _ordered(section.total, currency),
        )
        for section in sheet.sections
    )
    return replace(sheet, sections=sections)


def _ordered(row: Row, currency: str) -> Row:
    order = _order(row, currency)
    return row if order is None else replace(row, cells=tuple(_moved(cell, order) for cell in row.cells))


def _order(row: Row, currency: str) -> list[int] | None:
    """The places of a row's amounts as they are to stand; None where they stand so, or say not one currency each."""
    several = [cell.says for cell in row.cells if isinstance(cell.says, tuple) and len(cell.says) > 1]
    found = {
        tuple(each.currency for each in says if isinstance(each, Money))
        for says in several
        if any(isinstance(each, Money) for each in says)
    }
    if len(found) != 1 or {len(says) for says in several} != {len(next(iter(found)))}:
        return None
    (currencies,) = found
    order = sorted(range(len(currencies)), key=lambda place: (currencies[place] != currency, place))
    return order if order != list(range(len(order))) else None


def _moved(cell: Cell, order: list[int]) -> Cell:
    if isinstance(cell.says, tuple) and len(cell.says) == len(order):
        return replace(cell, says=tuple(cell.says[place] for place in order))
    return cell
