"""`python -m bench`: all comparisons on both engines, one table, printed and written into the documentation."""

from __future__ import annotations

import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.progress import Progress

from bench import posting, selection, statement
from bench.databases import ENGINES
from bench.load import A_TURN, BROWSERS
from bench.measuring import PAIRS
from bench.table import Result, show, write_down

COMPARISONS = (
    ("statement page, 50 rows, signed in, under load", 0.85, statement.compare_with_bare),
    ("the same, with our sign-in and access check on both sides", 0.85, statement.compare_with_housed),
    ("posting a payment, one per commit, 1 client", 0.70, posting.compare),
    ("who gets which reminder, of 100,000 customers with 300,000 open invoices", 0.70, selection.compare),
)


def main() -> None:
    """Measure everything, in a folder that is gone afterwards."""
    load_before, disk_before = os.getloadavg()[1], _seconds_to_the_disk()
    results = []
    with tempfile.TemporaryDirectory(prefix="quittance-bench-") as name, Progress(transient=True) as progress:
        folder = Path(name)
        bar = progress.add_task("measuring", total=len(COMPARISONS) * len(ENGINES) * PAIRS)
        for work, goal, compare in COMPARISONS:
            for engine in ENGINES:
                progress.update(bar, description=f"{work}, {engine}")
                results.append(Result(work, engine, goal, compare(engine, folder, lambda: progress.advance(bar))))
    show(results)
    write_down(results, _circumstances(load_before, disk_before, _seconds_to_the_disk()))


def _seconds_to_the_disk() -> float:
    """How long a commit has to wait for this disk: the ratio of posting depends on it; the median of a hundred."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(100):
            file.write(bytes(8192))
            file.flush()
            began = perf_counter()
            os.fdatasync(file.fileno())
            taken.append(perf_counter() - began)
    return median(taken)


def _circumstances(load_before: float, disk_before: float, disk_after: float) -> str:
    cores, version = os.cpu_count(), platform.python_version()
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {cores} cores, Python {version}; "
        f"{PAIRS} pairs, statement page by {BROWSERS} browsers asking {A_TURN} times each in a turn, "
        f"{posting.A_TURN} payments in a turn. "
        f"Load average over five minutes before the run: {load_before:.1f}; a file that has grown by a page was on "
        f"the disk after {disk_before * 1000:.2f} ms (before) and {disk_after * 1000:.2f} ms (after the run)."
    )


if __name__ == "__main__":
    main()
