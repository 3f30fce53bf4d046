"""Flaws: what is wrong with a placement file, each with its place, its field, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FLAWS = 1_000
"""So many are named; whoever mends them is told of the rest."""
SHOWN = 60
"""Characters that are shown of what stands in a file."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong.

    `place` is a row of a CSV file as spreadsheets count ("row 3"), where something stands in JSON
    ("placements[0].debts[1]"), or empty for the whole file.
    """

    place: str
    field: str
    wrong: str
    todo: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.place or "the file", self.field) if part)
        return f"{where}: {self.wrong} {self.todo}"


class Enough(Exception):
    """So much is wrong that nothing more is looked at."""


@dataclass(slots=True)
class Flaws:
    """All that was found so far; raises Enough once nobody would read on."""

    found: list[Flaw] = field(default_factory=list)

    def add(self, place: str, name: str, wrong: str, todo: str) -> None:
        """Keep one more."""
        self.found.append(Flaw(place, name, wrong, todo))
        if len(self.found) >= MOST_FLAWS:
            raise Enough


def shown(value: object) -> str:
    """The beginning of what stands there, in quotation marks, with nothing in it that a terminal would obey."""
    text = value if isinstance(value, str) else repr(value)
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return "“" + "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in short) + "”"
