"""Problems: what is wrong with a file, by row and column, with what was found there and what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

FOUND_LENGTH = 80
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
Param: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the row as a spreadsheet counts and their column's name, or None for the whole file.

    `expected` is a message id with `{placeholders}` that `params` fill; `found` is their text with what cannot be seen
    made visible.
    """

    row: int | None
    column: str | None
    found: str
    expected: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __str__(self) -> str:
        place = "file" if self.row is None else f"row {self.row}"
        column = "" if self.column is None else f", column {self.column}"
        return f"{place}{column}: found “{self.found}”, expected {self.expected.format(**self.params)}"


class Unfit(Exception):
    """A cell does not hold what its column should; `expected` and `params` as in Problem."""

    def __init__(self, expected: str, /, **params: Param) -> None:
        super().__init__(expected)
        self.expected = expected
        self.params = params


class Unreadable(Exception):
    """The file cannot be read, or not beyond this point; `further` is what else is wrong at the same place."""

    def __init__(
        self, expected: str, /, *, found: str, row: int | None = None, column: str | None = None, **params: Param
    ) -> None:
        super().__init__(expected)
        self.problem = Problem(row, column, visible(found), expected, params)
        self.further: list[Problem] = []


def visible(text: str) -> str:
    """The beginning of their text, with what has no shape on a screen written as an escape."""
    short = text if len(text) <= FOUND_LENGTH else text[: FOUND_LENGTH - 1] + "…"
    return INVISIBLE.sub(lambda match: f"\\u{ord(match[0]):04x}", short)
