"""`python -m bench`: all comparisons on both engines, one table, printed and written into the documentation."""

from __future__ import annotations

import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import Progress

from bench import posting, statement
from bench.databases import ENGINES
from bench.load import A_TURN, BROWSERS
from bench.measuring import PAIRS
from bench.table import Result, show, write_down

COMPARISONS = (
    ("statement page, 50 rows, signed in, under load", 0.85, statement.compare),
    ("posting a payment, one per commit, 1 client", 0.70, posting.compare),
)


def main() -> None:
    """Measure everything, in a folder that is gone afterwards."""
    load_before = os.getloadavg()[1]
    results = []
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as name, Progress(transient=True) as progress:
        folder = Path(name)
        bar = progress.add_task("measuring", total=len(COMPARISONS) * len(ENGINES) * PAIRS)
        for work, goal, compare in COMPARISONS:
            for engine in ENGINES:
                progress.update(bar, description=f"{work}, {engine}")
                results.append(Result(work, engine, goal, compare(engine, folder, lambda: progress.advance(bar))))
    show(results)
    write_down(results, _circumstances(load_before))


def _circumstances(load_before: float) -> str:
    cores, version = os.cpu_count(), platform.python_version()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {cores} cores, Python {version}; "
        f"{PAIRS} pairs, statement page by {BROWSERS} browsers asking {A_TURN} times each in a turn, "
        f"{posting.A_TURN} payments in a turn. "
        f"Load average over five minutes before the run: {load_before:.1f}."
    )


if __name__ == "__main__":
    main()
