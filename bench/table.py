"""The table of a run: on the screen, and as it stands in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.measuring import Pairs, median_rate, percentile

DOCUMENT: Final = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- the last run -->\n", "<!-- end of the last run -->"
HEAD: Final = (
    "Work",
    "Engine",
    "Ratio: median (range)",
    "Goal",
    "Met",
    "Ours, a second",
    "Bare, a second",
    "Ours, p50 / p99",
    "Bare, p50 / p99",
)


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: what was done, on which engine, and how the two sides fared."""

    work: str
    engine: str
    goal: float
    pairs: Pairs

    @property
    def cells(self) -> tuple[str, ...]:
        """The line, cell by cell."""
        ratios = self.pairs.ratios
        return (
            self.work,
            self.engine,
            f"{self.pairs.ratio:.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
            f"at least {self.goal:.2f}",
            "yes" if self.pairs.ratio >= self.goal else "no",
            *(f"{median_rate(turns):.0f}" for turns in (self.pairs.ours, self.pairs.bare)),
            *(
                f"{percentile(turns, 50) * 1000:.1f} / {percentile(turns, 99) * 1000:.1f} ms"
                for turns in (self.pairs.ours, self.pairs.bare)
            ),
        )


def show(results: Sequence[Result]) -> None:
    """Print the table."""
    table = Table(*HEAD)
    for result in results:
        table.add_row(*result.cells)
    Console(width=None if Console().is_terminal else 180).print(table)


def write_down(results: Sequence[Result], circumstances: str) -> None:
    """Put the table in the place of the last one in the documentation."""
    lines = [HEAD, ("---",) * len(HEAD), *(result.cells for result in results)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}{circumstances}\n\n{table}{END}{after}")
